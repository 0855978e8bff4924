"""The board of a rep: how far from my goal, what to do today, how I stand among my peers."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities import selectors as activities
from apps.core import dates
from apps.core.periods import Window
from apps.dashboards.boards import sources
from apps.dashboards.boards.board import Section, Viewer
from apps.dashboards.boards.sources import ACTIVITIES, Comparison
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import agenda, chart, deals, hero, history, leaderboard, outreach
from apps.dashboards.widgets.hero import Surroundings
from apps.goals import selectors as goals
from apps.goals.models import Goal
from apps.goals.selectors import GoalFigure
from apps.kpis import selectors
from apps.opportunities import selectors as opportunities
from apps.reps import access, scopes
from apps.reps.models import Membership, Rep
from apps.reps.querysets import covers
from apps.reps.scopes import Scope

QUARTERS = 8
CLOSING_SHOWN = 12
Figures = dict[tuple[str, Scope], GoalFigure]


def build(selection: Selection, viewer: Viewer, user: User) -> list[Section]:
    """Read what a rep's board needs and put its widgets in their places."""
    is_own = selection.scope.id == viewer.rep_id
    peers = _peers(selection, user, is_own=is_own)
    now, before = sources.now(selection, [peer for peer in peers if peer != selection.scope]), sources.before(selection)
    revenue = now["revenue", selection.scope]
    return [
        Section("hero", 5, (_hero(selection, viewer, now, before),)),
        Section("course", 7, (_chart(selection, revenue),)),
        Section("closing", 5, (_closing(selection, revenue, is_own=is_own),)),
        Section("agenda", 4, (agenda.agenda(activities.agenda(selection.scope.id, on=selection.on), selection.on, is_now=selection.is_now),)),
        Section("rank", 3, (_rank(selection, [now["revenue", peer] for peer in peers], user, viewer, is_own=is_own),)),
        Section("outreach", 12, (_outreach(selection, now, before),)),
        Section("history", 12, (_history(selection, is_own=is_own),)),
    ]


def _peers(selection: Selection, user: User, *, is_own: bool) -> list[Scope]:
    """Whose ranks stand beside the rep's: their team's of the day."""
    if is_own:
        return list(map(scopes.of, Rep.objects.filter(pk__in=access.peers_of(user, selection.today))))
    team = Membership.objects.filter(covers(selection.on), rep=selection.scope.id).values("team")
    mates = Rep.objects.filter(pk__in=Membership.objects.filter(covers(selection.on), team__in=team).values("rep"))
    found = list(map(scopes.of, mates))
    return found if selection.scope in found else [*found, selection.scope]


def _hero(selection: Selection, viewer: Viewer, now: Figures, before: Comparison) -> hero.Hero:
    revenue = now["revenue", selection.scope]
    around = Surroundings(
        average=now["average_deal_size", selection.scope].figure,
        before=before.of("revenue", selection.scope),
        since=before.since,
        overlapping=() if revenue.progress else tuple(goals.overlapping("revenue", selection.scope, selection.window)),
        may_set=viewer.may_set_goals,
        title=_("My number") if selection.scope.id == viewer.rep_id else "",
    )
    return hero.hero(revenue, around, selection)


def _chart(selection: Selection, revenue: GoalFigure) -> chart.Chart:
    return chart.chart(sources.daily(selection), sources.curve(revenue, selection), revenue.progress, selection)


def _closing(selection: Selection, revenue: GoalFigure, *, is_own: bool) -> deals.Deals:
    gap = revenue.progress.remaining if revenue.progress else None
    found = opportunities.closing_next(selection.scope, on=selection.on, before=selection.window.end_on, limit=CLOSING_SHOWN)
    return deals.closing(found, gap, selection, is_own=is_own)


def _rank(selection: Selection, found: list[GoalFigure], user: User, viewer: Viewer, *, is_own: bool) -> leaderboard.Leaderboard:
    """A rep sees names and ranks of their peers; who may see the peers' boards sees their figures too."""
    visible = access.sees_all(user) or (not is_own and bool(access.teams_for(user, selection.today)))
    title = _("My rank in the team") if is_own else _("Rank in the team")
    return leaderboard.leaderboard(found, selection, own_id=selection.scope.id, shows_values=visible, title=title, shown=10)


def _outreach(selection: Selection, now: Figures, before: Comparison) -> outreach.Outreach:
    """Activities of the period; where only their running month has a goal, of that month."""
    own = {key: now[key, selection.scope] for key in ACTIVITIES}
    efforts = [outreach.effort(one, before.of(key, selection.scope), before.since, selection) for key, one in own.items()]
    if any(one.progress for one in own.values()) or selection.window.grain == "month":
        return outreach.outreach(efforts)
    month = selection.at(window=selection.calendar.containing("month", min(selection.on, selection.window.last_on)))
    monthly = goals.figures(ACTIVITIES, [selection.scope], month.window, on=selection.on, calendar=selection.calendar)
    if not any(one.progress for one in monthly.values()):
        return outreach.outreach(efforts)
    name = dates.window_name(month.window)
    return outreach.outreach([outreach.effort(monthly[key, selection.scope], None, "", month, period=name) for key in ACTIVITIES])


def _history(selection: Selection, *, is_own: bool) -> history.History:
    last = first = selection.calendar.containing("quarter", min(selection.on, selection.window.last_on))
    for _quarter in range(QUARTERS - 1):
        first = selection.calendar.previous(first)
    span = Window("", None, first.start_on, last.end_on)
    points = selectors.series("revenue", selection.scope, span, "quarter", on=selection.on, calendar=selection.calendar)
    return history.history(points, _targets(selection, span), selection, is_own=is_own)


def _targets(selection: Selection, span: Window) -> dict[str, Decimal]:
    """Return the revenue target of each quarter that has one, by its key."""
    rows = list(Goal.objects.filter(goals.of([selection.scope]), kpi="revenue", start_on__gte=span.start_on, last_on__lte=span.last_on))
    found = {}
    for quarter in selection.calendar.between("quarter", span.start_on, span.end_on):
        inside = [goal for goal in rows if goal.start_on in quarter and goal.last_on in quarter]
        exact = [goal for goal in inside if (goal.start_on, goal.last_on) == (quarter.start_on, quarter.last_on)]
        tiles = exact or goals.tiling(inside, quarter.start_on, quarter.end_on)
        if tiles:
            found[quarter.key] = sum((goal.target for goal in tiles), Decimal(0))
    return found
