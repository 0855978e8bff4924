"""Goals as boards read them: many at once, with nothing but what progress is measured by."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from apps.core.replica import connection
from apps.reps.scopes import Scope


class GoalRow(NamedTuple):
    """One goal: whose, of which KPI, how much, from its first to its last day."""

    id: int
    kpi: str
    scope: str
    region_id: int | None
    team_id: int | None
    rep_id: int | None
    start_on: date
    last_on: date
    target: Decimal
    baseline: Decimal | None


class Span(NamedTuple):
    """Some scopes, and the days of which their goals hold any."""

    scopes: Iterable[Scope]
    first_on: date
    last_on: date


def read(*spans: Span) -> tuple[GoalRow, ...]:
    """Return the goals of some spans, each once, by their first days; one query."""
    params: dict[str, Any] = {}
    rules = [rule for n, span in enumerate(spans) if (rule := _rule(span, n, params))]
    if not rules:
        return ()
    with connection.prepared() as cursor:
        cursor.execute(f"SELECT {', '.join(GoalRow._fields)} FROM goals_goal WHERE {' OR '.join(rules)} ORDER BY start_on, scope, kpi, id", params)
        return tuple(map(GoalRow._make, cursor.fetchall()))


def _rule(span: Span, n: int, params: dict[str, Any]) -> str:
    """Return the condition of a span's goals, nothing where it has no scope, and add its parameters: the words depend on the kinds of its scopes alone."""
    ids: dict[str, list[int]] = defaultdict(list)
    for scope in span.scopes:
        ids[scope.kind].append(scope.id)
    if not ids:
        return ""
    params |= {f"first_{n}": span.first_on, f"last_{n}": span.last_on, **{f"{kind}_{n}": found for kind, found in ids.items() if kind != "company"}}
    whose = ("scope = 'company'" if kind == "company" else f"scope = '{kind}' AND {kind}_id = ANY(%({kind}_{n})s::bigint[])" for kind in sorted(ids))
    return f"({' OR '.join(whose)}) AND start_on <= %(last_{n})s AND last_on >= %(first_{n})s"
