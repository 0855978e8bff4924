"""Ranges of days, and how people write them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

DAY = timedelta(days=1)
GRAINS = ("day", "week", "month", "quarter", "year")


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


def custom(first_on: date, last_on: date) -> Window:
    """Return the range from one day to another, both in it."""
    return Window(f"{first_on}..{last_on}", None, first_on, last_on + DAY)


def unknown(text: str) -> UnknownPeriod:
    return UnknownPeriod(
        _(
            "“%(text)s” is no period. Write a year (2017), quarter (2017-Q2), month (2017-04), week (2017-W14), day (2017-04-01) or range (2017-04-01..2017-05-15)."
        )
        % {"text": text}
    )
