"""The head of a board: whose, which period, how much of it is over, how fresh it is, and the ways to look at something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from babel.dates import format_time
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import dates, numbers
from apps.core.models import Organisation
from apps.core.periods import Window
from apps.dashboards import grouping, narrowings
from apps.dashboards.boards.state import State
from apps.dashboards.selection import Selection
from apps.kpis.models import Job
from apps.reps.scopes import Scope

KINDS = {"company": gettext_lazy("Company"), "region": gettext_lazy("Regions"), "team": gettext_lazy("Teams"), "rep": gettext_lazy("People")}
PRESETS = {
    "week": (gettext_lazy("This week"), gettext_lazy("Last week")),
    "month": (gettext_lazy("This month"), gettext_lazy("Last month")),
    "quarter": (gettext_lazy("This quarter"), gettext_lazy("Last quarter")),
    "year": (gettext_lazy("This year"), gettext_lazy("Last year")),
}


@dataclass(frozen=True)
class Choice:
    """One link of a picker."""

    name: str
    url: str
    is_chosen: bool
    title: str = ""


@dataclass(frozen=True)
class Group:
    """Links of one kind."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Whose:
    """The picker of somebody else's board. There may be hundreds, and they seldom change, so it is drawn apart from the head."""

    template: ClassVar[str] = "dashboards/_whose.html"
    title: str
    groups: tuple[Group, ...]

    @property
    def is_long(self) -> bool:
        """Whether there are so many that one searches."""
        return sum(len(group.choices) for group in self.groups) > 8


@dataclass(frozen=True)
class Header:
    """Everything above the widgets."""

    template: ClassVar[str] = "dashboards/_header.html"
    title: str
    whose_title: str
    board: int
    boards: str
    kind: str
    period: str
    days: str
    as_of: str
    as_of_day: str
    counted: str
    counted_at: str
    notice: str
    recount: str
    whose: Whose
    periods: tuple[Choice, ...]
    besides: tuple[Choice, ...]
    previous: Choice
    following: Choice
    path: str
    period_key: str
    first_on: str
    last_on: str
    on: str
    today: str
    now_url: str
    currency: str
    kept: tuple[tuple[str, str], ...]
    teams: tuple[Choice, ...]
    grouping: str
    narrowed: str
    narrowing: str
    only: str
    whole_url: str


def header(selection: Selection, allowed: Sequence[Scope], state: State, organisation: Organisation, now: datetime, *, name: str = "", pk: int = 0) -> Header:
    """Put the head together; `name` and `pk` are those of a board that somebody arranged."""
    window, counted = selection.window, _counted(state, organisation)
    plan = selection.calendar
    return Header(
        title=name or selection.scope.name,
        whose_title=selection.scope.name if name else "",
        board=pk,
        boards=name or str(_("Standard board")),
        kind=str(KINDS[selection.scope.kind]),
        period=selection.period_name,
        days=days(selection),
        as_of="" if selection.is_now else _("as of the end of %(day)s") % {"day": dates.day(selection.on)},
        as_of_day=dates.day(selection.on),
        counted=_when(counted, selection.today) if counted else "",
        counted_at=counted.isoformat() if counted else "",
        notice=notice(state, selection.today, now, counted),
        recount=recount(state),
        whose=Whose(selection.scope.name, tuple(_groups(selection, allowed))),
        periods=tuple(_presets(selection)),
        besides=(
            Choice(_("The period before"), selection.beside(year=False).board, not selection.is_beside_year, _("at the same point")),
            Choice(_("A year earlier"), selection.beside(year=True).board, selection.is_beside_year, _("at the same point")),
        ),
        previous=_choice(selection, plan.previous(window)),
        following=_choice(selection, plan.following(window)),
        path=selection.board.partition("?")[0],
        period_key=window.key,
        first_on=window.start_on.isoformat(),
        last_on=window.last_on.isoformat(),
        on=selection.on.isoformat(),
        today=selection.today.isoformat(),
        now_url=selection.at(on=selection.today).board,
        currency=selection.currency,
        kept=selection.kept,
        teams=_teams(selection),
        grouping=grouping.words(selection),
        narrowed=selection.board.partition("?")[2],
        narrowing=narrowings.words(selection),
        only=selection.only.name if selection.only else "",
        whole_url=selection.narrowed(None).board,
    )


