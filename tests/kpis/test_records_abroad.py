"""Records in other currencies say what was agreed beside what they add, on the day that is looked at."""

from decimal import Decimal
from typing import Any

import pytest

from apps.core import periods
from apps.kpis import rollup, selectors
from apps.opportunities import selectors as deals
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make

ON = make.TODAY


@pytest.fixture
def ann(db: None) -> Rep:
    make.organisation()
    make.rate("USD", "0.9", on="2025-02-03")
    make.rate("USD", "0.8", on="2025-03-10")
    return make.rep("Ann", team=make.team())


def told(kpi: str, period: str, on: Any = ON) -> list[tuple[Decimal, bool, str, Decimal | None]]:
    window = periods.calendar().parse(period)
    rows = selectors.records(kpi, scopes.company(), window, on=on)[0].rows
    return [(row.amount, row.is_excluded, row.currency, row.original_amount) for row in rows]


def test_a_past_days_pipeline_is_what_was_agreed_then_at_the_rate_of_then(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, currency="USD", created="2025-02-04")
    make.change(deal, on="2025-03-11", original_amount=Decimal(300))
    make.deal(rep=ann, amount=50, created="2025-02-04")
    rollup.drain(on=ON)
    assert told("pipeline_value", "2025-03") == [(240, False, "USD", 300), (50, False, "", None)]
    assert told("pipeline_value", "2025-02", periods.calendar().parse("2025-02").last_on) == [(90, False, "USD", 100), (50, False, "", None)]


def test_what_has_no_rate_is_left_out_and_still_says_what_was_agreed(ann: Rep) -> None:
    make.deal(rep=ann, amount=100, currency="GBP", created="2025-02-04", won="2025-02-20")
    rollup.drain(on=ON)
    assert told("revenue", "2025-02") == [(0, True, "GBP", 100)]


def test_lists_of_deals_name_the_reason_for_a_missing_amount(ann: Rep) -> None:
    make.deal("rated", rep=ann, amount=100, currency="USD", created="2025-02-04", expected="2025-03-01")
    make.deal("unrated", rep=ann, amount=100, currency="GBP", created="2025-02-04", expected="2025-03-01")
    make.deal("unpriced", rep=ann, amount=None, created="2025-02-04", expected="2025-03-01")
    found = deals.at_risk(scopes.company(), on=ON, limit=10)
    assert {one.name: (one.amount, one.is_unrated) for one in found.deals} == {"rated": (90, False), "unrated": (None, True), "unpriced": (None, False)}
    whole = deals.attention(scopes.company(), on=ON, since=ON, at_risk=10, changes=5)
    assert whole.at_risk == found
