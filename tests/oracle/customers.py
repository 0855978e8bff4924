"""Customers and their orders."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from apps.customers.models import Customer, Order
from tests.oracle.world import Fact, Flow, World


def acquisitions(world: World) -> Iterator[Fact]:
    for customer in Customer.objects.exclude(acquired_on=None):
        yield Fact(customer.acquired_on, ((customer.acquired_by_id or customer.owner_id or 0, Decimal(1)),), customer.region_id, 1)


def ordered(amount: Callable[[Order], Decimal | int | None]) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for order in Order.objects.select_related("customer"):
            yield Fact(order.ordered_on, ((order.rep_id, Decimal(1)),), order.customer.region_id if order.customer else None, amount(order))

    return facts


FLOWS: dict[str, Flow] = {
    "customers_acquired": acquisitions,
    "orders": ordered(lambda order: None if order.amount is None else 1),
    "order_amount": ordered(lambda order: order.amount),
}
