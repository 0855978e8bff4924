"""What deals in other currencies are worth: one that is closed at the rate of its closing day, an open one at that of the day its last state began.

Each state is worth what its own day says, so that the pipeline of a past day is what it was; a deal is worth what its last state is. A state in
a stage where deals end has the day on which the deal came to it, also after it was handed on.
"""

import pgtrigger
from django.apps import apps

from apps.core import money, waiting
from apps.core.money import is_another, restate
from apps.core.waiting import Waiting, is_waiting

DEAL, STATE = "opportunities_opportunity", "opportunities_opportunityversion"
AMOUNTS = ("amount", "cost")


def day_of_deal(deal: str) -> str:
    """Return the SQL of the day whose rate counts for a deal; one that is open and was never dated has none."""
    last = f"SELECT v.valid_from FROM {STATE} v WHERE v.opportunity_id = {deal}.id AND v.valid_to IS NULL ORDER BY v.sequence DESC LIMIT 1"
    return f"coalesce({deal}.closed_on, ({last}), {deal}.created_on)"


def day_of_state(state: str) -> str:
    """Return the SQL of the day whose rate counts for a state."""
    is_open = f"(SELECT kind = 'open' FROM opportunities_stage WHERE id = {state}.stage_id)"
    return f"CASE WHEN {is_open} THEN {state}.valid_from ELSE coalesce({state}.stage_since, {state}.valid_from) END"


def is_unsettled(deal: str) -> str:
    """Return the condition that a deal's money is not that of its last state's day."""
    return f"{deal}.currency <> '' AND ({is_another(AMOUNTS, deal, day_of_deal(deal))})"


SETTLE = f"UPDATE {DEAL} o SET currency = o.currency WHERE o.id = ANY(%s) AND {is_unsettled('o')}"  # of deals whose states were written by hand

CLOSED = f"SELECT o.*, o.closed_on AS day FROM {DEAL} o WHERE o.currency <> '' AND o.currency = span.currency AND o.closed_on BETWEEN span.first AND span.last"
OPEN = f"""SELECT o.*, v.valid_from AS day FROM {STATE} v JOIN {DEAL} o ON o.id = v.opportunity_id
    WHERE v.currency <> '' AND v.currency = span.currency AND v.valid_from BETWEEN span.first AND span.last AND v.valid_to IS NULL
        AND o.closed_on IS NULL AND o.currency = span.currency"""
# A closed deal that was handed on later has a last state that begins after its day.
STATES = f"""SELECT v.*, {day_of_state("v")} AS day FROM {STATE} v WHERE v.currency <> '' AND v.currency = span.currency AND v.valid_from >= span.first
    AND (v.valid_from <= span.last OR v.stage_since <= span.last)"""


# A deal waits for a rate when it, or any state it was in, does.
WAITING = f"""SELECT * FROM (
    SELECT o.id, o.currency, {day_of_deal("o")} AS day FROM {DEAL} o WHERE {is_waiting(AMOUNTS, "o")}
    UNION SELECT v.opportunity_id, v.currency, {day_of_state("v")} FROM {STATE} v WHERE {is_waiting(("amount",), "v")}
) w WHERE day IS NOT NULL"""


def register() -> None:
    """Let rates convert deals, their states and quotes anew, and let the admin know of those that wait for one."""
    quotes = money.Facts("opportunities.Quote", "sent_on")
    rates = apps.get_model("core.Rate")
    pgtrigger.register(*restate(DEAL, f"SELECT * FROM ({CLOSED} UNION ALL {OPEN}) o", AMOUNTS), *restate(STATE, STATES))(rates)
    money.keep_currency(DEAL, money.is_known(AMOUNTS))
    money.keep_currency("opportunities_product", "list_price IS NOT NULL")
    money.register(quotes)
    waiting.register(Waiting("opportunities.Opportunity", WAITING), waiting.of(quotes))
