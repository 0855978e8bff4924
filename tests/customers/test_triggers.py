"""The database keeps movements and paying customers as a plain recount of the subscriptions says, under any history of writes."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.core.models import Rate
from apps.customers.models import Customer, Movement, PayingAccount, Subscription
from apps.reps.models import Rep
from tests import make
from tests.kpis.histories import EXAMPLES, undone
from tests.oracle.money import Rates
from tests.oracle.recurring import running, steps

FIRST = date(2025, 1, 1)
days = st.integers(0, 12).map(lambda n: FIRST + timedelta(days=n))  # few, so that much falls on one day
amounts = st.one_of(st.none(), st.sampled_from([Decimal(0), Decimal(50), Decimal(100)]), st.decimals(0, 999, places=2))
WRITES = (
    "rate",
    "rate goes",
    "begin abroad",
    "begin abroad",
    "begin",
    "begin",
    "begin",
    "end",
    "end",
    "price",
    "rep",
    "customer",
    "shift",
    "delete",
    "handed over",
)
histories = st.lists(st.tuples(st.sampled_from(WRITES), st.integers(0, 30), days, days, amounts), min_size=1, max_size=20)


def write(reps: list[Rep], customers: list[Customer], step: tuple[str, int, date, date, Decimal | None]) -> None:
    kind, n, day, other, amount = step
    rep, customer = reps[n % len(reps)], customers[n % len(customers)]
    first, last = min(day, other), max(day, other)
    found = list(Subscription.objects.order_by("pk"))
    if kind == "rate":
        Rate.objects.update_or_create(currency="GBP", day=day, defaults={"rate": Decimal(n + 1) / 7})
        return
    if kind == "rate goes":
        Rate.objects.filter(day__gte=day).delete()
        return
    if kind == "begin abroad":
        make.subscription(rep=rep, customer=customer, amount=amount, started=first, ended=last if n % 3 else None, interval_months=1 + n % 3, currency="GBP")
        return
    if kind == "begin" or not found:
        make.subscription(rep=rep, customer=customer, amount=amount, started=first, ended=last if n % 2 else None, interval_months=(1, 3, 7)[n % 3])
        return
    rows = Subscription.objects.filter(pk=found[n % len(found)].pk)
    one = rows.get()
    if kind == "end":
        rows.update(ended_on=max(day, one.started_on) if n % 4 else None)
    elif kind == "price":
        rows.update(**{"original_amount" if one.currency else "amount": amount})
    elif kind == "rep":
        rows.update(rep=rep)
    elif kind == "customer":
        rows.update(customer=customer)
    elif kind == "shift":  # many at once
        with connection.cursor() as cursor:
            cursor.execute("UPDATE customers_subscription SET started_on = started_on + 1, ended_on = ended_on + 1")
    elif kind == "delete":
        rows.delete()
    elif day > one.started_on:
        rows.update(ended_on=day)
        make.subscription(rep=rep, customer=one.customer, amount=amount, started=day)


@pytest.mark.django_db
@EXAMPLES
@given(history=histories)
def test_movements_are_what_a_walk_through_the_days_finds_and_add_up_to_what_is_paid(history: list[Any]) -> None:
    with undone():
        reps = [make.rep() for _ in range(3)]
        customers = [make.customer() for _ in range(2)]
        for step in history:
            write(reps, customers, step)
        kept = {(m.customer_id, m.moved_on, m.rep_id): (m.kind, m.change, m.amount) for m in Movement.objects.all()}
        assert kept == {(s.customer.pk, s.day, s.rep): (s.kind, s.change, s.amount) for s in steps(customers, Rates())}
        for customer in customers:
            balances(customer)


def balances(customer: Customer) -> None:
    """From the first day to the last: start + movements = end, for the customer and for each rep; and who pays is who is said to pay."""
    rows, moves = list(customer.subscriptions.all()), list(customer.movements.all())
    times = list(PayingAccount.objects.filter(customer=customer))
    up = {"new": 1, "expansion": 1, "reactivated": 1, "contraction": -1, "churned": -1, "passed": 0}
    for n in range(-1, 40):
        day = FIRST + timedelta(days=n)
        until: dict[int, Decimal] = defaultdict(Decimal)
        for move in moves:
            if move.moved_on <= day:
                until[move.rep_id] += move.change
        paid = running(rows, day, Rates())
        assert {rep: amount for rep, amount in until.items() if amount} == {rep: amount for rep, amount in paid.items() if amount}
        moved = (move.change if move.kind == "unrated" else up[move.kind] * move.amount for move in moves if move.moved_on <= day)
        assert sum(moved) == sum(paid.values())
        paying = [one.reps for one in times if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)]
        assert paying == ([sorted(rep for rep, amount in paid.items() if amount)] if any(paid.values()) else [])


@pytest.mark.django_db
def test_each_kind_of_movement_has_its_name() -> None:
    rep, customer = make.rep(), make.customer()
    make.subscription(rep=rep, customer=customer, amount=100, started="2025-01-01", ended="2025-01-05")
    make.subscription(rep=rep, customer=customer, amount=150, started="2025-01-05", ended="2025-01-08")
    make.subscription(rep=rep, customer=customer, amount=360, started="2025-01-08", ended="2025-01-10", interval_months=12)
    make.subscription(rep=rep, customer=customer, amount=80, started="2025-01-12")
    kept = Movement.objects.order_by("moved_on").values_list("kind", "change", "amount")
    assert [(kind, int(change), int(amount)) for kind, change, amount in kept] == [
        ("new", 100, 100),
        ("expansion", 50, 50),
        ("contraction", -120, 120),
        ("churned", -30, 30),
        ("reactivated", 80, 80),
    ]


@pytest.mark.django_db
def test_what_stays_as_it_is_is_left_alone() -> None:
    rep, customer = make.rep(), make.customer()
    make.subscription(rep=rep, customer=customer, amount=100, started="2025-01-01")
    first = Movement.objects.get().pk
    make.subscription(rep=rep, customer=customer, amount=50, started="2025-02-01")
    assert Movement.objects.order_by("moved_on").first().pk == first


@pytest.mark.django_db
def test_a_missing_rate_is_neither_churn_nor_new() -> None:
    make.organisation()
    rep, customer = make.rep(), make.customer()
    make.rate("GBP", "1.2", on="2025-01-01")
    make.subscription(rep=rep, customer=customer, amount=100, currency="GBP", started="2025-01-01", ended="2025-02-01")
    make.subscription(rep=rep, customer=customer, amount=110, currency="GBP", started="2025-02-01", ended="2025-03-01")
    make.subscription(rep=rep, customer=customer, amount=140, started="2025-03-01")

    def kept() -> list[tuple[str, Decimal, Decimal]]:
        return list(Movement.objects.order_by("moved_on").values_list("kind", "change", "amount"))

    assert kept() == [("new", 120, 120), ("unrated", -120, 0), ("unrated", 140, 0)]
    make.rate("GBP", "1.2", on="2025-02-01")
    assert kept() == [("new", 120, 120), ("expansion", 12, 12), ("expansion", 8, 8)]


@pytest.mark.django_db
def test_who_began_without_a_rate_does_not_begin_again() -> None:
    make.organisation()
    rep, customer = make.rep(), make.customer()
    make.subscription(rep=rep, customer=customer, amount=100, currency="GBP", started="2025-01-01", ended="2025-02-01")
    make.subscription(rep=rep, customer=customer, amount=100, started="2025-04-01")
    assert list(Movement.objects.order_by("moved_on").values_list("kind", flat=True)) == ["unrated", "unrated", "reactivated"]
