"""A board drawn: every widget in its place; one that fails says so and leaves the others alone."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db import Error
from django.utils.translation import gettext as _

from apps.boards.models import Widget as Row
from apps.core import dates
from apps.dashboards.boards.board import Section, Viewer, Widget
from apps.dashboards.boards.export import Table
from apps.dashboards.boards.state import State
from apps.dashboards.own import charts, figures, people, pipeline, reading, work
from apps.dashboards.own import tables as tabled
from apps.dashboards.own.drawers import Drawers
from apps.dashboards.own.reading import Asks, Reading
from apps.dashboards.own.spots import Spot, spots
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import note
from apps.reps.scopes import Scope

logger = logging.getLogger(__name__)
DRAWERS: Drawers = {**figures.DRAWERS, **charts.DRAWERS, **people.DRAWERS, **pipeline.DRAWERS, **work.DRAWERS}


def sections(
    widgets: Iterable[Row], look: Selection, viewer: Viewer, allowed: Iterable[Scope], current: State, stages: tuple[tuple[int, str], ...]
) -> list[Section]:
    """Draw the widgets of a board as somebody sees them."""
    placed = spots(widgets, look, viewer, allowed, current, stages)
    drawable, read = _read(placed, look, current)
    ids = {spot.id for spot in drawable}
    return [_section(spot, _drawn(spot, read) if spot.id in ids else _refused(spot), look) for spot in placed]


def tables(
    widgets: Iterable[Row], look: Selection, viewer: Viewer, allowed: Iterable[Scope], current: State, stages: tuple[tuple[int, str], ...]
) -> list[Table]:
    """Return the widgets of a board as tables, as far as the viewer may see them."""
    drawable, read = _read(spots(widgets, look, viewer, allowed, current, stages), look, current)
    found = ((spot, tabled.table(spot, read.of(spot.seen))) for spot in drawable)
    return [
        replace(one, title=" · ".join(filter(None, [one.title, _caption(spot, look), look.only.name if look.only else ""])))
        for spot, one in found
        if one is not None
    ]


def _read(placed: Iterable[Spot], look: Selection, current: State) -> tuple[list[Spot], Reading]:
    """Return the widgets that have something to show, and what was read for all of them at once."""
    asked = [(spot, asks) for spot in placed if (asks := _asks(spot)) is not None]
    return [spot for spot, _asks in asked], reading.read(asked, look.calendar, on=look.on, counted_to=current.counted_to_on)


def _asks(spot: Spot) -> Asks | None:
    """Return what a widget needs; None where there is nothing it could show."""
    if spot.look is None or (spot.widget.declared.takes & {"kpi", "kpis"} and not spot.kpis):
        return None
    return DRAWERS[spot.widget.kind].asks(spot)


def _refused(spot: Spot) -> Widget:
    title = str(spot.widget)
    if spot.look is None:
        return note.forbidden(title)
    return note.empty(title, _("The KPI it showed is no longer in the catalogue. Choose another in its settings."))


def _drawn(spot: Spot, read: Reading) -> Widget:
    try:
        return DRAWERS[spot.widget.kind].draw(spot, read.of(spot.seen))
    except (Error, ArithmeticError, LookupError, TypeError, ValueError):
        logger.exception("widget %s of kind %s could not be drawn", spot.widget.pk, spot.widget.kind)
        return note.failed(str(spot.widget))


def _section(spot: Spot, drawn: Widget, look: Selection) -> Section:
    return Section(spot.id, spot.widget.width, (drawn,), caption=_caption(spot, look), kind=spot.widget.kind, pk=spot.widget.pk or 0, name=str(spot.widget))


def _caption(spot: Spot, look: Selection) -> str:
    """Say whose and when, as far as that is not the board's own."""
    if not spot.is_elsewhere or spot.look is None:
        return ""
    told: Sequence[str] = (
        spot.look.scope.name if spot.look.scope != look.scope else "",
        dates.window_name(spot.look.window) if spot.look.window != look.window else "",
    )
    return " · ".join(filter(None, told))
