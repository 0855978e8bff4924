"""People stand in the order in which they need help."""

from dataclasses import replace
from datetime import date

from django.test.utils import override_script_prefix
from django.utils import translation

from apps.dashboards.selection import Selection
from apps.dashboards.widgets.standings import Line, Row, by_gap_to_pace, rows
from apps.reps.rosters import Member
from apps.reps.scopes import Scope
from tests.dashboards.shapes import held, selection


def line(pk: int, value: float, target: float | None = None, **fields: object) -> Line:
    scope = Scope("rep", pk, f"Rep {pk}")
    return Line(scope, held(value, target, scope=scope), **fields)  # type: ignore[arg-type]


def test_who_is_furthest_behind_in_money_comes_first() -> None:
    found = by_gap_to_pace([line(1, 90, 100), line(2, 100, 1000), line(3, 0, 50)])
    assert [one.scope.id for one in found] == [2, 3, 1]


def test_people_without_a_target_and_without_deals_are_listed_last() -> None:
    found = by_gap_to_pace([line(1, 0), line(2, 10), line(3, 90, 100)])
    assert [one.scope.id for one in found] == [3, 2, 1]


def test_a_rep_without_deals_shows_zero() -> None:
    assert rows([line(1, 0)], selection())[0].won.text == "0"


def test_who_left_or_moved_on_carries_the_day() -> None:
    left = Member(Scope("rep", 1, "Rep 1"), None, date(2025, 2, 3))
    moved = Member(Scope("rep", 2, "Rep 2"), date(2025, 2, 10), None)
    found = rows([line(1, 5, member=left), line(2, 5, member=moved)], selection())
    assert [row.note for row in found] == ["left Feb 3", "moved on Feb 10"]


def test_without_targets_bars_compare_people_with_each_other() -> None:
    assert [row.width for row in rows([line(1, 50), line(2, 100)], selection())] == ["50.00", "100.00"]


def test_after_a_change_only_its_row_is_written_anew() -> None:
    before = rows([line(1, 90, 100), line(2, 200, 300), line(3, 7)], selection())
    after = rows([line(1, 90, 100), line(2, 200, 300), line(3, 8)], selection())
    assert [one is another for one, another in zip(before, after, strict=True)] == [True, True, False]
    assert after[2].won.text == "8"


def test_a_row_is_another_for_others_in_another_look_in_another_language_and_below_another_path() -> None:
    def drawn(look: Selection, **fields: object) -> Row:
        return rows([line(1, 90000, 100000, **fields)], look)[0]

    here = drawn(selection())
    assert (here.is_own, drawn(selection(), is_own=True).is_own) == (False, True)
    assert drawn(selection("2025-02")).url == here.url + "?period=2025-02"
    assert drawn(replace(selection(), currency="USD")).won.full != here.won.full
    with translation.override("de"), override_script_prefix("/sales/"):
        there = drawn(selection())
    assert there.url == "/sales" + here.url and there.won.full != here.won.full
