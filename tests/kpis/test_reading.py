"""What sums are read for windows that no snapshot holds."""

from datetime import date

import pytest

from apps.core import periods
from apps.kpis import reading, rollup
from apps.reps import scopes
from tests import make

ON = make.TODAY


@pytest.mark.parametrize("period", ["2025-03-10", "2025-03-10..2025-03-10"])
def test_what_is_expected_to_close_on_one_day_is_counted_however_the_day_is_written(db: None, period: str) -> None:
    make.deal(rep=make.rep(), amount=500, created="2025-02-01", expected=date(2025, 3, 10))
    rollup.drain(on=ON)
    found = reading.amounts(["expected_amount", "due_amount"], [scopes.company()], periods.calendar().parse(period), on=ON)
    assert found.of(scopes.company()) == {"expected_amount": 500, "due_amount": 500}
