"""What customers pay a month: from the subscriptions alone, day by day, with nothing of what the database keeps about them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from apps.customers.models import Customer, Subscription
from tests.oracle.money import Rates
from tests.oracle.world import NOTHING, Fact, Flow, Stock, World

MICRO = Decimal("0.000001")
Paid = dict[int, Decimal]  # by rep


def monthly(one: Subscription, rates: Rates) -> Decimal | None:
    """What a subscription brings a month, at the rate of its first day."""
    amount = rates.money(one, one.started_on)
    return None if amount is None else (amount / one.interval_months).quantize(MICRO, ROUND_HALF_UP)


def runs(one: Subscription, day: date) -> bool:
    return one.started_on <= day and (one.ended_on is None or day < one.ended_on)


def running(subscriptions: list[Subscription], day: date, rates: Rates) -> Paid:
    """What each rep's subscriptions bring a month at the end of a day."""
    paid: Paid = defaultdict(Decimal)
    for one in subscriptions:
        amount = monthly(one, rates)
        if amount is not None and runs(one, day):
            paid[one.rep_id] += amount
    return paid


def unrated(subscriptions: list[Subscription], day: date, rates: Rates) -> dict[int, int]:
    """How many subscriptions of each rep run at the end of a day for an amount that has no rate."""
    found: dict[int, int] = defaultdict(int)
    for one in subscriptions:
        if one.currency and one.original_amount and rates.rate(one.currency, one.started_on) is None and runs(one, day):
            found[one.rep_id] += 1
    return found


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
        if self.kind == "unrated":
            return NOTHING
        return self.change + self.amount if self.kind in ("contraction", "churned") else self.change - self.amount


def kind_of(before: Decimal, after: Decimal, *, has_ever_paid: bool) -> str:
    if before == after:
        return "passed"
    if after == 0:
        return "churned"
    if before == 0:
        return "reactivated" if has_ever_paid else "new"
    return "expansion" if after > before else "contraction"


def steps(customers: list[Customer], rates: Rates) -> Iterator[Step]:
    """Walk through every customer's days and tell what changed."""
    for customer in customers:
        rows = list(customer.subscriptions.all())
        before: Paid = {}
        dark: dict[int, int] = {}
        has_ever_paid = False
        for day in sorted({day for one in rows for day in (one.started_on, one.ended_on) if day}):
            after, darkens = running(rows, day, rates), unrated(rows, day, rates)
            was, becomes = sum(before.values(), NOTHING), sum(after.values(), NOTHING)
            kind = kind_of(was, becomes, has_ever_paid=has_ever_paid)
            changes = {rep: after.get(rep, NOTHING) - before.get(rep, NOTHING) for rep in sorted({*before, *after})}
            if any(dark.values()) or any(darkens.values()):
                for rep in sorted({*changes, *dark, *darkens}):
                    if changes.get(rep) or dark.get(rep, 0) != darkens.get(rep, 0):
                        yield Step(customer, day, rep, "unrated", changes.get(rep, NOTHING), NOTHING)
            else:
                yield from parted(customer, day, kind, changes, becomes - was)
            has_ever_paid = has_ever_paid or becomes > 0 or any(darkens.values())
            before, dark = after, darkens


def parted(customer: Customer, day: date, kind: str, changes: Paid, of_all: Decimal) -> Iterator[Step]:
    """Give each rep their part of the change of a customer's sum."""
    along = {rep: change for rep, change in changes.items() if (change > 0) == (of_all > 0) and change and of_all}
    whole, given, taken = sum(along.values(), NOTHING), NOTHING, NOTHING
    for rep, change in changes.items():
        amount = NOTHING
        if rep in along:
            given += change
            share = (abs(of_all) * given / whole).quantize(MICRO, ROUND_HALF_UP)
            amount, taken = share - taken, share
        if change:
            yield Step(customer, day, rep, kind, change, amount)


def moved(kind: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for step in steps(world.customers, world.rates):
            if step.kind == kind:
                yield Fact(step.day, ((step.rep, Decimal(1)),), step.customer.region_id, step.amount)
            elif step.kind == "unrated" and kind == "churned":
                yield Fact(step.day, ((step.rep, Decimal(1)),), step.customer.region_id, None)

    return facts


def beside_no_rate(world: World) -> Iterator[Fact]:
    for step in steps(world.customers, world.rates):
        if step.kind == "unrated":
            yield Fact(step.day, ((step.rep, Decimal(1)),), step.customer.region_id, step.change)


def passed(world: World) -> Iterator[Fact]:
    for step in steps(world.customers, world.rates):
        yield Fact(step.day, ((step.rep, Decimal(1)),), step.customer.region_id, step.passed)


def event(name: str, *, is_count: bool = True) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for one in world.subscriptions:
            if getattr(one, name) is not None:
                yield Fact(getattr(one, name), ((one.rep_id, Decimal(1)),), one.customer.region_id, 1 if is_count else monthly(one, world.rates))

    return facts


def standing(world: World, day: date) -> Iterator[Fact]:
    for one in world.subscriptions:
        if one.started_on <= day and (one.ended_on is None or one.ended_on > day):
            yield Fact(day, ((one.rep_id, Decimal(1)),), one.customer.region_id, monthly(one, world.rates))


def paying(world: World, day: date) -> Iterator[Fact]:
    for customer in world.customers:
        reps = [rep for rep, amount in running(list(customer.subscriptions.all()), day, world.rates).items() if amount > 0]
        if reps:
            yield Fact(day, tuple((rep, Decimal(1)) for rep in reps), customer.region_id, 1)


FLOWS: dict[str, Flow] = {
    **{f"mrr_{kind}": moved(kind) for kind in ("new", "expansion", "contraction", "churned", "reactivated")},
    "mrr_passed": passed,
    "mrr_unrated": beside_no_rate,
    "mrr_cancelled": event("cancelled_on", is_count=False),
    "subscriptions_started": event("started_on"),
    "subscriptions_activated": event("activated_on"),
    "subscriptions_cancelled": event("cancelled_on"),
}
STOCKS: dict[str, Stock] = {"mrr": standing, "paying_accounts": paying}
