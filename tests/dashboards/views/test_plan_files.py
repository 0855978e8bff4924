"""A plan goes out as a file and comes in again: the same changes nothing, a changed one changes what was changed."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.goals.models import Goal
from apps.reps.models import Rep
from tests import make
from tests.independent.test_maven import called
from tests.people import People

pytestmark = pytest.mark.django_db
FILE = "/goals/year/file/?kpi=revenue&period=2025"


@pytest.fixture
def planned(people: People) -> People:
    make.goal("revenue", start="2025-02-01", last="2025-02-28", target=5000)
    make.goal("revenue", people.north, start="2025-01-01", last="2025-01-31", target=1500)
    make.goal("revenue", people.alice, start="2025-01-01", last="2025-01-31", target="1800.50")
    make.goal("revenue", people.alice, start="2025-12-01", last="2025-12-31", target=7)
    make.goal("revenue", people.alice, start="2025-04-01", last="2025-06-30", target=400)
    return people


def taken(people: People, folder: Path, **query: str) -> Path:
    answer = people.client("carol").get(FILE + "".join(f"&{key}={value}" for key, value in query.items()))
    assert answer.status_code == 200
    path = folder / answer.headers["Content-Disposition"].partition('filename="')[2].rstrip('"')
    path.write_bytes(answer.content)
    return path


def brought_in(folder: Path) -> dict[str, int]:
    totals = called("import", "plan", str(folder), "--errors", str(folder))["totals"]
    return {name: totals[name] for name in ("created", "updated", "unchanged", "rejected")}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(("layout", "by", "targets"), [("wide", "month", 4), ("long", "month", 4), ("wide", "quarter", 1), ("long", "quarter", 1)])
def test_a_plan_that_comes_in_as_it_went_out_changes_nothing(planned: People, tmp_path: Path, form: str, layout: str, by: str, targets: int) -> None:
    before = sorted(Goal.objects.values_list("kpi", "scope", "team", "rep", "start_on", "last_on", "target"), key=str)
    taken(planned, tmp_path, layout=layout, by=by, format=form)
    assert brought_in(tmp_path) == {"created": 0, "updated": 0, "unchanged": targets, "rejected": 0}
    assert sorted(Goal.objects.values_list("kpi", "scope", "team", "rep", "start_on", "last_on", "target"), key=str) == before


def test_what_is_changed_and_added_in_a_sheet_is_changed_and_added(planned: People, tmp_path: Path) -> None:
    path = taken(planned, tmp_path, by="month", format="csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    alice = next(row for row in rows if row["rep"] == "Alice Adler")
    alice["2025-01-01"], alice["2025-03-01"] = "1,900.25", "60"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert brought_in(tmp_path) == {"created": 1, "updated": 1, "unchanged": 3, "rejected": 0}
    found = Goal.objects.filter(rep=planned.alice, last_on__lte="2025-03-31").order_by("start_on").values_list("start_on", "last_on", "target")
    assert list(found) == [(date(2025, 1, 1), date(2025, 1, 31), Decimal("1900.25")), (date(2025, 3, 1), date(2025, 3, 31), Decimal(60))]


def test_what_cannot_be_read_in_a_sheet_is_told_by_its_column(planned: People, tmp_path: Path) -> None:
    path = taken(planned, tmp_path, by="month", format="csv")
    path.write_text(path.read_text(encoding="utf-8-sig").replace("1800.5", "lots"))
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 row was rejected"):
        call_command("import", "plan", str(tmp_path), "--errors", str(tmp_path), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert [(error["column"], error["value"]) for file in report["files"] for error in file["errors"]] == [("2025-01-01", "lots")]


def test_numbers_are_numbers_and_days_are_days_in_excel(planned: People, tmp_path: Path) -> None:
    wide = openpyxl.load_workbook(taken(planned, tmp_path, by="month", format="xlsx")).active
    row = next(row for row in wide.iter_rows(values_only=True) if row[4] == "Alice Adler")
    assert (row[5], row[6], row[16]) == (1800.5, None, 7)
    long = openpyxl.load_workbook(taken(planned, tmp_path, by="month", layout="long", format="xlsx")).active
    assert [cell.value.date() for cell in list(long.iter_rows())[1][5:7]] == [date(2025, 2, 1), date(2025, 2, 28)]


def test_two_of_the_same_name_are_told_apart_by_their_keys(planned: People, tmp_path: Path) -> None:
    Rep.objects.filter(pk=planned.alice.pk).update(external_key="A-1")
    other = make.rep("Alice Adler", external_key="A-2")
    make.goal("revenue", other, start="2025-01-01", last="2025-01-31", target=9)
    taken(planned, tmp_path, by="month", format="csv")
    assert brought_in(tmp_path) == {"created": 0, "updated": 0, "unchanged": 5, "rejected": 0}


def test_only_admins_take_a_plan_out(people: People) -> None:
    assert [people.client(name).get(FILE).status_code for name in ("alice", "bob", "erin", "carol")] == [403, 403, 403, 200]


@pytest.mark.parametrize("query", ["layout=tall", "format=pdf", "by=week"])
def test_a_file_that_there_is_not_says_what_there_is(people: People, query: str) -> None:
    assert people.client("carol").get(f"{FILE}&{query}").status_code == 400
