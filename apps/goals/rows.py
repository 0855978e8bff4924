"""Goals as boards read them: many at once, as they were on the day one looks, with nothing but what progress is measured by."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from apps.core.replica import connection
from apps.reps.scopes import Scope


class GoalRow(NamedTuple):
    """One version of a goal: whose, of which KPI, how much, from its first to its last day.

    `ended_on` is the day on which it was changed or deleted, None where it still holds.
    """

    goal_id: int
    kpi: str
    scope: str
    region_id: int | None
    team_id: int | None
    rep_id: int | None
    start_on: date
    last_on: date
    target: Decimal
    baseline: Decimal | None
    stay: str
    set_on: date
    ended_on: date | None


class Span(NamedTuple):
    """Some scopes, and the days of which their goals hold any."""

    scopes: Iterable[Scope]
    first_on: date
    last_on: date


# Where the organisation holds results against the targets in force at the time, a goal counts as it was on its own last day.
MOMENT = "CASE WHEN (SELECT targets_as FROM core_organisation) = 'in_force' THEN least(last_on, %(on)s::date) ELSE %(on)s::date END"
SAME = ("kpi", "scope", "region_id", "team_id", "rep_id", "start_on", "last_on")
# What held before a version was set: of the same goal, or of one for the same people and days.
EARLIER = "e.set_on <= v.set_on AND e.id < v.id AND (e.ended_on IS NULL OR e.ended_on > e.set_on)"
READ = f"""SELECT {", ".join(GoalRow._fields)} FROM goals_goalversion v
    WHERE ({{rules}}) AND (v.ended_on IS NULL OR v.ended_on > v.set_on AND v.ended_on > {MOMENT}) AND (v.set_on <= {MOMENT}
        OR NOT EXISTS (SELECT FROM goals_goalversion e WHERE e.goal_id = v.goal_id AND {EARLIER})
            AND NOT EXISTS (SELECT FROM goals_goalversion e WHERE {EARLIER} AND {" AND ".join(f"e.{name} IS NOT DISTINCT FROM v.{name}" for name in SAME)}))
    ORDER BY start_on, scope, kpi, goal_id, set_on"""


def read(*spans: Span, on: date) -> tuple[GoalRow, ...]:
    """Return the goals of some spans to reckon with as of the end of day `on`, each once, by their first days; one query.

    What was entered first after the day that counts is taken as it was entered: nothing else is known of that day.
    """
    params: dict[str, Any] = {"on": on}
    rules = [rule for n, span in enumerate(spans) if (rule := _rule(span, n, params))]
    return _ask(" OR ".join(rules), params) if rules else ()


def read_all(first_on: date, last_on: date, *, on: date) -> tuple[GoalRow, ...]:
    """Return everybody's goals that lie within some days; see `read`."""
    return _ask("start_on >= %(first)s AND last_on <= %(last)s", {"first": first_on, "last": last_on, "on": on})


def _ask(rules: str, params: dict[str, Any]) -> tuple[GoalRow, ...]:
    with connection.prepared() as cursor:
        cursor.execute(READ.format(rules=rules), params)
        return tuple(map(GoalRow._make, cursor.fetchall()))


def _rule(span: Span, n: int, params: dict[str, Any]) -> str:
    """Return the condition of a span's goals, nothing where it has no scope, and add its parameters: the words depend on the kinds of its scopes alone."""
    ids: dict[str, list[int]] = defaultdict(list)
    for scope in span.scopes:
        if scope.only is None:  # a target is no product's and no campaign's
            ids[scope.kind].append(scope.id)
    if not ids:
        return ""
    params |= {f"first_{n}": span.first_on, f"last_{n}": span.last_on, **{f"{kind}_{n}": found for kind, found in ids.items() if kind != "company"}}
    whose = ("scope = 'company'" if kind == "company" else f"scope = '{kind}' AND {kind}_id = ANY(%({kind}_{n})s::bigint[])" for kind in sorted(ids))
    return f"(({' OR '.join(whose)}) AND start_on <= %(last_{n})s AND last_on >= %(first_{n})s)"
