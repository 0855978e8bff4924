"""Days and windows as people read them, in their language."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_interval, format_skeleton, format_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import numbers
from apps.core.calendars import solar_hijri
from apps.core.calendars.calendar import GREGORIAN, SOLAR_HIJRI
from apps.core.calendars.months import PATTERNS
from apps.core.calendars.windows import Window
from apps.core.models import Organisation
from apps.core.remembering import remembered

_kind: ContextVar[str | None] = ContextVar("calendar", default=GREGORIAN)  # None: not asked for yet


def write_in(kind: str) -> None:
    """Write days and periods as one kind of calendar names them. There is one organisation, so `periods.calendar` decides it for all."""
    _kind.set(kind)


@contextmanager
def anew() -> Iterator[None]:
    """Forget which calendar was written in, so that what is written here asks for the organisation's of now."""
    token = _kind.set(None)
    try:
        yield
    finally:
        _kind.reset(token)


def written_in() -> str:
    """Return the kind of calendar to write in; asks the organisation where nobody has yet."""
    kind = _kind.get()
    if kind is None:
        _kind.set(kind := Organisation.get().calendar)
    return kind


@remembered(written_in)
def window_name(window: Window) -> str:
    """Write a window as people say it: `Q4 2026`, `November 2026`, `P11 2026`, `week 47 of 2026`, `Apr 1 – May 15, 2026`."""
    if window.grain == "week":
        year, _dash, number = window.key.partition("-W")
        return _("Week %(number)s of %(year)s") % {"number": int(number), "year": year}
    if window.grain in ("quarter", "year"):  # a fiscal year is not the one its first day lies in: the key knows its name
        return " ".join(reversed(window.key.split("-")))
    if window.grain == "month":
        return month(window)
    return interval(window)


def name_of_then(window: Window) -> str:
    """Write a period that was cut by another calendar: by its name of then and its days, a month, which would be read as another, by its days."""
    if window.grain == "month":
        return interval(window)
    return _("%(name)s (%(days)s)") % {"name": window_name(window), "days": interval(window)}


@remembered(written_in)
def month(window: Window) -> str:
    """Write a month of the calendar: `November 2026`, `Aban 1405`, or the number of a period of weeks, `P11 2026`."""
    year, _dash, number = window.key.partition("-")
    if written_in() in PATTERNS:
        return _("P%(number)s %(year)s") % {"number": number, "year": year}
    if written_in() == SOLAR_HIJRI:
        return solar_hijri.month(int(year), int(number))
    return format_skeleton("yMMMM", window.start_on, locale=numbers.locale())


@remembered(written_in)
def column_name(window: Window) -> str:
    """Write a month or quarter of a year that is told elsewhere: `Nov`, `Aban`, `P11`, `Q4`."""
    number = window.key.partition("-")[2]
    if window.grain != "month":
        return number
    if written_in() in PATTERNS:
        return _("P%(number)s") % {"number": number}
    if written_in() == SOLAR_HIJRI:
        return month(window).rpartition(" ")[0]
    return format_date(window.start_on, "LLL", locale=numbers.locale())


@remembered(written_in)
def step_label(window: Window) -> tuple[str, str]:
    """Write a step of a chart in two lines: `Nov` and `2026`, `Q4` and `2026`, `W48` and `2026`, `Nov 20` and nothing, `2026` and nothing."""
    year = window.key[:4]
    if window.grain in ("month", "quarter"):
        return column_name(window), year
    if window.grain == "week":
        return _("W%(number)s") % {"number": int(window.key.partition("-W")[2])}, year
    return near(window.start_on, window.start_on) if window.grain == "day" else window_name(window), ""


@remembered(written_in)
def interval(window: Window) -> str:
    """Write the first and the last day of a window."""
    if window.days == 1:
        return day(window.start_on)
    if written_in() == SOLAR_HIJRI:
        return f"{near(window.start_on, window.last_on)} – {day(window.last_on)}"
    return format_interval(window.start_on, window.last_on, "yMMMd", locale=numbers.locale())


@remembered(written_in)
def day(value: date) -> str:
    """Write a day with its year: `Nov 20, 2026`."""
    if written_in() == SOLAR_HIJRI:
        return solar_hijri.day(value)
    return format_date(value, "medium", locale=numbers.locale())


def instant(value: datetime) -> str:
    """Write an instant, in the zone it is given in: `Nov 20, 2026, 14:05`."""
    return _("%(day)s, %(time)s") % {"day": day(value.date()), "time": format_time(value, "short", locale=numbers.locale())}


@remembered(written_in)
def weekday(value: date) -> str:
    """Write a day with its weekday: `Friday, Nov 20`."""
    if written_in() == SOLAR_HIJRI:
        name = format_date(value, "EEEE", locale=numbers.locale())
        return _("%(weekday)s, %(day)s") % {"weekday": name, "day": solar_hijri.day_of_year(value)}
    return format_skeleton("MMMEd", value, locale=numbers.locale())


@remembered(written_in)
def near(value: date, on: date) -> str:
    """Write a day as briefly as it can be told, seen from another: without the year when it is the same."""
    if written_in() == SOLAR_HIJRI:
        return solar_hijri.day_of_year(value) if solar_hijri.year(value) == solar_hijri.year(on) else day(value)
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
