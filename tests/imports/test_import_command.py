"""The command's words, its JSON and its exit codes."""

import json
import re
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.kpis.models import DirtyCell, MeasureDay
from apps.opportunities.models import Opportunity
from tests import make
from tests.imports.recognition import files
from tests.imports.test_importing import DEALS, HEADER

pytestmark = pytest.mark.django_db
ERROR = {"file": "deals.csv", "line": 3, "column": "Rep", "value": "Zed"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make.stages()
    make.rep("Ann")
    (tmp_path / "test.toml").write_text('title = "Test"\n' + DEALS)
    return tmp_path


def call(folder: Path, rows: str, *arguments: str) -> tuple[int, str]:
    """Return the exit code and what was printed."""
    (folder / "deals.csv").write_text(HEADER + rows)
    out = StringIO()
    try:
        call_command("import", str(folder / "test.toml"), str(folder), *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


GOOD, BAD = "a,A,Ann,Won,1,2025-02-01,2025-03-01\n", "b,B,Zed,Won,1,2025-02-01,2025-03-01\n"


def test_json_is_one_object_and_nothing_else(folder):
    code, out = call(folder, GOOD + BAD, "--json")
    report = json.loads(out)
    (only,) = report["files"]
    assert code == 1
    assert {name: only[name] for name in ("file", "entity", "read", "created", "updated", "unchanged", "skipped", "rejected")} == {
        "file": "deals.csv",
        "entity": "opportunities",
        "read": 2,
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "rejected": 1,
    }
    assert ERROR.items() <= only["errors"][0].items()
    assert only["errors"][0]["reason"] and only["errors"][0]["remedy"]
    assert report["totals"]["rejected"] == 1


def test_people_read_what_happened_and_what_to_do(folder):
    code, out = call(folder, GOOD + BAD)
    assert code == 1
    assert "deals.csv → opportunities: 2 read, 1 created, 1 rejected" in out
    assert "line 3, Rep “Zed”: No row of reps has this" in out
    assert "deals.csv.errors.csv" in out


def test_all_rows_fine_is_exit_code_zero_and_everything_is_counted(folder):
    assert call(folder, GOOD)[0] == 0
    assert DirtyCell.objects.count() == 0
    assert MeasureDay.objects.filter(stream="events").exists()


def test_a_dry_run_says_so_and_writes_nothing(folder):
    code, out = call(folder, GOOD + BAD, "--dry-run")
    assert code == 1
    assert "nothing was written" in out
    assert Opportunity.objects.count() == 0


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("title = 3", "not a text"),
        ('title = "T"\n' + DEALS.replace("deals.csv", "deal.csv"), "It holds: deals.csv, test.toml"),
        ('title = "T"\n' + DEALS.replace('"Deal"', '"Deals"'), "Did you mean"),
    ],
)
def test_a_wrong_mapping_or_folder_is_exit_code_two_with_every_mistake(folder, mapping, told):
    (folder / "test.toml").write_text(mapping)
    code, out = call(folder, GOOD, "--json")
    assert code == 2
    assert told in json.dumps(json.loads(out)["problems"], ensure_ascii=False)
    assert Opportunity.objects.count() == 0


def test_a_folder_that_is_not_there_is_exit_code_two(folder):
    with pytest.raises(CommandError, match="no such folder or file") as error:
        call_command("import", "maven", str(folder / "nowhere"), stdout=StringIO(), stderr=StringIO())
    assert error.value.returncode == 2


def test_a_folder_that_cannot_be_written_to_is_told_and_good_rows_are_loaded(folder, monkeypatch):
    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse, raising=True)
    out = StringIO()
    (folder / "deals.csv").write_bytes((HEADER + GOOD + BAD).encode())
    with pytest.raises(CommandError, match="1 row was rejected"):
        call_command("import", str(folder / "test.toml"), str(folder), "--json", stdout=out, stderr=StringIO())
    assert "Say where with --errors" in json.loads(out.getvalue())["warnings"][0]
    assert Opportunity.objects.count() == 1


