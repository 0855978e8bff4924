"""Customers acquired and lost, and what they order."""

from apps.kpis.streams.arms import Arm, Stream

CUSTOMERS = Stream(
    key="customers",
    source="customers",
    model="customers.Customer",
    columns=("step",),
    arms=tuple(
        Arm(
            "customers_customer o",
            f"o.{step}_on",
            "coalesce(o.acquired_by_id, o.owner_id, 0)",
            columns=(f"'{step}'",),
            where=f"o.{step}_on IS NOT NULL",
            region="coalesce(o.region_id, 0)",
        )
        for step in ("acquired", "lost")
    ),
)
ORDERS = Stream(
    key="orders",
    source="orders",
    model="customers.Order",
    columns=("amount", "cost"),
    arms=(Arm("customers_order o LEFT JOIN customers_customer c ON c.id = o.customer_id", "o.ordered_on", "o.rep_id", columns=("o.amount", "o.cost")),),
)

STREAMS = (CUSTOMERS, ORDERS)
