"""What a write to customers, leads, expenses, orders, subscriptions and activities notes: the cells that their rows name."""

from apps.core.statements import pairs
from apps.kpis.noting.deals import DEALS, deals, offers
from apps.kpis.noting.statements import NOTE, Template, Watch, cells, watched
from apps.kpis.streams import activities, campaigns, customers, leads

# A customer who moves to another region takes all their facts along.
REGION_MOVED = f"({pairs('n.id', 'n.region_id IS DISTINCT FROM o.region_id')})"
DEALS_MOVED = f"SELECT id FROM {DEALS} WHERE customer_id IN {REGION_MOVED}"


def accounts(rows: str) -> str:
    """Note the first and last day of paying customers' rows, for each of their reps."""
    return f"""{NOTE} SELECT 'accounts', d.day, r.rep FROM {rows} o CROSS JOIN LATERAL unnest(o.reps) r(rep)
        CROSS JOIN LATERAL (VALUES (o.valid_from), (o.valid_to)) d(day) WHERE d.day IS NOT NULL;"""


def losses(rows: str) -> str:
    """Note the days on which customers went: whether they were there at a window's start depends on all their days."""
    return f"""{NOTE} SELECT DISTINCT 'losses', d.day, {customers.WINNER} FROM {rows} o
        CROSS JOIN LATERAL (VALUES (o.lost_on), (o.cancelled_on)) d(day) WHERE d.day IS NOT NULL;"""


def losses_between(before: str, on: str) -> str:
    """Note who goes on a day after one day, up to another: what is counted per period sees them only once it is that day."""
    return losses(f"(SELECT * FROM {customers.CUSTOMER} WHERE lost_on > {before} AND lost_on <= {on} OR cancelled_on > {before} AND cancelled_on <= {on})")


WITH_CUSTOMER = {
    "leads_lead": cells(leads.LEADS),
    "customers_order": cells(customers.ORDERS),
    "customers_subscription": cells(customers.SUBSCRIPTIONS),
    "customers_movement": cells(customers.MOVEMENTS),
    "customers_payingaccount": accounts,
    "activities_activity": cells(activities.ACTIVITIES),
}
# Whoever writes a fact of theirs meanwhile waits until the customer has moved (a new one when it commits, where its customer is looked up), or is
# seen here: counted in between it would stay in the old region. In the order in which facts lock one another, so that the two do not wait for each
# other: an activity its lead or deal, all of them their customer at last. What belongs to a subscription is written by who holds its customer.
WAITING = ("activities_activity", "customers_order", "leads_lead", DEALS)
FACTS_WAIT = "\n".join(
    f"PERFORM FROM {table} WHERE {column} IN {REGION_MOVED} ORDER BY id FOR UPDATE;"
    for table, column in (*((table, "customer_id") for table in WAITING), ("customers_customer", "id"))
)
CUSTOMER_MOVED = f"""
    IF EXISTS {REGION_MOVED} THEN
        {FACTS_WAIT}
        {deals(DEALS_MOVED)}
        {offers(DEALS_MOVED)}
        {" ".join(template(f"(SELECT * FROM {table} WHERE customer_id IN {REGION_MOVED})") for table, template in WITH_CUSTOMER.items())}
    END IF;
"""


def watch(model: str, *templates: Template, also: str = "") -> Watch:
    """Watch a table whose rows name their cells themselves."""

    def template(rows: str) -> str:
        return " ".join(each(rows) for each in templates)

    return watched(model, template, also=also)


WATCHES = (
    watch("customers.Customer", cells(customers.CUSTOMERS), losses, also=CUSTOMER_MOVED),
    watch("customers.Order", cells(customers.ORDERS)),
    watch("customers.Subscription", cells(customers.SUBSCRIPTIONS)),
    watch("customers.Movement", cells(customers.MOVEMENTS)),
    watch("customers.PayingAccount", accounts),
    watch("leads.Lead", cells(leads.LEADS, leads.SOURCES)),
    watch("campaigns.Expense", cells(campaigns.EXPENSES)),
    watch("activities.Activity", cells(activities.ACTIVITIES)),
    watch("activities.SocialPost", cells(activities.POSTS)),
    watch("activities.Assessment", cells(activities.ASSESSMENTS)),
)
