"""What deals in other currencies are worth: closed ones on their closing day, open ones on the day of their last state, past states on their own."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core.models import Rate
from apps.kpis import rollup
from apps.kpis.causes import Cause
from apps.opportunities import history
from apps.opportunities.history import State
from apps.opportunities.models import Opportunity, OpportunityVersion, Pulse
from apps.reps.models import Rep
from tests import make
from tests.kpis.test_closing import causes, shut


@pytest.fixture
def ann(db: None) -> Rep:
    """Ann, and a dollar worth 0.90 in the first week of January, and a hundredth more from each following Monday on."""
    make.organisation()
    for week in range(12):
        make.rate("USD", Decimal("0.90") + week * Decimal("0.01"), on=date.fromordinal(date(2025, 1, 6).toordinal() + 7 * week))
    return make.rep("Ann", team=make.team())


def worth(deal: Opportunity) -> tuple[Decimal | None, list[tuple[str, Decimal | None]]]:
    deal.refresh_from_db()
    return deal.amount, [(f"{state.valid_from:%m-%d}", state.amount) for state in deal.versions.order_by("sequence")]


def test_each_state_is_worth_what_its_day_says_and_the_deal_what_its_last_state_is(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, cost=50, currency="USD", created="2025-01-06")
    assert worth(deal) == (90, [("01-06", 90)])
    make.change(deal, on="2025-01-20", stage="Proposal")
    assert worth(deal) == (92, [("01-06", 90), ("01-20", 92)])
    assert deal.cost == 46
    make.change(deal, on="2025-02-03", original_amount=Decimal(200))
    assert worth(deal) == (188, [("01-06", 90), ("01-20", 92), ("02-03", 188)])
    make.change(deal, on="2025-02-17", stage="Won")
    assert worth(deal) == (192, [("01-06", 90), ("01-20", 92), ("02-03", 188), ("02-17", 192)])


def test_an_open_deals_pulse_is_worth_what_its_last_state_is(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, currency="USD", created="2025-01-06")
    make.change(deal, on="2025-01-20", stage="Proposal")
    assert Pulse.objects.get().amount == 92
    Rate.objects.filter(day=date(2025, 1, 20)).update(rate=Decimal("0.5"))
    assert Pulse.objects.get().amount == 50


def test_a_deal_keeps_the_rate_of_its_closing_day_when_it_is_handed_on(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, currency="USD", created="2025-01-06", won="2025-01-20")
    Opportunity.objects.update(owner=make.rep("Ben"), effective_on=date(2025, 3, 3))
    assert worth(deal) == (92, [("01-06", 90), ("01-20", 92), ("03-03", 92)])
    Rate.objects.filter(day=date(2025, 1, 20)).update(rate=Decimal("0.5"))
    assert worth(deal) == (50, [("01-06", 90), ("01-20", 50), ("03-03", 50)])


def test_a_reopened_deal_is_open_again_at_the_rate_of_that_day(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, currency="USD", created="2025-01-06", won="2025-01-20")
    make.change(deal, on="2025-02-03", stage="Proposal")
    assert worth(deal) == (94, [("01-06", 90), ("01-20", 92), ("02-03", 94)])


def test_another_creation_or_closing_day_is_another_rate(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, currency="USD", created="2025-01-06", won="2025-01-20")
    Opportunity.objects.update(created_on=date(2025, 1, 13), closed_on=date(2025, 1, 27))
    assert worth(deal) == (93, [("01-13", 91), ("01-27", 93)])


def test_a_corrected_rate_is_no_change_of_today(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, currency="USD", created="2025-01-06")
    make.change(deal, on="2025-01-20", stage="Proposal")
    Rate.objects.update(rate=2)
    assert worth(deal) == (200, [("01-06", 200), ("01-20", 200)])
    Rate.objects.all().delete()
    assert worth(deal) == (None, [("01-06", None), ("01-20", None)])


def test_a_deal_that_was_never_dated_is_worth_nothing_anybody_knows(ann: Rep) -> None:
    deal = Opportunity.objects.create(name="Deal", owner=ann, stage=make.stage(), currency="USD", original_amount=100)
    assert worth(deal) == (None, [])
    Opportunity.objects.update(created_on=date(2025, 1, 13))
    assert worth(deal)[0] == worth(deal)[1][-1][1] is not None


def test_a_deal_entered_in_the_wrong_money_is_in_the_right_one_from_then_on(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, created="2025-01-06")
    make.change(deal, on="2025-01-20", currency="USD", original_amount=Decimal(100))
    assert worth(deal) == (92, [("01-06", 100), ("01-20", 92)])
    make.change(deal, on="2025-02-03", currency="", original_amount=None, amount=Decimal(70))
    assert worth(deal) == (70, [("01-06", 100), ("01-20", 92), ("02-03", 70)])


def test_a_history_written_at_once_is_worth_the_same(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, cost=10, currency="USD", created="2025-01-06")
    make.change(deal, on="2025-01-20", stage="Proposal")
    make.change(deal, on="2025-02-03", original_amount=Decimal(200))
    kept, cost = worth(deal), deal.cost
    past = [
        State(one.valid_from, one.owner_id, one.stage_id, None, one.probability, one.expected_close_on, one.currency, one.original_amount)
        for one in deal.versions.order_by("sequence")
    ]
    OpportunityVersion.objects.all().delete()
    Opportunity.objects.update(cost=0)
    history.replace({deal.pk: past})
    assert worth(deal) == kept
    assert deal.cost == cost


def test_a_rate_that_was_missing_restates_a_closed_period(ann: Rep) -> None:
    make.deal(rep=ann, amount=100, currency="GBP", created="2025-01-06", won="2025-02-10")
    row = shut()
    assert causes(row) == []
    rate = make.rate("GBP", "1.2", on="2025-02-07")
    assert causes(row) == [(Cause.KNOWN_OR_RATED, Decimal(120))]
    rate.delete()
    rollup.drain(on=make.TODAY)
    assert causes(row) == []


def test_a_deal_that_changes_today_is_worth_what_today_says(ann: Rep) -> None:
    deal = make.deal(rep=ann, amount=100, cost=10, currency="USD", created="2025-01-06")
    Opportunity.objects.update(stage=make.stage("Proposal"))
    assert worth(deal) == (99, [("01-06", 90), ("03-14", 99)])
    assert deal.cost == Decimal("9.90")
