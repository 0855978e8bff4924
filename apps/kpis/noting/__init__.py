"""Notes which cells a write touched, whatever path wrote it: statement triggers on the tables that facts are in."""

import pgtrigger

from apps.kpis.noting import deals, facts, profiles
from apps.kpis.noting.statements import STANDING, Watch

STANDINGS = (Watch("reps.Membership", STANDING, STANDING, STANDING), Watch("reps.Team", "", STANDING, STANDING))
WATCHES = (*deals.WATCHES, *facts.WATCHES, *profiles.WATCHES, *STANDINGS)


def triggers(watch: Watch) -> list[pgtrigger.Trigger]:
    """Return the statement triggers of a watch: transition tables allow one event each."""
    old, new = pgtrigger.Referencing(old="old_rows"), pgtrigger.Referencing(new="new_rows")
    both_rows = pgtrigger.Referencing(old="old_rows", new="new_rows")
    events = (
        ("inserts", pgtrigger.Insert, new, watch.inserted),
        ("updates", pgtrigger.Update, both_rows, watch.updated),
        ("deletes", pgtrigger.Delete, old, watch.deleted),
    )
    return [
        pgtrigger.Trigger(
            name=f"note_{name}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=f"{body} RETURN NULL;",
        )
        for name, operation, referencing, body in events
        if body
    ]
