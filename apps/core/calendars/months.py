"""The months of each kind of calendar: all that tells one kind from another.

Months stand in a line and are numbered through: year × 12 + place in the year, from 0. A calendar says in which of
them a day lies and on which day each begins; years, quarters and keys follow from the numbers alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

from persiantools.jdatetime import JalaliDate

PATTERNS = {"445": (4, 4, 5), "454": (4, 5, 4), "544": (5, 4, 4)}
NEAREST, LAST = "nearest", "last"


class Months(Protocol):
    """A line of months."""

    def number(self, day: date) -> int:
        """Return the number of the month that holds a day."""

    def first_on(self, number: int) -> date:
        """Return the first day of a month."""


@dataclass(frozen=True)
class Gregorian:
    """January to December."""

    def number(self, day: date) -> int:
        return day.year * 12 + day.month - 1

    def first_on(self, number: int) -> date:
        return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True)
class SolarHijri:
    """Farvardin to Esfand, the year beginning at the March equinox (Jalali)."""

    def number(self, day: date) -> int:
        return _solar_hijri_number(day)

    def first_on(self, number: int) -> date:
        return JalaliDate(number // 12, number % 12 + 1, 1).to_gregorian()


@lru_cache(maxsize=4096)
def _solar_hijri_number(day: date) -> int:
    found = JalaliDate(day)
    return int(found.year * 12 + found.month - 1)


@dataclass(frozen=True)
class Weekly:
    """Twelve periods of whole weeks: in each quarter 4, 4 and 5 (or 4-5-4, 5-4-4); the 53rd week of a long year belongs to the twelfth.

    A year ends on the day of the week before `first_weekday`: the one nearest to the end of the month before `starts_in`, or
    the last one in that month. It bears the number of the calendar year in which that month lies.
    """

    weeks: tuple[int, int, int]
    starts_in: int
    first_weekday: int
    ends: str

    def number(self, day: date) -> int:
        year = next(year for year in (day.year + 1, day.year, day.year - 1) if _begin(self, year) <= day)
        weeks, month = (day - _begin(self, year)).days // 7, 0
        while month < 11 and weeks >= self.weeks[month % 3]:
            weeks -= self.weeks[month % 3]
            month += 1
        return year * 12 + month

    def first_on(self, number: int) -> date:
        year, month = divmod(number, 12)
        return _begin(self, year) + timedelta(weeks=sum(self.weeks[n % 3] for n in range(month)))


@lru_cache(maxsize=1024)
def _begin(months: Weekly, year: int) -> date:
    """Return the first day of a year of weeks: a week's first day, nearest to the first of its month, or the last that is not after it."""
    first = date(year - (months.starts_in > 1), months.starts_in, 1)
    back = (first.isoweekday() - months.first_weekday) % 7
    is_nearer_ahead = months.ends == NEAREST and back > 3
    return first - timedelta(days=back - 7 if is_nearer_ahead else back)
