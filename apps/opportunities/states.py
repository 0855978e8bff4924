"""The SQL by which the database keeps the states of deals, for all deals of a statement at once.

The history of a deal is a row of states `[valid_from, valid_to)`. Each write says from which day its state holds:
the closing day when it closes the deal, else `effective_on`, else the organisation's today.
"""

from apps.core.statements import pairs
from apps.opportunities.conversion import is_unsettled

# The organisation's day; tests and imports may set it with SET kpiboard.today.
TODAY = """coalesce(
    nullif(current_setting('kpiboard.today', true), '')::date,
    (now() AT TIME ZONE coalesce((SELECT time_zone FROM core_organisation LIMIT 1), 'UTC'))::date
)"""

STATE = "owner_id, stage_id, amount, probability, expected_close_on, currency, original_amount"

DEAL, VERSION = "opportunities_opportunity", "opportunities_opportunityversion"


def _entered(row: str) -> str:
    """What makes a state another one: what was entered, not what another rate makes of it."""
    columns = (f"CASE WHEN {row}.currency = '' THEN {row}.amount END" if column == "amount" else f"{row}.{column}" for column in STATE.split(", "))
    return ", ".join(columns)


def _state(row: str, owner: str) -> str:
    """A deal's state, with an owner of its own."""
    return ", ".join([owner, *(f"{row}.{column}" for column in STATE.split(", ")[1:])])


def first_states(deals: str) -> str:
    """Return the SQL that writes the states of deals `n` that have none yet, with what `link` would say of them.

    A deal is in its first open stage from its creation, in its present one from the day that holds.
    """
    return f"""
        WITH opening AS (SELECT id FROM opportunities_stage WHERE kind = 'open' ORDER BY position LIMIT 1), dated AS (
            SELECT n.*, s.kind <> 'open' AS is_ended, CASE WHEN s.kind <> 'open' THEN n.closed_on ELSE greatest(n.effective_on, n.created_on) END AS day
            FROM {deals} n JOIN opportunities_stage s ON s.id = n.stage_id
        ), begun AS (
            SELECT d.*, o.id AS opening FROM dated d LEFT JOIN opening o ON d.created_on IS NOT NULL AND (d.is_ended OR d.day > d.created_on)
        )
        INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, valid_to, {STATE}, stage_since, previous_stage_id, previous_stage_since)
        SELECT n.id, v.* FROM begun n CROSS JOIN LATERAL (
            SELECT 1, n.created_on, n.day, n.owner_id, n.opening, n.amount, NULL::numeric, n.expected_close_on, n.currency, n.original_amount,
                n.created_on, NULL::bigint, NULL::date
            WHERE n.opening IS NOT NULL
            UNION ALL
            SELECT CASE WHEN n.opening IS NULL THEN 1 ELSE 2 END, n.day, NULL, {", ".join(f"n.{column}" for column in STATE.split(", "))},
                CASE WHEN n.opening = n.stage_id THEN n.created_on ELSE n.day END, n.opening, CASE WHEN n.opening IS NOT NULL THEN n.created_on END
            WHERE n.created_on IS NOT NULL OR n.is_ended
        ) v ORDER BY n.id;
    """


def settle(deals: str) -> str:
    """Return the SQL that forgets from which day a change counts, and values deals on the day of their last state, which is known now."""
    in_another_currency = f"o.id IN (SELECT id FROM {deals} WHERE currency <> '') AND {is_unsettled('o')}"
    return f"""
        IF EXISTS (SELECT FROM {deals} WHERE effective_on IS NOT NULL) THEN
            UPDATE {DEAL} SET effective_on = NULL WHERE id IN (SELECT id FROM {deals} WHERE effective_on IS NOT NULL) AND effective_on IS NOT NULL;
        END IF;
        IF EXISTS (SELECT FROM {deals} WHERE currency <> '') AND EXISTS (SELECT FROM {DEAL} o WHERE {in_another_currency}) THEN
            UPDATE {DEAL} o SET currency = o.currency WHERE {in_another_currency};
        END IF;
    """


