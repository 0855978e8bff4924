"""Notes which cells a write touched, whatever path wrote it: statement triggers on the tables that facts are in.

A cell is a day and rep of a source. A trigger notes too many rather than too few: a cell recounted in vain costs little.
"""

from dataclasses import dataclass
from typing import Any

import pgtrigger

from apps.kpis.streams import UNDATED

NOTE = "INSERT INTO kpis_dirtycell (source, day, rep)"
DEALS = "opportunities_opportunity"
VERSIONS = "opportunities_opportunityversion"


def deals(ids: str) -> str:
    """Note every day and every rep of some deals, as they stand now."""
    return f"""{NOTE}
        WITH i AS MATERIALIZED (SELECT DISTINCT id FROM ({ids}) t(id)), days AS (
            SELECT i.id, d.day FROM i JOIN {DEALS} o ON o.id = i.id
                CROSS JOIN LATERAL (VALUES (coalesce(o.created_on, {UNDATED})), (o.closed_on)) d(day) WHERE d.day IS NOT NULL
            UNION
            SELECT i.id, d.day FROM i JOIN {VERSIONS} v ON v.opportunity_id = i.id
                CROSS JOIN LATERAL (VALUES (v.valid_from), (v.valid_to), (v.expected_close_on)) d(day) WHERE d.day IS NOT NULL
        ), reps AS (
            SELECT i.id, o.owner_id AS rep FROM i JOIN {DEALS} o ON o.id = i.id
            UNION SELECT i.id, v.owner_id FROM i JOIN {VERSIONS} v ON v.opportunity_id = i.id
            UNION SELECT i.id, c.rep_id FROM i JOIN opportunities_credit c ON c.opportunity_id = i.id
        )
        SELECT DISTINCT 'opportunities', days.day, reps.rep FROM days JOIN reps USING (id);"""


def columns(source: str, rows: str, *pairs: tuple[str, str]) -> str:
    """Note the days and reps that rows themselves name."""
    selects = " UNION ".join(f"SELECT '{source}', {day}, {rep} FROM {rows} t WHERE {day} IS NOT NULL" for day, rep in pairs)
    return f"{NOTE} {selects};"


def deal_rows(rows: str) -> str:
    """Note what written rows of the deals' table say, with the reps of all their states."""
    return f"""{NOTE}
        SELECT DISTINCT 'opportunities', d.day, r.rep FROM {rows} t
        CROSS JOIN LATERAL (VALUES (coalesce(t.created_on, {UNDATED})), (t.closed_on), (t.expected_close_on)) d(day)
        CROSS JOIN LATERAL (
            SELECT t.owner_id AS rep
            UNION SELECT v.owner_id FROM {VERSIONS} v WHERE v.opportunity_id = t.id
            UNION SELECT c.rep_id FROM opportunities_credit c WHERE c.opportunity_id = t.id
        ) r WHERE d.day IS NOT NULL;"""


def version_rows(rows: str) -> str:
    """Note what written rows of the states' table say: their own days, for their owner and all credited reps."""
    return f"""{NOTE}
        SELECT DISTINCT 'opportunities', d.day, r.rep FROM {rows} t
        CROSS JOIN LATERAL (VALUES (t.valid_from), (t.valid_to), (t.expected_close_on)) d(day)
        CROSS JOIN LATERAL (
            SELECT t.owner_id AS rep UNION SELECT c.rep_id FROM opportunities_credit c WHERE c.opportunity_id = t.opportunity_id
        ) r WHERE d.day IS NOT NULL;"""


def credit_rows(rows: str) -> str:
    """Note, for the reps of written credits, every day of their deals."""
    return f"""{NOTE}
        SELECT DISTINCT 'opportunities', d.day, t.rep_id FROM {rows} t JOIN {DEALS} o ON o.id = t.opportunity_id
        LEFT JOIN {VERSIONS} v ON v.opportunity_id = o.id
        CROSS JOIN LATERAL (VALUES (coalesce(o.created_on, {UNDATED})), (o.closed_on), (v.valid_from), (v.valid_to), (v.expected_close_on)) d(day)
        WHERE d.day IS NOT NULL;"""


LEAD_PAIRS = (
    ("t.created_on", "coalesce(t.created_for_id, t.owner_id)"),
    ("t.qualified_on", "coalesce(t.qualified_by_id, t.owner_id)"),
    ("t.opportunity_on", "coalesce(t.opportunity_by_id, t.owner_id)"),
    ("t.converted_on", "coalesce(t.converted_by_id, t.owner_id)"),
)
CUSTOMER_PAIRS = tuple((f"t.{step}_on", "coalesce(t.acquired_by_id, t.owner_id, 0)") for step in ("acquired", "lost"))
ORDER_PAIRS = (("t.ordered_on", "t.rep_id"),)
ACTIVITY_PAIRS = (("t.completed_on", "t.rep_id"),)

