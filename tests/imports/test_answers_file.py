"""The questions of a proposal are written so that they can be answered in an editor, and come back as they were."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.imports import answers_file
from apps.imports.keys import MappingError
from apps.imports.recognition.proposal import Choice, FileProposal, Proposal, Question

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=15)
CHOICES = st.lists(st.builds(Choice, TEXTS, TEXTS), max_size=2).map(tuple)
QUESTIONS = st.lists(
    st.builds(Question, st.sampled_from(["owners", "stages", "dates"]), TEXTS, TEXTS, CHOICES, st.none() | TEXTS), max_size=5, unique_by=lambda one: one.key
)


def file(name: str, entity: str | None) -> FileProposal:
    return FileProposal(name, None, "", entity, 1.0, "", 1, "", (), ())


@settings(max_examples=40, deadline=None)
@given(QUESTIONS, st.dictionaries(TEXTS, TEXTS, max_size=2))
def test_every_question_and_what_holds_is_read_back(tmp_path_factory, questions, columns):
    path = tmp_path_factory.getbasetemp() / "a.toml"
    proposal = Proposal("x", (), tuple(questions), None)
    path.write_text(answers_file.write(proposal, {"columns": columns}), encoding="utf-8", newline="")
    read = answers_file.read(path)
    assert {f"{group}.{name}": answer for group, table in read.items() if group != "columns" for name, answer in table.items()} == {
        question.key: question.taken or "" for question in questions
    }
    assert read.get("columns", {}) == columns


def test_what_was_said_without_being_asked_is_kept_and_what_is_not_recognised_may_be_said(tmp_path):
    proposal = Proposal("x", (file("a.csv", None), file("b.csv", "orders")), (Question("owners", "Ann", "?"),), None)
    given = {"entities": {"b.csv": "orders"}, "columns": {"b.csv: Who": "rep"}, "owners": {"*": "create"}}
    (tmp_path / "a.toml").write_text(answers_file.write(proposal, given))
    assert answers_file.read(tmp_path / "a.toml") == {
        "entities": {"a.csv": "", "b.csv": "orders"},
        "columns": {"b.csv: Who": "rep"},
        "owners": {"*": "create", "Ann": ""},
    }


@pytest.mark.parametrize(("text", "told"), [("= 3", "line 1"), ("owners = 3", "not a table"), ("[owners]\nAnn = 3", "not a text")])
def test_what_is_no_answer_is_refused(tmp_path, text, told):
    (tmp_path / "a.toml").write_text(text)
    with pytest.raises(MappingError, match=told):
        answers_file.read(tmp_path / "a.toml")
