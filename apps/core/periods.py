"""The organisation's calendar: the only place with date arithmetic for periods.

A window is `[start_on, end_on)`. It has a grain when it is a day, week, month, quarter or year of the calendar,
and none when it is any other range of days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext as _

from apps.core.models import Holiday, Organisation, Period

DAY = timedelta(days=1)
GRAINS = ("day", "week", "month", "quarter", "year")
WEEK, DATE = re.compile(r"^(\d{4})-W(\d{2})$"), r"\d{4}-\d{2}-\d{2}"


class UnknownPeriod(ValueError):
    """A period that cannot be read; the message says what can."""


@dataclass(frozen=True)
class Window:
    """A range of days `[start_on, end_on)`; `key` is how people write it."""

    key: str
    grain: str | None
    start_on: date
    end_on: date

    @property
    def last_on(self) -> date:
        return self.end_on - DAY

    @property
    def days(self) -> int:
        return (self.end_on - self.start_on).days

    def clipped(self, on: date) -> "Window":
        """Return the part that is over at the end of day `on` (it may hold no day)."""
        end = min(self.end_on, max(on + DAY, self.start_on))
        return self if end == self.end_on else replace(self, grain=None, end_on=end)

    def __contains__(self, day: date) -> bool:
        return self.start_on <= day < self.end_on


@dataclass(frozen=True)
class Calendar:
    """How the organisation cuts time: month its fiscal year starts in, first and working days of its week."""

    fiscal_year_start: int = 1
    first_weekday: int = 1
    working_weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()

    def containing(self, grain: str, day: date) -> Window:
        """Return the period of a grain that holds a day."""
        return getattr(self, f"_{grain}")(day)

    def _day(self, day: date) -> Window:
        return Window(day.isoformat(), "day", day, day + DAY)

    def _week(self, day: date) -> Window:
        start = day - timedelta(days=(day.isoweekday() - self.first_weekday) % 7)
        middle = start + timedelta(days=3)  # as ISO 8601: a week belongs to the year that holds most of it
        number = (middle.timetuple().tm_yday - 1) // 7 + 1
        return Window(f"{middle.year}-W{number:02}", "week", start, start + timedelta(days=7))

    def _month(self, day: date) -> Window:
        return Window(f"{day:%Y-%m}", "month", day.replace(day=1), add_months(day.replace(day=1), 1))

    def _quarter(self, day: date) -> Window:
        year = self._year(day)
        index = (months_between(year.start_on, day)) // 3
        start = add_months(year.start_on, 3 * index)
        return Window(f"{year.key}-Q{index + 1}", "quarter", start, add_months(start, 3))

    def _year(self, day: date) -> Window:
        start = date(day.year if day.month >= self.fiscal_year_start else day.year - 1, self.fiscal_year_start, 1)
        end = add_months(start, 12)
        return Window(str((end - DAY).year), "year", start, end)

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

    def previous(self, window: Window) -> Window:
        """Return the period before; for a range of days, as many days right before it."""
        if window.grain:
            return self.containing(window.grain, window.start_on - DAY)
        start = window.start_on - timedelta(days=window.days)
        return custom(start, window.start_on - DAY)

    def same_elapsed(self, window: Window, on: date) -> tuple[Window, date]:
        """Return the window before, and the day in it by which as many days had passed as in this one at the end of `on`."""
        earlier = self.previous(window)
        if on >= window.last_on:
            return earlier, earlier.last_on
        elapsed = max((on - window.start_on).days, -1)  # before the first day nothing has passed, so of the window before nothing counts
        return earlier, min(earlier.start_on + timedelta(days=elapsed), earlier.last_on)

    def following(self, window: Window) -> Window:
        """Return the period after; for a range of days, as many days right after it."""
        if window.grain:
            return self.containing(window.grain, window.end_on)
        return custom(window.end_on, window.end_on + timedelta(days=window.days - 1))

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.working_weekdays and day not in self.holidays

    def working_days(self, start_on: date, end_on: date) -> int:
        """Count the working days of `[start_on, end_on)`."""
        return _working_days(self, start_on, end_on)

    def working_day_before(self, day: date) -> date:
        """Return the last working day before a day; the day right before it where none lies in the month before."""
        earlier = (day - timedelta(days=n) for n in range(1, 32))
        return next((one for one in earlier if self.is_working(one)), day - DAY)

    def parse(self, text: str) -> Window:
        """Read `2017`, `2017-Q2`, `2017-04`, `2017-W14`, `2017-04-01` or `2017-04-01..2017-05-15` (both days in it)."""
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
            return self._quarter(add_months(self._named_year(int(match[1])).start_on, 3 * (int(match[2]) - 1)))
        if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
            return self._month(date(int(match[1]), int(match[2]), 1))
        if re.fullmatch(r"\d{4}", text):
            return self._named_year(int(text))
        raise unknown(text)

    def _named_year(self, year: int) -> Window:
        return self._year(date(year, 12 if self.fiscal_year_start == 1 else self.fiscal_year_start - 1, 1))

    def _numbered_week(self, year: int, number: int, text: str) -> Window:
        week = self._week(date(year, 1, 4) + timedelta(days=7 * (number - 1)))
        if week.key != text:
            raise UnknownPeriod(_("%(year)s has no week %(number)s.") % {"year": year, "number": number})
        return week


@lru_cache(maxsize=4096)
def _working_days(plan: Calendar, start_on: date, end_on: date) -> int:
    """A board asks for the same few ranges once for each of its people."""
    return sum(plan.is_working(start_on + timedelta(days=n)) for n in range((end_on - start_on).days))


def unknown(text: str) -> UnknownPeriod:
    return UnknownPeriod(
        _(
            "“%(text)s” is no period. Write a year (2017), quarter (2017-Q2), month (2017-04), week (2017-W14), day (2017-04-01) or range (2017-04-01..2017-05-15)."
        )
        % {"text": text}
    )


def custom(first_on: date, last_on: date) -> Window:
    """Return the range from one day to another, both in it."""
    return Window(f"{first_on}..{last_on}", None, first_on, last_on + DAY)


def add_months(first_of_month: date, months: int) -> date:
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def months_between(start_on: date, day: date) -> int:
    return (day.year - start_on.year) * 12 + day.month - start_on.month


def calendar(organisation: Organisation | None = None) -> Calendar:
    """Read the organisation's calendar (one small query, or two when the organisation is not at hand; call it once per request)."""
    organisation = organisation or Organisation.get()
    return Calendar(
        fiscal_year_start=organisation.fiscal_year_start,
        first_weekday=organisation.first_weekday,
        working_weekdays=frozenset(int(digit) for digit in organisation.working_weekdays),
        holidays=frozenset(Holiday.objects.values_list("day", flat=True)),
    )


@lru_cache(maxsize=64)
def _rows(plan: Calendar, first_year: int, last_year: int) -> tuple[Window, ...]:
    start, end = plan._named_year(first_year).start_on, plan._named_year(last_year).end_on
    return tuple(window for grain in GRAINS for window in plan.between(grain, start, end))


def ensure(first_on: date, last_on: date) -> bool:
    """Write the rows of every fiscal year from one day's to another's; say whether any was missing."""
    plan = calendar()
    years = int(plan.containing("year", first_on).key), int(plan.containing("year", last_on).key)
    known = set(Period.objects.filter(grain="year").values_list("key", flat=True))
    missing = [year for year in range(years[0], years[1] + 1) if str(year) not in known]
    for year in missing:
        rows = [Period(grain=str(w.grain), key=w.key, start_on=w.start_on, end_on=w.end_on) for w in _rows(plan, year, year)]
        Period.objects.bulk_create(rows, ignore_conflicts=True)  # a week may reach over into a year already there
    return bool(missing)
