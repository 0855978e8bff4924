"""Over which days a KPI reads its measures: its window, and what it compares it with."""

from collections.abc import Iterable
from datetime import date, timedelta

from apps.core import periods
from apps.core.periods import Calendar, Window
from apps.kpis.declarations import Basis, Kpi

DAY, YEAR = timedelta(days=1), timedelta(days=365)


def used(kpis: Iterable[Kpi], basis: Basis) -> list[str]:
    """Return the measures that KPIs read over one basis."""
    return sorted({use.measure for one in kpis for use in one.uses if use.basis == basis})


def windows_of(kpis: Iterable[Kpi], window: Window, on: date, calendar: Calendar | None = None) -> dict[Basis, tuple[Window, date]]:
    """Return for each basis that KPIs read over its window, and the day as of which."""
    bases = {basis for one in kpis for basis in one.bases} | {Basis.NOW}
    plan = calendar or (periods.calendar() if len(bases) > 1 else None)
    return {basis: look_of(basis, window, on, plan) for basis in sorted(bases)}


def look_of(basis: Basis, window: Window, on: date, calendar: Calendar | None) -> tuple[Window, date]:
    """Return one basis's window and the day as of which it is read."""
    if basis == Basis.NOW or calendar is None:
        return window, on
    if basis == Basis.BEFORE:
        return calendar.same_elapsed(window, on)
    if basis == Basis.START:
        return calendar.previous(window), min(on, window.start_on - DAY)
    end_on = window.clipped(on).end_on
    return periods.custom(end_on - YEAR, end_on - DAY), on
