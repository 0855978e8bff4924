"""What was changed of a goal, in words."""

from dataclasses import dataclass
from decimal import Decimal

from apps.core import dates
from apps.core.periods import Calendar
from apps.dashboards.goals import words
from apps.goals import versions
from apps.goals.models import Goal
from apps.kpis import catalogue


@dataclass(frozen=True)
class Line:
    """One change of a goal: when, by whom, from what to what, and why."""

    at: str
    by: str
    before: str
    after: str
    reason: str


def lines(goal: Goal, currency: str, calendar: Calendar) -> list[Line]:
    """Return what was changed of a goal, the latest first."""
    unit = str(catalogue.KPIS[goal.kpi].unit) if goal.kpi in catalogue.KPIS else "count"

    def told(target: Decimal | None) -> str:
        return words.target(target, unit, currency)

    def line(one: versions.Change) -> Line:
        stays = "" if one.stays is None else str(words.STAYS[one.stays])
        days = dates.interval(calendar.from_to(*one.moved_to)) if one.moved_to else ""
        return Line(dates.instant(one.at), one.by, told(one.before), " · ".join(filter(None, (told(one.after), days, stays))), one.reason)

    return [line(one) for one in versions.history(goal)]
