"""What an import does to the company's headline figures of this month and this quarter: what they are, and by how much its own records move them.

So nothing has to be recounted to know it, however many facts there are, nobody who counts is kept waiting, and it holds inside a transaction that is taken back.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from apps.core import clock, periods
from apps.core.periods import Window
from apps.imports import copying
from apps.imports.models import Effect, Import
from apps.kpis import catalogue, counting, jobs, live, reading, selectors
from apps.kpis.books import Need
from apps.kpis.declarations import Basis, Inputs, Kind
from apps.kpis.regrouping import open_book
from apps.kpis.streams import UNDATED
from apps.kpis.streams.deals import OPPORTUNITY, VERSION
from apps.reps import scopes

HEADLINES = ("revenue", "deals_won", "pipeline_value", "win_rate")
GRAINS = ("month", "quarter")
MEASURES = {use.measure: catalogue.MEASURES[use.measure] for key in HEADLINES for use in catalogue.KPIS[key].uses}
MOVING = frozenset({"opportunities"})
MOVED_BY_OTHERS = frozenset({"stages", "rates"})  # entities that move the figures of deals which they do not name
# Only deals that are open at the end of the last day add to what is there then: all that others were worth has gone again.
OPEN = """SELECT v.opportunity_id AS id FROM opportunities_opportunityversion v JOIN opportunities_stage s ON s.id = v.stage_id
    WHERE s.kind = 'open' AND v.valid_from < %(end)s AND (v.valid_to IS NULL OR v.valid_to >= %(end)s)"""
# Some deals and their states are put aside, looked up by their keys: added up there, they are not searched for among everybody's, whatever is known of those.
OWN_DEALS, OWN_STATES = "imports_deals", "imports_states"
ASIDE = f"""CREATE TEMP TABLE {OWN_DEALS} ON COMMIT DROP AS SELECT * FROM {OPPORTUNITY} WHERE id = ANY((SELECT %(deals)s)::bigint[]);
    CREATE TEMP TABLE {OWN_STATES} ON COMMIT DROP AS SELECT * FROM {VERSION} WHERE opportunity_id = ANY((SELECT %(deals)s)::bigint[]);
    ANALYZE {OWN_DEALS} (id), {OWN_STATES} (opportunity_id)"""
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


def now(on: date) -> Sums:
    """Return the sums as of the end of day `on`: stored ones where all that was written is counted, else from the records."""
    company, calendar = scopes.company(), periods.calendar()
    book = open_book([Need(frozenset(MEASURES), (company,), windows(on), on, calendar)])
    if book.state.waiting or book.state.counted_to != on or jobs.is_open():
        return sums(on)
    found: Sums = {}
    for window in windows(on):
        amounts = reading.amounts(MEASURES, [company], window, on=on, calendar=calendar, book=book).of(company)
        found |= {(window, measure): amounts.get(measure, Decimal(0)) for measure in MEASURES}
    return found


def sums(on: date, deals: Sequence[int] | None = None) -> Sums:
    """Add up the measures of the headline figures over all deals, or over some, as of the end of day `on`."""
    with _aside(deals) if deals is not None else nullcontext():
        return _sums(on, is_some=deals is not None)


def _sums(on: date, *, is_some: bool) -> Sums:
    looks = windows(on)
    ends = {window: min(window.end_on, on + timedelta(days=1)) for window in looks}
    found = {(window, measure): Decimal(0) for window in looks for measure in MEASURES}
    for end in set(ends.values()):  # what is there at the end of a day is the same for each period that ends there
        for measure, _day, amount in _added_up(Kind.STOCK, f"{{day}} > {UNDATED} AND {{day}} < %(end)s", is_some=is_some, end=end):
            found |= {(window, measure): found[window, measure] + amount for window in looks if ends[window] == end}
    start, end = min(window.start_on for window in looks), max(ends.values())
    flows = _added_up(Kind.FLOW, "{day} >= %(start)s AND {day} < %(end)s", is_some=is_some, start=start, end=end)
    for measure, day, amount in flows:
        found |= {(window, measure): found[window, measure] + amount for window in looks if window.start_on <= day < ends[window]}
    return found


@contextmanager
def _aside(deals: Sequence[int]) -> Iterator[None]:
    """Put some deals and their states into tables of the transaction's own."""
    with connection.cursor() as cursor:
        cursor.execute(ASIDE, {"deals": copying.numbers(deals)})
        yield
        cursor.execute(f"DROP TABLE {OWN_DEALS}, {OWN_STATES}")


