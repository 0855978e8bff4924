"""Customers won and lost, what they order, and what they subscribe to."""

from apps.kpis.streams.arms import Arm, Stream

CUSTOMER = "customers_customer"
WINNER = "coalesce(o.acquired_by_id, o.owner_id, 0)"
CANCELLED = "coalesce(o.cancelled_on, o.lost_on)"
OF_ONE = {"tables": f"{CUSTOMER} o", "rep": WINNER, "region": "coalesce(o.region_id, 0)"}
EVER_WON = "o.acquired_on IS NOT NULL"


def of_customer(table: str) -> str:
    """A table of facts about customers (`o`), with its customer (`c`)."""
    return f"{table} o LEFT JOIN {CUSTOMER} c ON c.id = o.customer_id"


# Who was never won, but lost, never stood among the customers: no increment.
CUSTOMERS = Stream(
    key="customers",
    source="customers",
    model="customers.Customer",
    columns=("step", "sign", "days"),
    arms=(
        Arm(day="o.acquired_on", columns=("'acquired'", "1", "0"), where=EVER_WON, **OF_ONE),
        Arm(
            day="o.lost_on",
            columns=("'lost'", f"-({EVER_WON})::int", "o.lost_on - o.acquired_on"),
            where="o.lost_on IS NOT NULL",
            **OF_ONE,
        ),
        Arm(day=CANCELLED, columns=("'cancelled'", "-1", "0"), where=f"{EVER_WON} AND {CANCELLED} IS NOT NULL", **OF_ONE),
    ),
    reaches=((CUSTOMER, "cancelled_on"),),
)


def gone(step: str, day: str) -> Arm:
    """Who went in the window, of those who were there when it began."""
    return Arm(
        f"{CUSTOMER} o JOIN win ON win.day = {day}",
        "win.day",
        WINNER,
        columns=(f"'{step}'",),
        where=f"o.acquired_on < win.start_on AND {day} < win.cut_on",
        region="coalesce(o.region_id, 0)",
        of=CUSTOMER,
    )


LOSSES = Stream(
    key="losses",
    source="losses",
    candidates=f"SELECT DISTINCT o.* FROM cell JOIN {CUSTOMER} o ON {WINNER} = cell.rep AND (o.lost_on = cell.day OR o.cancelled_on = cell.day)",
    reaches=((CUSTOMER, "lost_on"), (CUSTOMER, "cancelled_on")),
    model="customers.Customer",
    columns=("step",),
    arms=(gone("lost", "o.lost_on"), gone("cancelled", CANCELLED)),
    is_windowed=True,
)
ORDERS = Stream(
    key="orders",
    source="orders",
    model="customers.Order",
    columns=("amount", "cost"),
    arms=(Arm(of_customer("customers_order"), "o.ordered_on", "o.rep_id", columns=("o.amount", "o.cost")),),
)
SUBSCRIPTIONS = Stream(
    key="subscriptions",
    source="subscriptions",
    model="customers.Subscription",
    columns=("step", "sign", "mrr"),
    arms=tuple(
        Arm(of_customer("customers_subscription"), f"o.{step}_on", "o.rep_id", columns=(f"'{step}'", sign, "o.mrr"), where=f"o.{step}_on IS NOT NULL")
        for step, sign in (("started", "1"), ("ended", "-1"), ("activated", "0"), ("cancelled", "0"))
    ),
)
MOVEMENTS = Stream(
    key="movements",
    source="movements",
    model="customers.Movement",
    columns=("kind", "amount", "passed", "unrated"),
    arms=(
        Arm(
            of_customer("customers_movement"),
            "o.moved_on",
            "o.rep_id",
            columns=(
                "o.kind",
                "o.amount",
                "CASE WHEN o.kind <> 'unrated' THEN o.change - o.amount * CASE WHEN o.kind IN ('contraction', 'churned') THEN -1 ELSE 1 END ELSE 0 END",
                "CASE WHEN o.kind = 'unrated' THEN o.change ELSE 0 END",
            ),
        ),
    ),
)


def account(day: str, sign: str) -> Arm:
    """A customer begins, or ends, to pay through some reps: each counts them, and a scope that holds several counts them once."""
    return Arm(
        f"customers_payingaccount o CROSS JOIN LATERAL unnest(o.reps) r(rep) JOIN {CUSTOMER} c ON c.id = o.customer_id",
        f"o.{day}",
        "r.rep",
        columns=(sign,),
        where=f"o.{day} IS NOT NULL",
        crew="CASE WHEN cardinality(o.reps) > 1 THEN o.reps END",
        is_first="r.rep = o.reps[1] AND cardinality(o.reps) > 1",
        of="customers_payingaccount",
    )


ACCOUNTS = Stream(
    key="accounts",
    source="accounts",
    candidates=" UNION ".join(
        f"SELECT o.* FROM cell JOIN customers_payingaccount o ON o.{day} = cell.day AND cell.rep = ANY(o.reps)" for day in ("valid_from", "valid_to")
    ),
    model="customers.PayingAccount",
    columns=("sign",),
    arms=(account("valid_from", "1"), account("valid_to", "-1")),
)

STREAMS = (CUSTOMERS, LOSSES, ORDERS, SUBSCRIPTIONS, MOVEMENTS, ACCOUNTS)
