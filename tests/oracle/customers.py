"""Customers and their orders."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from apps.customers.models import Customer
from tests.oracle.world import DAY, Fact, Flow, Stock, Windowed, World


def of(customer: Customer, day: date) -> Fact:
    return Fact(day, ((customer.acquired_by_id or customer.owner_id or 0, Decimal(1)),), customer.region_id, 1)


def acquisitions(world: World) -> Iterator[Fact]:
    for customer in world.customers:
        if customer.acquired_on:
            yield of(customer, customer.acquired_on)


def losses(world: World) -> Iterator[Fact]:
    for customer in world.customers:
        if customer.lost_on:
            yield of(customer, customer.lost_on)


def early_losses(world: World) -> Iterator[Fact]:
    for customer in world.customers:
        if customer.lost_on and customer.acquired_on and (customer.lost_on - customer.acquired_on).days <= 365:
            yield of(customer, customer.lost_on)


def lost(customer: Customer) -> date | None:
    return customer.lost_on


def left(customer: Customer) -> date | None:
    return customer.cancelled_on or customer.lost_on


def there(going: Callable[[Customer], date | None]) -> Stock:
    """Who is a customer at the end of a day."""

    def facts(world: World, day: date) -> Iterator[Fact]:
        for customer in world.customers:
            gone = going(customer)
            if customer.acquired_on and customer.acquired_on <= day and (gone is None or gone > day):
                yield of(customer, day)

    return facts


def gone(going: Callable[[Customer], date | None]) -> Windowed:
    """Who was a customer the evening before a window, and no longer is at the end of it, or now."""

    def facts(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
        until = min(end - DAY, on)
        for customer in world.customers:
            day = going(customer)
            if customer.acquired_on and customer.acquired_on <= start - DAY and day and start <= day <= until:
                yield of(customer, until)

    return facts


def ordered(money: str = "amount", *, is_count: bool = False) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for order in world.orders:
            amount = world.rates.money(order, order.ordered_on, money)
            counted = 1 if is_count and amount is not None else amount
            yield Fact(order.ordered_on, ((order.rep_id, Decimal(1)),), order.customer.region_id if order.customer else None, counted)

    return facts


FLOWS: dict[str, Flow] = {
    "customers_acquired": acquisitions,
    "customers_lost": losses,
    "customers_lost_first_year": early_losses,
    "orders": ordered(is_count=True),
    "order_amount": ordered(),
    "order_cost": ordered("cost"),
}
STOCKS: dict[str, Stock] = {"active_customers": there(lost), "uncancelled_customers": there(left)}
WINDOWS: dict[str, Windowed] = {"customers_gone": gone(lost), "customers_cancelled": gone(left)}
