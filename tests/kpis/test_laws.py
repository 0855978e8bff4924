"""The engine's laws, under any sequence of writes: drained equals recounted, figures equal the oracle's and their records' sum."""

from datetime import date
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, reading, recounts, rollup, selectors
from apps.kpis.looks import used, windows_of
from apps.reps import scopes
from apps.reps.models import Region, Rep
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, snapshots, steps

OPENED = [
    catalogue.KPIS[key]
    for key in (
        *("revenue", "win_rate", "pipeline_value", "stage_conversion", "slippage", "calls", "sales_per_rep", "win_rate_created"),
        *("quote_to_close", "profile_strength"),
        *("mrr", "nrr", "arpa", "churn_rate", "churn_rate_cancelled", "early_churn", "subscriptions_started"),
    )
]


@EXAMPLES
@given(history=steps, drains=st.sets(st.integers(0, 13)), many=st.sampled_from([0, 20, rollup.MANY]), dense=st.sampled_from([0, recounts.DENSE, 1_000]))
def test_what_is_drained_is_what_is_recounted_from_nothing(
    calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], many: int, dense: int
) -> None:
    def proof(company: Company) -> None:
        drained = snapshots()
        rollup.recount_all(on=ON)
        recounted = snapshots()
        assert {key: (drained.get(key), recounted.get(key)) for key in drained.keys() | recounted.keys() if drained.get(key) != recounted.get(key)} == {}

    # From so many notes on, source by source; and by the days alone never, as it comes, or always.
    with mock.patch.object(rollup, "MANY", many), mock.patch.object(recounts, "DENSE", dense):
        play(history, drains, proof)


@EXAMPLES
@given(history=steps, drains=st.sets(st.integers(0, 13)), on=st.sampled_from([ON, date(2025, 2, 10), date(2024, 12, 31)]), period=st.sampled_from(WINDOWS))
def test_every_sum_is_the_oracles_in_every_scope(calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], on: date, period: str) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        found = reading.amounts(catalogue.MEASURES, company.scopes, window, on=on)
        for scope in company.scopes:
            sums = found.of(scope)
            for measure in catalogue.MEASURES:
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, on)
                assert round(sums[measure], 4) == round(expected, 4), (measure, scope.key, period, on)

    play(history, drains, proof)


@EXAMPLES
@given(history=steps, on=st.sampled_from([ON, date(2025, 2, 10)]), period=st.sampled_from(WINDOWS))
def test_every_figure_is_the_sum_of_its_records(calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str) -> None:
    window = calendar.parse(period)
    looks = windows_of(OPENED, window, on, calendar)

    def proof(company: Company) -> None:
        asked = company.scopes[::2]
        sums = {basis: reading.amounts(used(OPENED, basis), asked, look, on=until) for basis, (look, until) in looks.items()}
        for scope in asked:
            for one in OPENED:
                for use, records in zip(one.uses, selectors.records(one.key, scope, window, on=on, limit=10_000), strict=True):
                    total = sums[use.basis].of(scope)[use.measure]
                    assert round(total, 4) == round(records.total, 4), (one.key, use, scope.key)
                    assert sum(row.amount for row in records.rows) == records.total

    play(history, set(), proof)


@EXAMPLES
@given(history=steps)
def test_reps_add_up_to_the_company_where_credits_split(calendar: periods.Calendar, play: Play, history: list[Any]) -> None:
    window = calendar.parse("2025")

    def proof(company: Company) -> None:
        found = reading.amounts(catalogue.MEASURES, company.scopes, window, on=ON)
        everyone = [scopes.of(rep) for rep in Rep.objects.all()]
        for key in ("won_amount", "lost_amount", "open_amount", "weighted_amount", "order_amount", "calls", "leads_created", "mrr", "mrr_new", "mrr_churned"):
            assert sum(found.of(scope)[key] for scope in everyone) == found.of(scopes.company())[key], key

    play(history, set(), proof)


def test_regions_of_customers_and_reps_cover_the_company_when_everybody_has_one(calendar: periods.Calendar) -> None:
    company = Company()
    make.deal(rep=company.reps[0], won="2025-02-03", amount=100)
    make.deal(rep=company.reps[1], won="2025-02-03", amount=30, customer=company.customers[0])
    rollup.drain(on=ON)
    found = reading.amounts(["won_amount"], company.scopes, calendar.parse("2025-02"), on=ON)
    by_region = [found.of(scopes.of(region))["won_amount"] for region in Region.objects.order_by("name")]
    assert by_region == [100, 30]
    assert found.of(scopes.company())["won_amount"] == 130
