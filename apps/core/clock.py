"""The only place that reads the clock. Called at the edges; below them a day is a parameter."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from apps.core.models import Organisation


def now() -> datetime:
    """Return the instant, in UTC."""
    return datetime.now(UTC)


def today(organisation: Organisation | None = None) -> date:
    """Return the organisation's day."""
    return now().astimezone(ZoneInfo((organisation or Organisation.get()).time_zone)).date()
