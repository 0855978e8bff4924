"""Pipeline and customers: the funnel, and the reports as widgets."""

from dataclasses import dataclass
from typing import ClassVar

from apps.dashboards.boards.board import Widget
from apps.dashboards.boards.sources import PASSAGE, Sources
from apps.dashboards.own.drawers import Drawer, Drawers
from apps.dashboards.own.reading import NOTHING, Asks
from apps.dashboards.own.spots import Spot
from apps.dashboards.reports import cohort_grids, movements, waterfalls
from apps.dashboards.reports.bars import Bars
from apps.dashboards.reports.places import Place
from apps.dashboards.widgets import funnel
from apps.kpis.books import Need


@dataclass(frozen=True, eq=False)
class Fall:
    """A waterfall as a widget, and the report it belongs to."""

    template: ClassVar[str] = "dashboards/widgets/_fall.html"
    title: str
    bars: Bars
    summary: str
    whose: str
    url: str
    empty: str


@dataclass(frozen=True, eq=False)
class Cohorts:
    """The cohort grid as a widget, and the report it belongs to."""

    template: ClassVar[str] = "dashboards/widgets/_cohorts.html"
    id: str
    title: str
    grid: cohort_grids.Page
    url: str


def place_of(spot: Spot, report: str) -> Place:
    return Place(*spot.seen.looks, report, ())


def _ask_funnel(spot: Spot) -> Asks:
    look = spot.seen
    return Asks(sums=(Need(frozenset(PASSAGE), (look.scope,), (look.window,), look.on, look.calendar),))


def _draw_funnel(spot: Spot, source: Sources) -> Widget:
    return funnel.funnel(source.passages(spot.stages), spot.seen, title=spot.widget.title)


def _draw_waterfall(spot: Spot, _source: Sources) -> Widget:
    place = place_of(spot, "waterfall")
    page = waterfalls.page(place, {}, key=spot.id)
    title = spot.widget.title or str(spot.widget.declared.name)
    return Fall(title, page.bars, page.summary, page.whose, place.board, page.empty)


def _draw_movement(spot: Spot, _source: Sources) -> Widget:
    place = place_of(spot, "movement")
    page = movements.whole(place, key=spot.id)
    title = spot.widget.title or str(spot.widget.declared.name)
    return Fall(title, page.bars, page.summary, "", place.board, page.empty)


def _draw_cohorts(spot: Spot, _source: Sources) -> Widget:
    place = place_of(spot, "cohorts")
    return Cohorts(spot.id, spot.widget.title or str(spot.widget.declared.name), cohort_grids.page(place), place.board)


DRAWERS: Drawers = {
    "funnel": Drawer(_ask_funnel, _draw_funnel),
    "waterfall": Drawer(lambda spot: NOTHING, _draw_waterfall),
    "movement": Drawer(lambda spot: NOTHING, _draw_movement),
    "cohorts": Drawer(lambda spot: NOTHING, _draw_cohorts),
}
