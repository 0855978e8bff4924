"""All rows, read once, and who stands where on which day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.campaigns.models import Expense
from apps.customers.models import Customer, Order, Subscription
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity, OpportunityVersion, Quote
from apps.reps.models import Membership, Rep, Team
from apps.reps.scopes import Only, Scope
from tests.oracle.money import Rates

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
    """All rows, read once; with `only`, those of one product or campaign, as far as they name any. What was listed of them is kept: the rows stay, so it does, too."""

    def __init__(self, only: Only | None = None) -> None:
        self.rates = Rates()
        self.deals = list(Opportunity.objects.select_related("stage", "customer").prefetch_related("credits"))
        self.versions: dict[int, list[OpportunityVersion]] = {deal.pk: [] for deal in self.deals}
        for version in OpportunityVersion.objects.select_related("stage", "previous_stage").order_by("valid_from", "sequence"):
            self.versions[version.opportunity_id].append(version)
        self.memberships = list(Membership.objects.all())
        self.teams = {team.pk: team for team in Team.objects.all()}
        self.reps = list(Rep.objects.all())
        self.activities = list(Activity.objects.select_related("customer"))
        self.assessments = list(Assessment.objects.all())
        self.customers = list(Customer.objects.prefetch_related("subscriptions"))
        self.expenses = list(Expense.objects.all())
        self.leads = list(Lead.objects.select_related("customer"))
        self.orders = list(Order.objects.select_related("customer"))
        self.posts = list(SocialPost.objects.all())
        self.quotes = list(Quote.objects.select_related("opportunity__customer").order_by("revision"))
        self.readings = list(SocialReading.objects.all())
        self.subscriptions = list(Subscription.objects.select_related("customer"))
        if only:
            for name in ("deals", "activities", "expenses", "leads"):
                setattr(self, name, [row for row in getattr(self, name) if getattr(row, f"{only.field}_id", None) == only.id])
        self.listed: dict[tuple[object, ...], list[Fact]] = {}
        self._value()

    def _value(self) -> None:
        """Value deals and their states by what was entered: a closed one on its closing day, an open one on the day its last state began."""
        for deal in self.deals:
            since: date | None = None
            before: OpportunityVersion | None = None
            for version in self.versions[deal.pk]:
                since = since if before and before.stage_id == version.stage_id else version.valid_from
                before = version
                version.amount = self.rates.money(version, version.valid_from if version.stage.kind == "open" else since)
            day = deal.closed_on or (before.valid_from if before else deal.created_on)
            deal.amount, deal.cost = self.rates.money(deal, day), self.rates.money(deal, day, "cost")

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

    def teams_of_member(self, rep: int, day: date) -> list[Team]:
        """The teams that count a rep, and all of their past, as the teams are on a day; none for who has left by then."""
        left = {row.pk: row.left_on for row in self.reps}.get(rep)
        return [] if left and left <= day else self.teams_of(rep, day)

    def holds(self, scope: Scope, rep: int, region: int | None, day: date) -> bool:
        """Whether something of this rep, on this day, with a customer of this region, is the scope's."""
        if scope.kind == "company":
            return True
        if scope.kind == "rep":
            return rep == scope.id
        teams = self.teams_of(rep, day) if scope.members_on is None else self.teams_of_member(rep, scope.members_on)
        if scope.kind == "team":
            return scope.id in [team.pk for team in teams]
        home = next((team.region_id for team in teams if team.region_id), None)
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


Flow = Callable[[World], Iterator[Fact]]
Stock = Callable[[World, date], Iterator[Fact]]
Windowed = Callable[[World, date, date, date], Iterator[Fact]]
