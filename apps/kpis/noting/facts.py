"""What a write to customers, leads, expenses, orders and activities notes: the cells that their rows name."""

from apps.kpis.noting.deals import DEALS, deals
from apps.kpis.noting.statements import Watch, cells, watched
from apps.kpis.streams import Stream, activities, campaigns, customers, leads

# A customer who moves to another region takes all their facts along.
REGION_MOVED = """(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.region_id IS DISTINCT FROM o.region_id)"""
WITH_CUSTOMER = {
    "leads_lead": (leads.LEADS,),
    "customers_order": (customers.ORDERS,),
    "activities_activity": (activities.ACTIVITIES,),
}
CUSTOMER_MOVED = f"""
    IF EXISTS {REGION_MOVED} THEN
        {deals(f"SELECT id FROM {DEALS} WHERE customer_id IN {REGION_MOVED}")}
        {" ".join(cells(*streams)(f"(SELECT * FROM {table} WHERE customer_id IN {REGION_MOVED})") for table, streams in WITH_CUSTOMER.items())}
    END IF;
"""


def watch(model: str, *streams: Stream, also: str = "") -> Watch:
    """Watch a table whose rows name their cells themselves."""
    template = cells(*streams)
    return watched(model, template, also=also, everything=template(model.lower().replace(".", "_")))


WATCHES = (
    watch("customers.Customer", customers.CUSTOMERS, also=CUSTOMER_MOVED),
    watch("customers.Order", customers.ORDERS),
    watch("leads.Lead", leads.LEADS),
    watch("campaigns.Expense", campaigns.EXPENSES),
    watch("activities.Activity", activities.ACTIVITIES),
)
