"""The demo company's customers: who looks after whom, who was won when, and who went away."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from apps.core.periods import Calendar
from apps.customers.models import Customer
from apps.demo import names, seasons, words
from apps.demo.staff import Seller, Staff, region_of
from apps.reps.models import Rep

FORMER_PER_REP = 9  # customers an old hand had before the history begins
KNOWN = 0.6  # chance that a new deal is with a customer already in the rep's book
LOSS_A_YEAR = 0.2
QUIET_DAYS = 75  # nobody leaves so soon after their last deal


@dataclass
class Books:
    """Each rep's customers, not yet saved."""

    rng: Random
    names: Iterator[tuple[str, str]]
    by_seller: dict[Seller, list[Customer]] = field(default_factory=lambda: defaultdict(list))

    @property
    def every(self) -> list[Customer]:
        return [customer for book in self.by_seller.values() for customer in book]

    def pick(self, seller: Seller, day: date) -> tuple[Customer, bool]:
        """Return the customer of a new deal, and whether they were known before."""
        book = self.by_seller[seller]
        if book and self.rng.random() < KNOWN:
            return self.rng.choice(book), True
        return self.add(seller, day), False

    def add(self, seller: Seller, day: date) -> Customer:
        name, industry = next(self.names)
        team = seller.team_on(day) or seller.stints[0].team
        customer = Customer(name=name, industry=industry, region=region_of(team), owner=seller.rep)
        self.by_seller[seller].append(customer)
        return customer

    def hand_over(self, leaver: Seller, heir: Seller) -> None:
        for customer in self.by_seller.pop(leaver, []):
            customer.owner = heir.rep
            self.by_seller[heir].append(customer)


def open_books(rng: Random, staff: Staff, *, start_on: date) -> Books:
    """Return the books as they stood when the history begins."""
    books = Books(rng, names.companies(rng))
    for seller in staff.sellers:
        days = (start_on - seller.rep.hired_on).days
        for _number in range(FORMER_PER_REP if days > 60 else 0):
            customer = books.add(seller, seller.rep.hired_on)
            customer.acquired_on, customer.acquired_by = seller.rep.hired_on + timedelta(days=rng.randrange(20, days)), seller.rep
    return books


def acquire(wins: Iterable[tuple[date, Customer, Rep]]) -> None:
    """Enter when each customer was won: with their first deal."""
    for day, customer, rep in sorted(wins, key=lambda win: win[0]):
        if customer.acquired_on is None:
            customer.acquired_on, customer.acquired_by = day, rep


def lose(rng: Random, plan: Calendar, books: Books, last_busy: dict[str, date], *, start_on: date, on: date) -> None:
    """Let some customers go, long after the last thing that happened with them; `last_busy` is by customer’s name."""
    for customer in books.every:
        if customer.acquired_on is None or (busy := max(last_busy.get(customer.name, start_on), customer.acquired_on)) > on:
            continue
        safe_until = busy + timedelta(days=QUIET_DAYS)
        gone = seasons.working_day(plan, safe_until + timedelta(days=int(rng.expovariate(LOSS_A_YEAR / 365))))
        if gone <= on:
            customer.lost_on, customer.lost_reason = gone, rng.choice(words.CHURN_REASONS)
