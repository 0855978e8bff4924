"""What a customer is worth and what one costs, recomputed by hand."""

from decimal import Decimal

import pytest

from apps.core import periods
from apps.kpis import rollup, selectors
from apps.kpis.catalogue.recurring import CAPPED
from apps.kpis.figures import Figure
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make

MONTHS = Decimal(10 * 28 * 12) / 365  # one of ten customers leaves in 28 days


@pytest.fixture
def ann(db: None) -> Rep:
    """Ten customers there at the start of February, two won in it at 250 each; two pay 100 a month; the margin is 60 %."""
    ann = make.rep("Ann", team=make.team("North"))
    there = [make.customer(owner=ann, acquired="2024-01-10") for _number in range(10)]
    for customer in there[:2]:
        make.subscription(rep=ann, customer=customer, amount=100, started="2024-02-01")
    for day in ("2025-02-03", "2025-02-20"):
        make.customer(owner=ann, acquired=day)
    make.customer(owner=ann, acquired="2025-03-01")
    make.deal(rep=ann, amount=100, cost=40, won="2025-02-10")
    make.expense(amount=500, spent="2025-02-28")
    make.expense(amount=70, spent="2025-01-31")
    return ann


def february() -> dict[str, Figure]:
    rollup.drain(on=make.TODAY)
    keys = ["cac", "clv", "clv_to_cac"]
    found = selectors.figures(keys, [scopes.company()], periods.calendar().parse("2025-02"), on=make.TODAY)
    return {key: found[key, scopes.company()] for key in keys}


def test_lifetime_value_is_margin_times_the_months_a_customer_stays(ann: Rep) -> None:
    ann.customers.filter(acquired_on="2024-01-10", subscriptions=None).first().delete()  # type: ignore[union-attr]
    make.customer(owner=ann, acquired="2024-01-10", lost="2025-02-14")
    found = february()
    assert found["cac"].value == 250
    assert round(found["clv"].value or 0, 6) == round(60 * MONTHS, 6)
    assert round(found["clv_to_cac"].value or 0, 6) == round(60 * MONTHS / 250, 6)
    assert {figure.note for figure in found.values()} == {""}


def test_where_nobody_leaves_it_is_capped_and_says_so(ann: Rep) -> None:
    found = february()
    assert (found["clv"].value, found["clv_to_cac"].value) == (3600, Decimal("14.4"))
    assert (found["clv"].note, found["clv_to_cac"].note) == (CAPPED, CAPPED)


def test_where_nobody_is_won_or_nothing_spent_there_is_no_answer(ann: Rep) -> None:
    ann.customers.filter(acquired_on__month=2).delete()
    assert [february()[key].value for key in ("cac", "clv_to_cac")] == [None, None]
    make.customer(owner=ann, acquired="2025-02-03")
    for expense in make.Expense.objects.all():
        expense.delete()
    found = february()
    assert (found["cac"].value, found["clv_to_cac"].value) == (0, None)
