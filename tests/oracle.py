"""The slow, obvious recount: every measure in plain Python over all rows, sharing nothing with the engine but the tables of facts.

For each measure of the catalogue one function lists what happened (flows), what stands at a day's end (stocks) or what a
window holds; `amount` then adds up what belongs to a scope. A measure without an entry here fails `test_catalogue`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.activities.models import Activity
from apps.customers.models import Customer, Order
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.reps.models import Membership, Rep, Team
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Fact:
    """One record's part in a measure: when, whose (rep and share of 1), the customer's region, how much; None is unknown."""

    day: date
    credits: tuple[tuple[int, Decimal], ...]
    region: int | None
    amount: Decimal | int | None
    is_split: bool = False


class World:
    """All rows, read once."""

    def __init__(self) -> None:
        self.deals = list(Opportunity.objects.select_related("stage", "customer").prefetch_related("credits"))
        self.versions: dict[int, list[OpportunityVersion]] = {deal.pk: [] for deal in self.deals}
        for version in OpportunityVersion.objects.select_related("stage", "previous_stage").order_by("valid_from", "sequence"):
            self.versions[version.opportunity_id].append(version)
        self.memberships = list(Membership.objects.all())
        self.teams = {team.pk: team for team in Team.objects.all()}
        self.reps = list(Rep.objects.all())

    # --- who stands where ------------------------------------------------------------------------
    def teams_of(self, rep: int, day: date) -> list[Team]:
        """The rep's team on a day and every team above it, nearest first."""
        for row in self.memberships:
            if row.rep_id == rep and row.start_on <= day and (row.end_on is None or day < row.end_on):
                chain, team = [], self.teams.get(row.team_id)
                while team:
                    chain.append(team)
                    team = self.teams.get(team.parent_id) if team.parent_id else None
                return chain
        return []

    def holds(self, scope: Scope, rep: int, region: int | None, day: date) -> bool:
        """Whether something of this rep, on this day, with a customer of this region, is the scope's."""
        if scope.kind == "company":
            return True
        if scope.kind == "rep":
            return rep == scope.id
        if scope.kind == "team":
            return scope.id in [team.pk for team in self.teams_of(rep, day)]
        home = next((team.region_id for team in self.teams_of(rep, day) if team.region_id), None)
        return scope.id == (region or home)

    def share(self, scope: Scope, fact: Fact, day: date) -> Decimal:
        """How much of a fact is the scope's: its reps' credits, or all of it once when it is not split."""
        shares = [share for rep, share in fact.credits if self.holds(scope, rep, fact.region, day)]
        return sum(shares, NOTHING) if fact.is_split else Decimal(bool(shares))

    # --- deals -------------------------------------------------------------------------------------
    def state(self, deal: Opportunity, day: date) -> OpportunityVersion | None:
        """The state a deal was in at the end of a day."""
        for version in self.versions[deal.pk]:
            if version.valid_from <= day and (version.valid_to is None or day < version.valid_to):
                return version
        return None

    def fact(self, deal: Opportunity, day: date, owner: int, amount: Decimal | int | None, *, is_split: bool = False) -> Fact:
        credits = tuple((row.rep_id, row.share / 100) for row in deal.credits.all()) or ((owner, Decimal(1)),)
        return Fact(day, credits, deal.customer.region_id if deal.customer else None, amount, is_split)

    def owner_on(self, deal: Opportunity, day: date) -> int:
        state = self.state(deal, day)
        return state.owner_id if state else deal.owner_id

    def closed(self, kind: str) -> Iterator[Opportunity]:
        return (deal for deal in self.deals if deal.stage.kind == kind and deal.closed_on)


# --- Flows: what happened -----------------------------------------------------------------------
Flow = Callable[[World], Iterator[Fact]]


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


def lead_step(step: str, by: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for lead in Lead.objects.select_related("customer"):
            day = getattr(lead, f"{step}_on")
            if day:
                rep = getattr(lead, f"{by}_id") or lead.owner_id
                yield Fact(day, ((rep, Decimal(1)),), lead.customer.region_id if lead.customer else None, 1)

    return facts


def acquisitions(world: World) -> Iterator[Fact]:
    for customer in Customer.objects.exclude(acquired_on=None):
        yield Fact(customer.acquired_on, ((customer.acquired_by_id or customer.owner_id or 0, Decimal(1)),), customer.region_id, 1)


def ordered(amount: Callable[[Order], Decimal | int | None]) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for order in Order.objects.select_related("customer"):
            yield Fact(order.ordered_on, ((order.rep_id, Decimal(1)),), order.customer.region_id if order.customer else None, amount(order))

    return facts


def done(kind: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for activity in Activity.objects.filter(kind=kind).exclude(completed_on=None).select_related("customer"):
            yield Fact(activity.completed_on, ((activity.rep_id, Decimal(1)),), activity.customer.region_id if activity.customer else None, 1)

    return facts


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
    "leads_created": lead_step("created", "created_for"),
    "leads_converted": lead_step("converted", "converted_by"),
    "customers_acquired": acquisitions,
    "orders": ordered(lambda order: None if order.amount is None else 1),
    "order_amount": ordered(lambda order: order.amount),
    "calls": done("call"),
    "emails": done("email"),
    "meetings": done("meeting"),
    "demos": done("demo"),
}


# --- Stocks: what stands at the end of a day ---------------------------------------------------------
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


# --- Windows: what depends on the window's own ends ----------------------------------------------------
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


def worked(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    day = start
    while day < min(end, on + DAY):
        for rep in world.reps:
            if rep.hired_on <= day and (rep.left_on is None or day < rep.left_on):
                yield Fact(day, ((rep.pk, Decimal(1)),), None, 1)
        day += DAY


WINDOWS = {"expected_amount": expected, "due_amount": due, "slipped_amount": slipped, "created_won": cohort, "rep_days": worked}
MEASURES = {*FLOWS, *STOCKS, *WINDOWS}


def facts(world: World, measure: str, start: date, end: date, on: date) -> Iterator[Fact]:
    """List what a measure is made of in `[start, end)`, as of the end of day `on`."""
    if measure in STOCKS:
        yield from STOCKS[measure](world, min(end, on + DAY) - DAY)
    elif measure in WINDOWS:
        yield from WINDOWS[measure](world, start, end, on)
    else:
        yield from (fact for fact in FLOWS[measure](world) if start <= fact.day < min(end, on + DAY))


def amount(world: World, measure: str, scope: Scope, start: date, end: date, on: date) -> Decimal:
    """Add up a measure for a scope."""
    return sum((fact.amount * world.share(scope, fact, fact.day) for fact in facts(world, measure, start, end, on) if fact.amount is not None), NOTHING)
