"""What the database keeps of a deal's past by itself."""

from datetime import date

import pytest

from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make


@pytest.fixture
def reps(db: None) -> tuple[Rep, Rep]:
    return make.rep("Ann"), make.rep("Ben")


def past(deal: Opportunity) -> list[tuple[str, str, str]]:
    return [(f"{state.valid_from:%m-%d}", state.owner.name, state.stage.name) for state in deal.versions.order_by("sequence")]


def won_without_creation(ann: Rep, ben: Rep) -> Opportunity:
    """Make a deal that Ann won in January, of which nobody knows when it was created, and that Ben has since March."""
    deal = Opportunity.objects.create(name="Deal", owner=ann, stage=make.stage("Won"), closed_on=date(2025, 1, 5), amount=100)
    Opportunity.objects.filter(pk=deal.pk).update(owner=ben, effective_on=date(2025, 3, 1))
    return deal


def test_a_deal_without_creation_day_stays_with_who_closed_it_when_it_is_handed_on(reps: tuple[Rep, Rep]) -> None:
    deal = won_without_creation(*reps)
    assert past(deal) == [("01-05", "Ann", "Won"), ("03-01", "Ben", "Won")]
    Opportunity.objects.filter(pk=deal.pk).update(closed_on=date(2025, 1, 8))
    assert past(deal) == [("01-08", "Ann", "Won"), ("03-01", "Ben", "Won")]


def test_a_creation_day_that_becomes_known_later_leaves_the_closing_where_it_was(reps: tuple[Rep, Rep]) -> None:
    deal = won_without_creation(*reps)
    Opportunity.objects.filter(pk=deal.pk).update(created_on=date(2025, 1, 2))
    assert past(deal) == [("01-02", "Ann", "Qualified"), ("01-05", "Ann", "Won"), ("03-01", "Ben", "Won")]
    Opportunity.objects.filter(pk=deal.pk).update(created_on=None)
    assert past(deal) == [("01-05", "Ann", "Won"), ("03-01", "Ben", "Won")]


def test_a_creation_and_a_closing_that_both_move_later_keep_their_order(reps: tuple[Rep, Rep]) -> None:
    deal = won_without_creation(*reps)
    Opportunity.objects.filter(pk=deal.pk).update(created_on=date(2025, 1, 10), closed_on=date(2025, 1, 20))
    assert past(deal) == [("01-10", "Ann", "Qualified"), ("01-20", "Ann", "Won"), ("03-01", "Ben", "Won")]
