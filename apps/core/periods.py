"""The organisation's calendar as it is stored: its settings, its days off and its periods. `calendars` has the arithmetic."""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import Max, Min

from apps.core import dates
from apps.core.calendars.calendar import EVERYWHERE, Calendar, Place
from apps.core.calendars.windows import DAY, GRAINS, UnknownPeriod, Window, custom
from apps.core.models import Organisation, Period, StoredCalendar
from apps.core.replica import connection

__all__ = ["DAY", "GRAINS", "SETTING", "Calendar", "UnknownPeriod", "Window", "add_months", "calendar", "custom", "ensure", "is_stale", "remake", "setting"]

SHAPE = "concat_ws('/', o.calendar, o.fiscal_year_start, o.first_weekday, o.year_ends)"  # as Calendar.shape
STALE = f"EXISTS (SELECT FROM core_organisation o JOIN core_storedcalendar s ON s.shape <> {SHAPE})"  # true while the stored periods are another calendar's


# Two columns for a query that asks for more than this: the organisation, and its days off. `setting` reads them.
SETTING = """(SELECT to_jsonb(o) FROM core_organisation o WHERE o.id = 1),
    (SELECT jsonb_agg(jsonb_build_array(place, weekdays, day, is_worked)) FROM core_restday)"""


def setting(organisation: str | None, days: str | None) -> tuple[Organisation, Calendar]:
    """Return the organisation and its calendar as the columns of SETTING have them."""
    fields, found = _as_written(organisation, days)
    dates.write_in(found.kind)
    return Organisation(**fields), found


@lru_cache(maxsize=16)
def _as_written(organisation: str | None, days: str | None) -> tuple[dict[str, Any], Calendar]:
    """The organisation's fields, and one calendar for the same words, so that what is remembered of it is found at once."""
    fields = json.loads(organisation or "{}")
    rows = [(place, weekdays, date.fromisoformat(day) if day else None, is_worked) for place, weekdays, day, is_worked in json.loads(days or "[]")]
    return fields, _calendar(Organisation(**fields), _days_off(rows))


def calendar(organisation: Organisation | None = None) -> Calendar:
    """Read the organisation's calendar (one small query, or two when the organisation is not at hand; call it once per request).

    From then on, `dates` writes days and periods as this calendar names them.
    """
    organisation = organisation or Organisation.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT place, weekdays, day, is_worked FROM core_restday")
        days = _days_off(cursor.fetchall())
    dates.write_in(organisation.calendar)
    return _calendar(organisation, days)


def _calendar(organisation: Organisation, days: dict[int, Place]) -> Calendar:
    return Calendar(
        kind=organisation.calendar,
        fiscal_year_start=organisation.fiscal_year_start,
        first_weekday=organisation.first_weekday,
        year_ends=organisation.year_ends,
        working_weekdays=_weekdays(organisation.working_weekdays),
        holidays=days.pop(EVERYWHERE, Place()).off,
        places=tuple(sorted(days.items(), key=lambda pair: pair[0])),
    )


def _days_off(rows: Iterable[tuple[int, str | None, date | None, bool]]) -> dict[int, Place]:
    """Return what places there are with working days of their own, and the organisation's holidays under EVERYWHERE."""
    weeks: dict[int, frozenset[int] | None] = {}
    days: dict[tuple[int, bool], set[date]] = defaultdict(set)
    for place, weekdays, day, is_worked in rows:
        weeks[place] = _weekdays(weekdays) if weekdays else weeks.get(place)
        if day:
            days[place, is_worked].add(day)
    return {place: Place(week, frozenset(days[place, False]), frozenset(days[place, True])) for place, week in weeks.items()}


def _weekdays(digits: str) -> frozenset[int]:
    return frozenset(int(digit) for digit in digits)


def add_months(first_of_month: date, months: int) -> date:
    index = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


@lru_cache(maxsize=64)
def _rows(plan: Calendar, year: int) -> tuple[Window, ...]:
    span = plan.named_year(year)
    return tuple(window for grain in GRAINS for window in plan.between(grain, span.start_on, span.end_on))


def ensure(first_on: date, last_on: date) -> bool:
    """Write the rows of every fiscal year from one day's to another's; say whether any was missing."""
    plan = calendar()
    years = int(plan.containing("year", first_on).key), int(plan.containing("year", last_on).key)
    known = set(Period.objects.filter(grain="year").values_list("key", flat=True))
    missing = [year for year in range(years[0], years[1] + 1) if f"{year:04}" not in known]
    if missing and not known:
        StoredCalendar.objects.update_or_create(pk=1, defaults={"shape": plan.shape})
    for year in missing:
        rows = [Period(grain=str(w.grain), key=w.key, start_on=w.start_on, end_on=w.end_on) for w in _rows(plan, year)]
        Period.objects.bulk_create(rows, ignore_conflicts=True)  # a week may reach over into a year already there
    return bool(missing)


def is_stale() -> bool:
    """Say whether the stored periods were cut by another calendar than the organisation's of now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {STALE}")
        return bool(cursor.fetchone()[0])


@transaction.atomic
def remake() -> None:
    """Replace every period by those of the organisation's calendar over the same days. What was counted by period has to be counted anew."""
    first_on, reaches_on = Period.objects.filter(grain="year").aggregate(first=Min("start_on"), end=Max("end_on")).values()
    Period.objects.all().delete()
    StoredCalendar.objects.update_or_create(pk=1, defaults={"shape": calendar().shape})
    if first_on:
        ensure(first_on, reaches_on - DAY)
