"""What was changed of a goal: when, by whom and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.models import User
from apps.goals.models import Goal, GoalVersion


@dataclass(frozen=True)
class Change:
    """One thing that happened to a goal: its target before and after, None where there was, or is, none; and its days, if those were changed."""

    at: datetime
    by: str
    reason: str
    before: Decimal | None
    after: Decimal | None
    moved_to: tuple[date, date] | None


def history(goal: Goal) -> list[Change]:
    """Return what was changed of a goal, the latest first."""
    return changes(GoalVersion.objects.filter(goal=goal).select_related("set_by", "ended_by"))


def changes(versions: Iterable[GoalVersion]) -> list[Change]:
    """Return what happened between some versions of one goal, which follow one another; the latest first."""
    found: list[Change] = []
    before: GoalVersion | None = None
    for version in versions:
        days = (version.start_on, version.last_on)
        moved_to = days if before and days != (before.start_on, before.last_on) else None
        found.append(Change(version.set_at, _name(version.set_by), version.reason, before.target if before else None, version.target, moved_to))
        before = version
    if before and before.ended_at:
        found.append(Change(before.ended_at, _name(before.ended_by), before.end_reason, before.target, None, None))
    return found[::-1]


def _name(user: User | None) -> str:
    return str(user) if user else ""
