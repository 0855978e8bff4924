"""What has come to pass, as the numbers say now: each happening under a key that names it for good."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.core import numbers, periods
from apps.core.periods import Calendar, Window
from apps.goals import rows
from apps.goals import selectors as goals
from apps.goals.selectors import GoalFigure
from apps.kpis import catalogue, restatements
from apps.kpis.models import Close
from apps.kpis.restatements import HEADLINES
from apps.reps import scopes
from apps.reps.models import Region, Rep, Team
from apps.reps.scopes import Scope
from apps.webhooks.models import Kind

LATELY = timedelta(days=35)  # a goal is told of until so long after its last day, for facts that come in late
LONGEST = timedelta(days=3660)
CLOSES = 24  # the latest closed periods whose figures are watched


@dataclass(frozen=True)
class Happening:
    """One thing that came to pass."""

    key: str
    data: dict[str, Any]


def goals_reached(on: date) -> Iterator[Happening]:
    """Yield the goals that are reached: what is to be passed, once it is; what is to be held, when its last day is over."""
    calendar, everybody = periods.calendar(), {(scope.kind, scope.id): scope for scope in _scopes()}
    asked: dict[Window, set[tuple[str, Scope]]] = {}
    for goal in rows.read_all(on - LONGEST, on + LONGEST, on=on):
        scope = everybody.get(goals.owner_of(goal))
        if scope and goal.start_on <= on <= goal.last_on + LATELY:
            asked.setdefault(calendar.from_to(goal.start_on, goal.last_on), set()).add((goal.kpi, scope))
    for (window, key, scope), found in goals.over_windows(asked, on=on, calendar=calendar).items():
        if (key, scope) in asked[window] and _is_reached(found, window, on):
            assert found.progress is not None
            name = f"{key}:{scope.kind}:{scope.id}:{window.start_on}:{window.last_on}:{numbers.plain(found.progress.target)}"
            more = {"target": _plain(found.progress.target), "attainment": _plain(found.progress.attainment)}
            yield Happening(f"{Kind.GOAL_REACHED}:{name}", {**_about(key, scope, window), "value": _plain(found.figure.value), **more})


def _is_reached(found: GoalFigure, window: Window, on: date) -> bool:
    progress = found.progress
    if progress is None or not progress.is_met or progress.target <= 0:
        return False
    is_passed = progress.better_is_up and not progress.is_held and catalogue.is_cumulative(found.figure.kpi)
    return is_passed or window.last_on < on


def periods_closed(on: date) -> Iterator[Happening]:
    """Yield the periods that are closed."""
    for close in Close.objects.filter(reopened_at=None, closed_on__lte=on).select_related("closed_by"):
        by = close.closed_by.name if close.closed_by else None
        yield Happening(f"{Kind.PERIOD_CLOSED}:{close.pk}", {**_days(restatements.window_of(close)), "closed_on": close.closed_on.isoformat(), "closed_by": by})


def figures_restated(on: date) -> Iterator[Happening]:
    """Yield the headline figures of the latest closed periods, of everybody, that are no longer what was reported."""
    calendar, everybody = periods.calendar(), _scopes()
    for close in Close.objects.filter(reopened_at=None, closed_on__lte=on)[:CLOSES]:
        yield from _restated(close, everybody, calendar, on)


def _restated(close: Close, everybody: Iterable[Scope], calendar: Calendar, on: date) -> Iterator[Happening]:
    window = restatements.window_of(close)
    for (key, scope), found in goals.figures(HEADLINES, everybody, window, on=on, calendar=calendar).items():
        figure, restated = found.figure, found.figure.restatement
        if restated is None or not restated.is_restated:
            continue
        values = {"reported": _plain(restated.reported), "value": _plain(figure.value), "difference": _plain(restated.difference)}
        name = f"{close.pk}:{key}:{scope.kind}:{scope.id}:{values['value']}"
        yield Happening(f"{Kind.FIGURE_RESTATED}:{name}", {**_about(key, scope, window), "closed_on": close.closed_on.isoformat(), **values})


def _scopes() -> list[Scope]:
    found = [scopes.company()]
    for model in (Region, Team, Rep):
        found += [scopes.of(row) for row in model._default_manager.all()]
    return found


def _about(kpi: str, scope: Scope, window: Window) -> dict[str, Any]:
    return {"kpi": kpi, "scope": scope.key, "scope_kind": scope.kind, "scope_id": scope.id, **_days(window)}


def _days(window: Window) -> dict[str, Any]:
    return {"period": window.key, "start_on": window.start_on.isoformat(), "last_on": window.last_on.isoformat()}


def _plain(value: Decimal | None) -> str | None:
    """Write a number as the API does: as text, so that none of its digits is lost."""
    return None if value is None else numbers.plain(value)


FIND: dict[str, Callable[[date], Iterator[Happening]]] = {
    Kind.GOAL_REACHED: goals_reached,
    Kind.PERIOD_CLOSED: periods_closed,
    Kind.FIGURE_RESTATED: figures_restated,
}
