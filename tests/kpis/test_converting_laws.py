"""The laws of money in other currencies, under any rates, facts and corrections: stored sums are a recount's, and the oracle's."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, reading, rollup
from tests import oracle
from tests.kpis import converting
from tests.kpis.histories import EXAMPLES, ON, Company, Play, amounts, days, snapshots, which

MONEY = [key for key, measure in catalogue.MEASURES.items() if measure.stream in converting.STREAMS]
WRITES = (*converting.KINDS, *converting.DEALS, "stage", "amount", "close", "close", "owner", "owner", "back-date", "credit")
steps = st.lists(st.tuples(st.sampled_from(WRITES), which, which, days, days, amounts), min_size=3, max_size=16)


@EXAMPLES
@given(history=steps, drains=st.sets(st.integers(0, 15)), period=st.sampled_from(["2025-Q1", "2025-02", "2024-Q4"]))
def test_what_is_stored_is_what_is_recounted_and_what_the_oracle_says(
    calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], period: str
) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        found = reading.amounts(MONEY, company.scopes, window, on=ON)
        for scope in company.scopes:
            sums, left_out = found.of(scope), found.left_out(scope)
            for measure in MONEY:
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, ON)
                assert round(sums[measure], 4) == round(expected, 4), (measure, scope.key, period)
                if measure in oracle.FLOWS and measure != "opportunities_created":  # those without a day are left out in every period
                    unknown = oracle.unknown(world, measure, scope, window.start_on, window.end_on, ON)
                    assert left_out.get(measure, 0) == unknown, (measure, scope.key, period)
        drained = snapshots()
        rollup.recount_all(on=ON)
        assert drained == snapshots()

    play(history, drains, proof)
