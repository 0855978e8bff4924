"""What deals leave behind: shared credit, quotes, orders, and the day a customer or a lead was won."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from apps.core.periods import Calendar
from apps.customers.models import Customer, Order
from apps.demo import seasons
from apps.demo.customers import Books
from apps.demo.deals import Deal
from apps.demo.offer import Ladder
from apps.demo.staff import Staff
from apps.demo.ways import NEGOTIATION, PROPOSAL, rounded
from apps.opportunities.models import Quote

SHARED, REVISED, REORDER_A_MONTH = 0.07, 0.35, 0.10
SPLITS = ((60, 40), (70, 30), (50, 50), (50, 30, 20))
USUAL_REORDER = 1_900


@dataclass
class Papers:
    """The papers so far, not yet saved."""

    rng: Random
    plan: Calendar
    ladder: Ladder
    staff: Staff
    on: date
    quotes: list[Quote] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    def file(self, deals: Iterable[Deal]) -> None:
        """Make the papers of all deals."""
        for deal in deals:
            offered = next((turn.since_on for turn in deal.turns if turn.stage is self.ladder.steps[PROPOSAL]), None)
            if offered:
                self.share(deal, offered)
                self.quotes += self.offers(deal, offered)
            if deal.row.stage is self.ladder.won:
                self.orders.append(self.order(deal))
                self.convert(deal)

    def share(self, deal: Deal, day: date) -> None:
        """Share some deals between their owner and colleagues, most of them of the same team."""
        if self.rng.random() > SHARED:
            return
        owner = next(seller for seller in self.staff.sellers if seller.rep is deal.owner_on(day))
        near = self.staff.in_team(owner.team_on(day), day) if self.rng.random() < 0.75 else self.staff.sellers
        split = self.rng.choice(SPLITS)
        others = [seller.rep for seller in near if seller.team_on(day) and seller is not owner]
        if len(others) >= len(split):
            reps = [owner.rep, *self.rng.sample(others, len(split) - 1)]
            deal.shares = [(rep, Decimal(part)) for rep, part in zip(reps, split, strict=True)]

    def offers(self, deal: Deal, day: date) -> Iterator[Quote]:
        """Yield the quote of a deal and its revision; what was won was accepted."""
        row, number = deal.row, f"Q-{day:%Y}-{len(self.quotes) + 1:05}"
        until = row.closed_on or self.on
        quote = Quote(opportunity=row, number=number, rep=deal.owner_on(day), amount=row.amount, sent_on=self.soon(day, until))
        haggled = next((turn.since_on for turn in deal.turns if turn.stage is self.ladder.steps[NEGOTIATION] and turn.since_on > day), None)
        if haggled and self.rng.random() < REVISED:
            quote.amount = rounded(row.amount, 1.06)
            yield quote
            quote = Quote(opportunity=row, number=number, revision=2, rep=deal.owner_on(haggled), amount=row.amount, sent_on=self.soon(haggled, until))
        quote.accepted_on = row.closed_on if row.stage is self.ladder.won else None
        yield quote

    def order(self, deal: Deal) -> Order:
        row, day = deal.row, self.soon(deal.row.closed_on, self.on)
        order = Order(customer=row.customer, rep=deal.owner_on(row.closed_on), ordered_on=day, amount=row.amount, cost=row.cost)
        order.number = f"O-{day:%Y}-{len(self.orders) + 1:05}"
        return order

    def soon(self, day: date, until: date) -> date:
        """Return a working day within a few days, but not after another."""
        return min(seasons.working_day(self.plan, day + timedelta(days=self.rng.randint(0, 3))), until)

    def convert(self, deal: Deal) -> None:
        """Enter that a lead became a customer on the day its deal was won."""
        if deal.row.lead:
            deal.row.lead.converted_on, deal.row.lead.converted_by = deal.row.closed_on, deal.owner_on(deal.row.closed_on)

    def reorders(self, books: Books, *, start_on: date) -> None:
        """Add the small orders that customers place by themselves, month by month."""
        for customer in books.every:
            if customer.acquired_on:
                self.orders += self.reorders_of(customer, start_on)

    def reorders_of(self, customer: Customer, start_on: date) -> Iterator[Order]:
        first, last = max(customer.acquired_on, customer.owner.hired_on, start_on), min(customer.lost_on or self.on, self.on)
        for month in self.plan.between("month", first, last):
            day = seasons.working_day(self.plan, month.start_on.replace(day=self.rng.randint(1, 28)))
            amount = rounded(Decimal(USUAL_REORDER), self.rng.lognormvariate(0, 0.6))
            if self.rng.random() < REORDER_A_MONTH and first < day <= last:
                cost = (amount * Decimal("0.45")).quantize(Decimal("0.01"))
                yield Order(
                    number=f"R-{day:%Y%m%d}-{self.rng.randrange(10**6):06}", customer=customer, rep=customer.owner, ordered_on=day, amount=amount, cost=cost
                )