# A customer who moves to another region takes all their facts along.
REGION_MOVED = """(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE n.region_id IS DISTINCT FROM o.region_id)"""
CUSTOMER_MOVED = f"""
    IF EXISTS {REGION_MOVED} THEN
        {deals(f"SELECT id FROM {DEALS} WHERE customer_id IN {REGION_MOVED}")}
        {columns("leads", f"(SELECT * FROM leads_lead WHERE customer_id IN {REGION_MOVED})", *LEAD_PAIRS)}
        {columns("orders", f"(SELECT * FROM customers_order WHERE customer_id IN {REGION_MOVED})", *ORDER_PAIRS)}
        {columns("activities", f"(SELECT * FROM activities_activity WHERE customer_id IN {REGION_MOVED})", *ACTIVITY_PAIRS)}
    END IF;
"""
# A state rewritten by the deal's own trigger is noted there, unless it leaves a day or an owner behind.
STATES_CHANGED = """(SELECT o.* FROM old_rows o LEFT JOIN new_rows n USING (id) WHERE pg_trigger_depth() = 1
    OR (o.valid_from, o.valid_to, o.owner_id, o.expected_close_on) IS DISTINCT FROM (n.valid_from, n.valid_to, n.owner_id, n.expected_close_on))"""
# Every deal that was ever in a stage; one without a creation day has no past states.
STAGES_DEALS = f"""SELECT opportunity_id FROM {VERSIONS} WHERE stage_id IN (SELECT id FROM new_rows) OR previous_stage_id IN (SELECT id FROM new_rows)
    UNION SELECT id FROM {DEALS} WHERE stage_id IN (SELECT id FROM new_rows)"""
STANDING = "INSERT INTO kpis_dirtystanding DEFAULT VALUES;"


@dataclass(frozen=True)
class Watch:
    """What a write to one table notes: `inserted`, `deleted` and `updated` are SQL over new_rows and old_rows."""

    model: str
    inserted: str
    updated: str
    deleted: str
    everything: str = ""


def both(template: Any) -> tuple[str, str, str]:
    """Note new rows on insert, old ones on delete, both on update."""
    return template("new_rows"), template("old_rows") + template("new_rows"), template("old_rows")


def watched(model: str, template: Any, *, also: str = "", everything: str = "") -> Watch:
    inserted, updated, deleted = both(template)
    return Watch(model, inserted, updated + also, deleted, everything)


WATCHES = (
    Watch(
        "opportunities.Opportunity",
        deals("SELECT id FROM new_rows"),
        deal_rows("old_rows") + deals("SELECT id FROM new_rows"),
        deal_rows("old_rows"),
        deals(f"SELECT id FROM {DEALS}"),
    ),
    Watch(
        "opportunities.OpportunityVersion",
        f"IF pg_trigger_depth() = 1 THEN {deals('SELECT opportunity_id FROM new_rows')} END IF;",
        version_rows(STATES_CHANGED) + f"IF pg_trigger_depth() = 1 THEN {deals('SELECT opportunity_id FROM new_rows')} END IF;",
        version_rows("old_rows"),
    ),
    Watch(
        "opportunities.Credit",
        deals("SELECT opportunity_id FROM new_rows"),
        credit_rows("old_rows") + deals("SELECT opportunity_id FROM new_rows UNION SELECT opportunity_id FROM old_rows"),
        credit_rows("old_rows") + deals("SELECT opportunity_id FROM old_rows"),
    ),
    Watch(
        "opportunities.Stage",
        "",
        f"""IF EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id)
            WHERE (n.kind, n.position, n.probability) IS DISTINCT FROM (o.kind, o.position, o.probability)) THEN
            {deals(STAGES_DEALS)}
        END IF;""",
        "",
    ),
    watched(
        "customers.Customer",
        lambda rows: columns("customers", rows, *CUSTOMER_PAIRS),
        also=CUSTOMER_MOVED,
        everything=columns("customers", "customers_customer", *CUSTOMER_PAIRS),
    ),
    watched("customers.Order", lambda rows: columns("orders", rows, *ORDER_PAIRS), everything=columns("orders", "customers_order", *ORDER_PAIRS)),
    watched("leads.Lead", lambda rows: columns("leads", rows, *LEAD_PAIRS), everything=columns("leads", "leads_lead", *LEAD_PAIRS)),
    watched(
        "activities.Activity",
        lambda rows: columns("activities", rows, *ACTIVITY_PAIRS),
        everything=columns("activities", "activities_activity", *ACTIVITY_PAIRS),
    ),
    Watch("reps.Membership", STANDING, STANDING, STANDING),
    Watch("reps.Team", "", STANDING, STANDING),
)


def everything() -> list[str]:
    """Return the statements that note every cell of every source."""
    return [watch.everything.rstrip(";") for watch in WATCHES if watch.everything]


def triggers(watch: Watch) -> list[pgtrigger.Trigger]:
    """Return the statement triggers of a watch: transition tables allow one event each."""
    old, new = pgtrigger.Referencing(old="old_rows"), pgtrigger.Referencing(new="new_rows")
    both_rows = pgtrigger.Referencing(old="old_rows", new="new_rows")
    events = (
        ("inserts", pgtrigger.Insert, new, watch.inserted),
        ("updates", pgtrigger.Update, both_rows, watch.updated),
        ("deletes", pgtrigger.Delete, old, watch.deleted),
    )
    return [
        pgtrigger.Trigger(
            name=f"note_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=f"{body} RETURN NULL;",
        )
        for name, operation, referencing, body in events
        if body
    ]
