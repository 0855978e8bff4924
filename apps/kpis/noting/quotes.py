"""What a write to quotes notes: the days of its deal's quotes, and the day the deal closed."""

from apps.kpis.noting.deals import alone, closings, offers
from apps.kpis.noting.statements import NOTE, Watch


def written(ids: str) -> str:
    """Note, as they stand now, all quotes of some deals and the days on which the deals closed."""
    return alone(ids) + offers(ids) + closings(ids)


def gone(rows: str) -> str:
    """Note what quotes were before the write."""
    return f"""{NOTE} SELECT DISTINCT 'quotes', d.day, o.rep_id FROM {rows} o CROSS JOIN LATERAL (VALUES (o.sent_on), (o.accepted_on)) d(day)
        WHERE d.day IS NOT NULL;"""


NEW, OLD = "SELECT opportunity_id FROM new_rows", "SELECT opportunity_id FROM old_rows"

WATCHES = (Watch("opportunities.Quote", written(NEW), gone("old_rows") + written(f"{NEW} UNION {OLD}"), gone("old_rows") + written(OLD)),)
