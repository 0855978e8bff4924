"""A draft of a plan is kept beside the plan in force, which it changes only when it is saved."""

import pytest

from apps.goals.models import Draft, Goal
from tests import make
from tests.dashboards.views.test_plan import YEAR, field, fields
from tests.people import People

pytestmark = pytest.mark.django_db


class Plan:
    """A plan that somebody has open."""

    def __init__(self, people: People, name: str = "carol", url: str = YEAR) -> None:
        self.client, self.url = people.client(name), url
        self.html = self.client.get(url).content.decode()

    def send(self, *, draft: str = "", **texts: str) -> str:
        sent = {**fields(self.html), **{field(self.html, f"{name.replace('_', '-')}="): text for name, text in texts.items()}}
        self.html = self.client.post(self.url, {**sent, **({"draft": draft} if draft else {})}, follow=True).content.decode()
        return self.html

    def shows(self, name: str) -> str:
        return fields(self.html)[field(self.html, f"{name}=")]


@pytest.fixture
def plan(people: People) -> Plan:
    make.goal("revenue", start="2025-01-01", last="2025-01-31", target=100)
    return Plan(people)


def test_a_draft_is_kept_and_shown_again_and_nothing_is_in_force_yet(plan: Plan, people: People) -> None:
    html = plan.send(draft="keep", t_company_0_0="150", t_company_0_1="70")
    assert "The draft is kept: 2 targets differ." in html
    assert "This is a draft, kept by Carol Costa" in html
    again = Plan(people)
    assert (again.shows("t-company-0-0"), again.shows("t-company-0-1")) == ("150", "70")
    assert list(Goal.objects.values_list("target", flat=True)) == [100]


def test_a_draft_that_is_saved_is_in_force_and_gone(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="150", t_company_0_1="70")
    assert "2 targets saved" in Plan(people).send()
    assert sorted(Goal.objects.values_list("target", flat=True)) == [70, 150]
    assert not Draft.objects.exists()


def test_a_draft_is_thrown_away(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="150")
    assert "The draft is gone." in Plan(people).send(draft="discard")
    assert Plan(people).shows("t-company-0-0") == "100"
    assert Goal.objects.get().target == 100


def test_a_draft_is_changed_and_emptied_as_one_goes_on(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="150")
    plan.send(draft="keep", t_company_0_0="160")
    assert Plan(people).shows("t-company-0-0") == "160"
    plan.send(draft="keep", t_company_0_0="100")
    assert not Draft.objects.exists()


def test_what_was_changed_in_the_plan_since_is_told_in_the_draft_and_never_written_over(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="150")
    Goal.objects.update(target=120)
    later = Plan(people)
    assert "Somebody changed this meanwhile to 120." in later.html
    assert later.shows("t-company-0-0") == "150"
    later.send()
    assert Goal.objects.get().target == 150


def test_what_is_in_force_already_is_no_draft_any_more(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="150")
    Goal.objects.update(target=150)
    assert "Somebody changed this" not in Plan(people).html


def test_months_quarters_years_and_kpis_have_drafts_of_their_own(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="150")
    for url in (YEAR.replace("month", "quarter"), YEAR.replace("2025", "2026"), YEAR.replace("revenue", "calls")):
        assert "This is a draft" not in Plan(people, url=url).html


def test_a_draft_of_somebody_who_is_gone_is_left_out(plan: Plan, people: People) -> None:
    rep = make.rep("Zoe")
    plan = Plan(people)
    plan.send(draft="keep", **{f"t_rep_{rep.pk}_0": "5"})
    rep.delete()
    assert "This is a draft" in Plan(people).html
    assert "2 targets" not in Plan(people).send()


def test_a_draft_with_something_unreadable_is_not_kept(plan: Plan) -> None:
    assert "Write a number" in plan.send(draft="keep", t_company_0_0="lots")
    assert not Draft.objects.exists()


def test_boards_and_reps_know_nothing_of_a_draft(plan: Plan, people: People) -> None:
    plan.send(draft="keep", t_company_0_0="987654")
    assert "987" not in people.client("erin").get("/boards/company/?period=2025-01").content.decode().replace("987%", "")
    assert people.client("bob").post(YEAR, {"draft": "discard"}).status_code == 403
    assert Draft.objects.exists()
