"""Work: deals that need somebody, what changed, what would close the gap, a rep's day."""

from dataclasses import replace

from django.utils.translation import gettext as _

from apps.activities import selectors as activities
from apps.dashboards.boards.board import Widget
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own.drawers import Drawer, Drawers
from apps.dashboards.own.reading import NOTHING, Asks, asking
from apps.dashboards.own.spots import Spot
from apps.dashboards.widgets import agenda, deals, note
from apps.opportunities import selectors as opportunities

SHOWN = 8


def _draw_at_risk(spot: Spot, _source: Sources) -> Widget:
    look = spot.seen
    found = opportunities.at_risk(look.scope, on=look.on, limit=SHOWN)
    return _named(deals.at_risk(found, look), spot)


def _draw_changes(spot: Spot, _source: Sources) -> Widget:
    look = spot.seen
    since = look.calendar.working_day_before(look.on)
    return _named(deals.changed(opportunities.changes(look.scope, since=since, on=look.on, limit=SHOWN), since, look), spot)


def _ask_closing(spot: Spot) -> Asks:
    return asking(["revenue"], [spot.seen.scope])


def _draw_closing(spot: Spot, source: Sources) -> Widget:
    look = spot.seen
    revenue = source.now(["revenue"], [look.scope])["revenue", look.scope]
    found = opportunities.closing_next(look.scope, on=look.on, before=look.window.end_on, limit=SHOWN, is_latest=spot.current.is_latest(look.on))
    is_own = look.scope.kind == "rep" and look.scope.id == spot.viewer.rep_id
    return _named(deals.closing(found, revenue.progress.remaining if revenue.progress else None, look, is_own=is_own), spot)


def _draw_agenda(spot: Spot, _source: Sources) -> Widget:
    look = spot.seen
    if look.scope.kind != "rep":
        return note.empty(spot.widget.title or _("Today"), _("A day is one rep’s. Choose a rep at the head of the board, or in the widget’s settings."))
    return _named(agenda.agenda(activities.agenda(look.scope.id, on=look.on), look.on, is_now=look.is_now), spot)


def _named(drawn: deals.Deals | deals.Changes | agenda.Agenda, spot: Spot) -> Widget:
    return replace(drawn, title=spot.widget.title) if spot.widget.title else drawn


DRAWERS: Drawers = {
    "at_risk": Drawer(lambda spot: NOTHING, _draw_at_risk),
    "changes": Drawer(lambda spot: NOTHING, _draw_changes),
    "closing": Drawer(_ask_closing, _draw_closing),
    "agenda": Drawer(lambda spot: NOTHING, _draw_agenda),
}
