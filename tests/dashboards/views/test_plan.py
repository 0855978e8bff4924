"""A year's plan in the browser's eyes: a form that saves as it is, all or none, and says what is wrong where."""

import re

import pytest

from apps.core import periods
from apps.goals.models import Goal, GoalVersion
from tests import make
from tests.people import People

pytestmark = pytest.mark.django_db
YEAR = "/goals/year/?kpi=revenue&period=2025&by=month"


@pytest.fixture
def page(people: People) -> str:
    make.goal("revenue", people.north, start="2025-01-01", last="2025-01-31", target=1500)
    make.goal("revenue", people.alice, start="2025-01-01", last="2025-01-31", target="1800.50")
    return str(people.client("carol").get(YEAR).content.decode())


def fields(html: str) -> dict[str, str]:
    """Return what a browser would send."""
    return dict(re.findall(r'<input name="(t-[^"]+)" value="([^"]*)"', html))


def field(html: str, start: str) -> str:
    (found,) = [name for name in fields(html) if name.startswith(start)]
    return found


def targets() -> dict[tuple[str, str], str]:
    return {(goal.owner_name, f"{goal.start_on:%m}"): f"{goal.target:.2f}" for goal in Goal.objects.order_by("start_on")}


def test_every_target_stands_in_a_field_that_tells_what_it_is(page: str, people: People) -> None:
    sent = fields(page)
    assert sent[f"t-rep-{people.alice.pk}-0=1800.5"] == "1,800.5"
    assert sent[f"t-team-{people.north.pk}-0=1500"] == "1,500"
    assert sent["t-company-0-11="] == ""
    assert 'aria-label="Alice Adler, January 2025"' in page
    assert "+20%" in page  # the people have more than their team


