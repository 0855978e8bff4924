"""What a figure says it left out, and what there is no value for."""

from datetime import date

import pytest

from apps.core import periods
from apps.kpis import rollup, selectors
from apps.kpis.figures import Figure
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make

ON = make.TODAY


@pytest.fixture
def ann(db: None) -> Rep:
    return make.rep("Ann")


def figure(key: str, period: str = "2025-Q1") -> Figure:
    return selectors.figures([key], [scopes.company()], periods.calendar().parse(period), on=ON)[key, scopes.company()]


def test_what_is_left_out_of_won_and_of_lost_adds_up(ann: Rep) -> None:
    for _ in range(3):
        make.deal(rep=ann, amount=None, won="2025-03-03")
    for _ in range(2):
        make.deal(rep=ann, amount=None, lost="2025-03-03")
    rollup.drain(on=ON)
    assert [figure(key).excluded for key in ("revenue", "average_deal_size", "win_rate_value", "win_rate")] == [3, 3, 5, 0]


def test_a_deal_that_slipped_without_an_amount_is_left_out_once(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=None, created="2024-12-01", expected_close_on=date(2025, 2, 1))
    make.change(deal, on="2025-01-20", expected_close_on=date(2025, 6, 1))
    rollup.drain(on=ON)
    assert figure("slippage").excluded == 1


def test_a_period_that_has_not_begun_has_not_shrunk(ann: Rep) -> None:
    make.deal(rep=ann, won="2025-01-01")
    rollup.drain(on=ON)
    assert figure("sales_growth", "2025-Q2").value is None
