"""What customers pay a month: from the subscriptions alone, day by day, with nothing of what the database keeps about them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from apps.customers.models import Customer, Subscription
from tests.oracle.world import NOTHING, Fact, Flow, Stock, World

MICRO = Decimal("0.000001")
Paid = dict[int, Decimal]  # by rep


def running(subscriptions: list[Subscription], day: date) -> Paid:
    """What each rep's subscriptions bring a month at the end of a day."""
    paid: Paid = defaultdict(Decimal)
    for one in subscriptions:
        if one.mrr is not None and one.started_on <= day and (one.ended_on is None or day < one.ended_on):
            paid[one.rep_id] += one.mrr
    return paid


@dataclass(frozen=True)
class Step:
    """What happened to one rep's part of one customer's amount on one day."""

    customer: Customer
    day: date
    rep: int
    kind: str
    change: Decimal
    amount: Decimal

    @property
    def passed(self) -> Decimal:
        return self.change + self.amount if self.kind in ("contraction", "churned") else self.change - self.amount


def kind_of(before: Decimal, after: Decimal, *, has_ever_paid: bool) -> str:
    if before == after:
        return "passed"
    if after == 0:
        return "churned"
    if before == 0:
        return "reactivated" if has_ever_paid else "new"
    return "expansion" if after > before else "contraction"


def steps(customers: list[Customer]) -> Iterator[Step]:
    """Walk through every customer's days and tell what changed."""
    for customer in customers:
        rows = list(customer.subscriptions.all())
        before: Paid = {}
        has_ever_paid = False
        for day in sorted({day for one in rows for day in (one.started_on, one.ended_on) if day}):
            after = running(rows, day)
            was, becomes = sum(before.values(), NOTHING), sum(after.values(), NOTHING)
            kind = kind_of(was, becomes, has_ever_paid=has_ever_paid)
            changes = {rep: after.get(rep, NOTHING) - before.get(rep, NOTHING) for rep in sorted({*before, *after})}
            along = {rep: change for rep, change in changes.items() if (change > 0) == (becomes > was) and change and becomes != was}
            whole, given, taken = sum(along.values(), NOTHING), NOTHING, NOTHING
            for rep, change in changes.items():
                amount = NOTHING
                if rep in along:
                    given += change
                    share = (abs(becomes - was) * given / whole).quantize(MICRO, ROUND_HALF_UP)
                    amount, taken = share - taken, share
                if change:
                    yield Step(customer, day, rep, kind, change, amount)
            has_ever_paid = has_ever_paid or becomes > 0
            before = after


def moved(kind: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for step in steps(world.customers):
            if step.kind == kind:
                yield Fact(step.day, ((step.rep, Decimal(1)),), step.customer.region_id, step.amount)

    return facts


def passed(world: World) -> Iterator[Fact]:
    for step in steps(world.customers):
        yield Fact(step.day, ((step.rep, Decimal(1)),), step.customer.region_id, step.passed)


def event(name: str, amount: Callable[[Subscription], Decimal | int | None]) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for one in world.subscriptions:
            if getattr(one, name) is not None:
                yield Fact(getattr(one, name), ((one.rep_id, Decimal(1)),), one.customer.region_id, amount(one))

    return facts


def standing(world: World, day: date) -> Iterator[Fact]:
    for one in world.subscriptions:
        if one.started_on <= day and (one.ended_on is None or one.ended_on > day):
            yield Fact(day, ((one.rep_id, Decimal(1)),), one.customer.region_id, one.mrr)


def paying(world: World, day: date) -> Iterator[Fact]:
    for customer in world.customers:
        reps = [rep for rep, amount in running(list(customer.subscriptions.all()), day).items() if amount > 0]
        if reps:
            yield Fact(day, tuple((rep, Decimal(1)) for rep in reps), customer.region_id, 1)


FLOWS: dict[str, Flow] = {
    **{f"mrr_{kind}": moved(kind) for kind in ("new", "expansion", "contraction", "churned", "reactivated")},
    "mrr_passed": passed,
    "mrr_cancelled": event("cancelled_on", lambda one: one.mrr),
    "subscriptions_started": event("started_on", lambda one: 1),
    "subscriptions_activated": event("activated_on", lambda one: 1),
    "subscriptions_cancelled": event("cancelled_on", lambda one: 1),
}
STOCKS: dict[str, Stock] = {"mrr": standing, "paying_accounts": paying}
