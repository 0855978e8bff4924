"""Notes which cells a write touched, whatever path wrote it: statement triggers on the tables that facts are in."""

import pgtrigger

from apps.core.statements import after
from apps.kpis.noting import deals, facts, profiles, quotes
from apps.kpis.noting.statements import STANDING, Watch

STANDINGS = (Watch("reps.Membership", STANDING, STANDING, STANDING), Watch("reps.Team", "", STANDING, STANDING))
WATCHES = (*deals.WATCHES, *quotes.WATCHES, *facts.WATCHES, *profiles.WATCHES, *STANDINGS)


def triggers(watch: Watch) -> list[pgtrigger.Trigger]:
    """Return the triggers of a watch."""
    bodies = {"insert": watch.inserted, "update": watch.updated, "delete": watch.deleted}
    return after("note_{}s", {event: f"{body} RETURN NULL;" for event, body in bodies.items() if body})
