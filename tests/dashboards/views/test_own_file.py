"""A board of one's own as a file: what is drawn, as numbers, for whoever may see it."""

import csv
import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from apps.boards import services
from apps.boards.kinds import KINDS
from apps.boards.models import Board
from apps.boards.services import Placed
from apps.dashboards.own.tables import TABLES
from apps.reps import scopes
from tests import make
from tests.dashboards import world
from tests.dashboards.views.test_own import shown, url, value
from tests.people import People


def lines(people: People, name: str, board: Board, place: int = 0, **query: str) -> list[dict[str, str]]:
    row = board.widgets.all()[place]
    answer = people.client(name).get(url("own-file", board.pk, format="csv", widget=str(row.pk), **query))
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def workbook(people: People, name: str, board: Board, **query: str) -> Any:
    answer = people.client(name).get(url("own-file", board.pk, **query))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_every_kind_but_words_is_a_table() -> None:
    assert set(TABLES) == set(KINDS) - {"text"}


@pytest.mark.parametrize("query", [{}, {"period": "2025-02", "on": "2025-02-20"}, {"period": "2026-Q1"}])
def test_every_kind_goes_out_as_a_sheet_of_numbers(furnished: People, query: dict[str, str]) -> None:
    kinds = list(KINDS)
    for n in range(3):
        board = make.board(furnished.carol, *kinds[n::3])
        book = workbook(furnished, "carol", board, **query)
        assert len(book.sheetnames) == len([kind for kind in kinds[n::3] if kind != "text"])
        for sheet in book:
            assert all(cell.value for cell in sheet[1])


def test_the_numbers_are_those_on_the_board(furnished: People) -> None:
    board = make.board(
        furnished.carol,
        Placed("figure", {"kpis": ["revenue"]}),
        Placed("table", {"kpis": ["revenue", "calls"]}),
        Placed("comparison", {"kpis": ["revenue"]}),
        Placed("trend", {"kpis": ["revenue"], "grain": "month", "comparison": "year"}),
        "course",
        "pace",
        "leaderboard",
        "waterfall",
        "at_risk",
        Placed("parts", {"kpis": ["pipeline_value"]}),
    )
    page = shown(furnished, "carol", board)
    figure = lines(furnished, "carol", board)[0]
    assert figure["Value"] == value(page, "revenue") == "5800" and figure["Unit"] == "EUR"
    people = {row["Rep"]: row for row in lines(furnished, "carol", board, 1)}
    assert (people["Alice Adler"]["Sales revenue"], people["Alice Adler"]["Calls"]) == ("800", "1")
    assert lines(furnished, "carol", board, 2)[0] | {"Rep": "Alice Adler"} == {
        "Rep": "Alice Adler",
        "Sales revenue": "800",
        "Target": "1000",
        "Attainment": "0.8",
        "Expected by now": lines(furnished, "carol", board, 2)[0]["Expected by now"],
        "Projection": lines(furnished, "carol", board, 2)[0]["Projection"],
    }
    steps = lines(furnished, "carol", board, 3)
    assert [row["Sales revenue"] for row in steps][-3:] == ["0", "200", "5600"] and steps[-1]["First day"] == "2025-03-01"
    assert lines(furnished, "carol", board, 4)[-1]["So far"] == "5800"
    assert [row["Rep"] for row in lines(furnished, "carol", board, 1)][-1] == scopes.company().name
    assert people["Alice Adler"]["Sales revenue: attainment"] == "0.8" and people["Alice Adler"].get("Calls: attainment") is None
    assert {row["Rep"]: row["Won"] for row in lines(furnished, "carol", board, 5)} == {"Alice Adler": "800", "Dave Dahl": "5000"}
    assert [(row["Rank"], row["Name"]) for row in lines(furnished, "carol", board, 6)] == [("1", "Dave Dahl"), ("2", "Alice Adler")]
    assert {row["Part"]: row["Amount"] for row in lines(furnished, "carol", board, 7)}["End"] == "900"
    assert [row["Deal"] for row in lines(furnished, "carol", board, 8)] == ["Halden, renewal"]
    assert sum(float(row["Pipeline value"]) for row in lines(furnished, "carol", board, 9)) == 900


def test_days_are_days_and_amounts_are_numbers_in_excel(furnished: People) -> None:
    board = make.board(furnished.carol, "course")
    sheet = workbook(furnished, "carol", board).worksheets[0]
    day, won = sheet.cell(2, 1).value, sheet.cell(2, 2).value
    assert isinstance(day, datetime) and isinstance(won, int | float)
    assert sheet.cell(2, 2).number_format == "#,##0.00"


def test_what_is_not_theirs_is_not_in_it(furnished: People) -> None:
    peer = make.rep("Peer", team=furnished.north)
    make.deal(rep=peer, won="2025-03-03", amount=7654)
    world.count()
    board = make.board(furnished.carol, Placed("figure", {"scope": "company"}), "leaderboard", "table")
    services.share(board, None, may_edit=False)
    book = workbook(furnished, "alice", board)
    cells = [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    assert len(book.sheetnames) == 2 and "7654" not in cells and "Peer" in cells
    assert furnished.client("alice").get(url("own-file", board.pk, scope="company")).status_code == 404
    private = make.board(furnished.bob, "figure")
    assert furnished.client("alice").get(url("own-file", private.pk)).status_code == 404


def test_sheets_have_titles_that_excel_takes(furnished: People) -> None:
    names = ("Q1/Q2: [all]*?", "q1/q2: [ALL]*?", "x" * 60, "x" * 60, "'", "=1+1")
    board = make.board(furnished.carol, *(Placed("figure", {"title": name}) for name in names))
    titles = workbook(furnished, "carol", board).sheetnames
    assert len({title.lower() for title in titles}) == 6 and all(len(title) <= 31 for title in titles)


@pytest.mark.parametrize("query", [{"format": "pdf"}, {"format": "csv"}, {"widget": "999999"}, {"widget": "x"}])
def test_what_cannot_be_handed_out_says_what_to_write(furnished: People, query: dict[str, str]) -> None:
    board = make.board(furnished.carol, "figure", "goal")
    answer = furnished.client("carol").get(url("own-file", board.pk, **query))
    assert answer.status_code == 400 and "Write" in answer.content.decode()


def test_an_empty_board_is_an_empty_file(furnished: People) -> None:
    assert workbook(furnished, "carol", make.board(furnished.carol)).sheetnames == ["Nothing"]


def test_names_do_not_become_formulas(furnished: People) -> None:
    make.rep("=HYPERLINK(1)", team=furnished.north)
    board = make.board(furnished.carol, "table")
    assert "'=HYPERLINK(1)" in {row["Rep"] for row in lines(furnished, "carol", board)}
