"""What the demo company's customers pay every month: begun, raised, lowered, handed on, cancelled, and some begun again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

from apps.core.periods import Calendar, add_months
from apps.customers.models import Customer, Subscription
from apps.demo import seasons
from apps.reps.models import Rep

PLANS = (("Care Plan", 575), ("Insight Software", 1_040))  # with the usual amount a month
SUBSCRIBES, RAISED, LOWERED, ENDS, COMES_BACK = 0.45, 0.030, 0.010, 0.014, 0.35  # the three in the middle: a month
INTERVALS = (1, 1, 1, 3, 12)  # months between payments, as often as they are written here
NOTICE_DAYS = (20, 75)
ANNOUNCED = 0.6  # chance that a customer who leaves says so before


@dataclass(frozen=True)
class Terms:
    """What is paid a month from a day on; 0 is nothing."""

    since_on: date
    monthly: int


@dataclass(frozen=True)
class Club:
    """Makes up the subscriptions of customers as of a day."""

    rng: Random
    plan: Calendar
    on: date

    def announce(self, customers: list[Customer]) -> None:
        """Let some of those who left have said so some time before."""
        for customer in customers:
            if customer.lost_on and customer.acquired_on and self.rng.random() < ANNOUNCED:
                customer.cancelled_on = max(customer.acquired_on, customer.lost_on - self.notice())

    def subscriptions(self, customers: list[Customer]) -> Iterator[Subscription]:
        for customer in customers:
            if customer.acquired_on and self.rng.random() < SUBSCRIBES:
                yield from self.of(customer)

    def of(self, customer: Customer) -> Iterator[Subscription]:
        """Tell one customer's subscription from its beginning, and cut it off today."""
        (name, usual), months = self.rng.choice(PLANS), self.rng.choice(INTERVALS)
        told = list(self.told(customer, round(usual * self.rng.lognormvariate(0, 0.35))))
        for terms, following in pairwise([*told, None]):
            if terms and terms.monthly:
                yield from self.written(customer, name, months, terms, following)

    def told(self, customer: Customer, monthly: int) -> Iterator[Terms]:
        """Yield what is paid from when, month by month until the customer leaves or it is cancelled for good."""
        day = seasons.working_day(self.plan, customer.acquired_on + timedelta(days=self.rng.randint(3, 50)))
        last = customer.lost_on or date.max
        is_paid = False
        while day < last and day <= self.on:
            luck = self.rng.random()
            if not is_paid:
                yield Terms(day, monthly)
                is_paid = True
            elif luck < ENDS:
                yield Terms(day, 0)
                if self.rng.random() > COMES_BACK:
                    return
                is_paid, day = False, add_months(day, self.rng.randint(2, 6))
                continue
            elif luck < ENDS + RAISED + LOWERED:
                factor = self.rng.uniform(1.12, 1.6) if luck < ENDS + RAISED else self.rng.uniform(0.6, 0.9)
                monthly = round(monthly * factor)
                yield Terms(day, monthly)
            day = add_months(day, 1)
        if is_paid and customer.lost_on:
            yield Terms(customer.lost_on, 0)

    def written(self, customer: Customer, name: str, months: int, terms: Terms, following: Terms | None) -> Iterator[Subscription]:
        """Write terms as subscriptions: one, or two where whoever won the customer left meanwhile."""
        until = following.since_on if following else None
        is_cancelled = following is not None and not following.monthly
        cuts = [terms.since_on, *self.handed_over(customer, terms.since_on, until), until]
        for started_on, ended_on in pairwise(cuts):
            rep = at_work(customer, started_on)
            if rep is None or started_on is None:
                return
            row = Subscription(
                customer=customer,
                plan=name,
                rep=rep,
                amount=Decimal(terms.monthly * months),
                interval_months=months,
                started_on=started_on,
                ended_on=ended_on,
            )
            if is_cancelled and ended_on == until:
                row.cancelled_on = max(started_on, ended_on - self.notice())
            used_on = started_on + timedelta(days=self.rng.randint(0, 20))
            row.activated_on = used_on if used_on <= self.on and (ended_on is None or used_on < ended_on) else None
            yield row

    def handed_over(self, customer: Customer, since_on: date, until: date | None) -> list[date]:
        left_on = customer.acquired_by.left_on if customer.acquired_by else None
        return [left_on] if left_on and since_on < left_on <= self.on and (until is None or left_on < until) else []

    def notice(self) -> timedelta:
        return timedelta(days=self.rng.randint(*NOTICE_DAYS))


def at_work(customer: Customer, day: date) -> Rep | None:
    """Return who looks after a customer on a day: whoever won them, until they leave."""
    for rep in (customer.acquired_by, customer.owner):
        if rep and rep.hired_on <= day and (rep.left_on is None or day < rep.left_on):
            return rep
    return None
