"""Every kind of widget as a table that a spreadsheet can count with: the numbers that are drawn, as numbers."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import accumulate

from django.utils.translation import gettext as _

from apps.activities import selectors as activities
from apps.boards.models import Widget as Row
from apps.core import dates
from apps.dashboards.boards import peopled
from apps.dashboards.boards.export import DAY, MONEY, NUMBER, SHARE, Column, Table, Value, funnel
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own import charts, people, pipeline, reading
from apps.dashboards.own.spots import Spot
from apps.dashboards.reports import cohort_grids, movements, waterfalls
from apps.dashboards.reports.bars import Bars
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import heat, leaderboard
from apps.dashboards.widgets.deals import KINDS, reasons
from apps.goals.selectors import GoalFigure
from apps.kpis import selectors
from apps.kpis.declarations import Kpi, Unit
from apps.kpis.figures import Figure
from apps.opportunities import selectors as opportunities
from apps.opportunities.selectors import DealList
from apps.reps.scopes import Scope

MOST = 1000  # deals
Tabled = tuple[tuple[Column, ...], Iterable[tuple[Value, ...]]]


def _format(kpi: Kpi) -> str:
    return MONEY if kpi.unit == Unit.MONEY else NUMBER


def _unit(kpi: Kpi, look: Selection) -> str:
    return look.currency if kpi.unit == Unit.MONEY else str(kpi.unit)


def _held(one: GoalFigure) -> tuple[Value, ...]:
    progress = one.progress
    return (progress.target, progress.attainment, progress.expected, progress.projection) if progress else (None,) * 4


def _held_columns() -> tuple[Column, ...]:
    return (Column(_("Target"), NUMBER), Column(_("Attainment"), SHARE), Column(_("Expected by now"), NUMBER), Column(_("Projection"), NUMBER))


def _figures(keys: Sequence[str], spot: Spot, source: Sources) -> Tabled:
    """A line for each KPI, with the time before and the target."""
    look = spot.seen
    found = source.now(keys, [look.scope])
    then, since = reading.before(spot.widget, tuple(keys), source) if "comparison" in spot.widget.declared.takes else ({}, "")
    columns = (Column(_("KPI")), Column(_("Unit")), Column(_("Value"), NUMBER), *([Column(since, NUMBER)] if since else []), *_held_columns())

    def line(one: GoalFigure, before: Figure | None) -> tuple[Value, ...]:
        earlier = [before.value if before else None] if since else []
        return (str(one.figure.kpi.name), _unit(one.figure.kpi, look), one.figure.value, *earlier, *_held(one))

    return columns, [line(found[key, look.scope], then.get(key)) for key in keys]


def _own_figures(spot: Spot, source: Sources) -> Tabled:
    return _figures([kpi.key for kpi in spot.kpis], spot, source)


def _number(spot: Spot, source: Sources) -> Tabled:
    return _figures(["revenue"], spot, source)


def _course(spot: Spot, source: Sources) -> Tabled:
    look, kpi = spot.seen, spot.kpi
    points = [point for point in source.by("day", kpi.key, look.window) if point.window.start_on <= look.on]
    plan = dict(source.curve(source.now([kpi.key], [look.scope])[kpi.key, look.scope]))
    sums = accumulate(point.value or Decimal(0) for point in points)
    form = _format(kpi)
    columns = (Column(_("Day"), DAY), Column(str(kpi.name), form), Column(_("So far"), form), Column(_("Expected by then"), form))
    return columns, [(point.window.start_on, point.value, total, plan.get(point.window.start_on)) for point, total in zip(points, sums, strict=True)]


def _trend(spot: Spot, source: Sources) -> Tabled:
    course, kpi = charts.course_of(spot), spot.kpi
    points, before = charts.read_trend(spot, course, source)
    then = [Column(course.since, _format(kpi))] if course.then else []
    columns = (Column(_("Step")), Column(_("First day"), DAY), Column(str(kpi.name), _format(kpi)), *then)
    rows: list[tuple[Value, ...]] = []
    for n, point in enumerate(points):
        earlier = before[n] if n < len(before) else None
        rows.append((dates.window_name(point.window), point.window.start_on, point.value, *([earlier.value if earlier else None] if then else [])))
    return columns, rows


def _listed(spot: Spot, source: Sources) -> Tabled:
    return _scopes(spot.kpis, spot.listed, spot, source)


def _table(spot: Spot, source: Sources) -> Tabled:
    """The lines, and the whole scope's own as the last, as on the board."""
    return _scopes(spot.kpis, list(dict.fromkeys([*spot.listed, spot.seen.scope])), spot, source)


