"""People, teams and regions: who leads, who is behind, and how they compare."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from apps.boards.models import Widget as Row
from apps.dashboards.boards import peopled
from apps.dashboards.boards.board import Widget
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own import reading
from apps.dashboards.own.charts import head_of
from apps.dashboards.own.drawers import Drawer, Drawers
from apps.dashboards.own.figures import is_stored
from apps.dashboards.own.reading import Asks, asking
from apps.dashboards.own.spots import Spot
from apps.dashboards.widgets import leaderboard, matrix
from apps.reps.scopes import Scope

MOST_LINES = 60  # people whose small line is drawn
PACE = ("revenue", "pipeline_coverage")


def scopes_to_rank(spot: Spot) -> list[Scope]:
    """Return who is ranked: those in the scope or, of a rep, the peers with the rep."""
    if spot.seen.scope.kind != "rep":
        return spot.listed
    return list(dict.fromkeys([spot.seen.scope, *spot.inside.peers]))


def told(spot: Spot) -> Collection[Scope]:
    """Return of whom the viewer sees more than the rank: of a rep's peers those whose boards they may open."""
    ranked = scopes_to_rank(spot)
    return ranked if spot.seen.scope.kind != "rep" else [scope for scope in ranked if scope.id in spot.viewer.sees]


def _ask_leaderboard(spot: Spot) -> Asks:
    return asking([spot.kpi.key], scopes_to_rank(spot))


def _draw_leaderboard(spot: Spot, source: Sources) -> Widget:
    """A rep sees names and ranks of their peers; who may see the peers' boards sees their figures too."""
    look, kpi = spot.seen, spot.kpi
    found = list(source.now([kpi.key], scopes_to_rank(spot)).values())
    named = None if kpi.key == "revenue" else kpi
    return leaderboard.leaderboard(found, look, told=told(spot), own_id=spot.viewer.rep_id, title=spot.widget.title, kpi=named)


def pace_scopes(spot: Spot) -> list[Scope]:
    whole = [spot.seen.scope] if spot.widget.among == Row.Among.REGIONS else []
    return [*spot.listed, *whole]


def _ask_pace(spot: Spot) -> Asks:
    return asking(PACE, pace_scopes(spot))


def _draw_pace(spot: Spot, source: Sources) -> Widget:
    look, inside = spot.seen, spot.inside
    now = source.now(PACE, pace_scopes(spot))
    if spot.widget.among == Row.Among.TEAMS and look.scope.kind != "rep":
        found = peopled.teams(inside, now, look)
    elif spot.widget.among == Row.Among.REGIONS and look.scope.kind != "rep":
        found = peopled.regions(inside, now, look)
    else:
        last = peopled.last_days(spot.listed, look)
        found = peopled.people(inside, now, last, look, spot.viewer, alone=look.scope if look.scope.kind == "rep" else None)
    return peopled.renamed(found, key=f"{spot.id}-pace", title=spot.widget.title)


def _ask_table(spot: Spot) -> Asks:
    keys, look = tuple(kpi.key for kpi in spot.kpis), spot.seen
    return asking(keys, [*spot.listed, look.scope], _needs_of_lines(spot))


def _lines_of(spot: Spot) -> list[Scope]:
    return spot.listed if len(spot.listed) <= MOST_LINES and is_stored(spot.kpi) else []


def _needs_of_lines(spot: Spot) -> list[reading.Need]:
    span = reading.lately("month", spot.seen)
    return [need for scope in _lines_of(spot) for need in reading.needs_of_steps((spot.kpi.key,), scope, "month", span, spot.seen)]


def _draw_table(spot: Spot, source: Sources) -> Widget:
    look, kpis = spot.seen, spot.kpis
    found = source.now([kpi.key for kpi in kpis], [*spot.listed, look.scope])
    span = reading.lately("month", look)
    lines = {scope: reading.steps((kpis[0].key,), scope, "month", span, source)[kpis[0].key] for scope in _lines_of(spot)}
    title = spot.widget.title or _("Side by side")
    return matrix.matrix(spot.id, kpis, spot.listed, found, lines, look, head=head_of(spot), title=title, own_id=spot.viewer.rep_id)


DRAWERS: Drawers = {
    "leaderboard": Drawer(_ask_leaderboard, _draw_leaderboard),
    "pace": Drawer(_ask_pace, _draw_pace),
    "table": Drawer(_ask_table, _draw_table),
}
