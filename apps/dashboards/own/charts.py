"""Charts: the course of a period, trends, comparisons, parts, distributions, heat maps."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.boards.models import Widget as Row
from apps.core.periods import Window
from apps.dashboards.boards.board import Widget
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own import reading
from apps.dashboards.own.drawers import Drawer, Drawers
from apps.dashboards.own.reading import NOTHING, Asks, asking
from apps.dashboards.own.spots import Spot
from apps.dashboards.widgets import chart, columns, comparison, heat, note
from apps.kpis import catalogue, selectors
from apps.kpis.declarations import Kind
from apps.kpis.divisions import DIVISIONS
from apps.kpis.figures import Point

HEADS = {Row.Among.PEOPLE: gettext_lazy("Rep"), Row.Among.TEAMS: gettext_lazy("Team"), Row.Among.REGIONS: gettext_lazy("Region")}


def _ask_course(spot: Spot) -> Asks:
    look, key = spot.seen, spot.kpi.key
    return asking([key], [look.scope], reading.needs_of_steps((key,), look.scope, "day", look.window, look))


def _draw_course(spot: Spot, source: Sources) -> Widget:
    look, kpi = spot.seen, spot.kpi
    found = source.now([kpi.key], [look.scope])[kpi.key, look.scope]
    points = source.by("day", kpi.key, look.window)
    named = None if kpi.key == "revenue" else kpi
    return chart.chart(points, source.curve(found), found.progress, look, kpi=named, key=spot.id)


def _grain(spot: Spot) -> str:
    """Return the steps of a trend; what is counted over whole periods has no days."""
    grain = reading.grain_of(spot.widget, spot.seen)
    is_of_periods = any(catalogue.MEASURES[key].kind in (Kind.WINDOW, Kind.SPAN) for key in spot.kpi.measures)
    return "month" if is_of_periods and grain in ("day", "week") else grain


def head_of(spot: Spot) -> str:
    """Return what stands above the names of who is listed; of a rep it is always the rep."""
    return str(HEADS[Row.Among.PEOPLE if spot.seen.scope.kind == "rep" else Row.Among(spot.widget.among)])


@dataclass(frozen=True)
class Course:
    """A trend's steps and their days and, where it compares, those of the time before up to the same point, and how that is called."""

    grain: str
    now: Window
    then: Window | None = None
    until: date | None = None
    since: str = ""


def course_of(spot: Spot) -> Course:
    """Return the steps of a trend; a board that looks a year back takes its trends along."""
    grain, look, comparison = _grain(spot), spot.seen, spot.widget.comparison
    now = reading.lately(grain, look)
    if comparison == Row.Comparison.NONE:
        return Course(grain, now)
    is_year = comparison == Row.Comparison.YEAR or look.is_beside_year
    then, until = reading.lately_before(grain, look, year=is_year)
    return Course(grain, now, then, until, _("a year earlier") if is_year else _("as many before"))


def _ask_trend(spot: Spot) -> Asks:
    course, key, look = course_of(spot), (spot.kpi.key,), spot.seen
    needs = reading.needs_of_steps(key, look.scope, course.grain, course.now, look)
    before = reading.needs_of_steps(key, look.scope, course.grain, course.then, look, on=course.until) if course.then else []
    return Asks(sums=(*needs, *before))


def read_trend(spot: Spot, course: Course, source: Sources) -> tuple[list[Point], list[Point]]:
    """Return a trend's points, and those of the time before."""
    key, scope = spot.kpi.key, spot.seen.scope
    points = reading.steps((key,), scope, course.grain, course.now, source)[key]
    return points, reading.steps((key,), scope, course.grain, course.then, source, on=course.until)[key] if course.then else []


def _draw_trend(spot: Spot, source: Sources) -> Widget:
    course, kpi = course_of(spot), spot.kpi
    points, before = read_trend(spot, course, source)
    is_line = not catalogue.is_cumulative(kpi)
    return columns.trend(spot.id, kpi, points, before, course.since, spot.seen, is_line=is_line, title=spot.widget.title, grain=course.grain)


def _ask_listed(spot: Spot) -> Asks:
    return asking([spot.kpi.key], spot.listed)


def _draw_comparison(spot: Spot, source: Sources) -> Widget:
    kpi = spot.kpi
    found = source.now([kpi.key], spot.listed)
    return comparison.among(list(found.values()), kpi, head_of(spot), spot.seen, title=spot.widget.title, own_id=spot.viewer.rep_id)


def _ask_parts(spot: Spot) -> Asks:
    return asking([spot.kpi.key], [spot.seen.scope])


def _draw_parts(spot: Spot, source: Sources) -> Widget:
    look, kpi = spot.seen, spot.kpi
    found = selectors.breakdown(kpi.key, look.scope, look.window, on=look.on, book=source.loaded.book)
    division = DIVISIONS[kpi.part]
    title = spot.widget.title or _("%(kpi)s, %(division)s") % {"kpi": kpi.name, "division": str(division.title).lower()}
    return comparison.parts(found, kpi, str(division.name), look, title=title)


def _draw_distribution(spot: Spot, _source: Sources) -> Widget:
    look, kpi = spot.seen, spot.kpi
    found = selectors.spread(kpi.key, look.scope, look.window, on=look.on)
    title = spot.widget.title or _("%(kpi)s: single records") % {"kpi": kpi.name}
    if found is None:
        return note.empty(title, _("Nothing of this happened in %(period)s.") % {"period": look.period_name})
    return columns.spread(spot.id, kpi, found, look, title=title)


def _ask_heat(spot: Spot) -> Asks:
    look = spot.seen
    return Asks(sums=tuple(reading.needs_of_steps((spot.kpi.key,), look.scope, "day", heat.span(look), look)))


def _draw_heat(spot: Spot, source: Sources) -> Widget:
    look, kpi = spot.seen, spot.kpi
    points = reading.steps((kpi.key,), look.scope, "day", heat.span(look), source)[kpi.key]
    return heat.heat(spot.id, kpi, points, look, title=spot.widget.title)


DRAWERS: Drawers = {
    "course": Drawer(_ask_course, _draw_course),
    "trend": Drawer(_ask_trend, _draw_trend),
    "comparison": Drawer(_ask_listed, _draw_comparison),
    "parts": Drawer(_ask_parts, _draw_parts),
    "distribution": Drawer(lambda spot: NOTHING, _draw_distribution),
    "heat": Drawer(_ask_heat, _draw_heat),
}
