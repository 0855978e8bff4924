"""What sums are read for windows that no snapshot holds."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import periods
from apps.kpis import reading, rollup, selectors
from apps.kpis.books import Need
from apps.reps import scopes
from tests import make

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
