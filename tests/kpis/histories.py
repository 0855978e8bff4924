"""Random histories of a small company, for laws that hold under any sequence of writes: what there is, what is written, how it is played."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from apps.activities.models import Activity
from apps.campaigns.models import Expense
from apps.core import periods
from apps.customers.models import Customer, Subscription
from apps.kpis import rollup
from apps.kpis.models import Snapshot
from apps.leads.models import Lead
from apps.opportunities.models import Credit, Opportunity, Stage
from apps.reps import scopes
from apps.reps.models import Membership, Rep, Team
from tests import make
from tests.kpis import converting, quoting, social

ON = make.TODAY
FIRST = date(2024, 11, 20)
# Shrinking would replay hundreds of histories in the database: the failing history is printed as it is.
EXAMPLES = settings(
    max_examples=int(os.environ.get("KPIBOARD_EXAMPLES", "6")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
WINDOWS = ("2025-Q1", "2025-03", "2025-02", "2025-W09", "2024-Q4", "2025", "2025-01-20..2025-03-04", "2025-Q2")

days = st.integers(0, (ON - FIRST).days).map(lambda n: FIRST + timedelta(days=n))
which = st.integers(0, 30)
amounts = st.one_of(st.none(), st.decimals(0, 9999, places=2))


def at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(12), UTC) + timedelta(minutes=7 * minutes)


class Company:
    """A small company on which writes are played."""

    def __init__(self) -> None:
        make.organisation()
        self.stages = make.stages()
        self.open = [self.stages[name] for name in ("Qualified", "Proposal", "Negotiation")]
        self.regions = [make.region("East"), make.region("West")]
        group = make.team("Group", region=self.regions[0])
        self.teams = [make.team("One", parent=group), make.team("Two", region=self.regions[1]), group]
        self.reps = [make.rep(name, team=self.teams[n % 2], hired="2024-10-01") for n, name in enumerate(("Ann", "Ben", "Cas"))]
        self.reps.append(make.rep("Dot", hired="2025-01-10", left="2025-03-01"))
        self.campaigns = [make.campaign("Fair"), make.campaign("Mailing")]
        self.customers = [make.customer("Near", region=self.regions[1]), make.customer("Far")]

    @property
    def scopes(self) -> list[scopes.Scope]:
        return [scopes.company(), *(scopes.of(row) for row in [*self.regions, *self.teams, *self.reps])]

    def pick(self, rows: list[Any], n: int) -> Any:
        return rows[n % len(rows)] if rows else None

    def deal(self, n: int) -> Opportunity | None:
        return self.pick(list(Opportunity.objects.order_by("pk")), n)


def write(company: Company, step: tuple[str, int, int, date, date, Decimal | None]) -> None:
    """Play one write; `n` and `m` pick rows, `day` and `other` are days, `amount` may be unknown."""
    kind, n, m, day, other, amount = step
    deal = company.deal(n)
    rep = company.pick(company.reps, m)
    if kind == "create":
        make.deal(
            rep=rep,
            amount=amount,
            created=day,
            stage=company.pick(company.open, n),
            expected_close_on=other,
            customer=company.pick([None, *company.customers], n),
        )
    elif kind == "create closed":
        fields = {"won" if m % 2 else "lost": max(day, other), "created": min(day, other)}
        make.deal(rep=rep, amount=amount, cost=amount and amount / 2 if n % 2 else None, customer=company.pick([None, *company.customers], m), **fields)
    elif kind == "create undated":
        Opportunity.objects.create(name="undated", owner=rep, stage=company.open[0], amount=amount)
    elif kind in ("customer", "lead", "activity", "order", "expense", "touch"):
        others(company, kind, n, m, rep, day, other, amount)
    elif kind.startswith("subscription"):
        subscribe(company, kind, n, rep, day, other, amount)
    elif kind == "customer goes":
        go(company.pick(list(Customer.objects.order_by("pk")), n), day, other)
    elif kind in quoting.KINDS:
        quoting.write(kind, deal, rep, n, day, other)
    elif kind in converting.KINDS:
        converting.write(kind, rep, company.pick(company.customers, m), n, day, other, amount)
    elif kind in social.KINDS:
        social.write(kind, rep, n, day, other)
    elif kind == "move rep":
        move(rep, company.pick(company.teams, n), day)
    elif kind == "customer moves":
        Customer.objects.filter(pk=company.pick(company.customers, n).pk).update(region=company.pick([None, *company.regions], m))
    elif kind == "team moves":
        Team.objects.filter(pk=company.teams[0].pk).update(region=company.pick([None, *company.regions], m))
    elif kind == "stage changes":
        Stage.objects.filter(pk=company.pick(company.open, n).pk).update(probability=m * 3)
    elif deal:
        change(company, kind, deal, m, rep, day, other, amount)


def others(company: Company, kind: str, n: int, m: int, rep: Rep, day: date, other: date, amount: Decimal | None) -> None:
    customer = company.pick([None, *company.customers], n)
    if kind == "customer":
        make.customer(acquired=day, owner=company.pick([None, rep], n), region=company.pick([None, *company.regions], n))
    elif kind == "lead":
        first, last = min(day, other), max(day, other)
        lead = make.lead(rep=rep, created=first, customer=customer, phone="1" if n % 2 else "", campaign=company.pick([None, *company.campaigns], m))
        Lead.objects.filter(pk=lead.pk).update(owner=company.pick(company.reps, n), qualified_on=first, email="a@b.example" if m % 2 else "")
        Lead.objects.filter(pk=lead.pk).update(**({"converted_on": last} if n % 3 else {"opportunity_on": last}))
        Lead.objects.filter(created_on=other).update(campaign=company.campaigns[n % 2])
        Lead.objects.filter(created_on=first).update(created_at=at(first, m) if m % 3 else None)
    elif kind == "activity":
        make.activity(rep=rep, kind=company.pick(["call", "email", "meeting", "demo"], n), done=day, customer=customer)
        Activity.objects.filter(completed_on=other).delete()
    elif kind == "touch":
        lead = company.pick(list(Lead.objects.order_by("pk")), m)
        made = make.activity(rep=rep, kind="call", done=day, lead=lead, at=at(day, n) if n % 4 else None, is_automatic=n % 5 == 0)
        Activity.objects.filter(lead=lead, completed_on=other).exclude(pk=made.pk).update(lead=company.pick(list(Lead.objects.order_by("pk")), n))
        Activity.objects.filter(completed_at=at(other, m)).update(completed_at=at(day, m + 1))
        Activity.objects.filter(pk=made.pk - 2, completed_at=None).delete()
        Activity.objects.filter(completed_on=other).update(direction="in" if n % 3 else "out")
    elif kind == "expense":
        Expense.objects.filter(spent_on__gt=other).update(spent_on=other)
        make.expense(amount=amount or 0, spent=day, kind="marketing", campaign=company.pick([None, *company.campaigns], n))
    else:
        make.order(rep=rep, amount=amount, ordered=day, customer=customer)


def subscribe(company: Company, kind: str, n: int, rep: Rep, day: date, other: date, amount: Decimal | None) -> None:
    """Write subscriptions of few customers by few reps, so that they meet."""
    if kind == "subscription":
        fields: dict[str, Any] = {"activated": max(day, other)} if n % 3 else {"cancelled": max(day, other), "ended": max(day, other) + timedelta(days=n)}
        make.subscription(rep=rep, customer=company.pick(company.customers, n), amount=amount, started=day, interval_months=(1, 3, 12)[n % 3], **fields)
    elif one := company.pick(list(Subscription.objects.order_by("pk")), n):
        rows = Subscription.objects.filter(pk=one.pk)
        if kind == "subscription passes":  # to another rep, as one ends and another begins
            if other > one.started_on:
                rows.update(ended_on=other, cancelled_on=None)
                make.subscription(rep=rep, customer=one.customer, amount=amount, started=other)
        elif kind == "subscription is another's":
            rows.update(rep=rep, customer=company.pick(company.customers, n + 1))
        elif kind == "subscription costs":
            rows.update(amount=amount)
        else:
            rows.delete()


def go(customer: Customer, day: date, other: date) -> None:
    """Lose a customer, perhaps in days to come, or let them stay after all."""
    cancelled = max(min(day, other), customer.acquired_on or min(day, other))
    gone = max(day, other, cancelled) + timedelta(days=5)
    Customer.objects.filter(pk=customer.pk).update(cancelled_on=cancelled if day.day % 2 else None, lost_on=gone if other.day % 4 else None)


def change(company: Company, kind: str, deal: Opportunity, m: int, rep: Rep, day: date, other: date, amount: Decimal | None) -> None:
    """Change one deal in the way a form, the API or plain SQL does."""
    rows = Opportunity.objects.filter(pk=deal.pk)
    closing = max(day, deal.created_on) if deal.created_on else day
    if kind == "stage":
        rows.update(stage=company.pick(company.open, m), closed_on=None, effective_on=day, expected_close_on=other)
    elif kind == "amount":
        rows.update(**{"original_amount" if deal.currency else "amount": amount}, effective_on=day)
    elif kind == "close":
        rows.update(stage=company.stages["Won" if m % 3 else "Lost"], closed_on=closing)
    elif kind == "owner":
        rows.update(owner=rep, effective_on=day)
    elif kind == "back-date" and (deal.closed_on is None or day <= deal.closed_on):
        rows.update(created_on=day)
    elif kind == "delete by SQL":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM opportunities_quote WHERE opportunity_id = %s", [deal.pk])
            cursor.execute("DELETE FROM opportunities_opportunity WHERE id = %s", [deal.pk])
    elif kind == "credit":
        Credit.objects.filter(opportunity=deal).delete()
        if m % 3:
            make.credit(deal, **{str(rep.pk): 60, str(next(r.pk for r in company.reps if r != rep)): 40})


def move(rep: Rep, team: Team, day: date) -> None:
    """Put a rep into another team from a day on, forgetting what was planned later."""
    Membership.objects.filter(rep=rep, start_on__gte=day).delete()
    Membership.objects.filter(rep=rep, end_on=None).update(end_on=day)
    Membership.objects.filter(rep=rep, end_on__gt=day).update(end_on=day)
    make.membership(rep, team, since=day)


KINDS = (
    "create",
    "create",
    "create closed",
    "create undated",
    "stage",
    "stage",
    "amount",
    "close",
    "close",
    "owner",
    "back-date",
    "delete by SQL",
    "credit",
    "customer",
    "lead",
    "activity",
    "touch",
    "touch",
    "order",
    "expense",
    "subscription",
    "subscription",
    "subscription passes",
    "subscription passes",
    "subscription is another's",
    "subscription costs",
    "subscription ends",
    "customer goes",
    "customer goes",
    *quoting.KINDS,
    *social.KINDS,
    *converting.KINDS,
    "move rep",
    "customer moves",
    "team moves",
    "stage changes",
)
steps = st.lists(st.tuples(st.sampled_from(KINDS), which, which, days, days, amounts), min_size=3, max_size=14)


Proof = Callable[[Company], None]
Play = Callable[[list[Any], set[int], Proof], None]


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is written in here: one example leaves nothing to the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def founded() -> Company:
    """Make a company and count it, before anything happens."""
    company = Company()
    rollup.drain(on=FIRST)
    return company


@pytest.fixture
def calendar(db: None) -> periods.Calendar:
    periods.ensure(FIRST, date(2026, 12, 31))
    return periods.calendar()


@pytest.fixture
def company(calendar: periods.Calendar) -> Company:
    return founded()


@pytest.fixture
def play(calendar: periods.Calendar) -> Play:
    """Found a company; each call plays writes in it, drains here and there and at the end, proves, and undoes it all."""
    company = founded()

    def playing(history: list[Any], drains: set[int], proof: Proof) -> None:
        with undone():
            for n, step in enumerate(history):
                write(company, step)
                if n in drains:
                    rollup.drain(on=step[3])
            rollup.drain(on=ON)
            proof(company)

    return playing


def snapshots() -> dict[tuple[Any, ...], list[Decimal]]:
    """Every stored sum that is not zero."""
    names = ("kind", "scope", "grain", "start_on", "stream", "part")
    return {tuple(str(getattr(row, name)) for name in names): row.amounts for row in Snapshot.objects.all() if any(row.amounts)}
