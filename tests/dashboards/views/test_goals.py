"""Goals: seen by whom they concern, entered by admins, many at once or one over any days."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.goals.models import Goal, GoalVersion
from apps.reps.scopes import Scope
from tests import make
from tests.conftest import Day
from tests.dashboards import world
from tests.people import People

pytestmark = pytest.mark.django_db
ENTER = "/goals/enter/?kpi=revenue&period=2025-Q1"


def listed(people: People, name: str, **query: str) -> str:
    answer = people.client(name).get(reverse("dashboards:goals"), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def targets() -> dict[tuple[str, str], Decimal]:
    return {(goal.scope, goal.owner_name): goal.target for goal in Goal.objects.all()}


# --- The list -----------------------------------------------------------------------------------------
def test_everybody_sees_their_own_goals_with_progress(people: People) -> None:
    world.furnish(people)
    page = listed(people, "alice")
    assert "800 of 1,000 · 80% · expected 83%" in page
    assert "4,000" not in page  # Dave's
    assert "2,000" not in page  # the team's
    assert "2,000" in listed(people, "bob")
    assert "4,000" not in listed(people, "bob")
    assert "4,000" in listed(people, "erin")


def test_past_and_coming_goals_are_apart(people: People) -> None:
    make.goal("revenue", people.alice, start="2024-10-01", last="2024-12-31", target=111)
    make.goal("revenue", people.alice, start="2025-04-01", last="2025-06-30", target=222)
    world.count()
    assert "No such goal" in listed(people, "alice")
    assert "of 111" in listed(people, "alice", when="past")
    assert "of 222" in listed(people, "alice", when="coming")
    assert people.client("alice").get(reverse("dashboards:goals"), {"when": "someday"}).status_code == 400


def test_a_window_that_is_no_period_has_its_goal_measured_over_exactly_its_days(people: People) -> None:
    make.deal(rep=people.alice, amount=100, won="2025-03-03")
    make.deal(rep=people.alice, amount=900, won="2025-01-03")
    make.goal("revenue", people.alice, start="2025-02-15", last="2025-05-15", target=1000)
    world.count()
    assert "100 of 1,000 · 10%" in listed(people, "alice")


# --- The sheet ----------------------------------------------------------------------------------------
def test_many_targets_are_saved_in_one_go(people: People) -> None:
    make.goal("revenue", people.dave, target=400)
    make.goal("revenue", people.south, target=500)
    answer = people.client("carol").post(
        ENTER,
        {
            "target-company-0": "1,200,000.50",
            f"target-rep-{people.alice.pk}": "1000",
            f"target-rep-{people.dave.pk}": "450",
            f"was-rep-{people.dave.pk}": "400",
            f"target-team-{people.south.pk}": "",
            f"was-team-{people.south.pk}": "500",
        },
        follow=True,
    )
    assert "4 targets saved: Sales revenue, Q1 2025. Boards show them now." in answer.content.decode()
    assert targets() == {("company", "Company"): Decimal("1200000.50"), ("rep", "Alice Adler"): Decimal(1000), ("rep", "Dave Dahl"): Decimal(450)}


def test_the_sheet_lists_everybody_who_works_then_and_nobody_else(people: People) -> None:
    make.rep("Gone Before", team=people.north, left="2024-06-01")
    make.rep("Comes Later", team=people.north, hired="2025-09-01")
    make.rep("Comes Soon", team=people.north, hired="2025-03-20")
    make.rep("Without Team")
    page = people.client("carol").get(ENTER).content.decode()
    assert all(name in page for name in ("Acme Works", "Europe", "North", "South", "Alice Adler", "Comes Soon", "Without Team"))
    assert "Gone Before" not in page
    assert "Comes Later" not in page


def test_the_sheet_shows_the_period_before_and_what_the_people_add_up_to(people: People) -> None:
    make.goal("revenue", people.alice, target=700)
    make.goal("revenue", people.alice, start="2024-10-01", last="2024-12-31", target=610)
    make.deal(rep=people.alice, amount=590, won="2024-11-11")
    world.count()
    page = people.client("carol").get(ENTER).content.decode()
    assert all(f">{text}<" in page for text in ("700", "610", "590"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("-5", "A target is more than zero"),
        ("0", "A target is more than zero"),
        ("a lot", "Write a number, such as 120000"),
        ("1e30", "no more than"),
    ],
)
def test_a_wrong_target_saves_nothing_and_says_why(people: People, text: str, words: str) -> None:
    answer = people.client("carol").post(ENTER, {f"target-rep-{people.alice.pk}": text, f"target-rep-{people.dave.pk}": "100"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert words in page
    assert f'value="{text}"' in page  # what was typed is still there
    assert targets() == {}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(people: People) -> None:
    make.goal("revenue", people.alice, target=700)
    answer = people.client("carol").post(ENTER, {f"target-rep-{people.alice.pk}": "800", f"was-rep-{people.alice.pk}": "600"})
    assert "Somebody changed this meanwhile to 700" in answer.content.decode()
    assert targets() == {("rep", "Alice Adler"): Decimal(700)}


def test_a_sheet_that_was_tampered_with_is_refused(people: People) -> None:
    answer = people.client("carol").post(ENTER, {f"target-rep-{people.alice.pk}": "800", f"was-rep-{people.alice.pk}": "abc"})
    assert answer.status_code == 400
    assert "Open it again" in answer.content.decode()


def test_what_was_not_touched_is_left_alone_even_when_somebody_else_changed_it(people: People) -> None:
    make.goal("revenue", people.alice, target=700)
    fields = {f"target-rep-{people.alice.pk}": "600", f"was-rep-{people.alice.pk}": "600", "target-company-0": "9"}
    assert people.client("carol").post(ENTER, fields).status_code == 302
    assert targets() == {("rep", "Alice Adler"): Decimal(700), ("company", "Company"): Decimal(9)}


def test_any_window_of_days_can_be_entered(people: People) -> None:
    url = "/goals/enter/?kpi=calls&from=2025-02-15&to=2025-05-15"
    assert people.client("carol").post(url, {f"target-rep-{people.alice.pk}": "60"}).status_code == 302
    goal = Goal.objects.get()
    assert (goal.kpi, str(goal.start_on), str(goal.last_on)) == ("calls", "2025-02-15", "2025-05-15")


@pytest.mark.parametrize("query", ["kpi=nonsense", "kpi=target_attainment", "period=soon"])
def test_a_sheet_that_cannot_be_is_refused_with_words(people: People, query: str) -> None:
    assert people.client("carol").get(f"/goals/enter/?{query}").status_code == 400


@pytest.mark.parametrize("name", ["alice", "bob", "erin", "dave"])
def test_nobody_but_admins_writes_goals(people: People, name: str) -> None:
    goal = make.goal("revenue", people.alice, target=700)
    client = people.client(name)
    whose = {"kpi": "revenue", "whose": f"rep:{people.alice.pk}", "start_on": "2025-04-01", "last_on": "2025-06-30", "target": "1"}
    for url, fields in (
        (ENTER, {f"target-rep-{people.alice.pk}": "1"}),
        (reverse("dashboards:goal-add"), whose),
        (reverse("dashboards:goal", args=[goal.pk]), whose),
        (reverse("dashboards:goal-delete", args=[goal.pk]), {}),
    ):
        assert client.post(url, fields).status_code == 403
    assert targets() == {("rep", "Alice Adler"): Decimal(700)}


# --- A single goal ------------------------------------------------------------------------------------
def fields(people: People, **changed: str) -> dict[str, str]:
    return {"kpi": "revenue", "whose": f"team:{people.north.pk}", "start_on": "2025-02-15", "last_on": "2025-05-15", "target": "1,500", **changed}


def test_a_single_goal_is_added_changed_and_deleted(people: People) -> None:
    carol = people.client("carol")
    assert carol.post(reverse("dashboards:goal-add"), fields(people, note="kick-off")).status_code == 302
    goal = Goal.objects.get()
    assert (goal.scope, goal.team, goal.target, goal.note) == ("team", people.north, Decimal(1500), "kick-off")
    url = reverse("dashboards:goal", args=[goal.pk])
    assert 'value="2025-02-15"' in carol.get(url).content.decode()
    assert carol.post(url, fields(people, whose="company", target="2000")).status_code == 302
    goal.refresh_from_db()
    assert (goal.scope, goal.team, goal.target) == ("company", None, Decimal(2000))
    assert carol.post(reverse("dashboards:goal-delete", args=[goal.pk])).status_code == 302
    assert not Goal.objects.exists()


def test_a_goal_tells_who_changed_it_when_and_why(people: People) -> None:
    carol = people.client("carol")
    carol.post(reverse("dashboards:goal-add"), fields(people, target="1500", reason="Budget of the board"))
    goal = Goal.objects.get()
    url = reverse("dashboards:goal", args=[goal.pk])
    carol.post(url, fields(people, target="1800", last_on="2025-05-31", reason="A second shop"))
    page = carol.get(url).content.decode()
    told = [text(line) for line in re.findall(r"<li>(.*?)</li>", page[page.index('id="history"') :], re.DOTALL)]
    assert told[0].startswith("€1,500.00 → became €1,800.00 · Feb 15 – May 31, 2025 A second shop ")
    assert told[1].startswith("none → became €1,500.00 Budget of the board ")
    assert len(told) == 2 and all(line.endswith(" · Carol Costa") for line in told)
    assert 'value="1,800"' in page


def test_history_says_when_a_target_became_a_limit(people: People) -> None:
    goal = make.goal("revenue", people.north, start="2025-02-15", last="2025-05-15", target=1500)
    carol, url = people.client("carol"), reverse("dashboards:goal", args=[goal.pk])
    carol.post(url, fields(people, target="1500", stay="below"))
    assert "€1,500.00 · A limit: stay at or below it" in carol.get(url).content.decode()


def test_a_goal_that_somebody_changed_meanwhile_is_not_written_over_unseen(people: People) -> None:
    goal = make.goal("revenue", people.north, start="2025-02-15", last="2025-05-15", target=100)
    carol, url = people.client("carol"), reverse("dashboards:goal", args=[goal.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', carol.get(url).content.decode())
    assert seen
    goal.target = Decimal(300)
    goal.save()
    answer = carol.post(url, fields(people, target="100", note="kick-off", seen=seen[1]))
    assert (answer.status_code, targets()) == (400, {("team", "North"): Decimal(300)})
    assert "Somebody changed this meanwhile" in answer.content.decode()
    again = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert again and carol.post(url, fields(people, target="100", seen=again[1])).status_code == 302
    assert targets() == {("team", "North"): Decimal(100)}


def test_a_reason_given_on_the_sheet_is_kept_with_each_target(people: People) -> None:
    people.client("carol").post(ENTER, {"target-company-0": "100", f"target-team-{people.north.pk}": "70", "reason": "Plan 2025"})
    assert set(GoalVersion.objects.values_list("target", "set_by", "reason")) == {(100, people.carol.pk, "Plan 2025"), (70, people.carol.pk, "Plan 2025")}


def test_who_deletes_a_goal_is_kept_with_the_reason(people: People) -> None:
    goal = make.goal("revenue", people.alice)
    people.client("carol").post(reverse("dashboards:goal-delete", args=[goal.pk]), {"reason": "Left the company"})
    assert GoalVersion.objects.values_list("ended_by", "end_reason").get() == (people.carol.pk, "Left the company")


def test_a_board_says_that_its_target_was_changed_since(people: People, day: Day) -> None:
    day.to("2025-03-01")
    make.goal("revenue", people.alice, target=1000)
    day.to("2025-03-10")
    Goal.objects.update(target=4000)
    day.to(make.TODAY)
    world.count()
    client, words = people.client("alice"), "This target was changed on Mar 10, 2025. Shown is what it was before."
    board = f"/boards/rep/{people.alice.pk}/?period=2025-Q1"
    assert words not in client.get(board).content.decode()
    assert words in client.get(f"{board}&on=2025-03-05").content.decode()


def test_a_goal_is_not_deleted_by_looking(people: People) -> None:
    goal = make.goal("revenue", people.alice)
    assert people.client("carol").get(reverse("dashboards:goal-delete", args=[goal.pk])).status_code == 405
    assert Goal.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"last_on": "2025-02-01"}, "The last day cannot be before the first."),
        ({"start_on": "0001-01-01"}, "A goal starts in 1971 at the earliest."),
        ({"last_on": "9999-12-31"}, "A goal ends in 2199 at the latest."),
        ({"target": "0"}, "A target is more than zero"),
        ({"target": ""}, "This field is required."),
        ({"baseline": "10"}, "only for KPIs where lower is better"),
        ({"kpi": "sales_cycle", "baseline": "10", "stay": "above"}, "only for KPIs where lower is better"),
        ({"kpi": "stage_conversion"}, "Select a valid choice"),
        ({"whose": "team:999999"}, "Select a valid choice"),
    ],
)
def test_a_wrong_goal_is_refused_with_words(people: People, changed: dict[str, str], words: str) -> None:
    answer = people.client("carol").post(reverse("dashboards:goal-add"), fields(people, **changed))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Goal.objects.exists()


def test_a_second_goal_for_the_same_is_refused_with_words(people: People) -> None:
    make.goal("revenue", Scope("team", people.north.pk, "North"), start="2025-02-15", last="2025-05-15")
    answer = people.client("carol").post(reverse("dashboards:goal-add"), fields(people))
    assert answer.status_code == 400
    assert "There is already a goal" in answer.content.decode()


def test_there_is_no_goal_with_number_nought(people: People) -> None:
    assert people.client("carol").get("/goals/0/").status_code == 404


def test_a_page_past_the_end_shows_the_earliest_goals(people: People) -> None:
    make.goal("revenue", people.north, target=2000)
    assert "2,000" in people.client("carol").get(reverse("dashboards:goals") + "?page=9999").content.decode()


def test_a_goal_longer_than_a_board_can_show_leads_nowhere(people: People) -> None:
    make.goal("revenue", people.north, target=2000, start="2020-01-01", last="2035-12-31")
    page = people.client("carol").get(reverse("dashboards:goals")).content.decode()
    assert "2,000" in page
    assert "2020-01-01..2035-12-31" not in page


def test_what_is_over_says_by_how_much_it_was_reached_or_missed(people: People) -> None:
    make.deal(rep=people.alice, won="2025-01-10", amount=1200)
    world.count()
    for target, start in ((1000, "2025-01-01"), (2000, "2025-01-02"), (1200, "2025-01-03")):
        make.goal("revenue", people.alice, target=target, start=start, last="2025-01-31")
    make.goal("revenue", people.alice, target=900, start="2025-01-04", last="2025-01-31", stay="below")
    told = people.client("carol").get(reverse("dashboards:goals") + "?when=past").content.decode()
    for words in ("Exceeded by 300.", "Reached, by 200.", "Missed by 800.", "Reached, to the point."):
        assert words in told
