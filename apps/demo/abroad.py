"""What the demo company sells in other currencies: customers abroad, what their deals were agreed in, and made exchange rates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from apps.core.models import Rate
from apps.customers.models import Customer, Order
from apps.demo.deals import Deal
from apps.demo.ways import rounded
from apps.opportunities.models import Quote

CENT, TENTHOUSANDTH = Decimal("0.01"), Decimal("0.0001")
CURRENCIES = {"USD": 0.92, "GBP": 1.17, "CHF": 1.04}  # with about what one is worth in the company's money; invented like all the rest
ABROAD = 0.09  # of the customers
DRIFT, PULL = 0.004, 0.01  # how far a rate moves from day to day, and how much of its way home it comes back
BEHIND = "CHF"  # nobody has entered the latest rates of this one
BEHIND_DAYS = 14


@dataclass(frozen=True)
class Market:
    """Who buys in which currency, and the rates of every working day."""

    by_customer: dict[int, str] = field(default_factory=dict)  # by the customer in memory
    rates: dict[tuple[str, date], Decimal] = field(default_factory=dict)

    def currency(self, customer: Customer | None) -> str:
        return self.by_customer.get(id(customer), "")

    def rate(self, currency: str, day: date) -> Decimal:
        """Return the newest rate by a day; the first one for what was before."""
        while (currency, day) not in self.rates and day >= min(on for _code, on in self.rates):
            day -= timedelta(days=1)
        return self.rates.get((currency, day), Decimal(str(CURRENCIES[currency])))

    def money(self, deal: Deal, amount: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
        """Return a deal's amount in the company's money, or what was agreed in the customer's."""
        currency = self.currency(deal.row.customer)
        return (None, agreed(amount, self.rate(currency, deal.row.created_on))) if currency else (amount, None)

    def rows(self, *, on: date) -> Iterator[Rate]:
        """Yield what was entered of the rates."""
        for (currency, day), rate in self.rates.items():
            if currency != BEHIND or day < on - timedelta(days=BEHIND_DAYS):
                yield Rate(currency=currency, day=day, rate=rate)


def trade(rng: Random, customers: Iterable[Customer], own: str, *, start_on: date, on: date) -> Market:
    """Return a market in which some customers buy in another currency than the company's own."""
    codes = [code for code in CURRENCIES if code != own]
    found = Market()
    for customer in customers:
        if rng.random() < ABROAD:
            found.by_customer[id(customer)] = rng.choice(codes)
    for code in codes:
        found.rates.update(course(rng, code, start_on=start_on, on=on))
    return found


def course(rng: Random, code: str, *, start_on: date, on: date) -> Iterator[tuple[tuple[str, date], Decimal]]:
    """Yield a rate for each day from Monday to Friday, wandering about its usual value."""
    usual = rate = CURRENCIES[code]
    for number in range((on - start_on).days + 1):
        day = start_on + timedelta(days=number)
        if day.weekday() < 5:
            rate += rng.gauss(0, DRIFT * usual) + PULL * (usual - rate)
            yield (code, day), Decimal(rate).quantize(TENTHOUSANDTH)


def agree(market: Market, deals: Iterable[Deal], quotes: Iterable[Quote], orders: Iterable[Order]) -> None:
    """Say of what customers abroad buy what was agreed; what that is worth follows from it when it is written."""
    for deal in deals:
        row = deal.row
        if currency := market.currency(row.customer):
            row.currency, row.original_cost, row.cost = currency, exact(row.cost, market.rate(currency, row.created_on)), None
            row.amount, row.original_amount = market.money(deal, row.amount)
    for quote in quotes:
        if currency := quote.opportunity.currency:
            rate = market.rate(currency, quote.opportunity.created_on)
            quote.currency, quote.original_amount, quote.amount = currency, agreed(quote.amount, rate), None
    for order in orders:
        if currency := market.currency(order.customer):
            rate = market.rate(currency, order.ordered_on)
            order.currency, order.original_amount, order.original_cost = currency, agreed(order.amount, rate), exact(order.cost, rate)
            order.amount = order.cost = None


def agreed(amount: Decimal | None, rate: Decimal) -> Decimal | None:
    """Return about as much in another currency, as people agree on it: in tens."""
    return None if amount is None else rounded(amount / rate)


def exact(amount: Decimal | None, rate: Decimal) -> Decimal | None:
    return None if amount is None else (amount / rate).quantize(CENT)
