"""Writes to exchange rates and to facts in other currencies, for random histories."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.models import Rate
from apps.customers.models import Order
from apps.reps.models import Rep
from tests import make

KINDS = ("rate", "rate", "rates", "rate is corrected", "rates go", "order abroad", "order abroad", "order is corrected")
STREAMS = ("orders",)
CURRENCIES = ("USD", "GBP")


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
    elif kind == "order abroad":
        make.order(rep=rep, amount=amount, cost=amount and amount / 3 if n % 3 else None, ordered=day, customer=customer, currency=currency)
    else:
        change(list(Order.objects.order_by("pk")), n, day, amount)


def change(rows: list[Order], n: int, day: date, amount: Decimal | None) -> None:
    """Change an order: its day, its currency, what was agreed, or back to the organisation's money."""
    if rows:
        ways: list[dict[str, Any]] = [
            {"ordered_on": day},
            {"currency": CURRENCIES[n % 2], "original_amount": amount, "original_cost": None, "amount": None, "cost": None},
            {"original_amount": amount, "currency": "EUR"},
            {"original_amount": None, "original_cost": None, "currency": "", "amount": amount},
        ]
        Order.objects.filter(pk=rows[n % len(rows)].pk).update(**ways[n % 4])
