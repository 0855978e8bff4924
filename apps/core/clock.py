"""The only place that reads the clock. Called at the edges; below them a day is a parameter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from apps.core.models import Organisation


def now() -> datetime:
    """Return the instant, in UTC."""
    return datetime.now(UTC)


def day_of(instant: datetime, organisation: Organisation | None = None) -> date:
    """Return the organisation's day that an instant falls on."""
    return instant.astimezone(ZoneInfo((organisation or Organisation.get()).time_zone)).date()


def another_day(day: date) -> str:
    """Say that a day that was given beside an instant is another one than the instant's."""
    return _("The instant falls on %(day)s in the organisation’s time zone. Correct one of the two, or leave the day empty.") % {"day": day}


def today(organisation: Organisation | None = None) -> date:
    """Return the organisation's day."""
    return day_of(now(), organisation)
