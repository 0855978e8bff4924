"""Tables of the people, teams and regions in a scope, by what they won against their targets."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.activities import selectors as activities
from apps.core import numbers
from apps.dashboards.boards.board import Viewer
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import standings
from apps.dashboards.widgets.standings import Line, Standings
from apps.goals.selectors import GoalFigure
from apps.reps.directory import Directory
from apps.reps.rosters import Member
from apps.reps.scopes import Scope

Figures = Mapping[tuple[str, Scope], GoalFigure]


def teams(inside: Directory, now: Figures, selection: Selection) -> Standings:
    """The teams as a tree; `now` has each one's revenue and coverage."""
    lines = [Line(b.scope, now["revenue", b.scope], now["pipeline_coverage", b.scope].figure, depth=b.depth) for b in inside.branches]
    return _table("teams", _("Teams"), lines, _("A team counts the teams below it. “Expected” follows working days."), selection)


def regions(inside: Directory, now: Figures, selection: Selection) -> Standings:
    """The regions with their share of the whole, which `now` has too."""
    whole = now["revenue", selection.scope].figure.value
    lines = [Line(one, now["revenue", one], whole=whole) for one in inside.regions]
    lines.sort(key=lambda line: -(line.revenue.figure.value or Decimal(0)))
    table = _table("regions", _("Regions"), lines, _("Each region’s revenue and its share of the company’s."), selection)
    return replace(table, has_share=True, has_coverage=False, has_amounts=False)


def people(inside: Directory, now: Figures, last_days: Mapping[int, date], selection: Selection, viewer: Viewer, *, alone: Scope | None = None) -> Standings:
    """The people, furthest behind first; `alone` is a rep of whom nobody else is listed."""
    members = (Member(alone, None, None),) if alone else inside.members
    lines = [
        Line(
            member.scope,
            now["revenue", member.scope],
            now["pipeline_coverage", member.scope].figure,
            member=member,
            last_active_on=last_days.get(member.scope.id),
            is_own=member.scope.id == viewer.rep_id,
        )
        for member in members
    ]
    by_pace = any(line.revenue.progress for line in lines)
    title = _("People, by gap to pace") if by_pace else _("People, by what they won")
    caption = "" if alone else _caption(by_pace=by_pace, is_here=bool(selection.scope.members_on))
    count = ngettext("%(count)s person", "%(count)s people", len(lines)) % {"count": numbers.decimal(Decimal(len(lines)), 0)}
    table = _table("people", title, standings.by_gap_to_pace(lines), caption, selection)
    return replace(table, has_activity=bool(last_days), count="" if alone else count)


def last_days(reps: Iterable[Scope], selection: Selection) -> dict[int, date]:
    """When each rep was last active; nothing where a page is narrowed, for activities are no product's and no campaign's."""
    return {} if selection.only else activities.last_days([rep.id for rep in reps], on=selection.on)


def _caption(*, by_pace: bool, is_here: bool) -> str:
    if by_pace and is_here:
        return _("Everybody who is here today, furthest behind their pace first. Each person’s figure is all they won in the period, in whatever team.")
    if by_pace:
        return _("Everybody who was here in the period, furthest behind their pace first. Each person’s figure is all they won in it, in whatever team.")
    if is_here:
        return _("Everybody who is here today, who won most first. Each person’s figure is all they won in the period, in whatever team.")
    return _("Everybody who was here in the period, who won most first. Each person’s figure is all they won in it, in whatever team.")


def renamed(table: Standings, *, key: str, title: str) -> Standings:
    """Return a table under another id, and title where there is one."""
    return replace(table, id=key, title=title or table.title)


def _table(key: str, title: str, lines: list[Line], caption: str, selection: Selection) -> Standings:
    return Standings(
        id=key,
        title=title,
        caption=caption,
        rows=standings.rows(lines, selection),
        empty=_("Nobody stood here in this period. An admin puts people into teams under Admin."),
        has_targets=any(line.revenue.progress for line in lines),
        has_coverage=any(line.coverage and line.coverage.value is not None for line in lines),
    )
