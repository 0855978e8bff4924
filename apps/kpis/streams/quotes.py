"""Quotes: sent and accepted. The revisions of a quote, rows of one deal with one number, are one: the first of them to be sent, or accepted, counts."""

from apps.kpis.streams.arms import Arm, Stream

QUOTE = "opportunities_quote"
TABLES = f"{QUOTE} o JOIN opportunities_opportunity d ON d.id = o.opportunity_id LEFT JOIN customers_customer c ON c.id = d.customer_id"


def is_first(day: str) -> str:
    """Say in SQL that a quote has a day, and none of its revisions an earlier one; of one day, the lowest revision is the first."""
    return f"""o.{day} IS NOT NULL AND NOT EXISTS (SELECT FROM {QUOTE} e WHERE e.opportunity_id = o.opportunity_id AND e.number = o.number
        AND (e.{day}, e.revision) < (o.{day}, o.revision))"""


QUOTES = Stream(
    key="quotes",
    source="quotes",
    model="opportunities.Quote",
    columns=("event",),
    arms=tuple(Arm(TABLES, f"o.{event}_on", "o.rep_id", columns=(f"'{event}'",), where=is_first(f"{event}_on")) for event in ("sent", "accepted")),
)

STREAMS = (QUOTES,)
