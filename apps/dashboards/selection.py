"""What somebody looks at, read from the address and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Self
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _

from apps.core import dates, periods
from apps.core.periods import Calendar, UnknownPeriod, Window
from apps.reps.scopes import Only, Scope, narrowed, regrouped

FIRST_ON, LAST_ON = date(1971, 1, 1), date(2199, 12, 31)
LONGEST = 3660  # days
THEN, TODAY = "then", "today"
PERIOD, YEAR = "period", "year"


class Unreadable(ValueError):
    """An address that cannot be read; the message says what to write."""


@dataclass(frozen=True)
class Selection:
    """Whose numbers, over which days, as of the end of day `on`; in which calendar (with the working days of where they are) and money, seen on which day.

    `is_regrouped`: teams and regions are seen as those who are their members today make them, not as they were. `is_beside_year`: figures are
    compared with those a year earlier, not with those of the period before. `only`: those of one product or campaign alone.
    """

    scope: Scope
    window: Window
    on: date
    today: date
    calendar: Calendar
    currency: str
    is_regrouped: bool = False
    is_beside_year: bool = False
    only: Only | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Reckoned once: each row of a page is remembered with it."""
        return hash((self.scope, self.window, self.on, self.today, self.calendar, self.currency, self.is_regrouped, self.is_beside_year, self.only))

    def at(self, *, scope: Scope | None = None, window: Window | None = None, on: date | None = None) -> Self:
        """Return the same look at something else."""
        return replace(self, scope=self.whose(scope or self.scope), window=window or self.window, on=on or self.on)

    def seen(self, *, is_regrouped: bool) -> Self:
        """Return the same look with teams as they are today, or as they were."""
        return replace(self, is_regrouped=is_regrouped).at()

    def beside(self, *, year: bool) -> Self:
        """Return the same look, compared with a year earlier, or with the period before."""
        return replace(self, is_beside_year=year)

    def narrowed(self, only: Only | None) -> Self:
        """Return the same look at what belongs to one product or campaign alone, or (None) at everything."""
        return replace(self, only=only).at()

    @property
    def looks(self) -> tuple[Scope, Window, date, date, Calendar, str, bool, bool, Only | None]:
        """Return all that makes a look, for one at a page that wants to know more."""
        return self.scope, self.window, self.on, self.today, self.calendar, self.currency, self.is_regrouped, self.is_beside_year, self.only

    def earlier(self) -> tuple[Window, date]:
        """Return the window that figures are compared with, and the day in it by which as many days had passed."""
        find = self.calendar.year_before if self.is_beside_year else self.calendar.same_elapsed
        return find(self.window, self.on)

    def whose(self, scope: Scope) -> Scope:
        """Return a scope as this look sees it."""
        return narrowed(regrouped(scope, members_on(self.today, is_regrouped=self.is_regrouped)), self.only)

    @property
    def running(self) -> Window:
        """The quarter that is shown when no period is named."""
        return self.calendar.containing("quarter", self.on)

    @property
    def is_now(self) -> bool:
        return self.on == self.today

    @property
    def can_be_opened(self) -> bool:
        """Whether the window is one that an address may name."""
        return self.window.days <= LONGEST

    @property
    def has_begun(self) -> bool:
        return self.window.start_on <= self.on

    @property
    def is_over(self) -> bool:
        return self.window.last_on <= self.on

    @property
    def period_name(self) -> str:
        return dates.window_name(self.window) if self.calendar.knows(self.window) else dates.name_of_then(self.window)

    @property
    def period(self) -> str:
        """The window as an address names it: by its days where its name means others in the calendar of now, as that of a period closed before it changed may."""
        return self.named(self.window)

    def named(self, window: Window) -> str:
        """A window as an address names it, see `period`."""
        return window.key if self.calendar.knows(window) else periods.custom(window.start_on, window.last_on).key

    @property
    def on_name(self) -> str:
        return dates.day(self.on)

    @property
    def board(self) -> str:
        """The address of the board; what goes without saying is left out."""
        return self.board_of(self.scope)

    def board_of(self, scope: Scope) -> str:
        """The address of another board, looked at in the same way."""
        return board_path(scope) + self._asked

    @cached_property
    def _asked(self) -> str:
        query = {} if self.window == self.running else {"period": self.period}
        return written(query | self._as_of | dict(self._ways))

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What a form on the page sends along: a board's address holds whose it is in its path."""
        return self._ways

    @property
    def query(self) -> dict[str, str]:
        """Scope, period, day and the choice of members as every other page reads them."""
        return self.query_of(self.scope, self.window)

    def query_of(self, scope: Scope, window: Window) -> dict[str, str]:
        """The same for another scope and window."""
        return {"scope": scope_key(scope), "period": self.named(window)} | self._as_of | dict(self._ways)

    @property
    def _as_of(self) -> dict[str, str]:
        return {} if self.is_now else {"on": self.on.isoformat()}

    @property
    def _ways(self) -> tuple[tuple[str, str], ...]:
        chosen = (
            ("team", TODAY) if self.is_regrouped else None,
            ("compare", YEAR) if self.is_beside_year else None,
            (self.only.field, str(self.only.id)) if self.only else None,
        )
        return tuple(one for one in chosen if one)

    def figure(self, kpi: str) -> str:
        """The address of the page that opens a figure."""
        return self.figure_of(kpi, self.scope, self.window)

    def figure_of(self, kpi: str, scope: Scope, window: Window) -> str:
        """The address of the page that opens a figure of another scope and window."""
        return address("dashboards:figure", kpi) + written(self.query_of(scope, window))

    def figure_until(self, kpi: str) -> str:
        """The address of the page that opens a figure from the window's first day to another: what is missing is that day."""
        asked = {name: value for name, value in self.query_of(self.scope, self.window).items() if name != "period"}
        return address("dashboards:figure", kpi) + written({**asked, "period": f"{self.window.start_on.isoformat()}.."})


