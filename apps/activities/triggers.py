"""What the database itself keeps true about leads, whatever path writes activities: the first touch and how long it took."""

import pgtrigger

from apps.core import statements

LEAD, ACTIVITY = "leads_lead", "activities_activity"
SAYS = ("lead_id", "rep_id", "direction", "is_automatic", "completed_on", "completed_at")
TOUCH = ("first_touch_on", "first_touch_at", "first_touch_by_id", "response_minutes")

# The first outbound touch by a person since the lead came. Of several on one day one without a known time may be the first:
# then the time is not known. The leads are locked, so that two writes about one of them wait for each other.
KEEP = f"""
    IF cardinality(ids) = 0 THEN
        RETURN NULL;
    END IF;
    PERFORM FROM {LEAD} WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE {LEAD} l SET ({", ".join(TOUCH)}) = ROW(t.day, t.at, t.rep, t.minutes) FROM (
        SELECT o.id, a.completed_on AS day, a.completed_at AS at, a.rep_id AS rep,
            round(extract(epoch FROM a.completed_at - o.created_at) / 60, 2) AS minutes
        FROM {LEAD} o LEFT JOIN LATERAL (
            SELECT * FROM {ACTIVITY} x WHERE x.lead_id = o.id AND x.direction = 'out' AND NOT x.is_automatic
                AND x.completed_on >= o.created_on AND (x.completed_at >= o.created_at) IS NOT FALSE
            ORDER BY x.completed_on, x.completed_at NULLS FIRST, x.id LIMIT 1
        ) a ON TRUE WHERE o.id = ANY(ids)
    ) t WHERE t.id = l.id AND ROW({", ".join(f"l.{name}" for name in TOUCH)}) IS DISTINCT FROM ROW(t.day, t.at, t.rep, t.minutes);
    RETURN NULL;
"""


def keep_first_touches() -> list[pgtrigger.Trigger]:
    """Return the triggers that keep the first touch of the leads that written activities name, or named."""
    of_new, of_old = (f"SELECT lead_id FROM {rows} WHERE lead_id IS NOT NULL" for rows in ("new_rows", "old_rows"))
    changed = " OR ".join(f"n.{name} IS DISTINCT FROM o.{name}" for name in SAYS)
    of_both = f"SELECT id FROM ({statements.pairs('unnest(ARRAY[n.lead_id, o.lead_id]) AS id', changed)}) r WHERE id IS NOT NULL"
    return _triggers(insert=of_new, update=of_both, delete=of_old)


def keep_first_touches_of_leads() -> list[pgtrigger.Trigger]:
    """Return the triggers that keep it where the lead itself is written: created at another time, or saved with a touch that is not true."""
    kept = ", ".join(("created_on", "created_at", *TOUCH))
    return _triggers(
        insert="SELECT id FROM new_rows WHERE first_touch_on IS NOT NULL OR response_minutes IS NOT NULL",
        update=f"SELECT id FROM (SELECT id, {kept} FROM new_rows EXCEPT SELECT id, {kept} FROM old_rows) t",
    )


def _triggers(**leads: str) -> list[pgtrigger.Trigger]:
    return statements.about("keep_first_touch_after_{}", KEEP, {event: f"SELECT DISTINCT * FROM ({query}) w" for event, query in leads.items()})
