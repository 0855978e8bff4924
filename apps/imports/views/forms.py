"""The form of a proposal: what it asks, drawn, and what somebody answers, read."""

from collections.abc import Callable, Collection, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.imports.entities import ENTITIES
from apps.imports.keys import Problem
from apps.imports.recognition.proposal import Answers, ColumnProposal, FileProposal, Proposal, Question
from apps.imports.recognition.references import MATCH

MADE_UP = {"close": gettext_lazy("The day it closed, or is expected to")}  # what a preset makes of one column by another
REFERRED = {"owners": "reps", "stages": "stages", "products": "products"}  # what rows a text that is unknown may mean, by the group of the question
FEW = 5  # choices that are shown side by side
SURE, LIKELY = 0.85, 0.5


@dataclass(frozen=True)
class Option:
    """One thing that may be chosen."""

    value: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class Column:
    """One column of a file with what it may feed, and how sure the proposal is."""

    key: str
    name: str
    samples: tuple[str, ...]
    options: tuple[Option, ...]
    how_sure: str
    tone: str
    why: str
    also: tuple[str, ...]
    is_double: bool


@dataclass(frozen=True)
class File:
    """One file with what its rows may be."""

    key: str
    proposal: FileProposal
    options: tuple[Option, ...]
    columns: tuple[Column, ...]

    @property
    def unused(self) -> int:
        return sum(1 for column in self.columns if not column.tone)


@dataclass(frozen=True)
class Asked:
    """One question with its choices; `about` is the file it is about, where there are several, `typed` what was answered, `refused` why that cannot be taken."""

    key: str
    question: Question
    options: tuple[Option, ...]
    about: str
    typed: str
    refused: str

    @property
    def is_open(self) -> bool:
        return self.question.taken is None

    @property
    def is_short(self) -> bool:
        return 0 < len(self.options) <= FEW


@dataclass(frozen=True)
class Sheet:
    """The whole form."""

    files: tuple[File, ...]
    questions: tuple[Asked, ...]

    @property
    def open(self) -> int:
        return sum(1 for one in self.questions if one.is_open)


def sheet(
    proposal: Proposal, names: Callable[[str], Sequence[str]] = lambda entity: (), *, typed: Answers | None = None, refused: Sequence[Problem] = ()
) -> Sheet:
    """Draw a proposal; `names` are those that an unknown text may mean, by the kind of row. `refused` is what is wrong with answers that were `typed`."""
    files = tuple(_file(n, file) for n, file in enumerate(proposal.files))
    labels = {label(file) for file in proposal.files} if len(files) > 1 else set()
    wrong = {problem.key: problem for problem in refused}
    asked = (_asked(n, question, labels, names, typed or {}, wrong.get(question.key)) for n, question in enumerate(proposal.questions))
    return Sheet(files, tuple(sorted(asked, key=lambda one: not one.is_open)))


def _file(n: int, file: FileProposal) -> File:
    entities = [Option("", _("Nothing: leave it out"), file.entity is None)]
    entities += [Option(name, entity_name(name), name == file.entity) for name in ENTITIES]
    return File(f"file-{n}", file, tuple(entities), tuple(_column(n, m, column, file.entity) for m, column in enumerate(file.columns)))


def _column(n: int, m: int, column: ColumnProposal, entity: str | None) -> Column:
    called = dict(fields(entity))
    options = [Option("", _("Nothing"), column.field is None)]
    options += [Option(name, words, name == column.field) for name, words in called.items()]
    if column.field and column.field not in {option.value for option in options}:
        options.append(Option(column.field, str(MADE_UP.get(column.field, column.field)), True))
    how_sure, tone = _sureness(column)
    return Column(
        f"column-{n}-{m}",
        column.column,
        column.samples,
        tuple(options),
        how_sure,
        tone,
        column.why,
        tuple(called.get(name, name) for name in column.also),
        column.is_double,
    )


def _sureness(column: ColumnProposal) -> tuple[str, str]:
    if column.field is None:
        return (_("With others"), "ahead") if column.is_beside else (_("Not used"), "")
    if column.confidence >= SURE:
        return _("Sure"), "ahead"
    return (_("Likely"), "risk") if column.confidence >= LIKELY else (_("A guess"), "behind")


def fields(entity: str | None) -> list[tuple[str, str]]:
    """Return the fields of an entity with what they are called."""
    if entity is None:
        return []
    return [(name, str(capfirst(str(column.verbose_name)))) for name, column in ENTITIES[entity].fields.items()]


def entity_name(name: str) -> str:
    return str(capfirst(str(ENTITIES[name].model._meta.verbose_name_plural)))


def label(file: FileProposal) -> str:
    """Return how answers name a file."""
    return f"{file.file} / {file.sheet}" if file.sheet else file.file


def _asked(n: int, question: Question, labels: set[str], names: Callable[[str], Sequence[str]], typed: Answers, problem: Problem | None) -> Asked:
    options = [Option(choice.value, choice.words, choice.value == question.taken) for choice in question.choices]
    if question.group in REFERRED:
        there = {option.value for option in options}
        meant = (Option(MATCH + name, _("It is %(name)s.") % {"name": name}, MATCH + name == question.taken) for name in names(REFERRED[question.group]))
        options += [option for option in meant if option.value not in there]
    if options and question.taken and not any(option.is_chosen for option in options):
        options.append(Option(question.taken, question.taken, True))
    text = typed.get(question.group, {}).get(question.name, "") if problem else question.taken or ""
    refused = f"{problem.wrong} {problem.allowed}" if problem else ""
    return Asked(f"question-{n}", question, tuple(options), question.name if question.name in labels else "", text, refused)


def read(posted: Table[str, str], proposal: Proposal, before: Answers) -> dict[str, dict[str, str]]:
    """Return the answers of before with those that were given now: only what is another than what is proposed anyway."""
    found = {group: dict(table) for group, table in before.items()}
    for n, file in enumerate(proposal.files):
        name = label(file)
        entity = posted.get(f"file-{n}")
        if entity is not None and entity != (file.entity or ""):
            found.setdefault("entities", {})[name] = entity
            continue  # its columns were of another kind of row
        for m, column in enumerate(file.columns):
            field = posted.get(f"column-{n}-{m}")
            if field is not None and field != (column.field or ""):
                found.setdefault("columns", {})[f"{name}: {column.column}"] = field
    for n, question in enumerate(proposal.questions):
        text = posted.get(f"question-{n}")
        if text is not None and text.strip() != (question.taken or ""):
            found.setdefault(question.group, {})[question.name] = text.strip()
    return found


def without(answers: Answers, keys: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the answers to other questions than some."""
    found = {group: {name: text for name, text in table.items() if f"{group}.{name}" not in keys} for group, table in answers.items()}
    return {group: table for group, table in found.items() if table}
