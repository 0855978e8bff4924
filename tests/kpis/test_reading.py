"""What sums are read for windows that no snapshot holds."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import periods
from apps.kpis import catalogue, plans, reading, rollup, selectors
from apps.kpis.books import Need, Question
from apps.kpis.declarations import Basis, Kind
from apps.reps import scopes
from tests import make
from tests.dashboards import world
from tests.people import People

ON = make.TODAY


@pytest.mark.parametrize("period", ["2025-03-10", "2025-03-10..2025-03-10"])
def test_what_is_expected_to_close_on_one_day_is_counted_however_the_day_is_written(db: None, period: str) -> None:
    make.deal(rep=make.rep(), amount=500, created="2025-02-01", expected=date(2025, 3, 10))
    rollup.drain(on=ON)
    found = reading.amounts(["expected_amount", "due_amount"], [scopes.company()], periods.calendar().parse(period), on=ON)
    assert found.of(scopes.company()) == {"expected_amount": 500, "due_amount": 500}


@pytest.mark.parametrize(("counted_to", "queries"), [(None, 1), (ON, 1), (date(2025, 3, 13), 2)], ids=["not known", "as it is", "changed since"])
def test_a_book_is_the_same_whatever_day_is_thought_to_be_counted(db: None, counted_to: date | None, queries: int) -> None:
    rep = make.rep()
    make.deal(rep=rep, amount=500, created="2025-02-01")
    make.deal(rep=rep, amount=70, won="2025-03-10")
    rollup.drain(on=ON)
    whole, calendar = scopes.company(), periods.calendar()
    needs = [
        need
        for key, on in (("2025-Q1", ON), ("2025-Q1", date(2025, 3, 12)), ("2025-03", date(2025, 3, 13)))
        for need in selectors.needs(["revenue", "pipeline_value"], [whole, scopes.of(rep)], calendar.parse(key), on=on, calendar=calendar)
    ]
    with CaptureQueriesContext(connection) as found:
        book = selectors.open_book(needs, counted_to=counted_to)
    assert len(found) == queries
    assert (book.state, book.loaded, book.sums) == (selectors.open_book([]).state, *_read_plainly(needs))


def _read_plainly(needs: list[Need]) -> tuple[object, object]:
    book = selectors.open_book(needs)
    return book.loaded, book.sums


def test_before_every_fact_nothing_is_looked_up_and_nothing_is_there(people: People, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The quarter holds the first day of the calendar, but not up to the day one looks from: as for what a new installation is compared with."""
    world.furnish(people)
    calendar = periods.calendar()
    window, on = calendar.same_elapsed(calendar.parse("2025-Q1"), ON)
    keys = [kpi.key for kpi in catalogue.KPIS.values() if all(catalogue.MEASURES[key].kind != Kind.SPAN for key in kpi.measures) and kpi.bases == {Basis.NOW}]
    asked = [scopes.company(), scopes.of(people.region), scopes.of(people.north), scopes.of(people.alice)]
    with CaptureQueriesContext(connection) as found:
        stored = selectors.figures(keys, asked, window, on=on, calendar=calendar)
    assert len(found) == 1
    monkeypatch.setattr(Question, "answer", lambda *_: None)
    plans.of.cache_clear()
    request.addfinalizer(plans.of.cache_clear)  # what was planned here is planned nowhere else
    live = selectors.figures(keys, asked, window, on=on, calendar=calendar)
    assert {key: (one.value, one.numerator) for key, one in stored.items()} == {key: (one.value, one.numerator) for key, one in live.items()}