def test_rejected_rows_are_written_where_one_says(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("errors")
    call(folder, BAD, "--errors", str(other))
    assert {path.name for path in other.iterdir()} == {"deals.csv.errors.csv", "deals.csv.errors.txt"}
    with pytest.raises(CommandError, match="make it first"):
        call_command("import", "maven", str(folder), "--errors", str(other / "x"), stdout=StringIO(), stderr=StringIO())


HUBSPOT = files.table(files.HUBSPOT, [[*files.HUBSPOT_ROWS[0][:3], "Signed", *files.HUBSPOT_ROWS[0][4:]], files.HUBSPOT_ROWS[1]])


def asked(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("import", *arguments, stdout=out, stderr=StringIO())
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}\n{error}"
    return 0, out.getvalue()


def test_without_a_mapping_it_proposes_and_asks_and_goes_on_when_answered(tmp_path):
    make.organisation(currency="EUR")
    path, answers, mapping = tmp_path / "deals.csv", tmp_path / "deals.csv.answers.toml", tmp_path / "deals.csv.mapping.toml"
    path.write_text(HUBSPOT)
    code, out = asked(str(path))
    assert (code, Opportunity.objects.count(), mapping.exists()) == (3, 0, False)
    assert "Deal owner → owner (98%): Ann Lee, Ben Ray" in out
    assert "? stages.Signed: “Signed” is not known; it stands in 1 row." in out
    assert "give it with --answers" in out
    assert asked(str(path))[0] == 2  # what may hold answers is not overwritten
    answers.write_text(answers.read_text().replace('Signed = ""', 'Signed = "create: won"'))
    assert asked(str(path), "--answers", str(answers), "--dry-run")[0] == 0
    assert (Opportunity.objects.count(), mapping.exists()) == (0, False)
    code, out = asked(str(path), "--answers", str(answers))
    assert (code, Opportunity.objects.count()) == (0, 2), out
    assert asked(str(path), "--mapping", str(mapping), "--json")[0] == 0
    assert asked(str(tmp_path / "deals.csv"), "--answers", str(answers))[0] == 0  # what is known by now is not asked again


def test_a_proposal_is_one_json_object_too(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text(HUBSPOT)
    code, out = asked(str(path), "--json")
    answer = json.loads(out[: out.rindex("}") + 1])
    assert (code, answer["proposal"]["system"], answer["written"]) == (3, "HubSpot", [f"{path}.answers.toml"])
    assert {question["key"]: question["taken"] for question in answer["proposal"]["questions"]}["stages.Signed"] is None


def test_what_is_known_needs_no_answer_and_a_package_has_its_errors_beside_it(tmp_path, folder):
    text = HEADER + GOOD + BAD
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as package:
        package.writestr("deals.csv", text.encode("utf-16"))
    assert asked(str(tmp_path / "all.zip"), "--mapping", str(folder / "test.toml"))[0] == 1
    assert (tmp_path / "deals.csv.errors.csv").exists()
    (tmp_path / "deals.csv").write_text(HEADER + GOOD.replace("a,A", "c,C"))
    assert asked(str(tmp_path / "deals.csv"))[0] == 0
    assert Opportunity.objects.count() == 2


@pytest.mark.parametrize(("content", "told"), [("a,b\n1,2\n", "No file was recognised"), ("", "empty"), ("\x00\x01", "recognised|empty")])
def test_what_is_not_recognised_says_what_to_do(tmp_path, content, told):
    (tmp_path / "x.csv").write_text(content)
    code, out = asked(str(tmp_path / "x.csv"))
    assert code == 2
    assert re.search(told, out)


def test_answers_that_are_no_answers_are_refused(tmp_path):
    (tmp_path / "deals.csv").write_text(HUBSPOT)
    for text, told in (("owners = 3", "not a table"), ("[owners]\nx = 3", "not a text"), ("= 3", "line 1"), ('[stages]\nSigned = "perhaps"', "no answer")):
        (tmp_path / "a.toml").write_text(text)
        code, out = asked(str(tmp_path / "deals.csv"), "--answers", str(tmp_path / "a.toml"))
        assert (code, told in out) == (2, True), out
    assert asked(str(tmp_path / "deals.csv"), "--answers", str(tmp_path / "none.toml"))[0] == 2
