"""What a write to deals, their states, credits and stages notes."""

from apps.core.statements import pairs
from apps.kpis.noting.statements import NOTE, Watch
from apps.kpis.streams import UNDATED
from apps.kpis.streams.quotes import QUOTE

DEALS = "opportunities_opportunity"
VERSIONS = "opportunities_opportunityversion"


REPS = f"""reps AS (
            SELECT i.id, o.owner_id AS rep FROM i JOIN {DEALS} o ON o.id = i.id
            UNION SELECT i.id, v.owner_id FROM i JOIN {VERSIONS} v ON v.opportunity_id = i.id
            UNION SELECT i.id, c.rep_id FROM i JOIN opportunities_credit c ON c.opportunity_id = i.id
        )"""
# Days of a deal's row `o`, and of a state `v`, by the source that counts them.
OF_DEAL = f"""('deals', coalesce(o.created_on, {UNDATED})), ('deals', o.closed_on), ('states', CASE WHEN o.created_on IS NULL THEN {UNDATED} END)"""
OF_STATE = "('states', v.valid_from), ('states', v.valid_to)"
OF_OUTLOOK = "('outlook', v.expected_close_on)"


def alone(ids: str) -> str:
    """Lock deals, so that of two quotes or shares written at once, and of one and its deal's own change, the later notes what it does to the earlier."""
    return f"PERFORM FROM {DEALS} WHERE id IN ({ids}) ORDER BY id FOR NO KEY UPDATE;"


def deals(ids: str) -> str:
    """Note every day and every rep of some deals, as they stand now."""
    return noted(ids, OF_DEAL, f"{OF_STATE}, {OF_OUTLOOK}")


def deals_alone(ids: str) -> str:
    """Note the days of some deals' own rows, for every rep they ever had."""
    return noted(ids, OF_DEAL)


def outlooks(ids: str) -> str:
    """Note every day on which some deals were ever expected to close: whether one slipped depends on all its states."""
    return noted(ids, "", OF_OUTLOOK)


def closings(ids: str) -> str:
    """Note the days on which some deals closed: whether they were won with a quote is counted there."""
    return noted(ids, "('deals', o.closed_on)")


def offers(ids: str) -> str:
    """Note every day of some deals' quotes: which revision of one counts depends on all of them."""
    return f"""{NOTE} SELECT DISTINCT 'quotes', d.day, q.rep_id FROM {QUOTE} q CROSS JOIN LATERAL (VALUES (q.sent_on), (q.accepted_on)) d(day)
        WHERE q.opportunity_id IN ({ids}) AND d.day IS NOT NULL;"""


def noted(ids: str, of_deal: str, of_state: str = "") -> str:
    days = [
        f"SELECT i.id, d.source, d.day FROM i JOIN {DEALS} o ON o.id = i.id CROSS JOIN LATERAL (VALUES {of_deal}) d(source, day)" if of_deal else "",
        f"SELECT i.id, d.source, d.day FROM i JOIN {VERSIONS} v ON v.opportunity_id = i.id CROSS JOIN LATERAL (VALUES {of_state}) d(source, day)"
        if of_state
        else "",
    ]
    return f"""{NOTE}
        WITH i AS MATERIALIZED (SELECT DISTINCT id FROM ({ids}) t(id)), days AS ({" UNION ".join(filter(None, days))}), {REPS}
        SELECT DISTINCT days.source, days.day, reps.rep FROM days JOIN reps USING (id) WHERE days.day IS NOT NULL;"""


def new_deals(rows: str) -> str:
    """Note what new deals say, for their owners; their states, and who is credited later, note themselves."""
    return f"""{NOTE} SELECT DISTINCT d.source, d.day, o.owner_id FROM {rows} o CROSS JOIN LATERAL (VALUES {OF_DEAL}) d(source, day) WHERE d.day IS NOT NULL;"""


def deal_rows(rows: str) -> str:
    """Note what written rows of the deals' table say, with the reps of all their states."""
    return f"""{NOTE}
        SELECT DISTINCT d.source, d.day, r.rep FROM {rows} o CROSS JOIN LATERAL (VALUES {OF_DEAL}) d(source, day)
        CROSS JOIN LATERAL (
            SELECT o.owner_id AS rep
            UNION SELECT v.owner_id FROM {VERSIONS} v WHERE v.opportunity_id = o.id
            UNION SELECT c.rep_id FROM opportunities_credit c WHERE c.opportunity_id = o.id
        ) r WHERE d.day IS NOT NULL;"""


