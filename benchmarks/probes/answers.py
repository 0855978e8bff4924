"""Asks the board's questions in plain SQL: how long each takes, and whether it says what the board says."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

from apps.core import clock, periods
from apps.core.periods import Window
from apps.kpis import reading, selectors
from apps.opportunities.models import Stage
from apps.reps import rosters, scopes
from apps.reps.scopes import Scope
from benchmarks.plain_sql import QUERIES

Rows = list[tuple[Any, ...]]
KINDS = {"call": "calls", "email": "emails", "meeting": "meetings", "demo": "demos", "onboarding": "onboardings"}
MONTHS = 12


@dataclass(frozen=True)
class Asked:
    """Whose board, over which windows, as of which day."""

    scope: Scope
    on: date
    window: Window
    earlier: Window
    until: date
    year: Window

    def params(self, name: str) -> dict[str, Any]:
        window, on = {
            "closed by this point of the quarter before": (self.earlier, self.until),
            "closed in each of twelve months": (self.year, self.on),
            "open at the end of each of twelve months": (self.year, self.on),
        }.get(name, (self.window, self.on))
        return {"team": self.scope.id, "start": window.start_on, "end": window.end_on, "on": on}


def answers(*, team: int, times: int) -> dict[str, Any]:
    """Return the seconds of each query (the median of some times) and the questions on which it disagrees with the board."""
    asked = look(team, clock.today())
    found, seconds = {}, {}
    for name, sql in QUERIES.items():
        taken = []
        for _time in range(times):
            started = perf_counter()
            found[name] = ask(sql, asked.params(name))
            taken.append(perf_counter() - started)
        seconds[name] = median(taken)
    return {"seconds": seconds, "differences": list(differences(asked, found))}


def look(team: int, on: date) -> Asked:
    """Say what a manager's board shows of a team by default."""
    calendar = periods.calendar()
    window = calendar.containing("quarter", on)
    earlier, until = calendar.same_elapsed(window, on)
    last = first = calendar.containing("month", on)
    for _month in range(MONTHS - 1):
        first = calendar.previous(first)
    return Asked(scopes.get("team", team), on, window, earlier, until, Window("", None, first.start_on, last.end_on))


def ask(sql: str, params: dict[str, Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def differences(asked: Asked, found: dict[str, Rows]) -> Iterator[str]:
    """Yield each question to which the plain answer is not the board's."""
    ours = board(asked)
    for name in QUERIES:
        plain = _comparable(_split(name, found[name]))
        shown = _comparable(ours[name])
        if plain != shown:
            yield f"{name}: {plain} is not {shown}"


def board(asked: Asked) -> dict[str, Rows]:
    """Return the same answers from the sums that boards are read from."""
    scope, window, on = asked.scope, asked.window, asked.on
    closed = ("won_amount", "won_count", "lost_count", "won_priced", "cycle_days")
    months = selectors.several_series(["revenue", "deals_won", "lost_opportunities", "pipeline_value"], scope, asked.year, "month", on=on)
    revenue, won, lost, pipeline = ([(point.window, point.value) for point in points] for points in months.values())
    now = reading.amounts(["open_count", "open_amount", "weighted_amount", "expected_amount"], [scope], window, on=on)
    passed = ("stage_entries", "stage_exits", "stage_advances", "stage_losses", "stage_days")
    flow = reading.amounts(passed, [scope], window, on=on)
    done = reading.amounts(KINDS.values(), [scope], window, on=on).of(scope)
    people = [member.scope for member in rosters.people(scope, window, on=on)]
    stages = Stage.objects.filter(kind=Stage.Kind.OPEN).values_list("pk", flat=True)
    return {
        "closed in the quarter": [_sums(closed, scope, window, on)],
        "closed by this point of the quarter before": [_sums(closed, scope, asked.earlier, asked.until)],
        "won day by day": [(point.window.start_on, point.value) for point in selectors.series("revenue", scope, window, "day", on=on)],
        "closed in each of twelve months": [(month.start_on, a, b, c) for (month, a), (_m, b), (_n, c) in zip(revenue, won, lost, strict=True)],
        "open at the end of each of twelve months": [(min(month.last_on, on), value) for month, value in pipeline],
        "open now, by stage": [
            *((stage, *(now.of(scope, stage)[key] for key in ("open_count", "open_amount", "weighted_amount"))) for stage in stages),
            (0, now.of(scope)["expected_amount"]),
        ],
        "created in the quarter": [_sums(["opportunities_created"], scope, window, on)],
        "activities by kind": [(kind, done[key]) for kind, key in KINDS.items()],
        "won by each member": [(one.id, selectors.figures(["revenue"], [one], window, on=on)["revenue", one].value) for one in people],
        "moved from stage to stage": [(stage, *(flow.of(scope, stage)[key] for key in passed)) for stage in stages],
    }


def _sums(measures: Iterable[str], scope: Scope, window: Window, on: date) -> tuple[Any, ...]:
    found = reading.amounts(measures, [scope], window, on=on).of(scope)
    return tuple(found[key] for key in measures)


def _split(name: str, rows: Rows) -> Rows:
    """Tell what is expected in the quarter apart from the stages: the board shows it as one sum."""
    if name != "open now, by stage":
        return rows
    return [*(row[:4] for row in rows), (0, sum(row[4] or 0 for row in rows))]


def _comparable(rows: Rows) -> Rows:
    """Nothing and zero are the same sum, days and stages without any say nothing, nor do trailing zeros."""
    plain = (tuple(one if isinstance(one, (str, date)) else round(Decimal(one or 0), 4) for one in row) for row in rows)
    return sorted(row for row in plain if len(row) == 1 or any(row[1:]))