def test_a_form_that_is_sent_as_it_is_changes_nothing(page: str, people: People) -> None:
    before = targets()
    answer = people.client("carol").post(YEAR, {**fields(page), "reason": ""}, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert targets() == before
    assert GoalVersion.objects.count() == 2


def test_what_was_changed_emptied_and_added_is_saved_with_its_reason(page: str, people: People) -> None:
    sent = fields(page)
    sent[field(page, f"t-rep-{people.alice.pk}-0=")] = "2,000"
    sent[field(page, f"t-team-{people.north.pk}-0=")] = ""
    sent[field(page, f"t-rep-{people.alice.pk}-3=")] = "700.25"
    answer = people.client("carol").post(YEAR, {**sent, "reason": "Plan 2025"}, follow=True)
    assert "3 targets saved: Sales revenue, 2025." in answer.content.decode()
    assert targets() == {("Alice Adler", "01"): "2000.00", ("Alice Adler", "04"): "700.25"}
    assert set(GoalVersion.objects.filter(ended_on=None).values_list("reason", "set_by")) == {("Plan 2025", people.carol.pk)}


@pytest.mark.parametrize(("text", "words"), [("a lot", "Write a number"), ("-5", "A target is more than zero."), ("0", "A target is more than zero.")])
def test_what_cannot_be_a_target_is_told_where_it_stands_and_nothing_is_lost(page: str, people: People, text: str, words: str) -> None:
    sent = fields(page)
    wrong, right = field(page, "t-company-0-2="), field(page, "t-company-0-3=")
    answer = people.client("carol").post(YEAR, {**sent, wrong: text, right: "77"})
    assert answer.status_code == 400
    html = answer.content.decode()
    assert "Nothing is saved yet: 1 target needs another look." in html
    assert re.search(rf'name="{wrong}" value="{text}".*?{words}', html, re.DOTALL)
    assert fields(html)[right] == "77"
    assert not Goal.objects.filter(scope="company").exists()


def test_a_second_persons_edit_is_shown_and_never_overwritten(page: str, people: People) -> None:
    carol, name = people.client("carol"), field(page, f"t-rep-{people.alice.pk}-0=")
    Goal.objects.filter(rep=people.alice).update(target=1900)
    answer = carol.post(YEAR, {**fields(page), name: "2000"})
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Somebody changed this meanwhile to 1,900." in html
    assert targets()["Alice Adler", "01"] == "1900.00"
    again = fields(html)
    assert again[field(html, f"t-rep-{people.alice.pk}-0=")] == "2000"
    carol.post(YEAR, again)
    assert targets()["Alice Adler", "01"] == "2000.00"


def test_what_was_written_into_other_fields_survives_somebody_elses_edit(page: str, people: People) -> None:
    Goal.objects.filter(rep=people.alice).update(target=1900)
    sent = {**fields(page), field(page, f"t-rep-{people.alice.pk}-0="): "2000", field(page, "t-company-0-5="): "50"}
    html = people.client("carol").post(YEAR, sent).content.decode()
    assert fields(html)[field(html, "t-company-0-5=")] == "50"
    assert not Goal.objects.filter(scope="company").exists()


@pytest.mark.parametrize("name", ["t-company-0-12=", "t-company-0-1=x", "t-company", "t-company-0-1=1=2", "t-company-0-1=sNaN", "t-company-0-1=NaN"])
def test_a_field_that_the_plan_does_not_have_is_refused_with_words(people: People, name: str) -> None:
    answer = people.client("carol").post(YEAR, {name: "5"})
    assert answer.status_code == 400
    assert "Open it again and repeat the change." in answer.content.decode()
    assert not Goal.objects.exists()


@pytest.mark.parametrize("query", ["kpi=nonsense", "period=yesterday", "by=week", "kpi=target_attainment"])
def test_an_address_that_cannot_be_read_says_what_can(people: People, query: str) -> None:
    assert people.client("carol").get(f"/goals/year/?{query}").status_code == 400


def test_any_period_opens_the_year_it_lies_in(people: People) -> None:
    assert "Plan 2024" in people.client("carol").get("/goals/year/?period=2024-Q3").content.decode()


def test_only_admins_plan(people: People) -> None:
    assert [people.client(name).get(YEAR).status_code for name in ("alice", "bob", "erin")] == [403, 403, 403]
    assert people.client("bob").post(YEAR, {"t-company-0-0=": "5"}).status_code == 403
    assert not Goal.objects.exists()


def test_a_clash_is_still_seen_after_something_else_was_wrong(page: str, people: People) -> None:
    carol, alices, wrong = people.client("carol"), field(page, f"t-rep-{people.alice.pk}-0="), field(page, "t-company-0-2=")
    Goal.objects.filter(rep=people.alice).update(target=1900)
    html = carol.post(YEAR, {**fields(page), alices: "2000", wrong: "lots"}).content.decode()
    assert "Write a number" in html
    again = fields(html)
    again[field(html, "t-company-0-2=")] = "5"
    assert "Somebody changed this meanwhile to 1,900." in carol.post(YEAR, again).content.decode()
    assert targets()["Alice Adler", "01"] == "1900.00"


def test_a_clash_is_still_seen_after_something_was_filled_in(page: str, people: People) -> None:
    carol, alices = people.client("carol"), field(page, f"t-rep-{people.alice.pk}-0=")
    Goal.objects.filter(rep=people.alice).update(target=1900)
    filled = {"fill": "default", "fill-default_whose": "all", "fill-default_amount": "5", "fill-unit": "1"}
    html = carol.post(YEAR, {**fields(page), alices: "2000", **filled}).content.decode()
    assert "Somebody changed this meanwhile to 1,900." in carol.post(YEAR, fields(html)).content.decode()
    assert targets()["Alice Adler", "01"] == "1900.00"


def test_who_is_no_longer_in_the_plan_is_left_out_and_the_rest_stays(page: str, people: People) -> None:
    sent = {**fields(page), field(page, "t-company-0-2="): "77", "t-rep-999999-0=": "5"}
    answer = people.client("carol").post(YEAR, sent)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "1 target was written for somebody who is no longer in the plan" in html
    assert fields(html)[field(html, "t-company-0-2=")] == "77"


@pytest.mark.parametrize("text", ["1,20", "12,34", "1,2345"])
def test_thousands_that_do_not_stand_in_threes_are_no_number(page: str, people: People, text: str) -> None:
    html = people.client("carol").post(YEAR, {**fields(page), field(page, "t-company-0-2="): text}).content.decode()
    assert "Write a number" in html


def test_targets_of_longer_periods_are_named(people: People) -> None:
    make.goal("revenue", people.north, start="2025-01-01", last="2025-12-31", target=1)
    make.goal("revenue", people.north, start="2025-01-01", last="2025-03-31", target=1)
    html = people.client("carol").get(YEAR).content.decode()
    assert "2025 (1 target), Q1 2025 (1 target)." in " ".join(html.split())


def test_who_moves_has_the_sums_of_their_own_months_in_each_team(people: People) -> None:
    make.move(people.alice, people.south, on="2025-07-01")
    for month in range(1, 13):
        make.goal("revenue", people.alice, start=f"2025-{month:02}-01", last=periods.calendar().parse(f"2025-{month:02}").last_on, target=10)
    html = people.client("carol").get(YEAR).content.decode()
    lines = re.findall(r'<tr class="rep"[^>]*>\s*<th scope="row" class="depth-1">Alice Adler.*?</tr>', html, re.DOTALL)
    assert [re.findall(r'<td class="end sum">(\d*)</td>', line)[-1] for line in lines] == ["60", "60"]
