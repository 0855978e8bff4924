"""Figures, goals, the number of a board, activities, and people's own words."""

from django.utils.translation import gettext as _

from apps.boards.kinds import has_steps
from apps.dashboards.boards.board import Widget
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own import reading
from apps.dashboards.own.drawers import Drawer, Drawers
from apps.dashboards.own.reading import NOTHING, Asks, asking
from apps.dashboards.own.spots import Spot
from apps.dashboards.widgets import hero, metric, note, outreach
from apps.dashboards.widgets.hero import Surroundings
from apps.goals import selectors as goals
from apps.kpis import catalogue
from apps.kpis.declarations import Kind, Kpi

NUMBER = ("revenue", "average_deal_size")


def is_stored(kpi: Kpi) -> bool:
    """Whether steps of a KPI are read from stored sums: head counts are read from the people's own rows, step by step."""
    return has_steps(kpi) and all(catalogue.MEASURES[key].kind != Kind.SPAN for key in kpi.measures)


def _ask_figure(spot: Spot) -> Asks:
    look, key = spot.seen, (spot.kpi.key,)
    return asking(key, [look.scope], reading.needs_before(spot.widget, key, look), _needs_of_line(spot))


def _needs_of_line(spot: Spot) -> list[reading.Need]:
    if not is_stored(spot.kpi):
        return []
    grain = reading.grain_of(spot.widget, spot.seen)
    return reading.needs_of_steps((spot.kpi.key,), spot.seen.scope, grain, reading.lately(grain, spot.seen), spot.seen)


def _draw_figure(spot: Spot, source: Sources) -> Widget:
    look, kpi = spot.seen, spot.kpi
    found = source.now([kpi.key], [look.scope])[kpi.key, look.scope]
    then, since = reading.before(spot.widget, (kpi.key,), source)
    grain = reading.grain_of(spot.widget, spot.seen)
    points = reading.steps((kpi.key,), look.scope, grain, reading.lately(grain, look), source)[kpi.key] if is_stored(kpi) else []
    return metric.figure(found, then.get(kpi.key), points, since, look, title=spot.widget.title)


def _ask_goal(spot: Spot) -> Asks:
    return asking([spot.kpi.key], [spot.seen.scope])


def _draw_goal(spot: Spot, source: Sources) -> Widget:
    look, kpi = spot.seen, spot.kpi
    return metric.goal(source.now([kpi.key], [look.scope])[kpi.key, look.scope], look, title=spot.widget.title)


def _ask_number(spot: Spot) -> Asks:
    return asking(NUMBER, [spot.seen.scope], reading.needs_before(spot.widget, ("revenue",), spot.seen))


def _draw_number(spot: Spot, source: Sources) -> Widget:
    look = spot.seen
    found = source.now(NUMBER, [look.scope])
    revenue = found["revenue", look.scope]
    then, since = reading.before(spot.widget, ("revenue",), source)
    around = Surroundings(
        average=found["average_deal_size", look.scope].figure,
        before=then.get("revenue"),
        since=since,
        overlapping=() if revenue.progress else tuple(goals.overlapping("revenue", look.scope, look.window, among=source.loaded.goals)),
        may_set=spot.viewer.may_set_goals,
        title=spot.widget.title or (_("My number") if look.scope.kind == "rep" and look.scope.id == spot.viewer.rep_id else ""),
    )
    return hero.hero(revenue, around, look)


def _ask_activities(spot: Spot) -> Asks:
    keys = tuple(kpi.key for kpi in spot.kpis)
    return asking(keys, [spot.seen.scope], reading.needs_before(spot.widget, keys, spot.seen))


def _draw_activities(spot: Spot, source: Sources) -> Widget:
    look, keys = spot.seen, tuple(kpi.key for kpi in spot.kpis)
    found = source.now(keys, [look.scope])
    then, since = reading.before(spot.widget, keys, source)
    return outreach.outreach([outreach.effort(found[key, look.scope], then.get(key), since, look) for key in keys], title=spot.widget.title)


DRAWERS: Drawers = {
    "figure": Drawer(_ask_figure, _draw_figure),
    "goal": Drawer(_ask_goal, _draw_goal),
    "number": Drawer(_ask_number, _draw_number),
    "activities": Drawer(_ask_activities, _draw_activities),
    "text": Drawer(lambda spot: NOTHING, lambda spot, source: note.Note(spot.widget.title, spot.widget.text)),
}
