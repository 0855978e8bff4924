"""Closes the last quarters of the demo company, and changes a few of their deals afterwards, as it happens everywhere."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.core import periods
from apps.core.models import Organisation
from apps.core.periods import Calendar, Window
from apps.kpis import closing, rollup
from apps.opportunities.models import Opportunity, Stage

QUARTERS = 3
WORKING_DAYS = 5
NINE = time(9)


def close_quarters(*, on: date) -> None:
    """Count everything up to a day, closing quarters on the way, and let the organisation's rule close what comes; then restate."""
    calendar = periods.calendar()
    last = calendar.previous(calendar.containing("quarter", on))
    quarters = [last]
    while len(quarters) < QUARTERS:
        quarters.insert(0, calendar.previous(quarters[0]))
    for quarter in quarters:
        if (day := closing_day(calendar, quarter)) <= on:
            closing.close(quarter, on=day, at=datetime.combine(day, NINE, ZoneInfo(Organisation.get().time_zone)))
    Organisation.objects.update(close_after_working_days=WORKING_DAYS)
    restate(last, on=on)
    rollup.drain(on=on, wait=True)


def closing_day(calendar: Calendar, window: Window) -> date:
    """Return the first day by which the rule closes a period."""
    day = window.end_on
    while calendar.working_days(window.end_on, day) < WORKING_DAYS:
        day += timedelta(days=1)
    return day


def restate(quarter: Window, *, on: date) -> None:
    """Reopen one deal of a quarter, correct the amount of another, and date one back into it."""
    won = Opportunity.objects.filter(stage__kind=Stage.Kind.WON, currency="", amount__gt=0, closed_on__gte=quarter.start_on, closed_on__lt=quarter.end_on)
    ids = list(won.order_by("-amount", "pk").values_list("pk", flat=True)[:40])
    if len(ids) < 40:
        return
    reopened, corrected = (Opportunity.objects.get(pk=pk) for pk in (ids[10], ids[20]))
    stage = Stage.objects.filter(kind=Stage.Kind.OPEN).order_by("-position").first()
    Opportunity.objects.filter(pk=reopened.pk).update(stage=stage, closed_on=None, expected_close_on=on + timedelta(days=21))
    Opportunity.objects.filter(pk=corrected.pk).update(amount=(corrected.amount or Decimal(0)) * Decimal("0.85"))
    later = Opportunity.objects.filter(stage__kind=Stage.Kind.WON, closed_on__gte=quarter.end_on, created_on__lt=quarter.end_on - timedelta(days=9))
    if dated := later.order_by("closed_on", "pk").first():
        Opportunity.objects.filter(pk=dated.pk).update(closed_on=quarter.end_on - timedelta(days=2))
