"""The board of a rep: how far from my goal, what to do today, how I stand among my peers."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.activities import selectors as activities
from apps.core import dates
from apps.core.periods import Window
from apps.dashboards.boards import sources
from apps.dashboards.boards.board import Section, Viewer
from apps.dashboards.boards.sources import ACTIVITIES, COMPARED, OWN, Comparison, Sources
from apps.dashboards.boards.state import State
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import agenda, chart, deals, hero, history, leaderboard, outreach
from apps.dashboards.widgets.hero import Surroundings
from apps.goals import selectors as goals
from apps.goals.selectors import GoalFigure
from apps.kpis import selectors
from apps.opportunities import selectors as opportunities
from apps.reps.scopes import Scope

QUARTERS = 8
CLOSING_SHOWN = 12
Figures = dict[tuple[str, Scope], GoalFigure]


def build(selection: Selection, viewer: Viewer, peers: Sequence[Scope], current: State) -> list[Section]:
    """Read what a rep's board needs and put its widgets in their places; `peers` are who their rank is among, themself too."""
    is_own = selection.scope.id == viewer.rep_id
    quarters, month = sources.last_of("quarter", QUARTERS, selection), selection.calendar.containing("month", min(selection.on, selection.window.last_on))
    others = [peer for peer in peers if peer != selection.scope]
    source = sources.of_person(selection, others, month, quarters, counted_to=current.counted_to_on)
    now, before = source.now(OWN, [selection.scope]) | source.now(("revenue",), others), source.before(COMPARED)
    revenue = now["revenue", selection.scope]
    return [
        Section("hero", 5, (_hero(source, viewer, now, before),)),
        Section("course", 7, (chart.chart(source.daily(), source.curve(revenue), revenue.progress, selection),)),
        Section("closing", 5, (_closing(selection, revenue, is_own=is_own, is_latest=current.is_latest(selection.on)),)),
        Section("agenda", 4, (agenda.agenda(activities.agenda(selection.scope.id, on=selection.on), selection.on, is_now=selection.is_now),)),
        Section("rank", 3, (_rank(selection, [now["revenue", peer] for peer in peers], viewer, is_own=is_own),)),
        Section("outreach", 12, (_outreach(source, now, before, month),)),
        Section("history", 12, (_history(source, quarters, is_own=is_own),)),
    ]


def _hero(source: Sources, viewer: Viewer, now: Figures, before: Comparison) -> hero.Hero:
    selection = source.selection
    revenue = now["revenue", selection.scope]
    around = Surroundings(
        average=now["average_deal_size", selection.scope].figure,
        before=before.of("revenue", selection.scope),
        since=before.since,
        overlapping=() if revenue.progress else tuple(goals.overlapping("revenue", selection.scope, selection.window, among=source.loaded.goals)),
        may_set=viewer.may_set_goals,
        title=_("My number") if selection.scope.id == viewer.rep_id else "",
    )
    return hero.hero(revenue, around, selection)


def _closing(selection: Selection, revenue: GoalFigure, *, is_own: bool, is_latest: bool) -> deals.Deals:
    gap = revenue.progress.remaining if revenue.progress else None
    found = opportunities.closing_next(selection.scope, on=selection.on, before=selection.window.end_on, limit=CLOSING_SHOWN, is_latest=is_latest)
    return deals.closing(found, gap, selection, is_own=is_own)


def _rank(selection: Selection, found: list[GoalFigure], viewer: Viewer, *, is_own: bool) -> leaderboard.Leaderboard:
    """A rep sees names and ranks of their peers; who may see the peers' boards sees their figures too."""
    told = [one.figure.scope for one in found if one.figure.scope.id in viewer.sees]
    title = _("My rank in the team") if is_own else _("Rank in the team")
    return leaderboard.leaderboard(found, selection, told=told, own_id=viewer.rep_id, title=title, shown=10)


def _outreach(source: Sources, now: Figures, before: Comparison, month: Window) -> outreach.Outreach:
    """Activities of the period; where only their running month has a goal, of that month."""
    selection = source.selection
    own = {key: now[key, selection.scope] for key in ACTIVITIES}
    efforts = [outreach.effort(one, before.of(key, selection.scope), before.since, selection) for key, one in own.items()]
    if any(one.progress for one in own.values()) or selection.window.grain == "month":
        return outreach.outreach(efforts)
    monthly = source.now(ACTIVITIES, [selection.scope], month)
    if not any(one.progress for one in monthly.values()):
        return outreach.outreach(efforts)
    name, look = dates.window_name(month), selection.at(window=month)
    return outreach.outreach([outreach.effort(monthly[key, selection.scope], None, "", look, period=name) for key in ACTIVITIES])


def _history(source: Sources, span: Window, *, is_own: bool) -> history.History:
    return history.history(source.by("quarter", "revenue", span), _targets(source, span), source.selection, is_own=is_own)


def _targets(source: Sources, span: Window) -> dict[str, Decimal]:
    """Return the revenue target of each quarter that has one, by its key."""
    scope, found = source.selection.scope, {}
    for quarter in source.selection.calendar.between("quarter", span.start_on, span.end_on):
        tiles = goals.covering([selectors.kpi("revenue")], [scope], quarter, on=source.selection.on, among=source.loaded.goals).get(("revenue", scope))
        if tiles:
            found[quarter.key] = sum((goal.target for goal in tiles), Decimal(0))
    return found