def state_rows(rows: str, days: str = f"{OF_STATE}, {OF_OUTLOOK}, ('deals', v.valid_from)") -> str:
    """Note what written rows of the states' table say: their own days, for their owner and all credited reps."""
    return f"""{NOTE}
        SELECT DISTINCT d.source, d.day, r.rep FROM {rows} v
        CROSS JOIN LATERAL (SELECT v.owner_id AS rep UNION ALL SELECT c.rep_id FROM opportunities_credit c WHERE c.opportunity_id = v.opportunity_id) r
        CROSS JOIN LATERAL (VALUES {days}) d(source, day) WHERE d.day IS NOT NULL;"""


def credit_rows(rows: str) -> str:
    """Note, for the reps of written credits, every day of their deals."""
    return f"""{NOTE}
        SELECT DISTINCT d.source, d.day, t.rep_id FROM {rows} t JOIN {DEALS} o ON o.id = t.opportunity_id
        LEFT JOIN {VERSIONS} v ON v.opportunity_id = o.id
        CROSS JOIN LATERAL (VALUES {OF_DEAL}, {OF_STATE}, {OF_OUTLOOK}) d(source, day)
        WHERE d.day IS NOT NULL;"""


BOTH_IDS = "SELECT opportunity_id FROM new_rows UNION SELECT opportunity_id FROM old_rows"
OF_STATES, OF_OLD = "SELECT opportunity_id FROM new_rows", "SELECT opportunity_id FROM old_rows"
# New states of deals that had others, or are not all expected to close on one day with one owner: of these `outlooks` has more to note than they say.
OF_SEVERAL = """SELECT opportunity_id FROM new_rows GROUP BY 1
    HAVING min(sequence) <> 1 OR min(owner_id) <> max(owner_id) OR min(expected_close_on) <> max(expected_close_on)"""
# A customer whose region is another one takes the deal's whole past along.
CUSTOMER_CHANGED = pairs("n.id", "n.customer_id IS DISTINCT FROM o.customer_id")


def changed(which: str, columns: str, *, but: str = "") -> str:
    """Return the old rows `o`, or the new ones `n`, of which some columns are others now, and others are not."""

    def differ(names: str) -> str:
        return f"ROW({', '.join(f'o.{name}' for name in names.split(', '))}) IS DISTINCT FROM ROW({', '.join(f'n.{name}' for name in names.split(', '))})"

    alike = f" AND NOT {differ(but)}" if but else ""
    return f"({pairs(f'{which}.*', f'{differ(columns)}{alike}')})"


# What says where a deal, or a state, is counted; and what is only counted there. The deal's own trigger touches many states and changes few.
DEAL_PLACE, DEAL_VALUE = "created_on, closed_on, stage_id, owner_id, customer_id", "amount, cost, first_contact_on"
STATE_PLACE, STATE_VALUE = "valid_from, valid_to, owner_id, stage_id, expected_close_on, previous_stage_id, previous_stage_since", "amount, probability"
# Every deal that was ever in a stage; one without a creation day has no past states.
STAGES_DEALS = f"""SELECT opportunity_id FROM {VERSIONS} WHERE stage_id IN (SELECT id FROM new_rows) OR previous_stage_id IN (SELECT id FROM new_rows)
    UNION SELECT id FROM {DEALS} WHERE stage_id IN (SELECT id FROM new_rows)"""

WATCHES = (
    Watch(
        "opportunities.Opportunity",
        new_deals("new_rows"),
        deal_rows(changed("o", DEAL_PLACE))
        + deals_alone(f"SELECT id FROM {changed('n', DEAL_PLACE)} p")
        + closings(f"SELECT id FROM {changed('n', DEAL_VALUE, but=DEAL_PLACE)} p")
        + f"IF EXISTS ({CUSTOMER_CHANGED}) THEN {deals(CUSTOMER_CHANGED)} {offers(CUSTOMER_CHANGED)} END IF;",
        deal_rows("old_rows"),
    ),
    Watch(
        "opportunities.OpportunityVersion",
        state_rows("new_rows") + outlooks(OF_SEVERAL),
        state_rows(changed("o", STATE_PLACE))
        + state_rows(changed("n", STATE_PLACE))
        + outlooks(f"SELECT opportunity_id FROM {changed('n', STATE_PLACE)} p")
        + state_rows(changed("n", STATE_VALUE, but=STATE_PLACE), f"{OF_STATE}, {OF_OUTLOOK}"),
        state_rows("old_rows") + outlooks("SELECT opportunity_id FROM old_rows"),
    ),
    Watch(
        "opportunities.Credit",
        alone(OF_STATES) + deals(OF_STATES),
        alone(BOTH_IDS) + credit_rows("old_rows") + deals(BOTH_IDS),
        alone(OF_OLD) + credit_rows("old_rows") + deals(OF_OLD),
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
