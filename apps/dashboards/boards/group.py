"""The board of a company, region or team: will we make the number, who needs help, which deals are at risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.boards import peopled, sources
from apps.dashboards.boards.board import Section, Viewer
from apps.dashboards.boards.sources import ACTIVITIES, COMPARED, INSIDE, OWN, TILES, Comparison, Sources
from apps.dashboards.boards.state import State
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import chart, deals, funnel, hero, leaderboard, outreach, tiles
from apps.dashboards.widgets.hero import Surroundings
from apps.dashboards.widgets.standings import Standings
from apps.goals import selectors as goals
from apps.goals.selectors import GoalFigure
from apps.opportunities import selectors as opportunities
from apps.reps.directory import Directory
from apps.reps.scopes import Scope

AT_RISK_SHOWN = 5
CHANGES_SHOWN = 6


@dataclass(frozen=True)
class Read:
    """All that was read for one board."""

    selection: Selection
    viewer: Viewer
    inside: Directory
    sources: Sources
    now: dict[tuple[str, Scope], GoalFigure]
    before: Comparison

    def own(self, kpi: str) -> GoalFigure:
        return self.now[kpi, self.selection.scope]


def read_all(selection: Selection, viewer: Viewer, inside: Directory, current: State) -> Read:
    """Read what the board needs."""
    source = sources.of_group(selection, inside.scopes, counted_to=current.counted_to_on)
    now = source.now(OWN, [selection.scope]) | source.now(INSIDE, inside.scopes)
    return Read(selection, viewer, inside, source, now, source.before(COMPARED))


def build(selection: Selection, viewer: Viewer, inside: Directory, stages: Iterable[tuple[int, str]], current: State) -> list[Section]:
    """Read what the board needs and put its widgets in their places."""
    read = read_all(selection, viewer, inside, current)
    return [
        Section("hero", 5, (_hero(read),)),
        Section("course", 7, (_chart(read),)),
        Section("tiles", 12, (_tiles(read),)),
        *_groups(read),
        Section("people", 8, (_people(read),)),
        Section("deals", 4, _deals(selection, is_latest=current.is_latest(selection.on))),
        Section("flow", 8, (funnel.funnel(read.sources.passages(stages), selection), _outreach(read))),
        Section("leaders", 4, (_leaders(read),)),
    ]


def _hero(read: Read) -> hero.Hero:
    selection, revenue = read.selection, read.own("revenue")
    around = Surroundings(
        average=read.own("average_deal_size").figure,
        before=read.before.of("revenue", selection.scope),
        since=read.before.since,
        overlapping=() if revenue.progress else tuple(goals.overlapping("revenue", selection.scope, selection.window, among=read.sources.loaded.goals)),
        members_with_target=sum(read.now["revenue", member.scope].progress is not None for member in read.inside.members),
        may_set=read.viewer.may_set_goals,
    )
    return hero.hero(revenue, around, selection)


def _chart(read: Read) -> chart.Chart:
    revenue = read.own("revenue")
    return chart.chart(read.sources.daily(), read.sources.curve(revenue), revenue.progress, read.selection)


def _tiles(read: Read) -> tiles.Tiles:
    selection = read.selection
    series, caption = read.sources.lines()
    made = []
    for key in TILES:
        points, earlier = series.get(key, []), read.before.of(key, selection.scope)
        if key == "pipeline_coverage":
            key, note = _pipeline(read)
            points, earlier = series["pipeline_value"], read.before.of(key, selection.scope)
        else:
            note = ""
        made.append(tiles.tile(read.own(key), earlier, points, since=read.before.since, selection=selection, note=note))
    return tiles.Tiles(_("Key figures"), tuple(made), caption)


def _pipeline(read: Read) -> tuple[str, str]:
    """Coverage where a target is left to cover, with the open amount beside it; else the open amount alone."""
    coverage, value = read.own("pipeline_coverage").figure, read.own("pipeline_value").figure.value
    if coverage.value is None:
        return "pipeline_value", ""
    return "pipeline_coverage", _("%(amount)s open in all") % {"amount": numbers.short(value or Decimal(0), "money")}


def _groups(read: Read) -> list[Section]:
    """The teams and regions, where there are any."""
    found = []
    if read.inside.branches:
        found.append(Section("teams", 7 if read.inside.regions else 12, (peopled.teams(read.inside, read.now, read.selection),)))
    if read.inside.regions:
        found.append(Section("regions", 5 if read.inside.branches else 12, (peopled.regions(read.inside, read.now, read.selection),)))
    return found


def _people(read: Read) -> Standings:
    last = peopled.last_days((member.scope for member in read.inside.members), read.selection)
    return peopled.people(read.inside, read.now, last, read.selection, read.viewer)


def _deals(selection: Selection, *, is_latest: bool) -> tuple[deals.Deals, deals.Changes]:
    since = selection.calendar.working_day_before(selection.on)
    found = opportunities.attention(selection.scope, on=selection.on, since=since, at_risk=AT_RISK_SHOWN, changes=CHANGES_SHOWN, is_latest=is_latest)
    return deals.at_risk(found.at_risk, selection), deals.changed(found.changes, since, selection)


def _leaders(read: Read) -> leaderboard.Leaderboard:
    found = [read.now["revenue", member.scope] for member in read.inside.members]
    return leaderboard.leaderboard(found, read.selection, own_id=read.viewer.rep_id)


def _outreach(read: Read) -> outreach.Outreach:
    scope = read.selection.scope
    return outreach.outreach([outreach.effort(read.own(key), read.before.of(key, scope), read.before.since, read.selection) for key in ACTIVITIES])