def _added_up(kind: Kind, within: str, *, is_some: bool, **days: date) -> list[tuple[str, date, Decimal]]:
    """Return what was added on each day to each measure of a kind, by all deals or by those put aside; of a stock only what is still there at the end."""
    if kind == Kind.STOCK and not is_some:
        within += " AND o.id IN (SELECT id FROM standing)"
    rows = counting.contributions([measure for measure in MEASURES.values() if measure.kind == kind], within, cut="%(end)s::date")
    if is_some:
        rows = rows.replace(f"{OPPORTUNITY} o", f"{OWN_DEALS} o").replace(f"{VERSION} v", f"{OWN_STATES} v")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH standing AS MATERIALIZED ({OPEN}), rows AS MATERIALIZED ({rows}), shared AS (SELECT * FROM rows WHERE crew IS NOT NULL)
            SELECT measure, day, sum(amount) FROM (
                SELECT measure, day, amount FROM rows WHERE crew IS NULL UNION ALL SELECT measure, day, amount FROM ({live.per_scope("shared", "t.day")}) s
            ) t GROUP BY 1, 2""",
            {**days, "kind": "company", "ids": [0]},
        )
        return cursor.fetchall()


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
    """Keep the figures as they are when an import begins, and the sums they come from."""
    on = clock.today()
    found = now(on)
    this.sums = {_name(key): [str(amount), "0"] for key, amount in found.items()}
    this.save(update_fields=["sums"])
    _keep(this, moved(found, {}, on))


def grown(this: Import, difference: Sums) -> dict[str, list[str]]:
    """Return an import's kept sums with what one of its portions moved."""
    kept = dict(this.sums)
    for key, amount in difference.items():
        was, moved_by = kept.get(_name(key), ("0", "0"))
        kept[_name(key)] = [was, str(Decimal(moved_by) + amount)]
    return kept


def begun_on(this: Import) -> date:
    """Return the day as of which an import's effect is told: the one on which it began."""
    return this.effects.values_list("on", flat=True).first() or clock.today()


def after(this: Import) -> None:
    """Keep the figures as the import left them, beside those before: by what its deals moved, whatever others wrote meanwhile."""
    on, kept = begun_on(this), list(this.effects.all())
    names = {(window, measure): _name((window, measure)) for window in windows(on) for measure in MEASURES}
    if all(name in this.sums for name in names.values()):
        whole = {key: sum((Decimal(part) for part in this.sums[name]), Decimal(0)) for key, name in names.items()}
    else:  # begun before sums were kept
        whole = sums(on)
    then = {(each.kpi, each.window.start_on, each.window.last_on): each.after for each in moved({}, whole, on)}
    for effect in kept:
        effect.after = then.get((effect.kpi, effect.start_on, effect.last_on))
    Effect.objects.bulk_update(kept, ["after"])


def _name(key: tuple[Window, str]) -> str:
    window, measure = key
    return f"{window.start_on}/{window.last_on} {measure}"


def _keep(this: Import, found: Iterable[Moved]) -> None:
    this.effects.all().delete()
    Effect.objects.bulk_create(
        Effect(of=this, kpi=each.kpi, start_on=each.window.start_on, last_on=each.window.last_on, before=each.before, on=clock.today()) for each in found
    )