def _scopes(kpis: Sequence[Kpi], scopes: Sequence[Scope], spot: Spot, source: Sources) -> Tabled:
    """A line for each scope; with one KPI also its target, with several the attainment of those that have one."""
    found = source.now([kpi.key for kpi in kpis], scopes)
    names = [Column(charts.head_of(spot)), *(Column(str(kpi.name), _format(kpi)) for kpi in kpis)]
    if len(kpis) == 1:
        only = kpis[0].key
        return (*names, *_held_columns()), [(scope.name, found[only, scope].figure.value, *_held(found[only, scope])) for scope in scopes]
    aimed = [kpi for kpi in kpis if any(found[kpi.key, scope].progress for scope in scopes)]
    attained = [Column(_("%(kpi)s: attainment") % {"kpi": kpi.name}, SHARE) for kpi in aimed]

    def line(scope: Scope) -> tuple[Value, ...]:
        held = (found[kpi.key, scope].progress for kpi in aimed)
        return (scope.name, *(found[kpi.key, scope].figure.value for kpi in kpis), *(one.attainment if one else None for one in held))

    return (*names, *attained), [line(scope) for scope in scopes]


def _leaderboard(spot: Spot, source: Sources) -> Tabled:
    """Ranks; figures only of those whose figures the viewer sees."""
    found = list(source.now([spot.kpi.key], people.scopes_to_rank(spot)).values())
    rows: list[tuple[Value, ...]] = []
    told = people.told(spot)
    for rank, one in leaderboard.ranks(found, by_attainment=leaderboard.is_by_attainment(found)):
        attained = one.progress.attainment if one.progress else None
        rows.append((Decimal(rank) if rank else None, one.figure.scope.name, *((one.figure.value, attained) if one.figure.scope in told else (None, None))))
    return (Column(_("Rank"), NUMBER), Column(_("Name")), Column(str(spot.kpi.name), _format(spot.kpi)), Column(_("Attainment"), SHARE)), rows


def _pace(spot: Spot, source: Sources) -> Tabled:
    look = spot.seen
    now = source.now(people.PACE, people.pace_scopes(spot))
    is_people = spot.widget.among == Row.Among.PEOPLE or look.scope.kind == "rep"
    last = peopled.last_days(spot.listed, look) if is_people else {}
    columns = (
        Column(charts.head_of(spot)),
        Column(_("Won"), MONEY),
        *_held_columns(),
        Column(_("Coverage"), NUMBER),
        Column(_("Last activity"), DAY),
    )
    return columns, [
        (scope.name, now["revenue", scope].figure.value, *_held(now["revenue", scope]), now["pipeline_coverage", scope].figure.value, last.get(scope.id))
        for scope in spot.listed
    ]


def _parts(spot: Spot, source: Sources) -> Tabled:
    look, kpi = spot.seen, spot.kpi
    found = selectors.breakdown(kpi.key, look.scope, look.window, on=look.on, book=source.loaded.book)
    return (Column(_("Part")), Column(str(kpi.name), _format(kpi))), [(part.name, part.figure.value) for part in found]


def _distribution(spot: Spot, _source: Sources) -> Tabled:
    look, kpi = spot.seen, spot.kpi
    found = selectors.spread(kpi.key, look.scope, look.window, on=look.on)
    columns = (Column(_("From"), _format(kpi)), Column(_("Below"), _format(kpi)), Column(_("Records"), NUMBER))
    return columns, [(one.low, one.high, Decimal(one.count)) for one in found.ranges] if found else []


def _heat(spot: Spot, source: Sources) -> Tabled:
    look, kpi = spot.seen, spot.kpi
    points = reading.steps((kpi.key,), look.scope, "day", heat.span(look), source)[kpi.key]
    return (Column(_("Day"), DAY), Column(str(kpi.name), NUMBER)), [(one.window.start_on, one.value) for one in points if one.window.start_on in look.window]


def _funnel(spot: Spot, source: Sources) -> Tabled:
    return funnel(source, spot.stages)


