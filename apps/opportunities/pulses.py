"""Keeps, beside the states of deals, one small row per deal that is open now: how often it was pushed out, and when it last stirred.

Boards read it instead of every deal's whole past. The database keeps it, whatever path writes states or activities.
"""

from datetime import date

import pgtrigger
from django.db.models import Case, DateField, ExpressionWrapper, F, Value, When
from django.db.models.functions import Greatest, Least

from apps.core import statements

IDLE_DAYS = 14
PUSHED_OFTEN = 2
PULSE, VERSION, ACTIVITY = "opportunities_pulse", "opportunities_opportunityversion", "activities_activity"
COLUMNS = "opportunity_id, owner_id, amount, expected_close_on, pushes, changed_on, touched_on"
SAYS = ("opportunity_id", "completed_on")


def _days_after(day: F | Greatest, days: int) -> ExpressionWrapper:
    return ExpressionWrapper(day + Value(days), output_field=DateField())


# The day from which on a deal is at risk, if nothing happens: past its expected close, pushed out often, or without a sign of life for long.
RISKY_ON = Least(
    _days_after(F("expected_close_on"), 1),
    Case(When(pushes__gte=PUSHED_OFTEN, then=F("changed_on"))),
    _days_after(Greatest("changed_on", "touched_on"), IDLE_DAYS + 1),
    Value(date.max, output_field=DateField()),  # there is no later day that Python knows
)


# The activities app stands above this one, so its table is read by name.
def last_touch(deal: str, *, until: str = "TRUE") -> str:
    """Return the SQL of the day of a deal's last activity."""
    # OFFSET 0: look up the deal's activities, instead of walking back through the days of everybody's.
    return f"(SELECT max(a.completed_on) FROM (SELECT completed_on FROM {ACTIVITY} WHERE opportunity_id = {deal} OFFSET 0) a WHERE {until})"


def pushes(deal: str, *, until: str = "TRUE") -> str:
    """Return the SQL that counts how often a deal's expected close was moved to a later day."""
    return f"(SELECT count(*) FROM ({told_pushed(VERSION, f'w.opportunity_id = {deal} AND {until}')}) p WHERE p.was_pushed)"


def told_pushed(states: str, which: str = "TRUE") -> str:
    """Return the SQL of some states, `which` of `w`, each with whether the expected close was moved to a later day by it."""
    return f"""SELECT w.*, w.expected_close_on > lag(w.expected_close_on) OVER (PARTITION BY w.opportunity_id ORDER BY w.sequence) AS was_pushed
        FROM {states} w WHERE {which}"""


def rows(states: str) -> str:
    """Return the SQL of the rows that should be there for some deals, by all their states, which are gone through once, however many deals there are."""
    return f"""SELECT v.opportunity_id, v.owner_id, v.amount, v.expected_close_on, v.pushes, v.valid_from, {last_touch("v.opportunity_id")}
        FROM (SELECT p.*, count(*) FILTER (WHERE was_pushed) OVER (PARTITION BY p.opportunity_id) AS pushes FROM ({told_pushed(states)}) p) v
        JOIN opportunities_stage s ON s.id = v.stage_id WHERE v.valid_to IS NULL AND s.kind = 'open'"""


FILL = f"INSERT INTO {PULSE} ({COLUMNS}) {rows(VERSION)}"  # into an empty table
# The states of the deals `ids`, looked up deal by deal, whatever the planner knows of the tables in the middle of an import.
THEIRS = f"(SELECT w.* FROM unnest(ids) i(id) CROSS JOIN LATERAL (SELECT * FROM {VERSION} WHERE opportunity_id = i.id OFFSET 0) w)"
OURS = f"INSERT INTO {PULSE} AS p ({COLUMNS}) {rows(THEIRS)}"

# Whoever writes states of a deal holds its row. An activity that is being written meanwhile waits for that row, and touches the deal after.
FOLLOW = f"""
    IF cardinality(ids) = 0 THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM {PULSE} WHERE opportunity_id = ANY(ids)) THEN
        DELETE FROM {PULSE} p WHERE p.opportunity_id = ANY(ids) AND p.opportunity_id NOT IN (
            SELECT v.opportunity_id FROM {THEIRS} v JOIN opportunities_stage s ON s.id = v.stage_id WHERE v.valid_to IS NULL AND s.kind = 'open');
        {OURS}
        ON CONFLICT (opportunity_id) DO UPDATE SET owner_id = EXCLUDED.owner_id, amount = EXCLUDED.amount, expected_close_on = EXCLUDED.expected_close_on,
            pushes = EXCLUDED.pushes, changed_on = EXCLUDED.changed_on, touched_on = EXCLUDED.touched_on
        WHERE (p.owner_id, p.amount, p.expected_close_on, p.pushes, p.changed_on, p.touched_on) IS DISTINCT FROM
            (EXCLUDED.owner_id, EXCLUDED.amount, EXCLUDED.expected_close_on, EXCLUDED.pushes, EXCLUDED.changed_on, EXCLUDED.touched_on);
    ELSE
        {OURS};
    END IF;
    RETURN NULL;
"""
TOUCH = f"""
    IF cardinality(ids) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM FROM opportunities_opportunity WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE {PULSE} p SET touched_on = t.touched_on FROM (
        SELECT o.opportunity_id, {last_touch("o.opportunity_id")} AS touched_on FROM {PULSE} o WHERE o.opportunity_id = ANY(ids)
    ) t WHERE t.opportunity_id = p.opportunity_id AND p.touched_on IS DISTINCT FROM t.touched_on;
    RETURN NULL;
"""


def follow_states() -> list[pgtrigger.Trigger]:
    """Return the triggers on states: what they say of an open deal is what its pulse says."""
    kept = "opportunity_id, sequence, valid_from, valid_to, owner_id, stage_id, amount, expected_close_on"
    changed = f"(SELECT {kept} FROM new_rows EXCEPT SELECT {kept} FROM old_rows) UNION ALL (SELECT {kept} FROM old_rows EXCEPT SELECT {kept} FROM new_rows)"
    return _triggers("pulse_follows_states", FOLLOW, insert="SELECT opportunity_id FROM new_rows", delete="SELECT opportunity_id FROM old_rows", update=changed)


def touch_deals() -> list[pgtrigger.Trigger]:
    """Return the triggers on activities: one that is done is a sign of life of its deal."""
    changed = " OR ".join(f"n.{name} IS DISTINCT FROM o.{name}" for name in SAYS)
    both = statements.pairs("unnest(ARRAY[n.opportunity_id, o.opportunity_id]) AS opportunity_id", changed)
    new, old = (f"SELECT opportunity_id FROM {rows} WHERE completed_on IS NOT NULL" for rows in ("new_rows", "old_rows"))
    return _triggers("activity_touches_deal", TOUCH, insert=new, delete=old, update=both)


def _triggers(name: str, then: str, **deals: str) -> list[pgtrigger.Trigger]:
    """Return the triggers of a table; `deals` select by event the deals that it concerns."""
    distinct = {event: f"SELECT DISTINCT opportunity_id FROM ({query}) d WHERE opportunity_id IS NOT NULL ORDER BY 1" for event, query in deals.items()}
    return statements.about(f"{name}_{{}}", then, distinct)