def link(deals: str) -> str:
    """Return the SQL that numbers the states of some deals and links each to the one before."""
    return f"""
        WITH marked AS (
            SELECT id, opportunity_id, valid_from, stage_id,
                row_number() OVER w AS number,
                stage_id IS DISTINCT FROM lag(stage_id) OVER w AS enters
            FROM {VERSION} WHERE {deals}
            WINDOW w AS (PARTITION BY opportunity_id ORDER BY valid_from, sequence)
        ), runs AS (
            SELECT *, sum(enters::int) OVER (PARTITION BY opportunity_id ORDER BY number) AS run FROM marked
        ), since AS (
            SELECT *, min(valid_from) OVER (PARTITION BY opportunity_id, run) AS stage_since FROM runs
        ), linked AS (
            SELECT *, lag(stage_id) OVER w AS previous_stage_id, lag(stage_since) OVER w AS previous_stage_since
            FROM since WINDOW w AS (PARTITION BY opportunity_id ORDER BY number)
        )
        UPDATE {VERSION} v SET sequence = l.number, stage_since = l.stage_since,
            previous_stage_id = l.previous_stage_id, previous_stage_since = l.previous_stage_since
        FROM linked l WHERE l.id = v.id
            AND (v.sequence, v.stage_since, v.previous_stage_id, v.previous_stage_since)
                IS DISTINCT FROM (l.number, l.stage_since, l.previous_stage_id, l.previous_stage_since)
    """


# The deals that a statement made others, as they are now, and what they were.
OTHERS = pairs(
    f"""n.*, o.created_on AS was_created_on, o.closed_on AS was_closed_on, o.owner_id AS was_owner_id, o.stage_id AS was_stage_id,
        ROW({_entered("o")}, o.closed_on) IS DISTINCT FROM ROW({_entered("n")}, n.closed_on) AS is_another""",
    f"ROW({_entered('o')}, o.created_on, o.closed_on) IS DISTINCT FROM ROW({_entered('n')}, n.created_on, n.closed_on)",
)
CHANGED = f"""(
    SELECT *, was_created_on IS NULL AND NOT (ended AND ends) AS is_first,
        ends AND (NOT ended OR closed_on IS DISTINCT FROM was_closed_on OR stage_id <> was_stage_id) AS closes
    FROM (
        SELECT *, (SELECT kind <> 'open' FROM opportunities_stage s WHERE s.id = o.stage_id) AS ends,
            (SELECT kind <> 'open' FROM opportunities_stage s WHERE s.id = o.was_stage_id) AS ended
        FROM ({OTHERS}) o
    ) e
)"""

# A closed deal keeps who closed it when its creation becomes known or forgotten.
MOVE_CREATIONS = f"""
    DELETE FROM {VERSION} v USING {CHANGED} c, opportunities_stage s
        WHERE NOT is_first AND c.created_on IS NULL AND v.opportunity_id = c.id AND s.id = v.stage_id AND s.kind = 'open';
    INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, valid_to, {STATE})
        SELECT c.id, 0, c.created_on, greatest(v.valid_from, c.created_on), v.owner_id, s.id, v.amount, NULL, v.expected_close_on, v.currency, v.original_amount
        FROM {CHANGED} c
        CROSS JOIN (SELECT id FROM opportunities_stage WHERE kind = 'open' ORDER BY position LIMIT 1) s
        CROSS JOIN LATERAL (SELECT * FROM {VERSION} WHERE opportunity_id = c.id ORDER BY sequence LIMIT 1) v
        WHERE NOT is_first AND was_created_on IS NULL AND c.created_on IS NOT NULL;
    DELETE FROM {VERSION} v USING {CHANGED} c
        WHERE NOT is_first AND c.created_on <> was_created_on AND v.opportunity_id = c.id AND v.valid_to < c.created_on;
    UPDATE {VERSION} v SET valid_from = c.created_on FROM {CHANGED} c
        WHERE NOT is_first AND c.created_on <> was_created_on AND v.opportunity_id = c.id
            AND (v.valid_from < c.created_on OR v.id = (SELECT f.id FROM {VERSION} f WHERE f.opportunity_id = c.id ORDER BY f.sequence LIMIT 1));
"""

# For each deal the day of its new state, if there is one; and who closed it: closed by one rep and later handed to another, it stays the first one's
# when only its closing is corrected.
DATED = f"""
    SELECT array_agg(id), array_agg(day), array_agg(closer), array_agg(handed_on) INTO ids, days, closers, handed FROM (
        SELECT id, CASE
                WHEN created_on IS NULL AND NOT ends THEN NULL
                WHEN closes THEN closed_on
                WHEN NOT ends AND is_another THEN greatest(coalesce(effective_on, {TODAY}), created_on)
                WHEN ends AND owner_id <> was_owner_id THEN greatest(coalesce(effective_on, {TODAY}), closed_on)
            END AS day, coalesce(closer, owner_id) AS closer, handed_on
        FROM {CHANGED} c LEFT JOIN LATERAL (
            SELECT (SELECT v.owner_id FROM {VERSION} v WHERE v.opportunity_id = c.id AND v.valid_from = was_closed_on ORDER BY sequence DESC LIMIT 1) AS closer,
                (SELECT max(v.valid_from) FROM {VERSION} v WHERE v.opportunity_id = c.id AND v.owner_id = c.owner_id) AS handed_on
        ) w ON closes AND ended AND owner_id = was_owner_id
        WHERE NOT is_first
    ) d;
"""

