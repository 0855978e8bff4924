"""What a write to deals, their states, credits and stages notes."""

from apps.kpis.noting.statements import NOTE, Watch
from apps.kpis.streams import UNDATED

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


# A state rewritten by the deal's own trigger is noted there, unless it leaves a day or an owner behind.
STATES_CHANGED = """(SELECT o.* FROM old_rows o LEFT JOIN new_rows n USING (id) WHERE pg_trigger_depth() = 1
    OR (o.valid_from, o.valid_to, o.owner_id, o.expected_close_on) IS DISTINCT FROM (n.valid_from, n.valid_to, n.owner_id, n.expected_close_on))"""
# Every deal that was ever in a stage; one without a creation day has no past states.
STAGES_DEALS = f"""SELECT opportunity_id FROM {VERSIONS} WHERE stage_id IN (SELECT id FROM new_rows) OR previous_stage_id IN (SELECT id FROM new_rows)
    UNION SELECT id FROM {DEALS} WHERE stage_id IN (SELECT id FROM new_rows)"""

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
)
