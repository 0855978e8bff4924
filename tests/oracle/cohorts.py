"""Cohorts of created deals, cell by cell."""

from datetime import date
from decimal import Decimal

from apps.reps.scopes import Scope
from tests.oracle.world import DAY, NOTHING, World


def cell(world: World, scope: Scope, start: date, end: date, until: date | None, on: date) -> tuple[int, Decimal]:
    """How many deals, and how much, of those created in `[start, end)` by day `on`; with `until`, of those won by that day."""
    count, amount = 0, NOTHING
    for deal in world.deals:
        if not deal.created_on or not start <= deal.created_on < min(end, on + DAY):
            continue
        if until is not None and not (deal.stage.kind == "won" and deal.closed_on <= min(until, on)):
            continue
        share = world.share(scope, world.fact(deal, deal.created_on, world.owner_on(deal, deal.created_on), None, is_split=True), deal.created_on)
        if share:
            count += 1
            amount += (deal.amount or NOTHING) * share
    return count, amount
