"""A page for a manager's one-to-one with a rep: what to talk about, goals, deals, activities, and how they stand among their peers."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.dashboards.boards import sources
from apps.dashboards.boards.board import Section
from apps.dashboards.boards.sources import ACTIVITIES, COACHED, COACHED_LINES, COMPARED
from apps.dashboards.boards.state import State
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import deals, hero, outreach, strengths
from apps.dashboards.widgets.hero import Surroundings
from apps.dashboards.widgets.strengths import Strengths
from apps.opportunities import selectors as opportunities
from apps.reps.scopes import Scope

CLOSING_SHOWN, AT_RISK_SHOWN, CHANGES_SHOWN = 8, 8, 8


@dataclass(frozen=True)
class Coaching:
    """What the page shows: the comparison, which also says what to talk about, and sections as on a board."""

    strengths: Strengths
    sections: tuple[Section, ...]


def build(selection: Selection, peers: Sequence[Scope], current: State) -> Coaching:
    """Read what a one-to-one needs, as many queries as there are kinds of things on the page."""
    others = [peer for peer in peers if peer != selection.scope]
    source = sources.of_coaching(selection, others, counted_to=current.counted_to_on)
    now, before = source.now(COACHED, [selection.scope, *others]), source.before(COMPARED)
    lines, told = source.lines(COACHED_LINES)
    own = [now[key, selection.scope] for key in COACHED]
    compared = strengths.strengths(
        [one.figure for one in own],
        {key: [now[key, peer].figure for peer in others] for key in COACHED},
        {key: found for key in COACHED if (found := before.of(key, selection.scope))},
        before.since,
        lines,
        selection,
        told,
    )
    revenue = now["revenue", selection.scope]
    around = Surroundings(average=now["average_deal_size", selection.scope].figure, before=before.of("revenue", selection.scope), since=before.since)
    gap = revenue.progress.remaining if revenue.progress else None
    is_latest = current.is_latest(selection.on)
    closing = opportunities.closing_next(selection.scope, on=selection.on, before=selection.window.end_on, limit=CLOSING_SHOWN, is_latest=is_latest)
    since = selection.calendar.working_day_before(selection.on)
    attention = opportunities.attention(selection.scope, on=selection.on, since=since, at_risk=AT_RISK_SHOWN, changes=CHANGES_SHOWN, is_latest=is_latest)
    efforts = [outreach.effort(now[key, selection.scope], before.of(key, selection.scope), before.since, selection) for key in ACTIVITIES]
    return Coaching(
        compared,
        (
            Section("hero", 5, (hero.hero(revenue, around, selection),)),
            Section("closing", 7, (deals.closing(closing, gap, selection, is_own=False),)),
            Section("strengths", 12, (compared,)),
            Section("deals", 6, (deals.at_risk(attention.at_risk, selection),)),
            Section("outreach", 6, (outreach.outreach(efforts),)),
        ),
    )
