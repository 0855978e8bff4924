"""Deals: what happened, what stands at a day's end, what a window holds."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from apps.opportunities.models import Opportunity, OpportunityVersion
from tests.oracle.world import DAY, Fact, Flow, Windowed, World


def closing(kind: str, amount: Callable[[Opportunity], Decimal | int | None], *, is_split: bool = False) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for deal in world.closed(kind):
            yield world.fact(deal, deal.closed_on, world.owner_on(deal, deal.closed_on), amount(deal), is_split=is_split)

    return facts


def known_cycle(deal: Opportunity) -> int | None:
    start = deal.first_contact_on or deal.created_on
    return (deal.closed_on - start).days if start else None


def both_known(deal: Opportunity, wanted: Decimal | None) -> Decimal | None:
    return None if deal.amount is None or deal.cost is None else wanted


def creations(world: World) -> Iterator[Fact]:
    for deal in world.deals:
        if deal.created_on:
            yield world.fact(deal, deal.created_on, world.owner_on(deal, deal.created_on), 1)


def moves(counted: Callable[[OpportunityVersion, OpportunityVersion | None], Decimal | int | None | bool], *, is_split: bool = False) -> Flow:
    """A fact for each state in another stage than the one before; `counted` says how much, False for nothing."""

    def facts(world: World) -> Iterator[Fact]:
        for deal in world.deals:
            before: OpportunityVersion | None = None
            for version in world.versions[deal.pk]:
                if before is None or before.stage_id != version.stage_id:
                    amount = counted(version, before)
                    if amount is not False:
                        yield world.fact(deal, version.valid_from, version.owner_id, amount, is_split=is_split)
                before = version

    return facts


def advanced(to: OpportunityVersion, frm: OpportunityVersion | None) -> bool:
    return left(to, frm) and (to.stage.kind == "won" or (to.stage.kind == "open" and to.stage.position > frm.stage.position))


def left(to: OpportunityVersion, frm: OpportunityVersion | None) -> bool:
    return frm is not None and frm.stage.kind == "open"


def days_stayed(world: World) -> Iterator[Fact]:
    for deal in world.deals:
        entered: date | None = None
        before: OpportunityVersion | None = None
        for version in world.versions[deal.pk]:
            if before is None or before.stage_id != version.stage_id:
                if before is not None and before.stage.kind == "open":
                    yield world.fact(deal, version.valid_from, version.owner_id, (version.valid_from - entered).days)
                entered = version.valid_from
            before = version


def one(deal: Opportunity) -> int:
    return 1


FLOWS: dict[str, Flow] = {
    "opportunities_created": creations,
    "won_count": closing("won", one),
    "won_amount": closing("won", lambda deal: deal.amount, is_split=True),
    "won_priced": closing("won", lambda deal: None if deal.amount is None else 1),
    "won_cost": closing("won", lambda deal: both_known(deal, deal.cost), is_split=True),
    "won_costed_amount": closing("won", lambda deal: both_known(deal, deal.amount), is_split=True),
    "lost_count": closing("lost", one),
    "lost_amount": closing("lost", lambda deal: deal.amount, is_split=True),
    "cycle_days": closing("won", known_cycle),
    "cycle_deals": closing("won", lambda deal: None if known_cycle(deal) is None else 1),
    "stage_entries": moves(lambda to, frm: 1 if to.stage.kind == "open" else False),
    "stage_entry_amount": moves(lambda to, frm: to.amount if to.stage.kind == "open" else False, is_split=True),
    "stage_advances": moves(lambda to, frm: 1 if advanced(to, frm) else False),
    "stage_losses": moves(lambda to, frm: 1 if left(to, frm) and to.stage.kind == "lost" else False),
    "stage_backs": moves(lambda to, frm: 1 if left(to, frm) and to.stage.kind == "open" and to.stage.position < frm.stage.position else False),
    "stage_exits": moves(lambda to, frm: 1 if left(to, frm) else False),
    "stage_days": days_stayed,
}


def standing(amount: Callable[[OpportunityVersion], Decimal | int | None], *, is_split: bool) -> Callable[[World, date], Iterator[Fact]]:
    def facts(world: World, day: date) -> Iterator[Fact]:
        for deal in world.deals:
            state = world.state(deal, day)
            if state and state.stage.kind == "open":
                yield world.fact(deal, day, state.owner_id, amount(state), is_split=is_split)

    return facts


def weighted(state: OpportunityVersion) -> Decimal | None:
    probability = state.stage.probability if state.probability is None else state.probability
    return None if state.amount is None or probability is None else state.amount * probability / 100


STOCKS = {
    "open_count": standing(lambda state: 1, is_split=False),
    "open_amount": standing(lambda state: state.amount, is_split=True),
    "weighted_amount": standing(weighted, is_split=True),
}


def expected_on(world: World, cut: date, start: date, end: date) -> Iterator[tuple[Opportunity, OpportunityVersion]]:
    """Deals open at the end of the day before `cut` that were then expected to close in the window."""
    for deal in world.deals:
        state = world.state(deal, cut - DAY)
        if state and state.stage.kind == "open" and state.expected_close_on and start <= state.expected_close_on < end:
            yield deal, state


def expected(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    cut = min(end, on + DAY)
    for deal, state in expected_on(world, cut, start, end):
        yield world.fact(deal, cut - DAY, state.owner_id, state.amount, is_split=True)


def due(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    for deal, state in expected_on(world, start, start, end):
        yield world.fact(deal, min(end, on + DAY) - DAY, state.owner_id, state.amount, is_split=True)


def slipped(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    cut = min(end, on + DAY)
    for deal, state in expected_on(world, start, start, end):
        pushed = (v for v in world.versions[deal.pk] if start <= v.valid_from < cut and v.stage.kind == "open" and v.valid_to != v.valid_from)
        if any(v.expected_close_on and v.expected_close_on >= end for v in pushed):
            yield world.fact(deal, cut - DAY, state.owner_id, state.amount, is_split=True)


def cohort(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    for deal in world.closed("won"):
        if deal.created_on and start <= deal.created_on < min(end, on + DAY) and deal.closed_on <= on:
            yield world.fact(deal, deal.created_on, world.owner_on(deal, deal.created_on), 1)


WINDOWS: dict[str, Windowed] = {"expected_amount": expected, "due_amount": due, "slipped_amount": slipped, "created_won": cohort}
