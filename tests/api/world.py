"""A row of every kind the API answers for: Alice's and Dave's, or the company's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.db.models import Model

from apps.goals.models import Benchmark, Ramp
from apps.reps.models import Membership
from tests import make
from tests.people import People

EVERYBODY = ("alice", "bob", "carol", "dave", "erin")
NORTH = ("alice", "bob", "carol", "erin")  # who sees what is Alice's
SOUTH = ("carol", "dave", "erin")
WRITERS = ("alice", "bob", "carol")  # of what is Alice's
ADMIN = ("carol",)
ALL_SEERS = ("carol", "erin")
SETTERS = ("bob", "carol")  # of objectives that are not personal
TELLERS = ("alice", "bob", "carol", "dave")
DAYS_OFF = count()


@dataclass(frozen=True)
class Case:
    """One kind of row: how Alice's and Dave's are made, who sees and who writes Alice's, and a change to write."""

    make: Callable[[People, str], Model]
    change: dict[str, Any]
    readers: tuple[str, ...] = NORTH
    others: tuple[str, ...] = SOUTH  # who sees Dave's
    writers: tuple[str, ...] = WRITERS
    some: tuple[str, ...] = ()  # who may write rows of this kind, if not these; else it follows from who writes Alice's
    deleters: tuple[str, ...] = ()  # who may delete hers, if not all who write it


def rep(people: People, name: str) -> Any:
    return getattr(people, name)


def membership(people: People, name: str) -> Model:
    return Membership.objects.get(rep=rep(people, name))


def team(people: People, name: str) -> Model:
    return people.north if name == "alice" else people.south


def benchmark(people: People, name: str) -> Model:
    """Of a team of its own, so that there may be many."""
    return Benchmark.objects.create(kpi="calls", team=make.team(), target=3, first_on="2025-01-01")


def company(maker: Callable[..., Model], **fields: Any) -> Callable[[People, str], Model]:
    return lambda people, name: maker(**fields)


def day_off() -> date:
    return date(2025, 1, 1) + timedelta(days=next(DAYS_OFF))


COMPANY = {"readers": EVERYBODY, "others": EVERYBODY, "writers": ADMIN}
CASES = {
    "holidays": Case(lambda people, name: make.holiday(day_off()), {"name": "Labour Day"}, **COMPANY),
    "rates": Case(lambda people, name: make.rate("GBP", on=day_off()), {"rate": "1.250000000000"}, **COMPANY),
    "regions": Case(company(make.region), {"name": "Overseas"}, **COMPANY),
    "region_holidays": Case(lambda people, name: make.region_holiday(people.region, day_off()), {"is_worked": True}, **COMPANY),
    "teams": Case(team, {"name": "Elsewhere"}, writers=ADMIN),
    "reps": Case(rep, {"left_on": "2025-03-01"}, writers=ADMIN),
    "memberships": Case(membership, {"end_on": "2026-01-01"}, writers=ADMIN),
    "team-managers": Case(lambda people, name: make.manager(team(people, name), make.user(role="manager")), {"end_on": "2026-01-01"}, writers=ADMIN),
    "expenses": Case(company(make.expense), {"note": "A fair"}, readers=ALL_SEERS, others=ALL_SEERS, writers=ADMIN),
    "benchmarks": Case(benchmark, {"target": "5.0000"}, readers=ALL_SEERS, others=ALL_SEERS, writers=ADMIN),
    "ramps": Case(
        lambda people, name: Ramp.objects.create(name=make.numbered("Ramp"), shares="50"),
        {"shares": "25 50"},
        readers=ALL_SEERS,
        others=ALL_SEERS,
        writers=ADMIN,
    ),
    "campaigns": Case(company(make.campaign), {"name": "Spring"}, **COMPANY),
    "products": Case(company(make.product), {"family": "Tools"}, **COMPANY),
    "stages": Case(lambda people, name: make.stage(), {"probability": "25.00"}, **COMPANY),
    "customers": Case(lambda people, name: make.customer(owner=rep(people, name)), {"industry": "Shipping"}),
    "orders": Case(lambda people, name: make.order(rep=rep(people, name)), {"amount": "12.50"}),
    "subscriptions": Case(lambda people, name: make.subscription(rep=rep(people, name)), {"amount": "12.50"}),
    "leads": Case(lambda people, name: make.lead(rep=rep(people, name)), {"company": "Adler & Sons"}),
    "opportunities": Case(lambda people, name: make.deal(rep=rep(people, name)), {"amount": "250.00"}),
    "quotes": Case(lambda people, name: make.quote(make.deal(rep=rep(people, name))), {"amount": "12.50"}),
    "activities": Case(lambda people, name: make.activity(rep=rep(people, name)), {"subject": "Asked about the price"}),
    "social-readings": Case(lambda people, name: make.reading(rep=rep(people, name)), {"followers": 120}),
    "social-posts": Case(lambda people, name: make.post(rep=rep(people, name)), {"likes": 7}),
    "assessments": Case(lambda people, name: make.assessment(rep=rep(people, name)), {"score": "90.00"}),
    "goals": Case(lambda people, name: make.goal(scope=rep(people, name)), {"target": "2000.0000"}, writers=ADMIN),
    "objectives": Case(
        lambda people, name: make.objective(scope=rep(people, name), set_by=people.bob), {"name": "Win the south"}, writers=SETTERS, some=TELLERS
    ),
    "check-ins": Case(
        lambda people, name: make.check_in(make.objective(scope=rep(people, name)), 0, told_by=rep(people, name).user),
        {"value": "1.0000"},
        writers=("alice",),
        deleters=("alice", "carol"),
    ),
    "steps": Case(
        lambda people, name: make.step(make.objective(scope=rep(people, name), measured="checklist", set_by=people.bob)),
        {"done_on": "2025-03-01"},
        deleters=SETTERS,
    ),
}


def url(prefix: str, row: Model | None = None) -> str:
    return f"/api/v1/{prefix}/" + (f"{row.pk}/" if row else "")


def faults(answer: Any) -> dict[str, list[str]]:
    """What an answer says is wrong, by outermost field; the whole of the problem is checked on the way."""
    problem = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    assert problem["type"].startswith("urn:kpiboard:problem:") and not problem["type"].endswith(":other")
    assert problem["title"] and problem["detail"] and problem["instance"]
    found: dict[str, list[str]] = {}
    for fault in problem["errors"]:
        found.setdefault(fault["field"].split(".")[0], []).append(fault["detail"])
    return found
