"""Writes to exchange rates and to facts in other currencies, for random histories."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.campaigns.models import Expense
from apps.core.models import Rate
from apps.customers.models import Order, Subscription
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make

RATES = ("rate", "rate", "rates", "rate is corrected", "rates go")
SUBSCRIPTIONS = ("subscription abroad", "subscription abroad", "subscription is corrected")
DEALS = ("deal abroad", "deal abroad", "deal abroad closed", "deal abroad undated", "deal is entered anew")
KINDS = (*RATES, *SUBSCRIPTIONS, "order abroad", "order abroad", "order is corrected", "expense abroad", "expense is corrected", *DEALS)
STREAMS = ("orders", "expenses", "subscriptions", "movements", "accounts", "events", "stages", "expected", "slips")
CURRENCIES = ("USD", "GBP")
FIRST = date(2024, 11, 20)


def write(kind: str, rep: Rep, customer: Any, n: int, day: date, other: date, amount: Decimal | None) -> None:
    """Play one write: `n` picks rows and currencies, `day` and `other` are days."""
    currency = CURRENCIES[n % 2]
    worth = Decimal(n + 1) / 7
    if kind == "rate":
        Rate.objects.update_or_create(currency=currency, day=day, defaults={"rate": worth})
    elif kind == "rates":  # many at once, every few days
        days = [min(day, other) + timedelta(days=step * (1 + n % 5)) for step in range(12)]
        Rate.objects.bulk_create([Rate(currency=currency, day=one, rate=worth + step) for step, one in enumerate(days)], ignore_conflicts=True)
    elif kind == "rate is corrected":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_rate SET rate = rate * 1.1 WHERE currency = %s AND day BETWEEN %s AND %s", [currency, min(day, other), max(day, other)])
    elif kind == "rates go":
        Rate.objects.filter(currency=currency, day__gte=day).delete()
    elif kind in DEALS:
        deal(kind, rep, customer, n, day, other, amount)
    elif kind == "order abroad":
        make.order(rep=rep, amount=amount, cost=amount and amount / 3 if n % 3 else None, ordered=day, customer=customer, currency=currency)
    elif kind == "expense abroad":
        make.expense(amount=amount or 1, spent=day, kind="marketing", campaign=None, currency=currency)
    elif kind == "subscription abroad":
        ended = max(day, other) if n % 4 else None
        make.subscription(rep=rep, customer=customer, amount=amount, started=min(day, other), ended=ended, interval_months=1 + n % 2 * 11, currency=currency)
    elif kind == "order is corrected":
        change(Order, "ordered_on", ("amount", "cost"), n, day, amount)
    elif kind == "subscription is corrected":
        change(Subscription, "started_on", ("amount",), n, min(day, FIRST), amount)
    else:
        change(Expense, "spent_on", ("amount",), n, day, amount or Decimal(1))


def deal(kind: str, rep: Rep, customer: Any, n: int, day: date, other: date, amount: Decimal | None) -> None:
    """Write a deal in another currency, or say of one that what was agreed is in another."""
    currency, cost = CURRENCIES[n % 2], amount and amount / 2 if n % 3 else None
    if kind == "deal abroad":
        make.deal(rep=rep, amount=amount, cost=cost, created=day, expected=other, customer=customer, currency=currency)
    elif kind == "deal abroad closed":
        closed = {"won" if n % 4 else "lost": max(day, other), "created": min(day, other)}
        make.deal(rep=rep, amount=amount, cost=cost, customer=customer, currency=currency, **closed)
    elif kind == "deal abroad undated":
        Opportunity.objects.create(name="undated", owner=rep, stage=make.stage(), original_amount=amount, currency=currency)
    else:
        rows = list(Opportunity.objects.order_by("pk"))
        nothing = dict.fromkeys(("amount", "cost", "original_amount", "original_cost"))
        ways: list[dict[str, Any]] = [
            {**nothing, "currency": currency, "original_amount": amount, "original_cost": cost},
            {**nothing, "currency": "", "amount": amount},
            {**nothing, "currency": "EUR", "original_amount": amount},
            {**nothing, "currency": currency, "original_amount": amount, "effective_on": day},
        ]
        if rows:
            Opportunity.objects.filter(pk=rows[n % len(rows)].pk).update(**ways[n % 4])


def change(model: Any, on: str, amounts: tuple[str, ...], n: int, day: date, amount: Decimal | None) -> None:
    """Change a fact: its day, its currency, what was agreed, or back to the organisation's money."""
    rows = list(model.objects.order_by("pk"))
    nothing = dict.fromkeys((*amounts, *(f"original_{name}" for name in amounts)))
    if rows:
        ways: list[dict[str, Any]] = [
            {on: day},
            {**nothing, "currency": CURRENCIES[n % 2], "original_amount": amount},
            {"original_amount": amount, "currency": "EUR"},
            {**nothing, "currency": "", "amount": amount},
        ]
        model.objects.filter(pk=rows[n % len(rows)].pk).update(**ways[n % 4])
