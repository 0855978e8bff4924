"""The organisation's calendar: periods of every grain, the way from one to another, how they are written, and working days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache

from django.utils.translation import gettext as _

from apps.core.calendars.months import NEAREST, PATTERNS, Gregorian, Months, SolarHijri, Weekly
from apps.core.calendars.windows import DAY, GRAINS, UnknownPeriod, Window, custom, unknown

WEEK, DATE = re.compile(r"^(\d{4})-W(\d{2})$"), r"\d{4}-\d{2}-\d{2}"
GREGORIAN, SOLAR_HIJRI = "gregorian", "solar_hijri"
STEPS_OF_A_YEAR = {"month": 12, "quarter": 4, "year": 1}
YEAR = timedelta(weeks=52)  # so that weekdays stay where they are
EVERYWHERE = 0  # the place whose working days are the organisation's own


@dataclass(frozen=True)
class Place:
    """Working days of a place of its own: its week (None: the organisation's), days off, and days worked although the organisation rests."""

    weekdays: frozenset[int] | None = None
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Calendar:
    """How the organisation cuts time (kind, month its fiscal year starts in, first day of its week), and on which days it works.

    `place` says whose working days are counted, of those that have their own in `places`.
    """

    kind: str = GREGORIAN
    fiscal_year_start: int = 1
    first_weekday: int = 1
    year_ends: str = NEAREST
    working_weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()
    places: tuple[tuple[int, Place], ...] = ()
    place: int = EVERYWHERE

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Reckoned once: whatever is remembered of a calendar is found by it."""
        return hash((self.shape, self.working_weekdays, self.holidays, self.places, self.place))

    @cached_property
    def months(self) -> Months:
        """The line of months that the calendar is made of."""
        if self.kind in PATTERNS:
            return Weekly(PATTERNS[self.kind], self.fiscal_year_start, self.first_weekday, self.year_ends)
        return SolarHijri() if self.kind == SOLAR_HIJRI else Gregorian()

    @cached_property
    def shape(self) -> str:
        """Everything that decides where periods begin, in short."""
        return f"{self.kind}/{self.fiscal_year_start}/{self.first_weekday}/{self.year_ends}"

    @property
    def _offset(self) -> int:
        """How many months of a numbered year lie before a fiscal year begins."""
        return 0 if self.kind in PATTERNS else self.fiscal_year_start - 1

    # --- Periods ---------------------------------------------------------------------------------
    def containing(self, grain: str, day: date) -> Window:
        """Return the period of a grain that holds a day."""
        return _containing(self, grain, day)

    def _day(self, day: date) -> Window:
        return Window(day.isoformat(), "day", day, day + DAY)

    def _week(self, day: date) -> Window:
        start = day - timedelta(days=(day.isoweekday() - self.first_weekday) % 7)
        middle = start + timedelta(days=3)  # as ISO 8601: a week belongs to the year that holds most of it
        year = self.months.number(middle) // 12
        number = (middle - self.months.first_on(year * 12)).days // 7 + 1
        return Window(f"{year:04}-W{number:02}", "week", start, start + timedelta(days=7))

    def _month(self, day: date) -> Window:
        number = self.months.number(day)
        return self._span(f"{number // 12:04}-{number % 12 + 1:02}", "month", number, 1)

    def _quarter(self, day: date) -> Window:
        number = self.months.number(day) - self._offset
        return self._span(f"{self._year_of(number):04}-Q{number % 12 // 3 + 1}", "quarter", number - number % 3 + self._offset, 3)

    def _year(self, day: date) -> Window:
        number = self.months.number(day) - self._offset
        return self._span(f"{self._year_of(number):04}", "year", number - number % 12 + self._offset, 12)

    def _span(self, key: str, grain: str, number: int, length: int) -> Window:
        return Window(key, grain, self.months.first_on(number), self.months.first_on(number + length))

    def _year_of(self, number: int) -> int:
        """Return the name of a fiscal year, by its months' numbers counted from its start: the numbered year it ends in."""
        return number // 12 + (self._offset > 0)

    def named_year(self, year: int) -> Window:
        """Return the fiscal year of that name."""
        return self._year(self.months.first_on((year - (self._offset > 0)) * 12 + self._offset))

    # --- From one period to another --------------------------------------------------------------
    def between(self, grain: str, start_on: date, end_on: date) -> Iterator[Window]:
        """Yield the periods of a grain that hold any day of `[start_on, end_on)`."""
        day = start_on
        while day < end_on:
            window = self.containing(grain, day)
            yield window
            day = window.end_on

    def from_to(self, first_on: date, last_on: date) -> Window:
        """Return the days from one to another, both in it: the longest period of the calendar they are, else a range."""
        for grain in reversed(GRAINS):
            period = self.containing(grain, first_on)
            if (period.start_on, period.last_on) == (first_on, last_on):
                return period
        return custom(first_on, last_on)

    def knows(self, window: Window) -> bool:
        """Say whether a window's name still means its days: a period that was cut by another calendar may have another name here, or none."""
        return window.grain is None or self.containing(window.grain, window.start_on) == window

    def previous(self, window: Window) -> Window:
        """Return the period before; for a range of days, as many days right before it."""
        if window.grain:
            return self.containing(window.grain, window.start_on - DAY)
        start = window.start_on - timedelta(days=window.days)
        return custom(start, window.start_on - DAY)

    def following(self, window: Window) -> Window:
        """Return the period after; for a range of days, as many days right after it."""
        if window.grain:
            return self.containing(window.grain, window.end_on)
        return custom(window.end_on, window.end_on + timedelta(days=window.days - 1))

    def same_elapsed(self, window: Window, on: date, *, steps: int = 1) -> tuple[Window, date]:
        """Return the window before, or so many steps before, and the day in it by which as many days had passed as in this one at the end of `on`."""
        earlier = window
        for _step in range(steps):
            earlier = self.previous(earlier)
        return _elapsed(window, earlier, on)

    def year_before(self, window: Window, on: date) -> tuple[Window, date]:
        """Return the window a year earlier, and the day in it by which as many days had passed; of a range of days, the one 52 weeks earlier."""
        if window.grain in STEPS_OF_A_YEAR:
            return self.same_elapsed(window, on, steps=STEPS_OF_A_YEAR[window.grain])
        if window.grain:
            earlier = self.containing(window.grain, window.start_on - YEAR)
        else:
            earlier = custom(window.start_on - YEAR, window.last_on - YEAR)
        return _elapsed(window, earlier, on)

    # --- Working days ----------------------------------------------------------------------------
    def at(self, place: int) -> "Calendar":
        """Return the calendar with the working days of a place; one without its own works when the organisation does."""
        here = place if place in dict(self.places) else EVERYWHERE
        return self if here == self.place else replace(self, place=here)

    @cached_property
    def _here(self) -> Place:
        return dict(self.places).get(self.place, Place())

    def is_working(self, day: date) -> bool:
        here = self._here
        if day in here.worked:
            return True
        weekdays = self.working_weekdays if here.weekdays is None else here.weekdays
        return day.isoweekday() in weekdays and day not in self.holidays and day not in here.off

    def working_days(self, start_on: date, end_on: date) -> int:
        """Count the working days of `[start_on, end_on)`."""
        return _working_days(self, start_on, end_on)

    def working_day_before(self, day: date) -> date:
        """Return the last working day before a day; the day right before it where none lies in the month before."""
        earlier = (day - timedelta(days=n) for n in range(1, 32))
        return next((one for one in earlier if self.is_working(one)), day - DAY)

    # --- Reading ---------------------------------------------------------------------------------
    def parse(self, text: str) -> Window:
        """Read `2017`, `2017-Q2`, `2017-04`, `2017-W14`, `2017-04-01` or `2017-04-01..2017-05-15` (both days in it).

        Days are always written as ISO 8601 has them; years, months and weeks are those of the calendar.
        """
        try:
            return self._parse(text)
        except (ValueError, OverflowError) as error:
            if isinstance(error, UnknownPeriod):
                raise
            raise unknown(text) from error

    def _parse(self, text: str) -> Window:
        if ".." in text:
            first, last = (date.fromisoformat(part) for part in text.split(".."))
            if last < first:
                raise UnknownPeriod(_("“%(text)s” ends before it starts.") % {"text": text})
            return custom(first, last)
        if re.fullmatch(DATE, text):
            return self._day(date.fromisoformat(text))
        if match := WEEK.match(text):
            return self._numbered_week(int(match[1]), int(match[2]), text)
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            begins = self.months.number(self.named_year(int(match[1])).start_on)
            return self._quarter(self.months.first_on(begins + 3 * (int(match[2]) - 1)))
        if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
            return self._month(self.months.first_on(int(match[1]) * 12 + int(match[2]) - 1))
        if re.fullmatch(r"\d{4}", text):
            return self.named_year(int(text))
        raise unknown(text)

    def _numbered_week(self, year: int, number: int, text: str) -> Window:
        week = self._week(self.months.first_on(year * 12) + timedelta(days=3 + 7 * (number - 1)))
        if week.key != text:
            raise UnknownPeriod(_("%(year)s has no week %(number)s.") % {"year": year, "number": number})
        return week


def _elapsed(window: Window, earlier: Window, on: date) -> tuple[Window, date]:
    """Return an earlier window, and the day in it by which as many days had passed as in this one at the end of `on`."""
    if on >= window.last_on:
        return earlier, earlier.last_on
    elapsed = max((on - window.start_on).days, -1)  # before the first day nothing has passed, so of the window before nothing counts
    return earlier, min(earlier.start_on + timedelta(days=elapsed), earlier.last_on)


@lru_cache(maxsize=8192)
def _containing(plan: Calendar, grain: str, day: date) -> Window:
    """A board asks for the same few periods over and over."""
    found: Window = getattr(plan, f"_{grain}")(day)
    return found


@lru_cache(maxsize=4096)
def _working_days(plan: Calendar, start_on: date, end_on: date) -> int:
    """A board asks for the same few ranges once for each of its people."""
    return sum(plan.is_working(start_on + timedelta(days=n)) for n in range((end_on - start_on).days))
