"""Figures and selections made by hand, for what draws them."""

from datetime import date
from decimal import Decimal
from typing import Any

from apps.core.periods import Calendar
from apps.dashboards.selection import Selection
from apps.goals import progress
from apps.goals.progress import Piece
from apps.goals.selectors import GoalFigure
from apps.kpis import catalogue
from apps.kpis.figures import Figure, Point
from apps.reps.scopes import Scope

PLAN = Calendar()
ALICE = Scope("rep", 1, "Alice")


def selection(period: str = "2025-Q1", on: str = "2025-03-14", scope: Scope = ALICE) -> Selection:
    return Selection(scope, PLAN.parse(period), date.fromisoformat(on), date.fromisoformat(on), PLAN, "EUR")


def figure(kpi: str = "revenue", value: Any = 100, scope: Scope = ALICE, period: str = "2025-Q1", on: str = "2025-03-14", **fields: Any) -> Figure:
    amount = None if value is None else Decimal(str(value))
    return Figure(catalogue.KPIS[kpi], scope, PLAN.parse(period), date.fromisoformat(on), amount, amount, None, fields.pop("excluded", 0), **fields)


def held(
    value: Any,
    target: Any = None,
    *,
    kpi: str = "revenue",
    scope: Scope = ALICE,
    period: str = "2025-Q1",
    on: str = "2025-03-14",
    better_is_up: bool | None = None,
) -> GoalFigure:
    """A figure against a target; without one, alone."""
    one = figure(kpi, value, scope, period, on)
    if target is None:
        return GoalFigure(one, None, ())
    pieces = (Piece(Decimal(str(target)), one.window.start_on, one.window.end_on),)
    up = one.kpi.better == "up" if better_is_up is None else better_is_up
    measured = progress.measure(PLAN, pieces, one.value, one.on, baseline=None, is_cumulative=catalogue.is_cumulative(one.kpi), better_is_up=up)
    return GoalFigure(one, measured, ())


def point(day: str, value: Any, *, grain: str = "day", is_running: bool = False) -> Point:
    return Point(PLAN.containing(grain, date.fromisoformat(day)), None if value is None else Decimal(str(value)), is_running)
