"""On which weekdays how much happened, week by week: the darker, the more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from babel.dates import get_day_names
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.periods import Window
from apps.dashboards.selection import Selection
from apps.kpis.declarations import Kpi
from apps.kpis.figures import Point

SHADES, MOST_WEEKS = 6, 14
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True)
class Box:
    """One day; empty where it does not belong to the time looked at, or is still to come."""

    text: str
    shade: int
    url: str
    title: str


@dataclass(frozen=True)
class Row:
    name: str
    boxes: tuple[Box, ...]
    total: str


@dataclass(frozen=True)
class Heat:
    """Weeks by weekdays, the latest week first; `sums` are of the weekdays."""

    template: ClassVar[str] = "dashboards/widgets/_heat.html"
    id: str
    title: str
    summary: str
    weekdays: tuple[str, ...]
    rows: tuple[Row, ...]
    sums: tuple[str, ...]
    total: str
    note: str
    empty: str


def span(selection: Selection) -> Window:
    """Return the days to draw: the period as far as it is over, its last fourteen weeks at most, in whole weeks."""
    calendar = selection.calendar
    last = calendar.containing("week", min(selection.on, selection.window.last_on) if selection.has_begun else selection.on)
    first = max(calendar.containing("week", selection.window.start_on).start_on, last.start_on - WEEK * (MOST_WEEKS - 1))
    return Window("", None, min(first, last.start_on), last.end_on)


def heat(key: str, kpi: Kpi, points: Sequence[Point], selection: Selection, *, title: str = "") -> Heat:
    """Draw a daily count."""
    by_day = {point.window.start_on: point.value or Decimal(0) for point in points}
    looked, shown = span(selection), [day for day in by_day if selection.window.start_on <= day <= selection.window.last_on]
    most = max((by_day[day] for day in shown), default=Decimal(0))
    weeks, is_cut = list(_weeks(looked)), selection.window.start_on < looked.start_on
    total = sum((by_day[day] for day in shown), Decimal(0))
    sums = [sum((by_day[day] for day in shown if (day - looked.start_on).days % 7 == n), Decimal(0)) for n in range(7)]
    return Heat(
        id=key,
        title=title or str(kpi.name),
        summary=_summary(kpi, sums, looked.start_on, total),
        weekdays=tuple(_weekday(looked.start_on + DAY * n) for n in range(7)),
        rows=tuple(_row(first, by_day, shown, most, kpi, selection) for first in reversed(weeks)) if total else (),
        sums=tuple(numbers.short(one, "count") for one in sums),
        total=numbers.short(total, "count"),
        note=_("The last %(count)s weeks; the period began before.") % {"count": numbers.decimal(Decimal(MOST_WEEKS), 0)} if is_cut else "",
        empty=_("Nothing of this happened in this period."),
    )


def _weeks(looked: Window) -> list[date]:
    return [looked.start_on + WEEK * n for n in range(-(-looked.days // 7))]


def _weekday(day: date) -> str:
    return str(get_day_names("abbreviated", locale=numbers.locale())[day.weekday()])


def _row(first: date, by_day: dict[date, Decimal], shown: Sequence[date], most: Decimal, kpi: Kpi, selection: Selection) -> Row:
    days = [first + DAY * n for n in range(7)]
    known = [by_day[day] for day in days if day in shown]
    boxes = tuple(_box(day, by_day[day], most, kpi, selection) if day in shown else Box("", 0, "", "") for day in days)
    return Row(dates.near(first, selection.on), boxes, numbers.short(sum(known, Decimal(0)), "count"))


def _box(day: date, value: Decimal, most: Decimal, kpi: Kpi, selection: Selection) -> Box:
    window = selection.calendar.containing("day", day)
    text = numbers.short(value, "count")
    shade = min(SHADES, int(value / most * SHADES) + (value > 0)) if most else 0
    url = selection.figure_of(kpi.key, selection.scope, window) if value else ""
    return Box(text if value else "", shade, url, _("%(day)s: %(count)s") % {"day": dates.day(day), "count": text})


def _summary(kpi: Kpi, sums: Sequence[Decimal], first: date, total: Decimal) -> str:
    if not total:
        return ""
    top = max(range(7), key=lambda n: sums[n])
    words = {"kpi": kpi.name, "count": numbers.short(total, "count"), "day": _weekday(first + DAY * top), "share": numbers.share(sums[top] / total)}
    return _("%(kpi)s: %(count)s, most of them on %(day)s (%(share)s).") % words
