"""Days and windows as people read them, in their language."""

from datetime import date, timedelta

from babel.dates import format_date, format_interval, format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import numbers
from apps.core.periods import Window

FORMATS = {"month": "yMMMM", "quarter": "yQQQ", "year": "y", "day": "yMMMd"}


def window_name(window: Window) -> str:
    """Write a window as people say it: `Q4 2026`, `November 2026`, `week 47 of 2026`, `Apr 1 – May 15, 2026`."""
    if window.grain == "week":
        year, _dash, number = window.key.partition("-W")
        return _("Week %(number)s of %(year)s") % {"number": int(number), "year": year}
    if window.grain in ("quarter", "year"):  # a fiscal year is not the one its first day lies in: the key knows its name
        return " ".join(reversed(window.key.split("-")))
    if window.grain:
        return format_skeleton(FORMATS[window.grain], window.start_on, locale=numbers.locale())
    return interval(window)


def interval(window: Window) -> str:
    """Write the first and the last day of a window."""
    if window.days == 1:
        return day(window.start_on)
    return format_interval(window.start_on, window.last_on, "yMMMd", locale=numbers.locale())


def day(value: date) -> str:
    """Write a day with its year: `Nov 20, 2026`."""
    return format_date(value, "medium", locale=numbers.locale())


def weekday(value: date) -> str:
    """Write a day with its weekday: `Friday, Nov 20`."""
    return format_skeleton("MMMEd", value, locale=numbers.locale())


def near(value: date, on: date) -> str:
    """Write a day as briefly as it can be told, seen from another: without the year when it is the same."""
    return format_skeleton("MMMd", value, locale=numbers.locale()) if value.year == on.year else day(value)


def ago(value: date, on: date) -> str:
    """Write how long ago a day was: `today`, `yesterday`, `4 days ago`, then the day itself."""
    days = (on - value).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if 0 < days <= 30:
        return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
    return near(value, on)


def days_in(window: Window) -> list[date]:
    """Return every day of a window."""
    return [window.start_on + timedelta(days=n) for n in range(window.days)]
