"""Deals in the admin: what they refuse and what they record."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.opportunities.models import Opportunity
from tests import make
from tests.filling import post, problems
from tests.people import People

ADD = reverse("admin:opportunities_opportunity_add")


@pytest.fixture
def deal(people: People) -> Opportunity:
    return make.deal("Halden", rep=people.alice, created="2025-02-01")


def change(people: People, deal: Opportunity, **changes):
    path = reverse("admin:opportunities_opportunity_change", args=[deal.pk])
    return post(people.client("carol"), path, **changes)


def test_a_new_deal_is_saved_with_its_first_state(people: People) -> None:
    answer = post(people.client("carol"), ADD, name="Orbit", owner=people.alice.pk, stage=make.stage().pk, amount="10", created_on="2025-03-01")
    assert answer.status_code == 302
    assert Opportunity.objects.get(name="Orbit").versions.count() == 1


@pytest.mark.parametrize(
    ("stage", "closed_on", "words"),
    [
        ("Won", "", "needs its closing day"),
        ("Lost", "", "needs its closing day"),
        ("Qualified", "2025-03-01", "has no closing day"),
        ("Won", "2025-03-15", "still to come"),
        ("Won", "2025-01-31", "cannot close before it was created"),
    ],
)
def test_a_closing_day_must_fit_the_stage_and_lie_behind_us(people: People, deal: Opportunity, stage: str, closed_on: str, words: str) -> None:
    assert words in problems(change(people, deal, stage=make.stage(stage).pk, closed_on=closed_on))
    deal.refresh_from_db()
    assert deal.stage.name == "Qualified"


def test_a_deal_closes_today_at_the_latest(people: People, deal: Opportunity) -> None:
    assert change(people, deal, stage=make.stage("Won").pk, closed_on=make.TODAY).status_code == 302


def test_a_change_counts_from_the_day_it_took_effect(people: People, deal: Opportunity) -> None:
    assert change(people, deal, stage=make.stage("Proposal").pk, effective_on="2025-02-20").status_code == 302
    states = [(state.stage.name, state.valid_from) for state in deal.versions.all()]
    assert states == [("Qualified", date(2025, 2, 1)), ("Proposal", date(2025, 2, 20))]
    deal.refresh_from_db()
    assert deal.effective_on is None


def test_shares_that_do_not_add_up_are_refused_with_their_sum(people: People, deal: Opportunity) -> None:
    rows = [{"rep": people.alice.pk, "share": "60"}, {"rep": people.dave.pk, "share": "30"}]
    assert "The shares add up to 90 percent, not to 100" in problems(change(people, deal, credits=rows))
    assert deal.credits.count() == 0


def test_shares_that_add_up_are_saved(people: People, deal: Opportunity) -> None:
    rows = [{"rep": people.alice.pk, "share": "60"}, {"rep": people.dave.pk, "share": "40"}]
    assert change(people, deal, credits=rows).status_code == 302
    assert sorted(deal.credits.values_list("share", flat=True)) == [Decimal(40), Decimal(60)]


def test_one_rep_has_one_share(people: People, deal: Opportunity) -> None:
    rows = [{"rep": people.alice.pk, "share": "50"}, {"rep": people.alice.pk, "share": "50"}]
    assert "duplicate" in problems(change(people, deal, credits=rows))


def test_what_only_the_database_refuses_is_shown_on_the_form(people: People, deal: Opportunity, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when somebody else writes between the check and the saving."""
    monkeypatch.setattr("apps.opportunities.forms.CreditRows.clean", lambda self: None)
    rows = [{"rep": people.alice.pk, "share": "60"}]
    assert "The shares of a deal add up to 100 percent." in problems(change(people, deal, credits=rows, name="Renamed"))
    deal.refresh_from_db()
    assert (deal.name, deal.credits.count()) == ("Halden", 0)


def test_a_quote_is_not_accepted_before_it_is_sent(people: People, deal: Opportunity) -> None:
    rows = [{"number": "Q1", "revision": "1", "rep": people.alice.pk, "amount": "5", "accepted_on": "2025-03-01"}]
    assert "A quote is accepted on or after the day it is sent." in problems(change(people, deal, quotes=rows))


def test_past_states_are_shown_and_not_edited(people: People, deal: Opportunity) -> None:
    make.change(deal, on="2025-03-01", stage="Proposal")
    page = people.client("carol").get(reverse("admin:opportunities_opportunity_change", args=[deal.pk]))
    history = page.context["inline_admin_formsets"][-1]
    assert [form.instance.stage.name for form in history.formset.forms] == ["Proposal", "Qualified"]
    assert not history.has_change_permission
    assert not history.has_add_permission
    assert not history.formset.can_delete


def test_a_number_that_is_too_large_is_refused(people: People, deal: Opportunity) -> None:
    assert "no more than 18 digits" in problems(change(people, deal, amount="1" + "0" * 20))


def test_two_stages_cannot_have_the_same_position(people: People) -> None:
    make.stages()
    answer = post(people.client("carol"), reverse("admin:opportunities_stage_add"), name="Demo", kind="open", position="1")
    assert "Position already exists" in problems(answer)
