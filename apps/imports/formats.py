"""How a file writes its values: dates, numbers, what counts as blank, encoding and delimiter."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

ISO, EXCEL = "iso", "excel"
SPACES = "\u00a0\u202f"  # what spreadsheets put where people type a space between thousands
SAMPLES = (date(2003, 2, 1), date(2004, 12, 11))


@dataclass(frozen=True)
class Formats:
    """How one file writes its values; `encoding` and `delimiter` are found out where they are None."""

    dates: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ","
    currency: tuple[str, ...] = ()
    blank: frozenset[str] = frozenset({""})
    encoding: str | None = None
    delimiter: str | None = None
    zone: tzinfo = UTC

    @cached_property
    def number(self) -> re.Pattern[str]:
        """Match one number; thousands must stand in threes and begin with no 0, so that 1,5 is never read as 15, nor 0,087 as 87."""
        decimal = re.escape(self.decimal)
        grouped = rf"[1-9]\d{{0,2}}(?:{re.escape(self.thousands)}\d{{3}})+|" if self.thousands else ""
        return re.compile(rf"(?P<sign>[-+]?)(?P<whole>{grouped}\d+|(?={decimal}))(?:{decimal}(?P<part>\d*))?")

    @cached_property
    def plain(self) -> "Formats":
        """How the mapping itself writes values, which is not the file's way."""
        return replace(self, dates=(), decimal=".", thousands="", currency=())


def two_days(formats: tuple[str, ...]) -> tuple[str, str] | None:
    """Find two date formats that read one text as different days: no list may hold both."""
    for first in formats:
        for second in formats:
            if first in (ISO, EXCEL) or second in (ISO, EXCEL) or first == second:
                continue
            if any(_reads_another_day(sample, first, second) for sample in SAMPLES):
                return first, second
    return None


def _reads_another_day(day: date, first: str, second: str) -> bool:
    try:
        return datetime.strptime(day.strftime(first), second).date() != day
    except ValueError:
        return False


def is_date_format(text: str) -> bool:
    """Tell whether a format names a day, or at least a month, so that a date written with it can be read back."""
    if text in (ISO, EXCEL):
        return True
    months = [day.replace(day=1) for day in SAMPLES]
    try:
        return all(datetime.strptime(day.strftime(text), text).date() == day for day in months)
    except (ValueError, re.error):
        return False
