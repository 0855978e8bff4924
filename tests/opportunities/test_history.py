"""The whole past of deals, written at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from apps.opportunities import history
from apps.opportunities.history import State, WrongHistory
from apps.opportunities.models import Opportunity, OpportunityVersion
from tests import make

pytestmark = pytest.mark.django_db

COLUMNS = (
    "sequence", "valid_from", "valid_to", "owner_id", "stage_id", "amount", "probability", "expected_close_on",
    "stage_since", "previous_stage_id", "previous_stage_since",
)  # fmt: skip


def versions(deal: Opportunity) -> list[tuple]:
    return list(OpportunityVersion.objects.filter(opportunity=deal).order_by("sequence").values_list(*COLUMNS))


def states(deal: Opportunity) -> list[State]:
    """The states of a deal as the database has kept them."""
    return [State(valid_from, owner, stage, *rest) for _number, valid_from, _to, owner, stage, *rest in (row[:8] for row in versions(deal))]


@pytest.fixture
def deal() -> Opportunity:
    """A deal with a past: moved on, repriced, lost, reopened by somebody else, and won."""
    alice, bob = make.rep("Alice"), make.rep("Bob")
    row = make.deal(rep=alice, created="2025-01-07", amount=100)
    row = make.change(row, on="2025-01-20", stage="Proposal", amount=Decimal(120))
    row = make.change(row, on="2025-01-25", expected_close_on=date(2025, 3, 1))
    row = make.change(row, on="2025-02-03", stage="Lost")
    row = make.change(row, on="2025-02-10", stage="Proposal", owner=bob)
    return make.change(row, on="2025-03-05", stage="Won", amount=Decimal(110))


def test_the_states_come_out_as_the_database_would_have_kept_them(deal: Opportunity) -> None:
    kept, past = versions(deal), states(deal)
    OpportunityVersion.objects.filter(opportunity=deal).delete()
    assert history.replace({deal.pk: past}) == len(past) == 6
    assert versions(deal) == kept


def test_other_deals_keep_their_past(deal: Opportunity) -> None:
    other = make.deal(rep=deal.owner, won="2025-02-02")
    before = versions(other)
    history.replace({deal.pk: states(deal)})
    assert versions(other) == before != []


def test_written_twice_it_is_the_same(deal: Opportunity) -> None:
    past = states(deal)
    history.replace({deal.pk: past})
    once = versions(deal)
    history.replace({deal.pk: past})
    assert versions(deal) == once


def test_the_deal_itself_is_not_touched(deal: Opportunity) -> None:
    before = Opportunity.objects.filter(pk=deal.pk).values().get()
    history.replace({deal.pk: states(deal)})
    assert Opportunity.objects.filter(pk=deal.pk).values().get() == before


WRONG = {
    "has no state": lambda past: [],
    "not in order": lambda past: [past[0], past[2], past[1], *past[3:]],
    "begin on the day": lambda past: past[1:],
    "not what the deal is now": lambda past: [*past[:-1], replace(past[-1], amount=Decimal(1))],
    "closing day": lambda past: [*past[:-1], replace(past[-1], since_on=date(2025, 3, 6))],
}


@pytest.mark.parametrize("problem", WRONG)
def test_a_history_that_cannot_be_is_refused_and_nothing_is_written(deal: Opportunity, problem: str) -> None:
    before = versions(deal)
    with pytest.raises(WrongHistory, match=problem):
        history.replace({deal.pk: WRONG[problem](states(deal))})
    assert versions(deal) == before


def test_a_deal_without_creation_day_cannot_have_been_open() -> None:
    deal = make.deal(rep=make.rep(), won="2025-03-03")
    past = states(deal)
    Opportunity.objects.filter(pk=deal.pk).update(created_on=None)
    with pytest.raises(WrongHistory, match="no creation day"):
        history.replace({deal.pk: past})


def test_a_deal_that_is_not_there_is_named() -> None:
    with pytest.raises(WrongHistory, match="no deal with number 404"):
        history.replace({404: []})
