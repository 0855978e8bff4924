"""What a write to readings of social profiles notes: a reading ends the one before it, and a rep who leaves ends their last."""

from apps.kpis.noting.statements import NOTE, Watch
from apps.kpis.streams.activities import READING


def alone(*tables: str) -> str:
    """Lock the reps of written rows, so that of two readings written at once, and of a leaving, the later notes what it does to the earlier."""
    reps = " UNION ".join(f"SELECT rep_id FROM {rows}" for rows in tables)
    return f"PERFORM FROM reps_rep WHERE id IN ({reps}) ORDER BY id FOR NO KEY UPDATE;"


def readings(rows: str) -> str:
    """Note the days of written rows and, as the table stands now, of the readings that follow them."""
    return f"""{NOTE}
        SELECT 'readings', o.read_on, o.rep_id FROM {rows} o
        UNION
        SELECT 'readings', n.read_on, o.rep_id FROM {rows} o CROSS JOIN LATERAL (
            SELECT n.read_on FROM {READING} n WHERE n.rep_id = o.rep_id AND n.network = o.network AND n.read_on > o.read_on ORDER BY n.read_on LIMIT 1) n
        UNION
        SELECT 'readings', r.left_on, o.rep_id FROM {rows} o JOIN reps_rep r ON r.id = o.rep_id WHERE r.left_on IS NOT NULL;"""


# Where somebody left on another day, what they read since either day stands, or no longer does.
LEFT = f"""{NOTE}
    SELECT DISTINCT 'readings', d.day, n.id FROM new_rows n JOIN old_rows o USING (id) JOIN {READING} s ON s.rep_id = n.id
    CROSS JOIN LATERAL (VALUES (s.read_on), (o.left_on), (n.left_on)) d(day)
    WHERE n.left_on IS DISTINCT FROM o.left_on AND d.day >= least(o.left_on, n.left_on);"""

WATCHES = (
    Watch(
        "activities.SocialReading",
        alone("new_rows") + readings("new_rows"),
        alone("old_rows", "new_rows") + readings("old_rows") + readings("new_rows"),
        alone("old_rows") + readings("old_rows"),
    ),
    Watch("reps.Rep", "", LEFT, ""),
)
