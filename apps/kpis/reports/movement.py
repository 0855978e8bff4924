"""The movement of recurring revenue: start + new + expansion − contraction − churn + reactivation = end.

`statement(scope, window, on=…)` gives one, `statements(scope, window, grain, on=…)` one for each step of a window. Both hold in
every scope and over every window: what passes between reps is a part of its own, and so is what a rep takes along who changes teams.
`records(statement, key, …)` opens a part into the records behind it, `movers(statement)` what reps took along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core import periods
from apps.core.periods import Calendar, Window
from apps.core.replica import connection
from apps.kpis import catalogue, layouts, reading, recordlists
from apps.kpis.declarations import Basis
from apps.kpis.figures import Records
from apps.kpis.looks import look_of
from apps.kpis.selectors import steps_of
from apps.kpis.streams import UNDATED
from apps.reps.scopes import Scope

STOCK = "mrr"
MOVED = "moved"
DAY = timedelta(days=1)
CHANGES: Mapping[str, tuple[str | Promise, int]] = {  # by measure: what it is called, and whether it adds or takes
    "mrr_new": (_("New"), 1),
    "mrr_expansion": (_("Expansion"), 1),
    "mrr_contraction": (_("Contraction"), -1),
    "mrr_churned": (_("Churn"), -1),
    "mrr_reactivated": (_("Reactivation"), 1),
    "mrr_passed": (_("Passed between reps"), 1),
    "mrr_unrated": (_("Exchange rate missing"), 1),
}


@dataclass(frozen=True)
class Part:
    """One line: `amount` is signed, so that start and changes add up to the end. `key` is the measure it sums, or `start`, `moved`, `end`."""

    key: str
    name: str | Promise
    amount: Decimal


@dataclass(frozen=True)
class Statement:
    """How the recurring revenue of a scope came from what it was at a window's start to what it is at its end, or at the end of day `on`."""

    scope: Scope
    window: Window
    on: date
    start: Part
    changes: tuple[Part, ...]
    end: Part

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.start, *self.changes, self.end)

    @property
    def is_balanced(self) -> bool:
        return self.start.amount + sum(part.amount for part in self.changes) == self.end.amount


@dataclass(frozen=True)
class Mover:
    """What one rep took along into a scope (or, below 0, out of it) on the day they changed teams."""

    rep: int
    name: str
    day: date
    amount: Decimal


def statement(scope: Scope, window: Window, *, on: date, calendar: Calendar | None = None) -> Statement:
    """Return the movement of a scope over any window, as of the end of day `on`."""
    plan = calendar or periods.calendar()
    sums = reading.amounts([STOCK, *CHANGES], [scope], window, on=on).of(scope)
    return _statement(scope, window, on, _at_start(scope, window, on, plan), sums, movers_between(scope, window.start_on, window.clipped(on).end_on))


def statements(scope: Scope, window: Window, grain: str, *, on: date, calendar: Calendar | None = None) -> list[Statement]:
    """Return the movement for each day, week, month, quarter or year of a window that has begun by day `on`; each starts where the one before ends."""
    plan = calendar or periods.calendar()
    steps = steps_of(window, grain, on, plan)
    if not steps:
        return []
    sums = reading.amounts_by_step([STOCK, *CHANGES], scope, steps, on=on)
    moved = movers_between(scope, steps[0].start_on, steps[-1].clipped(on).end_on)
    stood, found = _at_start(scope, steps[0], on, plan), []
    for step in steps:
        found.append(_statement(scope, step, on, stood, sums[step.start_on], [one for one in moved if one.day in step]))
        stood = found[-1].end.amount
    return found


def records(found: Statement, key: str, *, limit: int = 100, offset: int = 0) -> Records:
    """Return one page of the records behind a part (not for `moved`: see `movers`); their amounts are not signed, but for what passed or has no rate."""
    look, until, basis = found.window, found.on, Basis.NOW
    if key == "start":
        basis = Basis.START
        look, until = look_of(basis, look, until, periods.calendar())
    measure = catalogue.MEASURES[key if key in CHANGES else STOCK]
    return recordlists.of_measure(measure, found.scope, look, on=until, limit=limit, offset=offset, basis=basis)


def movers(found: Statement) -> list[Mover]:
    """Return who took what along in a statement's days."""
    return movers_between(found.scope, found.window.start_on, found.window.clipped(found.on).end_on)


def _at_start(scope: Scope, window: Window, on: date, calendar: Calendar) -> Decimal:
    look, until = look_of(Basis.START, window, on, calendar)
    return reading.amounts([STOCK], [scope], look, on=until).of(scope)[STOCK]


def _statement(scope: Scope, window: Window, on: date, stood: Decimal, sums: Mapping[str, Decimal], moved: list[Mover]) -> Statement:
    changes = [Part(key, name, sums.get(key, Decimal(0)) * sign) for key, (name, sign) in CHANGES.items()]
    changes.append(Part(MOVED, _("Taken along by reps who changed teams"), sum((one.amount for one in moved), Decimal(0))))
    return Statement(scope, window, on, Part("start", _("Start"), stood), tuple(changes), Part("end", _("End"), sums.get(STOCK, Decimal(0))))


# A rep who comes brings what stood with them the evening before; one who goes takes it away.
MOVERS = """
WITH edges AS (
    SELECT m.rep_id, e.day, e.sign FROM reps_membership m JOIN reps_above a ON a.team = m.team_id AND a.kind = %(kind)s AND a.scope = %(scope)s
    CROSS JOIN LATERAL (VALUES (m.start_on, 1), (m.end_on, -1)) e(day, sign) WHERE e.day >= %(start)s AND e.day < %(end)s
)
SELECT r.id, r.name, e.day, sum(e.sign * t.amounts[%(slot)s]) FROM edges e JOIN reps_rep r ON r.id = e.rep_id
JOIN kpis_measureday t ON t.stream = %(stream)s AND t.rep = e.rep_id AND t.day < e.day AND t.day > {undated} AND (%(kind)s <> 'region' OR t.region = 0)
GROUP BY r.id, r.name, e.day HAVING sum(e.sign * t.amounts[%(slot)s]) <> 0 ORDER BY e.day, r.name
"""


def movers_between(scope: Scope, start_on: date, end_on: date) -> list[Mover]:
    """Return who took what along on the days `[start_on, end_on)`; the company keeps everybody, reps stay themselves, members who always were ones never moved, and subscriptions are no product's."""
    if scope.kind not in ("team", "region") or scope.members_on is not None or scope.only is not None:
        return []
    layout = layouts.layouts()[catalogue.MEASURES[STOCK].stream]
    slot = [measure.key for measure in layout.measures].index(STOCK) + 1
    params: dict[str, Any] = {"kind": scope.kind, "scope": scope.id, "start": start_on, "end": end_on, "slot": slot, "stream": layout.key}
    with connection.cursor() as cursor:
        cursor.execute(MOVERS.format(undated=UNDATED), params)
        return [Mover(*row) for row in cursor.fetchall()]
