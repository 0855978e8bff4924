"""Goals in the admin."""

from decimal import Decimal

import pytest
from django.urls import reverse

from apps.goals.models import Goal, GoalVersion
from tests import make
from tests.filling import post, problems
from tests.people import People

ADD = reverse("admin:goals_goal_add")
GOAL = {"kpi": "revenue", "scope": "company", "start_on": "2025-01-10", "last_on": "2025-04-02", "target": "1000.50"}


def add(people: People, **changes):
    return post(people.client("carol"), ADD, **{**GOAL, **changes})


def test_a_goal_is_set_over_any_window(people: People) -> None:
    assert add(people).status_code == 302
    goal = Goal.objects.get()
    assert (goal.kpi, goal.scope, str(goal.start_on), str(goal.last_on), goal.target) == ("revenue", "company", "2025-01-10", "2025-04-02", Decimal("1000.5"))


def test_a_goal_for_a_team_names_the_team_and_drops_what_else_was_chosen(people: People) -> None:
    assert add(people, scope="team", team=people.north.pk, rep=people.alice.pk).status_code == 302
    goal = Goal.objects.get()
    assert (goal.team, goal.rep, goal.region) == (people.north, None, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scope": "team"}, "Choose whose goal it is."),
        ({"scope": "rep"}, "Choose whose goal it is."),
        ({"kpi": "nonsense"}, "Select a valid choice."),
        ({"target": "-1"}, "A target is zero or more."),
        ({"target": "a lot"}, "Enter a number."),
        ({"last_on": "2025-01-09"}, "The last day cannot be before the first."),
        ({"start_on": "31.02.2025"}, "Enter a valid date."),
        ({"target": "-1"}, "A target is zero or more"),
        ({"start_on": "0001-01-01"}, "A goal starts in 1971 at the earliest."),
        ({"last_on": "9999-12-31"}, "A goal ends in 2199 at the latest."),
    ],
)
def test_what_makes_no_goal_is_refused_in_words(people: People, changes: dict[str, str], words: str) -> None:
    assert words in problems(add(people, **changes))
    assert not Goal.objects.exists()


def test_the_same_goal_twice_is_refused(people: People) -> None:
    make.goal("revenue", people.north, start=GOAL["start_on"], last=GOAL["last_on"])
    assert "There is already a goal" in problems(add(people, scope="team", team=people.north.pk))


def test_kpis_are_offered_by_family_and_those_broken_down_by_stage_are_not(people: People) -> None:
    page = people.client("carol").get(ADD)
    offered = {key for _family, group in page.context["adminform"].form.fields["kpi"].choices if isinstance(group, list) for key, _name in group}
    assert {"revenue", "win_rate", "calls"} <= offered
    assert "stage_conversion" not in offered


def test_who_set_or_took_away_a_target_in_the_admin_is_kept(people: People) -> None:
    add(people, reason="Budget")
    people.client("carol").post(reverse("admin:goals_goal_delete", args=[Goal.objects.get().pk]), {"post": "yes"})
    assert GoalVersion.objects.values_list("set_by", "reason", "ended_by").get() == (people.carol.pk, "Budget", people.carol.pk)


@pytest.mark.parametrize("shares", ["", "a b", "120", "-5", " ".join(["50"] * 37)])
def test_a_ramp_that_is_none_is_refused(people: People, shares: str) -> None:
    answer = post(people.client("carol"), reverse("admin:goals_ramp_add"), name="New people", shares=shares)
    assert problems(answer)
    assert post(people.client("carol"), reverse("admin:goals_ramp_add"), name="New people", shares="25 50 75").status_code == 302
