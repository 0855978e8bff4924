"""Charts: the course of a period, trends, comparisons, parts, distributions, heat maps."""

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


def spans(spot: Spot) -> tuple[str, Window, Window | None, str]:
    """Return a trend's steps, its days, those it is compared with, and how these are called."""
    grain = _grain(spot)
    now = reading.lately(grain, spot.seen)[0]
    if spot.widget.comparison == Row.Comparison.YEAR:
        return grain, now, reading.lately(grain, spot.seen, years_ago=1)[0], _("a year earlier")
    if spot.widget.comparison == Row.Comparison.PREVIOUS:
        return grain, now, reading.lately(grain, spot.seen, steps_ago=reading.STEPS[grain])[0], _("as many before")
    return grain, now, None, ""


def _ask_trend(spot: Spot) -> Asks:
    grain, now, then, _since = spans(spot)
    key, scope = (spot.kpi.key,), spot.seen.scope
    return Asks(sums=tuple(need for span in (now, then) if span for need in reading.needs_of_steps(key, scope, grain, span, spot.seen)))


def _draw_trend(spot: Spot, source: Sources) -> Widget:
    grain, now, then, since = spans(spot)
    look, kpi = spot.seen, spot.kpi
    points = reading.steps((kpi.key,), look.scope, grain, now, source)[kpi.key]
    before = reading.steps((kpi.key,), look.scope, grain, then, source)[kpi.key] if then else []
    return columns.trend(spot.id, kpi, points, before, since, look, is_line=not catalogue.is_cumulative(kpi), title=spot.widget.title, grain=grain)


def _ask_listed(spot: Spot) -> Asks:
    return asking([spot.kpi.key], spot.listed)


def _draw_comparison(spot: Spot, source: Sources) -> Widget:
    kpi = spot.kpi
    found = source.now([kpi.key], spot.listed)
    head = str(HEADS[Row.Among(spot.widget.among)])
    return comparison.among(list(found.values()), kpi, head, spot.seen, title=spot.widget.title, own_id=spot.viewer.rep_id)


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
