"""The demo company's deals: who opens one when, with whom, how it goes, and where it stands today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from apps.core.periods import Calendar
from apps.demo import seasons, words
from apps.demo.customers import Books
from apps.demo.leads import A_DAY as LEADS_A_DAY
from apps.demo.leads import Inbox
from apps.demo.offer import Ladder, Ware
from apps.demo.staff import Seller, Staff
from apps.demo.ways import Change, Steps, Turn, Way, amounts, probabilities, pushes, rounded, unfold
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep

DEALS_A_DAY = 0.365  # per rep and ordinary working day
WIN = 0.31  # chance of an average deal
USUAL_DEAL, EVENNESS = 25_000, 0.8
FROM_LEAD, HANDED_OVER, UNPRICED, UNDATED = 0.5, 0.03, 0.04, 0.03


@dataclass
class Deal:
    """One deal: its row as of today, all it has been, and who shares it (nobody: its owner's alone)."""

    row: Opportunity
    turns: list[Turn]
    ware: Ware
    shares: list[tuple[Rep, Decimal]] = field(default_factory=list)

    def owner_on(self, day: date) -> Rep:
        return next((turn.owner for turn in reversed(self.turns) if turn.since_on <= day), self.turns[0].owner)

    @property
    def credited(self) -> list[tuple[Rep, Decimal]]:
        """Who is credited with how many percent, if it closed."""
        return self.shares or [(self.owner_on(self.row.closed_on), Decimal(100))]


@dataclass(frozen=True)
class Trade:
    """Everything deals are made from."""

    rng: Random
    plan: Calendar
    staff: Staff
    ladder: Ladder
    wares: list[Ware]
    books: Books
    inbox: Inbox
    start_on: date
    on: date
    owed: dict[Seller, float] = field(default_factory=dict)

    def deals(self) -> Iterator[Deal]:
        """Yield every deal, day by day; leads that lead nowhere arrive along the way."""
        for number in range((self.on - self.start_on).days + 1):
            day = self.start_on + timedelta(days=number)
            self.part(day)
            if self.plan.is_working(day):
                yield from self.work(day)

    def part(self, day: date) -> None:
        """Hand the customers of whoever leaves on a day to a colleague."""
        for seller in self.staff.sellers:
            if seller.rep.left_on == day:
                self.books.hand_over(seller, self.staff.heir(self.rng, seller, day))

    def work(self, day: date) -> Iterator[Deal]:
        asked = seasons.demand(day, start_on=self.start_on)
        for seller in self.staff.sellers:
            if seller.team_on(day) is None:
                continue
            if self.rng.random() < LEADS_A_DAY * asked:
                self.inbox.stray(seller, day, on=self.on)
            chance = DEALS_A_DAY * asked * seller.ramp(day) * seller.strength**0.5
            yield from (self.open(seller, day) for share in (1.3, 0.7) if self.rng.random() < chance * share / 2)

    def open(self, seller: Seller, day: date) -> Deal:
        """Return a new deal, told to its end and cut off today."""
        customer, is_known = self.books.pick(seller, day)
        ware = self.rng.choices(self.wares, [ware.weight for ware in self.wares])[0]
        row = Opportunity(name=f"{customer.name}, {ware.product}", customer=customer, product=ware.product, created_on=day)
        if self.rng.random() < 0.6:
            row.first_contact_on = max(day - timedelta(days=self.rng.randint(1, 18)), seller.rep.hired_on)
        if not is_known and self.rng.random() < FROM_LEAD:
            row.lead = self.inbox.behind(seller, row)
            row.campaign, row.first_contact_on = row.lead.campaign, row.lead.created_on
        deal = Deal(row, self.story(seller, day, ware, is_known=is_known), ware)
        self.settle(deal)
        return deal

    def story(self, seller: Seller, day: date, ware: Ware, *, is_known: bool) -> list[Turn]:
        """Return what a deal becomes, as far as it has come today."""
        rng, way = self.rng, Way(self.plan, self.ladder, ware)
        amount, expected = rounded(Decimal(ware.typical), rng.lognormvariate(0, ware.spread)), way.guess(rng, day)
        chance = WIN * ware.luck * seller.strength**0.7 * (1.12 if is_known else 0.92)
        steps = way.steps(rng, day, is_won=self.is_won(seller, float(amount), chance))
        start = Turn(day, seller.rep, steps[0][1], amount, expected_close_on=expected)
        changes = [(on, {"stage": stage}) for on, stage in steps[1:]]
        changes += [*amounts(rng, self.ladder, steps, amount), *probabilities(rng, self.ladder, steps)]
        changes += [*pushes(rng, way, steps, expected), *self.handed_over(seller, steps)]
        turns = unfold(start, changes)
        return self.unclear([turn for turn in turns if turn.since_on <= self.on], steps[1][0])

    def is_won(self, seller: Seller, amount: float, chance: float) -> bool:
        """Decide whether a deal will be won; who fell behind what chance owes them is luckier, so that quarters differ no more than in life."""
        owed = self.owed.get(seller, 0.0)
        is_won = self.rng.random() < chance * min(max(1 + owed / USUAL_DEAL * EVENNESS, 0.25), 2.2)
        self.owed[seller] = owed + amount * (chance - is_won)
        return is_won

    def handed_over(self, seller: Seller, steps: Steps) -> Iterator[Change]:
        """Yield the new owner when the first one leaves, and now and then a colleague who takes a deal over."""
        left_on, closing = seller.rep.left_on, steps[-1][0]
        if len(steps) > 3 and self.rng.random() < HANDED_OVER and (left_on is None or closing < left_on):
            yield steps[1][0], {"owner": self.staff.heir(self.rng, seller, steps[1][0]).rep}
        elif left_on and steps[0][0] < left_on <= closing:
            yield left_on, {"owner": self.staff.heir(self.rng, seller, left_on).rep}

    def unclear(self, turns: list[Turn], until: date) -> list[Turn]:
        """Take away what a rep does not know yet about some new deals: the amount, or when it may close."""
        luck = self.rng.random()
        blank = {"amount": None} if luck < UNPRICED else {"expected_close_on": None} if luck < UNPRICED + UNDATED else {}
        return [Turn(**{**vars(turn), **blank}) if turn.since_on < until else turn for turn in turns]

    def settle(self, deal: Deal) -> None:
        """Write a deal's present state into its row."""
        row, last = deal.row, deal.turns[-1]
        row.owner, row.stage, row.amount = last.owner, last.stage, last.amount
        row.probability, row.expected_close_on = last.probability, last.expected_close_on
        if last.stage is self.ladder.lost:
            row.lost_reason = self.rng.choice(words.LOST_REASONS)
        if last.stage not in self.ladder.steps:
            row.closed_on = closed_on(deal.turns)
        if last.stage is self.ladder.won and last.amount:
            row.cost = (last.amount * Decimal(deal.ware.cost * self.rng.uniform(0.88, 1.12))).quantize(Decimal("0.01"))


def closed_on(turns: list[Turn]) -> date:
    """Return the day a closed deal came to the stage it is in."""
    day = turns[-1].since_on
    for turn in reversed(turns):
        if turn.stage is not turns[-1].stage:
            return day
        day = turn.since_on
    return day