def scope_key(scope: Scope) -> str:
    """Write a scope for an address: `company` or `team:3`."""
    return "company" if scope.kind == "company" else f"{scope.kind}:{scope.id}"


def board_path(scope: Scope) -> str:
    if scope.kind == "company":
        return address("dashboards:company")
    return address("dashboards:board", scope.kind, scope.id)


def address(name: str, *args: str | int) -> str:
    """Return the address of a page by the name of its pattern."""
    return _address(get_script_prefix(), name, *args)


@lru_cache(maxsize=20_000)
def _address(_prefix: str, name: str, *args: str | int) -> str:
    """The same page has the same address for as long as the site stands below the same path."""
    return reverse(name, args=args)


def written(query: Mapping[str, str]) -> str:
    return _written(tuple(query.items())) if query else ""


@lru_cache(maxsize=20_000)
def _written(query: tuple[tuple[str, str], ...]) -> str:
    return f"?{urlencode(query)}"


def read_number(text: str) -> int | None:
    """Return the number of a row as an address or a form names it; None for what is none."""
    return int(text) if text.isdecimal() and len(text) < 18 else None


def read_scope_key(text: str) -> tuple[str, int]:
    """Read `company`, `region:2`, `team:3` or `rep:4`."""
    kind, _colon, number = text.partition(":")
    if text == "company":
        return "company", 0
    if kind in ("region", "team", "rep") and (pk := read_number(number)) is not None:
        return kind, pk
    raise Unreadable(_("“%(text)s” is no scope. Write company, region:NUMBER, team:NUMBER or rep:NUMBER.") % {"text": text})


def read_on(query: Mapping[str, str], today: date) -> date:
    """Read the day whose end the numbers are as of; today when none is named."""
    text = query.get("on", "")
    if not text:
        return today
    on = read_day(text)
    if on > today:
        raise Unreadable(_("%(day)s is still to come. Write a day up to today for on=.") % {"day": text})
    return on


def read_team(query: Mapping[str, str]) -> bool:
    """Read whether teams and regions are those of today's members; as they were when nothing is named."""
    text = query.get("team", "")
    if text not in ("", THEN, TODAY):
        raise Unreadable(
            _("“%(text)s” says nothing about teams. Write team=today for teams as they are today, or nothing for teams as they were.") % {"text": text}
        )
    return text == TODAY


def read_beside_year(query: Mapping[str, str]) -> bool:
    """Read whether figures are compared with a year earlier; with the period before when nothing is named."""
    text = query.get("compare", "")
    if text not in ("", PERIOD, YEAR):
        words = {"text": text}
        raise Unreadable(_("“%(text)s” is nothing to compare with. Write compare=year for a year earlier, or nothing for the period before.") % words)
    return text == YEAR


def members_on(today: date, *, is_regrouped: bool) -> date | None:
    """Return the day whose members count: today, whatever day the numbers are as of, because teams are seen by whom they have now."""
    return today if is_regrouped else None


def read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(_("“%(text)s” is no day. Write it as 2026-11-20.") % {"text": text}) from error
    if not FIRST_ON <= day <= LAST_ON:
        raise Unreadable(_("Days lie between the years %(first)s and %(last)s.") % {"first": FIRST_ON.year, "last": LAST_ON.year})
    return day


def read_window(query: Mapping[str, str], calendar: Calendar, on: date) -> Window:
    """Read `period=2026-Q4`, or `from=` and `to=`; the running quarter when none is named."""
    if query.get("from") or query.get("to"):
        return _read_range(query, calendar)
    if not query.get("period"):
        return calendar.containing("quarter", on)
    try:
        return _within_reach(calendar.parse(query["period"]))
    except UnknownPeriod as error:
        raise Unreadable(str(error)) from error


def _within_reach(window: Window) -> Window:
    if window.start_on < FIRST_ON or window.last_on > LAST_ON:
        raise Unreadable(_("Periods lie between the years %(first)s and %(last)s.") % {"first": FIRST_ON.year, "last": LAST_ON.year})
    if window.days > LONGEST:
        raise Unreadable(_("A period holds ten years at most."))
    return window


def _read_range(query: Mapping[str, str], calendar: Calendar) -> Window:
    if not (query.get("from") and query.get("to")):
        raise Unreadable(_("A range of days needs both its first and its last day."))
    first, last = read_day(query["from"]), read_day(query["to"])
    if last < first:
        raise Unreadable(_("The range ends on %(last)s, before it starts on %(first)s.") % {"first": first.isoformat(), "last": last.isoformat()})
    return _within_reach(calendar.from_to(first, last))
