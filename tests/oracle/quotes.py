"""Quotes."""

from collections.abc import Iterator
from decimal import Decimal

from apps.opportunities.models import Opportunity, Quote
from tests.oracle.world import Fact, Flow, World


def offers(world: World) -> Iterator[list[Quote]]:
    """Every quote with its revisions, in their order."""
    found: dict[tuple[int, str], list[Quote]] = {}
    for row in world.quotes:
        found.setdefault((row.opportunity_id, row.number), []).append(row)
    yield from found.values()


def first(day: str) -> Flow:
    """One for each quote, on the first of its revisions' days, for the rep of that revision."""

    def facts(world: World) -> Iterator[Fact]:
        for revisions in offers(world):
            dated = [row for row in revisions if getattr(row, day)]
            if dated:
                row = min(dated, key=lambda row: getattr(row, day))
                customer = row.opportunity.customer
                yield Fact(getattr(row, day), ((row.rep_id, Decimal(1)),), customer.region_id if customer else None, 1)

    return facts


def won_with_a_quote(world: World) -> Iterator[Fact]:
    for deal in world.closed("won"):
        if had_a_quote(world, deal):
            yield world.fact(deal, deal.closed_on, world.owner_on(deal, deal.closed_on), 1)


def had_a_quote(world: World, deal: Opportunity) -> bool:
    """Whether a quote had been sent by the day the deal closed."""
    return any(row.sent_on and row.sent_on <= deal.closed_on for row in world.quotes if row.opportunity_id == deal.pk)


FLOWS: dict[str, Flow] = {"quotes_sent": first("sent_on"), "quotes_accepted": first("accepted_on"), "won_quoted": won_with_a_quote}
