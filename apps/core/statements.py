"""Triggers that run once after a statement, however many rows it wrote, and see all of them."""

from collections.abc import Iterable, Mapping

import pgtrigger
from django.utils.functional import Promise

EVENTS = {
    "insert": (pgtrigger.Insert, pgtrigger.Referencing(new="new_rows")),
    "update": (pgtrigger.Update, pgtrigger.Referencing(old="old_rows", new="new_rows")),
    "delete": (pgtrigger.Delete, pgtrigger.Referencing(old="old_rows")),
}


def pairs(what: str, where: str) -> str:
    """Return the query of what was and is of rows that a statement changed, `o` and `n`.

    They are always joined by sorting or hashing, however few rows there were when the query was planned: a plan that goes over all of them for each is kept,
    and quadratic.
    """
    return f"SELECT {what} FROM old_rows o FULL JOIN new_rows n USING (id) WHERE {where} OFFSET 0"


class Rule(pgtrigger.Trigger):
    """A trigger with words for people, see `violations`."""

    violation_error_message: str | Promise = ""


def after(name: str, bodies: Mapping[str, str], *, declare: Iterable[tuple[str, str]] = (), words: str | Promise = "") -> list[pgtrigger.Trigger]:
    """Return a trigger for each event that has a body, in SQL over `new_rows` and `old_rows`; `name` has a place for the event's.

    The database hands one event's rows to one trigger only. `words` say to people what is wrong and what to do where the trigger refuses.
    """
    found = [
        Rule(
            name=name.format(event),
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            declare=list(declare),
            func=bodies[event],
        )
        for event, (operation, referencing) in EVENTS.items()
        if bodies.get(event)
    ]
    for each in found:
        each.violation_error_message = words
    return list(found)


def about(name: str, then: str, queries: Mapping[str, str]) -> list[pgtrigger.Trigger]:
    """Return such triggers from queries by event for the numbers of what a statement concerns; `then` finds them in `ids`."""
    return after(name, {event: f"ids := ARRAY({query}); {then}" for event, query in queries.items()}, declare=[("ids", "bigint[]")])
