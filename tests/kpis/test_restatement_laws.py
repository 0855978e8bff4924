"""The laws of closed periods, under any writes: what was reported stays, what changed since is told exactly, record by record."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, closing, explaining, looks, reading, restatements, rollup
from apps.kpis.declarations import Basis
from apps.kpis.explaining import Asked
from apps.kpis.figures import Figure
from apps.kpis.models import Close
from apps.kpis.reading import amounts
from apps.kpis.restatements import Reported
from apps.reps import scopes
from apps.reps.models import Rep
from apps.reps.scopes import Scope
from tests import oracle
from tests.kpis.histories import EXAMPLES, ON, Company, steps, undone, write

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
PERIODS = ("2025-02", "2025-01", "2024-12", "2024-Q4", "2024")


def told(window: periods.Window, company: Company) -> dict[tuple[str, Scope], Decimal]:
    """What the oracle says of every measure and scope of a period, by the facts as they are."""
    world = oracle.World()
    return {
        (measure, scope): round(Decimal(oracle.amount(world, measure, scope, window.start_on, window.end_on, ON)), 4)
        for measure in catalogue.MEASURES
        for scope in company.scopes
    }


@EXAMPLES
@given(before=steps, after=steps, leaves=st.booleans(), period=st.sampled_from(PERIODS))
def test_reported_stays_and_the_records_explain_the_difference(
    calendar: periods.Calendar, company: Company, before: list[Any], after: list[Any], leaves: bool, period: str
) -> None:
    window = calendar.parse(period)
    with undone():
        for step in before:
            write(company, step)
        row = closing.close(window, on=ON, at=NOW)
        then = told(window, company)
        for step in after:
            write(company, step)
        if leaves:
            Rep.objects.filter(pk=company.reps[0].pk).update(left_on=date(2025, 2, 10))
        rollup.drain(on=ON)
        reported = restatements.of_period(company.scopes, window, on=ON)
        assert reported is not None
        prove(window, row, company, reported, then, told(window, company))


def prove(window: periods.Window, row: Close, company: Company, reported: Reported, then: dict[Any, Decimal], now: dict[Any, Decimal]) -> None:
    for scope in company.scopes:
        sums = reported.inputs(scope, {}, window.days).sums.get(Basis.NOW, {})
        for key, measure in catalogue.MEASURES.items():
            assert round(sums.get(key, Decimal(0)), 4) == then[key, scope], (key, scope.key)
            if then[key, scope] == now[key, scope] and scope.kind != "team":
                continue
            found = explaining.changes(Asked(row, measure, Basis.NOW, window, scope, ON))
            assert abs(found.difference - (now[key, scope] - then[key, scope])) <= Decimal("0.0001"), (key, scope.key)  # both sums are rounded
            assert sum((one.difference for one in found.rows), Decimal(0)) == found.difference
            assert len(found.rows) == found.count


@EXAMPLES
@given(before=steps, after=steps, period=st.sampled_from(PERIODS))
def test_a_formulas_other_windows_are_kept_and_explained_too(
    calendar: periods.Calendar, company: Company, before: list[Any], after: list[Any], period: str
) -> None:
    window = calendar.parse(period)
    others = {basis: look for basis, (look, _until) in looks.windows_of(catalogue.KPIS.values(), window, ON).items() if basis != Basis.NOW}

    def read() -> dict[Basis, reading.Amounts]:
        return {basis: amounts(looks.used(catalogue.KPIS.values(), basis), company.scopes, look, on=look.last_on) for basis, look in others.items()}

    with undone():
        for step in before:
            write(company, step)
        row = closing.close(window, on=ON, at=NOW)
        then = read()
        for step in after:
            write(company, step)
        rollup.drain(on=ON)
        now, reported = read(), restatements.of_period(company.scopes, window, on=ON)
        assert reported is not None
        for basis, look in others.items():
            for scope in company.scopes:
                sums = reported.inputs(scope, {}, window.days).sums.get(basis, {})
                for key in looks.used(catalogue.KPIS.values(), basis):
                    assert sums.get(key, Decimal(0)) == then[basis].of(scope)[key], (basis, key, scope.key)
                    if scope.kind in ("rep", "region") and sums.get(key, Decimal(0)) == now[basis].of(scope)[key]:
                        continue
                    found = explaining.changes(Asked(row, catalogue.MEASURES[key], basis, look, scope, ON))
                    assert found.difference == now[basis].of(scope)[key] - then[basis].of(scope)[key], (basis, key, scope.key)


def test_a_figure_without_a_close_is_not_restated(calendar: periods.Calendar) -> None:
    assert restatements.of_period([scopes.company()], calendar.parse("2025-01"), on=ON) is None
    assert restatements.attached(dict[Any, Figure](), None) == {}
