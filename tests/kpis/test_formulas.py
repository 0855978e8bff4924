"""Every figure is what its formula, written a second time, says of what the oracle counts, in every scope and under any history."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, rollup, selectors
from apps.kpis.figures import Figure
from apps.reps import scopes
from apps.reps.models import Rep
from apps.reps.scopes import Scope
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, steps
from tests.oracle.formulas import FORMULAS, Look

ENOUGH = Decimal("0.000001")  # of a figure: both sides round what each record adds


@pytest.mark.parametrize("kpi", sorted(catalogue.KPIS))
def test_every_kpi_has_its_formula_written_a_second_time(kpi: str) -> None:
    assert kpi in FORMULAS


def test_no_formula_is_of_a_kpi_that_there_is_not() -> None:
    assert FORMULAS.keys() - catalogue.KPIS.keys() == set()


def agree(shown: Decimal | None, expected: Decimal | None) -> bool:
    if shown is None or expected is None:
        return shown is expected
    return abs(shown - expected) <= ENOUGH * max(1, abs(expected))


def prove(calendar: periods.Calendar, period: str, asked: list[Scope], *, on: date, target: Decimal | None) -> dict[tuple[str, Scope], Figure]:
    """Hold every figure of some scopes against its formula over the oracle; return them."""
    window, targets, world = calendar.parse(period), {"revenue": target} if target else {}, oracle.World()
    found = selectors.figures(catalogue.KPIS, asked, window, on=on, targets={(key, scope): value for key, value in targets.items() for scope in asked})
    for scope in asked:
        look = Look(world, calendar, scope, window, on, targets)
        for key, one in catalogue.KPIS.items():
            expected = FORMULAS[key](look) if scope.kind in one.scopes else None
            assert agree(found[key, scope].value, expected), (key, scope.key, period, on, found[key, scope].value, expected)
    return found


@EXAMPLES
@given(history=steps, on=st.sampled_from([ON, date(2025, 2, 10), date(2024, 12, 31)]), period=st.sampled_from(WINDOWS), target=st.integers(0, 5000))
def test_every_figure_is_the_oracles_in_every_scope(calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str, target: int) -> None:
    def proof(company: Company) -> None:
        found = prove(calendar, period, company.scopes, on=on, target=Decimal(target))
        assert len(found) == len(company.scopes) * len(catalogue.KPIS)

    play(history, set(), proof)


def sell(ann: Rep) -> None:
    """Win, lose, put off and offer, so that each figure about deals has something to count in February."""
    won = make.deal(rep=ann, amount=600, cost=240, created="2025-02-02", won="2025-02-20", expected="2025-02-25")
    make.deal(rep=ann, amount=200, won="2025-01-15", created="2025-01-05")
    make.deal(rep=ann, amount=300, lost="2025-02-13", created="2025-01-20", expected="2025-02-10")
    make.change(make.deal(rep=ann, amount=70, created="2025-01-10", expected="2025-02-20"), on="2025-02-12", expected_close_on=date(2025, 4, 1))
    make.change(make.deal(rep=ann, amount=90, created="2025-02-03", expected="2025-02-27"), on="2025-02-10", stage="Proposal")
    make.quote(won, sent="2025-02-05")
    make.quote(won, sent="2025-02-06")
    make.order(rep=ann, amount=50, ordered="2025-02-07")


def meet(ann: Rep) -> None:
    """Get leads and answer them, call, write and meet."""
    fair = make.campaign("Fair")
    make.expense(amount=40, spent="2025-02-03", kind="marketing", campaign=fair)
    make.lead(rep=ann, created="2025-01-08")
    steps = {"qualified": "2025-02-05", "opportunity": "2025-02-06", "converted": "2025-02-09"}
    lead = make.lead(rep=ann, created="2025-02-04", created_at="2025-02-04 09:00", phone="1", campaign=fair, **steps)
    make.lead(rep=ann, created="2025-02-04")
    make.activity(rep=ann, kind="call", done="2025-02-04", at="2025-02-04 09:45", lead=lead)
    for kind in ("email", "meeting", "demo", "onboarding"):
        make.activity(rep=ann, kind=kind, done="2025-02-11")
    make.activity(rep=ann, kind="email", done="2025-02-12", is_personalized=True, is_delivered=True, is_opened=True)
    for read, more in (("2025-01-20", 0), ("2025-02-20", 1)):
        counts = {"profile_views": 10 + more, "connection_requests": 5, "connections_accepted": 2, "inbound_inquiries": 1}
        make.reading(rep=ann, read=read, followers=100 + 30 * more, profile_strength=60, **counts)
    make.post(rep=ann, posted="2025-02-14", shares=1, comments=2, likes=12)
    make.assessment(rep=ann, taken="2025-02-17", score=45, maximum=60)


def keep(ann: Rep) -> None:
    """Win customers and lose some; what they pay grows, shrinks, ends and begins."""
    make.customer(owner=ann, acquired="2025-02-06")
    one, two, three, four = (make.customer(owner=ann, acquired="2024-06-03") for _number in range(4))
    make.subscription(rep=ann, customer=one, amount=100, started="2024-07-01", ended="2025-02-10")
    make.subscription(rep=ann, customer=one, amount=150, started="2025-02-10", activated="2025-02-15")
    make.subscription(rep=ann, customer=two, amount=80, started="2024-07-01", ended="2025-02-11", cancelled="2025-02-03")
    make.subscription(rep=ann, customer=two, amount=50, started="2025-02-11")
    make.subscription(rep=ann, customer=three, amount=20, started="2024-07-01", ended="2025-02-18")
    make.subscription(rep=ann, customer=four, amount=500, started="2024-07-01")
    type(three).objects.filter(pk=three.pk).update(cancelled_on="2025-02-05", lost_on="2025-02-18")


def test_where_there_is_something_of_everything_every_kpi_has_a_value_and_it_is_the_oracles(calendar: periods.Calendar) -> None:
    region = make.region("East")
    team = make.team("North", region=region)
    ann = make.rep("Ann", team=team)
    for facts in (sell, meet, keep):
        facts(ann)
    rollup.drain(on=ON)
    company = scopes.company()
    found = prove(calendar, "2025-02", [company, *map(scopes.of, (region, team, ann))], on=ON, target=Decimal(5000))
    assert [key for key in catalogue.KPIS if not found[key, company].value] == []
