"""Writes that change facts which are there already: many at once, as an import corrects them, or one deal."""

from datetime import timedelta
from typing import Any

from benchmarks.company.sizes import LAST

MANY = 10_000
SHARES = {"deals": 2, "activities": 6, "leads": 1}
RECENT_DAYS, ALL_DAYS = 14, 10_000

# What a correction does to a row: deals get another amount, activities another kind, leads are qualified on another day.
CORRECTIONS = {
    "deals": ("opportunities_opportunity", "amount = amount + 1", "amount IS NOT NULL AND (created_on > %(since)s OR closed_on > %(since)s)"),
    "activities": ("activities_activity", "kind = CASE kind WHEN 'call' THEN 'email' ELSE 'call' END", "completed_on > %(since)s"),
    "leads": ("leads_lead", "qualified_on = least(coalesce(qualified_on + 1, created_on), %(last)s), qualified_by_id = owner_id", "created_on > %(since)s"),
}
CORRECTION = "UPDATE {table} SET {change} WHERE id IN (SELECT id FROM {table} WHERE {where} ORDER BY md5(id::text || %(seed)s) LIMIT %(rows)s)"

OF_QUARTER = f"""
SELECT o.id FROM opportunities_opportunity o JOIN opportunities_stage s ON s.id = o.stage_id JOIN reps_membership m ON m.rep_id = o.owner_id
WHERE m.team_id = %(team)s AND m.end_on IS NULL AND s.kind = 'won' AND o.amount IS NOT NULL
    AND o.closed_on >= date_trunc('quarter', DATE '{LAST}') AND NOT EXISTS (SELECT FROM opportunities_credit k WHERE k.opportunity_id = o.id)
ORDER BY o.id
"""


def recent(connection: Any) -> int:
    """Correct ten thousand facts of the last two weeks, or all there are; return how many."""
    return _correct(connection, days=RECENT_DAYS)


def spread(connection: Any) -> int:
    """Correct ten thousand facts of all the months; return how many."""
    return _correct(connection, days=ALL_DAYS)


def _correct(connection: Any, *, days: int) -> int:
    rows = 0
    for name, (table, change, where) in CORRECTIONS.items():
        wanted = MANY * SHARES[name] // sum(SHARES.values())
        statement = CORRECTION.format(table=table, change=change, where=where)
        rows += connection.execute(statement, {"rows": wanted, "seed": str(days), "since": LAST - timedelta(days=days), "last": LAST}).rowcount
    return rows


def one(pk: int) -> tuple[str, list[int]]:
    """Return the statement that corrects one deal, and its parameters."""
    return "UPDATE opportunities_opportunity SET amount = amount + 1000 WHERE id = %s", [pk]