def days(selection: Selection) -> str:
    """Say how much of the period is over: `day 14 of 22 working days`."""
    window, plan = selection.window, selection.calendar
    total = plan.working_days(window.start_on, window.end_on)
    words = {"total": numbers.decimal(Decimal(total), 0)}
    if not selection.has_begun:
        return _("begins %(day)s") % {"day": dates.day(window.start_on)}
    if selection.is_over:
        return ngettext("over, %(total)s working day", "over, %(total)s working days", total) % words
    elapsed = plan.working_days(window.start_on, window.clipped(selection.on).end_on)
    return _("day %(elapsed)s of %(total)s working days") % {**words, "elapsed": elapsed}


def _counted(state: State, organisation: Organisation) -> datetime | None:
    return state.counted_at.astimezone(ZoneInfo(organisation.time_zone)) if state.counted_at else None


def _when(counted: datetime, today: date) -> str:
    time = format_time(counted, "short", locale=numbers.locale())
    if counted.date() == today:
        return _("%(time)s today") % {"time": time}
    return _("%(time)s on %(day)s") % {"time": time, "day": dates.near(counted.date(), today)}


def notice(state: State, today: date, now: datetime, counted: datetime | None) -> str:
    """Say in so many words that the numbers are old, and what to do; nothing when they are fresh."""
    since = _when(counted, today) if counted else ""
    if state.counted_to_on is None:
        return _("Nothing has been counted yet. Start the worker, or run the command “drain”.")
    if state.is_behind(today):
        words = {"day": dates.day(state.counted_to_on)}
        return _("These numbers reach only to %(day)s: today has not been counted yet. If this stays, ask your admin to check the worker.") % words
    if state.lags(now):
        return _("Changes are waiting: these numbers are from %(since)s. If this stays, ask your admin to check the worker.") % {"since": since}
    return ""


def recount(state: State) -> str:
    """Say that everything is being counted anew, how far that is, and what the figures are meanwhile; nothing otherwise."""
    if state.recount is None or state.counted_to_on is None:
        return ""
    reason, done, parts = state.recount
    words = {"done": numbers.decimal(Decimal(done), 0), "parts": numbers.decimal(Decimal(parts), 0)}
    if reason == Job.Reason.CALENDAR and not parts:
        return _("The calendar has changed: everything will be counted anew by it in a moment. Figures are right meanwhile, but take longer.")
    if reason == Job.Reason.CALENDAR:
        return (
            _("Everything is being counted anew by the calendar: %(done)s of %(parts)s parts are done. Figures are right meanwhile, but take longer.") % words
        )
    return _("Everything is being counted anew: %(done)s of %(parts)s parts are done. Until then, figures are those of the count before.") % words


def _teams(selection: Selection) -> tuple[Choice, ...]:
    """The two ways to see teams and regions; a rep is the same either way."""
    if selection.scope.kind == "rep":
        return ()
    return tuple(
        Choice(name, selection.seen(is_regrouped=is_regrouped).board, selection.is_regrouped == is_regrouped, title)
        for is_regrouped, name, title in (
            (False, _("Teams as they were"), _("What happened counts for the team its rep was in on that day.")),
            (True, _("Teams as they are today"), _("Today’s members count with all of their past, as if they had always been here.")),
        )
    )


def _groups(selection: Selection, allowed: Sequence[Scope]) -> list[Group]:
    found = []
    for kind, name in KINDS.items():
        choices = tuple(
            Choice(one.name, selection.board_of(one), (one.kind, one.id) == (selection.scope.kind, selection.scope.id)) for one in allowed if one.kind == kind
        )
        if choices:
            found.append(Group(str(name), choices))
    return found


def _presets(selection: Selection) -> list[Choice]:
    """This and the last week, month, quarter and year, seen from the day the board is as of."""
    found = []
    for grain, (this, last) in PRESETS.items():
        running = selection.calendar.containing(grain, selection.on)
        for window, name in ((running, this), (selection.calendar.previous(running), last)):
            found.append(Choice(str(name), selection.at(window=window).board, window == selection.window, dates.window_name(window)))
    return found


def _choice(selection: Selection, window: Window) -> Choice:
    return Choice(dates.window_name(window), selection.at(window=window).board, False)
