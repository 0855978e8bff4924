"""What is planned for one state of the stored sums is not used for another."""

from dataclasses import replace
from datetime import UTC, date, datetime

from apps.core import periods
from apps.kpis import catalogue, plans, rollup, selectors
from apps.kpis.amounts import Amounts
from apps.kpis.books import State
from apps.reps import scopes
from apps.reps.scopes import Scope
from tests import make

ON = make.TODAY
COUNTED = State(ON, date(2024, 1, 1), date(2026, 1, 1), datetime(2025, 3, 14, tzinfo=UTC), 7, 3)
MEASURES = ("won_amount", "open_amount")


def planned(state: State) -> plans.Plan:
    calendar = periods.Calendar()
    return plans.of(MEASURES, (Scope("team", 1, "North"),), calendar.parse("2025-Q1"), ON, calendar, state.standing)


def test_a_later_count_of_the_same_day_asks_for_the_same() -> None:
    later = replace(COUNTED, counted_at=datetime(2025, 3, 14, 9, tzinfo=UTC), version=8, waiting=0)
    assert planned(later) is planned(COUNTED)


def test_another_day_another_calendar_and_a_shorter_one_are_planned_anew() -> None:
    whole = planned(COUNTED)
    assert not whole.missing and whole.sums
    assert planned(replace(COUNTED, counted_to=date(2025, 3, 13))).missing == planned(replace(COUNTED, is_moving=True)).missing
    assert {key for _scopes, keys in planned(replace(COUNTED, is_moving=True)).missing for key in keys} == set(MEASURES)
    assert planned(replace(COUNTED, reaches_on=date(2025, 1, 1))).missing


def test_all_that_is_added_up_is_looked_up(db: None) -> None:
    rep = make.rep(team=make.team())
    make.deal(rep=rep, won="2025-02-01", amount=70)
    make.deal(rep=rep, amount=500, created="2025-02-01")
    make.deal(rep=rep, amount=None, created="2025-02-01")
    rollup.drain(on=ON)
    calendar, whole = periods.calendar(), scopes.company()
    window = calendar.parse("2025-Q1")
    book = selectors.open_book(selectors.needs(["revenue", "pipeline_value"], [whole], window, on=ON, calendar=calendar))
    plan, found = plans.of(MEASURES, (whole,), window, ON, calendar, book.state.standing), Amounts()
    plan.add_to(found, book)
    assert plan.places <= book.loaded and set(book.sums) <= book.loaded
    assert found.of(whole) == {"won_amount": 70, "open_amount": 500}
    assert found.left_out(whole)["open_amount"] == 1
    assert set(MEASURES) <= set(catalogue.MEASURES)
