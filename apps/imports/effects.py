"""What an import does to the company's headline figures of this month and this quarter, counted from the records themselves.

So nothing has to be recounted to know it, nobody who counts is kept waiting, and it holds inside a transaction that is taken back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from apps.core import clock, periods
from apps.core.periods import Window
from apps.imports.models import Effect, Import
from apps.kpis import catalogue, counting, live, selectors
from apps.kpis.declarations import Basis, Inputs, Kind
from apps.kpis.streams import UNDATED
from apps.reps import scopes

HEADLINES = ("revenue", "deals_won", "pipeline_value", "win_rate")
GRAINS = ("month", "quarter")
MEASURES = {use.measure: catalogue.MEASURES[use.measure] for key in HEADLINES for use in catalogue.KPIS[key].uses}
MOVED_BY_OTHERS = frozenset({"stages", "rates"})  # entities that move the figures of deals which they do not name
# Only deals that are open at the end of the last day add to what is there then: all that others were worth has gone again.
OPEN = """SELECT v.opportunity_id AS id FROM opportunities_opportunityversion v JOIN opportunities_stage s ON s.id = v.stage_id
    WHERE s.kind = 'open' AND v.valid_from < %(end)s AND (v.valid_to IS NULL OR v.valid_to >= %(end)s)"""
Sums = dict[tuple[Window, str], Decimal]  # of each measure in each window


@dataclass(frozen=True)
class Moved:
    """A figure of the company in one period, before and after."""

    kpi: str
    window: Window
    before: Decimal | None
    after: Decimal | None


def windows(on: date) -> tuple[Window, ...]:
    """Return the periods whose figures are told."""
    calendar = periods.calendar()
    return tuple(dict.fromkeys(calendar.containing(grain, on) for grain in GRAINS))


def sums(on: date, deals: Sequence[int] | None = None) -> Sums:
    """Add up the measures of the headline figures over all deals, or over some, as of the end of day `on`."""
    found: Sums = {}
    stocks: dict[date, dict[str, Decimal]] = {}  # what is there at the end of a day is the same for each period that ends there
    for window in windows(on):
        end = min(window.end_on, on + timedelta(days=1))
        if end not in stocks:
            stocks[end] = _added_up(Kind.STOCK, f"{{day}} > {UNDATED} AND {{day}} < %(end)s AND o.id IN (SELECT id FROM standing)", deals, end=end)
        flows = _added_up(Kind.FLOW, "{day} >= %(start)s AND {day} < %(end)s", deals, start=window.start_on, end=end)
        found |= {(window, measure): amount for measure, amount in (stocks[end] | flows).items()}
    return found


def _added_up(kind: Kind, within: str, deals: Sequence[int] | None, **days: date) -> dict[str, Decimal]:
    within += " AND o.id = ANY(%(deals)s)" if deals is not None else ""
    rows = counting.contributions([measure for measure in MEASURES.values() if measure.kind == kind], within, cut="%(end)s::date")
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH standing AS MATERIALIZED ({OPEN}), rows AS MATERIALIZED ({rows}), t AS ({live.per_scope('rows', 't.day')}) SELECT measure, sum(amount) FROM t GROUP BY 1",
            {**days, "deals": None if deals is None else list(deals), "kind": "company", "ids": [0]},
        )
        return dict(cursor.fetchall())


def added(one: Sums, other: Sums, *, times: int = 1) -> Sums:
    """Add sums to others, or take them away."""
    return {key: one.get(key, Decimal(0)) + times * other.get(key, Decimal(0)) for key in one | other}


def moved(before: Sums, after: Sums, on: date) -> list[Moved]:
    """Return each headline figure of each period, before and after."""
    return [Moved(key, window, *(_figure(key, window, found, on) for found in (before, after))) for window in windows(on) for key in HEADLINES]


def _figure(key: str, window: Window, found: Sums, on: date) -> Decimal | None:
    inputs = Inputs({Basis.NOW: {measure: found.get((window, measure), Decimal(0)) for measure in MEASURES}}, {}, window.clipped(on).days)
    return selectors.value(catalogue.KPIS[key], scopes.company(), inputs)


def before(this: Import) -> None:
    """Keep the figures as they are when an import begins."""
    on = clock.today()
    _keep(this, moved(sums(on), {}, on))


def after(this: Import) -> None:
    """Keep the figures as they are when an import is done, beside those before; of the days on which it began."""
    kept = list(this.effects.all())
    for on in {effect.on for effect in kept}:
        now = {(each.kpi, each.window.start_on, each.window.last_on): each.after for each in moved({}, sums(on), on)}
        for effect in kept:
            effect.after = now.get((effect.kpi, effect.start_on, effect.last_on))
    Effect.objects.bulk_update(kept, ["after"])


def _keep(this: Import, found: Iterable[Moved]) -> None:
    this.effects.all().delete()
    Effect.objects.bulk_create(
        Effect(of=this, kpi=each.kpi, start_on=each.window.start_on, last_on=each.window.last_on, before=each.before, on=clock.today()) for each in found
    )