# A deal that was closed already and closes anew takes back its last closing, and goes on from its last open state.
REOPEN = f"""
    DELETE FROM {VERSION} v USING {CHANGED} c WHERE NOT is_first AND closes AND ended AND v.opportunity_id = c.id AND v.sequence > coalesce((
        SELECT max(o.sequence) FROM {VERSION} o JOIN opportunities_stage s ON s.id = o.stage_id WHERE o.opportunity_id = c.id AND s.kind = 'open'), -1);
    UPDATE {VERSION} v SET valid_to = NULL FROM {CHANGED} c WHERE NOT is_first AND closes AND ended AND v.id = (
        SELECT l.id FROM {VERSION} l WHERE l.opportunity_id = c.id ORDER BY l.sequence DESC LIMIT 1);
"""

# Of a deal that stays closed as it is, what it was closed with is corrected.
CORRECT = f"""
    UPDATE {VERSION} v SET amount = c.amount, currency = c.currency, original_amount = c.original_amount, probability = c.probability,
            expected_close_on = c.expected_close_on
        FROM {CHANGED} c
        WHERE NOT is_first AND ends AND NOT closes AND v.opportunity_id = c.id AND v.valid_from >= c.closed_on AND v.stage_id = c.stage_id;
"""

# The new state follows what was until its day; what was noted for later days is gone.
MOVE_ON = f"""
    DELETE FROM {VERSION} v USING unnest(ids, days) d(id, day) WHERE v.opportunity_id = d.id AND v.valid_from > d.day;
    UPDATE {VERSION} v SET valid_to = d.day FROM unnest(ids, days) d(id, day)
        WHERE d.day IS NOT NULL AND v.opportunity_id = d.id AND (v.valid_to IS NULL OR v.valid_to > d.day);
    INSERT INTO {VERSION} (opportunity_id, sequence, valid_from, valid_to, {STATE})
        SELECT c.id, s.* FROM unnest(ids, days, closers, handed) d(id, day, closer, handed_on) JOIN {CHANGED} c ON c.id = d.id
        CROSS JOIN LATERAL (SELECT coalesce(max(sequence), 0) AS number FROM {VERSION} WHERE opportunity_id = c.id) n
        CROSS JOIN LATERAL (
            SELECT n.number + 1, d.day, CASE WHEN ends AND closer <> c.owner_id THEN greatest(handed_on, day) END,
                {_state("c", "CASE WHEN ends THEN closer ELSE c.owner_id END")}
            UNION ALL
            SELECT n.number + 2, greatest(handed_on, day), NULL, {_state("c", "c.owner_id")} WHERE ends AND closer <> c.owner_id
        ) s
        WHERE d.day IS NOT NULL;
"""

DECLARED = [
    ("of_first", "bigint[]"),
    ("ids", "bigint[]"),
    ("days", "date[]"),
    ("closers", "bigint[]"),
    ("handed", "date[]"),
    ("scans", "text"),
    ("some_created", "boolean"),
    ("some_reopen", "boolean"),
    ("some_corrected", "boolean"),
]
# Statements that would find nothing are left out: each of them would call the triggers of the states. States are looked up deal by deal, whatever the
# planner knows of the tables in the middle of a transaction: a plan that reads all of them would be kept for a deal that changes alone later.
NEXT_STATES = f"""
    SELECT array_agg(id), array_agg(id) FILTER (WHERE is_first), bool_or(created_on IS DISTINCT FROM was_created_on), bool_or(closes AND ended),
            bool_or(ends AND NOT closes)
        INTO ids, of_first, some_created, some_reopen, some_corrected FROM {CHANGED} c;
    scans := current_setting('enable_seqscan');
    PERFORM set_config('enable_seqscan', 'off', true);
    IF ids IS NOT NULL THEN
        IF of_first IS NOT NULL THEN
            DELETE FROM {VERSION} WHERE opportunity_id = ANY(of_first);
            {first_states(f"(SELECT * FROM {CHANGED} c WHERE is_first)")}
        END IF;
        IF some_created THEN
            {MOVE_CREATIONS}
        END IF;
        {DATED}
        IF some_reopen THEN
            {REOPEN}
        END IF;
        IF some_corrected THEN
            {CORRECT}
        END IF;
        IF array_remove(days, NULL) <> '{{}}' THEN
            {MOVE_ON}
        END IF;
        IF ids IS NOT NULL THEN
            {link("opportunity_id = ANY(ids)")};
        END IF;
    END IF;
    {settle("new_rows")}
    PERFORM set_config('enable_seqscan', scans, true);
    RETURN NULL;
"""