def _bars(bars: Bars) -> Tabled:
    return (Column(_("Part")), Column(_("Amount"), MONEY)), [(row.name, Decimal(row.raw)) for row in bars.rows]


def _waterfall(spot: Spot, _source: Sources) -> Tabled:
    return _bars(waterfalls.page(pipeline.place_of(spot, "waterfall"), {}).bars)


def _movement(spot: Spot, _source: Sources) -> Tabled:
    return _bars(movements.whole(pipeline.place_of(spot, "movement"), key=spot.id).bars)


def _cohorts(spot: Spot, _source: Sources) -> Tabled:
    """Deals won by the end of each month since, of those created in a month."""
    page = cohort_grids.page(pipeline.place_of(spot, "cohorts"))
    since = [Column(_("Won within %(count)s months") % {"count": n}, NUMBER) for n in page.columns]
    columns = (
        Column(_("Created in")),
        Column(_("Created"), NUMBER),
        *since,
        Column(_("Won so far"), NUMBER),
        Column(_("Lost"), NUMBER),
        Column(_("Open"), NUMBER),
    )
    return columns, [
        (
            row.month,
            Decimal(row.created.raw),
            *(Decimal(box.raw) for box in row.boxes),
            *[None] * len(row.rest),
            *(Decimal(box.raw) for box in (row.won, row.lost, row.open)),
        )
        for row in page.rows
    ]


def _deals(found: DealList, spot: Spot, *, with_reasons: bool) -> Tabled:
    columns = (
        Column(_("Deal")),
        Column(_("Owner")),
        Column(_("Stage")),
        Column(_("Amount"), MONEY),
        Column(_("Expected close"), DAY),
        Column(_("Why at risk")),
    )
    rows = [
        (one.label, one.owner, one.stage, one.amount, one.expected_close_on, " · ".join(reasons(one, spot.seen.on)) if with_reasons else "")
        for one in found.deals
    ]
    return (columns, rows) if with_reasons else (columns[:-1], [row[:-1] for row in rows])


def _at_risk(spot: Spot, _source: Sources) -> Tabled:
    return _deals(opportunities.at_risk(spot.seen.scope, on=spot.seen.on, limit=MOST), spot, with_reasons=True)


def _closing(spot: Spot, _source: Sources) -> Tabled:
    look = spot.seen
    return _deals(opportunities.closing_next(look.scope, on=look.on, before=look.window.end_on, limit=MOST), spot, with_reasons=False)


def _changes(spot: Spot, _source: Sources) -> Tabled:
    look = spot.seen
    found = opportunities.changes(look.scope, since=look.calendar.working_day_before(look.on), on=look.on, limit=MOST)
    columns = (Column(_("Deal")), Column(_("Owner")), Column(_("What happened")), Column(_("Day"), DAY), Column(_("Amount"), MONEY))
    return columns, [(one.label, one.owner, str(KINDS[one.kind]), one.day, one.amount) for one in found.single]


def _agenda(spot: Spot, _source: Sources) -> Tabled:
    look = spot.seen
    columns = (Column(_("Activity")), Column(_("Subject")), Column(_("Due"), DAY), Column(_("Done"), DAY))
    if look.scope.kind != "rep":
        return columns, []
    found = activities.agenda(look.scope.id, on=look.on)
    rows = (*found.overdue, *found.due, *found.done)
    return columns, [(row.get_kind_display(), row.subject, row.due_on, row.completed_on) for row in rows]


TABLES: dict[str, Callable[[Spot, Sources], Tabled]] = {
    "figure": _own_figures,
    "goal": _own_figures,
    "activities": _own_figures,
    "number": _number,
    "course": _course,
    "trend": _trend,
    "comparison": _listed,
    "table": _table,
    "leaderboard": _leaderboard,
    "pace": _pace,
    "parts": _parts,
    "distribution": _distribution,
    "heat": _heat,
    "funnel": _funnel,
    "waterfall": _waterfall,
    "movement": _movement,
    "cohorts": _cohorts,
    "at_risk": _at_risk,
    "closing": _closing,
    "changes": _changes,
    "agenda": _agenda,
}


def table(spot: Spot, source: Sources) -> Table | None:
    """Return a widget as a table; None for words."""
    tabled = TABLES.get(spot.widget.kind)
    if tabled is None:
        return None
    columns, rows = tabled(spot, source)
    return Table(spot.id, str(spot.widget), columns, tuple(rows))
