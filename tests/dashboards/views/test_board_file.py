"""A board as a file: the figures of the page, as numbers, for whoever may see them."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.dashboards import world
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
FILE = reverse("dashboards:board-file")


def table(people: People, key: str, name: str = "carol", query: str = "") -> list[dict[str, str]]:
    answer = people.client(name).get(f"{FILE}?format=csv&table={key}{query}")
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def workbook(people: People, name: str = "carol", query: str = "") -> Any:
    answer = people.client(name).get(FILE + query)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_key_figures_are_those_of_the_board(furnished: People) -> None:
    found = {row["KPI"]: row for row in table(furnished, "figures", query=f"&scope=team:{furnished.north.pk}")}
    revenue = found["Sales revenue"]
    assert (revenue["Unit"], revenue["Value"], revenue["Target"], revenue["Attainment"]) == ("EUR", "800", "2000", "0.4")
    assert found["Win rate"]["Target"] == ""


def test_teams_and_people_say_what_they_are_and_what_they_won(furnished: People) -> None:
    found = {(row["Kind"], row["Name"]): row for row in table(furnished, "standings")}
    assert {place: Decimal(row["Won"]) for place, row in found.items()} == {
        ("Team", "North"): 800,
        ("Team", "South"): 5000,
        ("Region", "Europe"): 5800,
        ("Person", "Alice Adler"): 800,
        ("Person", "Dave Dahl"): 5000,
    }
    assert found["Person", "Alice Adler"]["Last activity"] == "2025-03-12"


def test_days_add_up_to_the_figure_and_end_at_what_is_expected(furnished: People) -> None:
    days = table(furnished, "days", query=f"&scope=rep:{furnished.alice.pk}")
    assert days[0]["Day"] == "2025-01-01" and days[-1]["Day"] == "2025-03-14"
    assert sum(Decimal(row["Won"]) for row in days) == Decimal(days[-1]["Won so far"]) == 800
    assert Decimal(days[-1]["Expected by then"]) == Decimal("828.125")


def test_deals_at_risk_say_why(furnished: People) -> None:
    (deal,) = table(furnished, "deals")
    assert (deal["Deal"], deal["Owner"], deal["Amount"]) == ("Halden, renewal", "Alice Adler", "900")
    assert "expected close 9 days ago" in deal["Why at risk"]


def test_an_excel_file_has_numbers_and_days_as_such(furnished: People) -> None:
    book = workbook(furnished, query=f"?scope=team:{furnished.north.pk}")
    assert book.sheetnames == ["Key figures", "Teams and people", "Day by day", "Funnel", "Deals at risk"]
    figures = list(book["Key figures"].values)
    assert figures[0][:3] == ("KPI", "Unit", "Value") and figures[1][2] == 800
    assert isinstance(list(book["Day by day"].values)[1][0], date | datetime)
    assert book["Key figures"]["F2"].number_format == "0.0%"


def test_a_reps_file_names_nobody_else(furnished: People) -> None:
    make.rep("Bea", team=furnished.north)
    book = workbook(furnished, "alice", f"?scope=rep:{furnished.alice.pk}")
    assert "Teams and people" not in book.sheetnames
    assert not [cell for sheet in book for row in sheet.values for cell in row if cell == "Bea"]


def test_the_period_and_the_day_of_the_board_go_along(furnished: People) -> None:
    client = furnished.client("carol")
    board = client.get("/boards/company/?period=2025-02&on=2025-02-20").content.decode()
    assert "/boards/file/?scope=company&amp;period=2025-02&amp;on=2025-02-20" in board
    found = {row["KPI"]: row["Value"] for row in table(furnished, "figures", query="&period=2025-02&on=2025-02-20")}
    assert Decimal(found["Sales revenue"]) == 200
    named = client.get(f"{FILE}?period=2025-02").headers["Content-Disposition"]
    assert named == 'attachment; filename="kpiboard-acme-works-2025-02.xlsx"'


@pytest.mark.parametrize("query", ["?format=pdf", "?format=csv&table=none", "?scope=nobody", "?period=never"])
def test_what_cannot_be_read_says_what_can(furnished: People, query: str) -> None:
    assert furnished.client("carol").get(FILE + query).status_code == 400


def test_a_name_that_looks_like_a_formula_is_no_formula(furnished: People) -> None:
    make.rep("=1+1", team=furnished.north)
    world.count()
    assert "'=1+1" in {row["Name"] for row in table(furnished, "standings")}


def test_more_people_cost_no_more_queries(furnished: People) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            workbook(furnished)
        return len(found)

    asked()
    few = asked()
    for n in range(6):
        make.deal(rep=make.rep(f"Rep {n}", team=furnished.north), won="2025-03-03", amount=n)
    world.count()
    asked()
    assert asked() == few
