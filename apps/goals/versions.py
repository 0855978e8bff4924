"""What was changed of a goal: when, by whom and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.models import User
from apps.goals.models import Goal, GoalVersion


@dataclass(frozen=True)
class Change:
    """One thing that happened to a goal: its target before and after, None where there was, or is, none; its days, and whether it is a limit, if those were changed."""

    at: datetime
    by: str
    reason: str
    before: Decimal | None
    after: Decimal | None
    moved_to: tuple[date, date] | None
    stays: str | None = None


@dataclass(frozen=True)
class PlanChange:
    """One change of a year's plan: of whose target, over which days, and what it was."""

    version: GoalVersion
    change: Change


def since(kpi: str, first_on: date, last_on: date, *, on: date) -> list[PlanChange]:
    """Return what was changed, after a day, of the targets of a KPI that lie within some days; the latest first."""
    versions = GoalVersion.objects.filter(kpi=kpi, start_on__gte=first_on, last_on__lte=last_on).select_related("set_by", "ended_by", "region", "team", "rep")
    by_goal: dict[int, list[GoalVersion]] = {}
    for version in versions:
        by_goal.setdefault(version.goal_id, []).append(version)
    found = []
    for kept in by_goal.values():
        days = [version.set_on for version in kept] + [day for day in [kept[-1].ended_on] if day]
        for day, change in zip(reversed(days), changes(kept), strict=True):
            if day > on:
                found.append(PlanChange(kept[-1], change))
    return sorted(found, key=lambda one: one.change.at, reverse=True)


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
        stays = version.stay if before and version.stay != before.stay else None
        found.append(Change(version.set_at, _name(version.set_by), version.reason, before.target if before else None, version.target, moved_to, stays))
        before = version
    if before and before.ended_at:
        found.append(Change(before.ended_at, _name(before.ended_by), before.end_reason, before.target, None, None))
    return found[::-1]


def _name(user: User | None) -> str:
    return str(user) if user else ""
