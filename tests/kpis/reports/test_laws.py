"""Funnel, waterfall and cohorts under any sequence of writes: they balance and are the oracle's in every scope, and open into what adds up to them."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis.reports import cohorts, funnel, waterfall
from apps.kpis.reports.waterfall import BARS, Span
from apps.reps.scopes import Scope, regrouped
from tests import oracle
from tests.kpis.histories import EXAMPLES, ON, Company, days, steps, undone, write
from tests.oracle import cohorts as cohorts_oracle
from tests.oracle import funnel as funnel_oracle
from tests.oracle import waterfall as waterfall_oracle

DAY = timedelta(days=1)
PERIODS = ("2025-Q1", "2025-02", "2024-Q4", "2025", "2025-01-20..2025-03-04")
ONS = (ON, date(2025, 2, 10))
Play = Callable[[list[Any], Callable[[Company], None]], None]
MEMBERS = st.sampled_from((None, ON))  # teams as they were, or as they are


@pytest.fixture
def play(company: Company) -> Play:
    """Return what plays writes in a company, proves, and undoes it all; reports read records, so nothing is drained."""

    def playing(history: list[Any], proof: Callable[[Company], None]) -> None:
        with undone():
            for step in history:
                write(company, step)
            proof(company)

    return playing


@EXAMPLES
@given(history=steps, period=st.sampled_from(PERIODS), on=st.sampled_from(ONS), members_on=MEMBERS)
def test_a_funnel_balances_and_is_the_oracles(
    calendar: periods.Calendar, play: Play, history: list[Any], period: str, on: date, members_on: date | None
) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        found = funnel.read(company.scopes[0], seen(company, members_on)[1:], window, on=on)
        for scope in seen(company, members_on):
            expected = funnel_oracle.of(world, scope, window.start_on, min(window.end_on, on + DAY), on)
            for passage in found.of(scope):
                mine = [(visit, share) for visit, share in expected if visit.stage == passage.stage]
                where = (scope.key, passage.name)
                for outcome in funnel.OUTCOMES:
                    of_it = [(visit, share) for visit, share in mine if visit.outcome == outcome]
                    amount = sum((visit.first.amount * share for visit, share in of_it if visit.first.amount is not None), Decimal(0))
                    assert (getattr(passage, outcome).count, getattr(passage, outcome).amount) == (len(of_it), amount), (*where, outcome)
                assert passage.entered.count == len(mine), where
                assert passage.skipped == sum(visit.is_skip for visit, _share in mine), where
                stayed = [visit.days for visit, _share in mine if visit.days is not None]
                assert passage.median_days == funnel_oracle.percentile(stayed, Decimal("0.5")), where
                assert passage.slow_days == funnel_oracle.percentile(stayed, Decimal("0.75")), where
                opened = funnel.visits(scope, window, passage.stage, on=on, limit=1000)
                assert (opened.count, opened.amount) == (passage.entered.count, passage.entered.amount) == (len(mine), sum_of(opened.rows, "amount")), where

    play(history, proof)


@EXAMPLES
@given(history=steps, pair=st.tuples(days, days), due=st.sampled_from((*PERIODS, None)), members_on=MEMBERS)
def test_a_waterfall_balances_and_is_the_oracles(
    calendar: periods.Calendar, play: Play, history: list[Any], pair: tuple[date, date], due: str | None, members_on: date | None
) -> None:
    window = calendar.parse(due) if due else None
    span = Span(min(pair), max(pair), window)

    def proof(company: Company) -> None:
        world = oracle.World()
        for scope in seen(company, members_on):
            found = waterfall.read(scope, span)
            expected = waterfall_oracle.bars(world, scope, (window.start_on, window.end_on) if window else None, span.first_on, span.last_on)
            assert {bar: found[bar].amount for bar in BARS} == {bar: expected[bar] for bar in BARS}, scope.key
            assert sum(found[bar].amount for bar in BARS[:-1]) == found["end"].amount, scope.key
            for bar in BARS:
                opened = waterfall.deals(scope, span, bar, limit=1000)
                assert opened.amount == sum_of(opened.rows, "part") == found[bar].amount, (scope.key, bar)
                assert len(opened.rows) == len({row.deal for row in opened.rows}) == opened.count == found[bar].count, (scope.key, bar)

    play(history, proof)


@EXAMPLES
@given(history=steps, on=st.sampled_from(ONS), members_on=MEMBERS)
def test_cohorts_are_the_oracles(calendar: periods.Calendar, play: Play, history: list[Any], on: date, members_on: date | None) -> None:
    months = list(calendar.between("month", date(2024, 11, 1), date(2025, 1, 31)))
    until = list(calendar.between("month", date(2025, 2, 1), on + DAY))

    def proof(company: Company) -> None:
        world = oracle.World()
        for scope in seen(company, members_on):
            grid = cohorts.read(scope, months, until, on=on)
            for row, cohort in enumerate(grid.cohorts):
                month = cohort.month
                assert pair_of(cohort.created) == cohorts_oracle.cell(world, scope, month.start_on, month.end_on, None, on)
                assert pair_of(cohort.won) == cohorts_oracle.cell(world, scope, month.start_on, month.end_on, on, on)
                for within, cell in enumerate(cohort.cells):
                    last_on = [*months, *until][row + within].last_on
                    assert pair_of(cell.won) == cohorts_oracle.cell(world, scope, month.start_on, month.end_on, last_on, on)
                    assert cell.is_mature == (last_on <= on)
                    opened = cohorts.deals(scope, months, until, row, ended="won", within=within, on=on, limit=1000)
                    assert (opened.count, opened.amount) == pair_of(cell.won) == (len(opened.rows), sum_of(opened.rows, "amount"))

    play(history, proof)


def seen(company: Company, members_on: date | None) -> list[Scope]:
    return [regrouped(scope, members_on) for scope in company.scopes]


def pair_of(total: cohorts.Total) -> tuple[int, Decimal]:
    return total.count, total.amount


def sum_of(rows: Any, name: str) -> Decimal:
    return sum((getattr(row, name) for row in rows if getattr(row, name) is not None), Decimal(0))
