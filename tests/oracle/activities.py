"""What reps do, and the days they work."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from apps.activities.models import Activity
from tests.oracle.world import DAY, Fact, Flow, Windowed, World


def done(kind: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for activity in Activity.objects.filter(kind=kind).exclude(completed_on=None).select_related("customer"):
            yield Fact(activity.completed_on, ((activity.rep_id, Decimal(1)),), activity.customer.region_id if activity.customer else None, 1)

    return facts


FLOWS: dict[str, Flow] = {
    "calls": done("call"),
    "emails": done("email"),
    "meetings": done("meeting"),
    "demos": done("demo"),
}


def worked(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    day = start
    while day < min(end, on + DAY):
        for rep in world.reps:
            if rep.hired_on <= day and (rep.left_on is None or day < rep.left_on):
                yield Fact(day, ((rep.pk, Decimal(1)),), None, 1)
        day += DAY


WINDOWS: dict[str, Windowed] = {"rep_days": worked}
