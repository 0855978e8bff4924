"""The ranges of a distribution hold every record of a figure once, counted by plain Python."""

from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, rollup, selectors
from apps.kpis.declarations import Kpi
from apps.kpis.figures import Spread
from apps.reps import scopes
from apps.reps.scopes import Scope
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, amounts, days, which

SPREADS = [kpi for kpi in catalogue.KPIS.values() if catalogue.can_be_spread(kpi)]
WRITES = ("create closed", "create closed", "create closed", "close", "owner", "credit", "lead", "touch", "move rep", "customer moves")
steps = st.lists(st.tuples(st.sampled_from(WRITES), which, which, days, days, amounts), min_size=6, max_size=20)


def test_deal_sizes_and_times_can_be_spread_and_rates_and_stocks_cannot() -> None:
    keys = {kpi.key for kpi in SPREADS}
    assert {"revenue", "average_deal_size", "sales_cycle", "lead_response_time", "time_to_convert"} <= keys
    assert not keys & {"win_rate", "pipeline_value", "mrr", "cost_per_lead", "time_in_stage", "deals_won"}


def by_hand(world: oracle.World, kpi: Kpi, scope: Scope, window: periods.Window, on: date) -> list[Decimal]:
    measure = catalogue.MEASURES[kpi.measures[0]]
    facts = oracle.facts(world, measure.key, window.start_on, window.end_on, on)
    shares = [(Decimal(fact.amount), world.share(scope, fact, fact.day)) for fact in facts if fact.amount is not None]
    return [amount * share if measure.is_split else amount for amount, share in shares if share]


def holds(found: Spread, mine: list[Decimal]) -> None:
    assert found.count == len(mine)
    assert round(found.median, 4) == round(median(mine), 4)
    for one in found.ranges:
        inside = [value for value in mine if round(value, 6) >= one.low and (one.high is None or round(value, 6) < one.high)]
        assert one.count == len(inside), one
    assert sum(one.count for one in found.ranges) == found.count
    assert all(before.high == after.low for before, after in zip(found.ranges, found.ranges[1:], strict=False))
    assert len(found.ranges) <= 13


@EXAMPLES
@given(history=steps, on=st.sampled_from([ON, date(2025, 2, 10)]), period=st.sampled_from(WINDOWS))
def test_every_record_lies_in_one_range(calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        for kpi in SPREADS:
            if kpi.key in ("revenue", "average_deal_size", "sales_cycle", "lead_response_time", "time_to_convert"):
                for scope in company.scopes:
                    found, mine = selectors.spread(kpi.key, scope, window, on=on), by_hand(world, kpi, scope, window, on)
                    if found is None:
                        assert not mine, (kpi.key, scope.key)
                    else:
                        holds(found, mine)

    play(history, set(), proof)


def deals(*sizes: int) -> Spread | None:
    rep = make.rep()
    for size in sizes:
        make.deal(rep=rep, won="2025-03-10", amount=size)
    rollup.drain(on=ON)
    return selectors.spread("average_deal_size", scopes.company(), periods.calendar().parse("2025-03"), on=ON)


def test_a_giant_does_not_press_all_others_into_one_range(calendar: periods.Calendar) -> None:
    found = deals(*(100 * n for n in range(1, 40)), 1_000_000)
    assert found is not None
    assert [one.high for one in found.ranges][-1] is None and len(found.ranges) <= 12
    assert found.ranges[0].high - found.ranges[0].low == 500  # type: ignore[operator]
    assert found.ranges[-1].count == 1 or found.ranges[-1].low >= 3500


@pytest.mark.parametrize("sizes", [(5,), (0, 0), (-300, -100, 20), (700, 700, 700)])
def test_few_alike_and_negative_amounts_have_ranges_too(calendar: periods.Calendar, sizes: tuple[int, ...]) -> None:
    found = deals(*sizes)
    assert found is not None
    holds(found, [Decimal(size) for size in sizes])


def test_nothing_is_no_spread(calendar: periods.Calendar) -> None:
    assert deals() is None
