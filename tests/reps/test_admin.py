"""Teams, managers and memberships in the admin."""

from datetime import date

import pytest
from django.urls import reverse

from apps.reps.models import Membership, Rep
from tests import make
from tests.filling import post, problems
from tests.people import People


def change(people: People, row, **changes):
    return post(people.client("carol"), reverse(f"admin:reps_{row._meta.model_name}_change", args=[row.pk]), **changes)


def memberships(rep: Rep) -> list[tuple[str, date, date | None]]:
    return [(row.team.name, row.start_on, row.end_on) for row in rep.memberships.all()]


def test_a_rep_moves_by_ending_one_membership_and_adding_another_at_once(people: People) -> None:
    rows = [{"end_on": "2025-03-10"}, {"team": people.south.pk, "start_on": "2025-03-10"}]
    assert change(people, people.alice, memberships=rows).status_code == 302
    assert memberships(people.alice) == [("North", make.LONG_AGO, date(2025, 3, 10)), ("South", date(2025, 3, 10), None)]


@pytest.mark.parametrize("end_on", ["", "2025-03-11"])
def test_a_rep_cannot_be_in_two_teams_on_one_day(people: People, end_on: str) -> None:
    rows = [{"end_on": end_on}, {"team": people.south.pk, "start_on": "2025-03-10"}]
    assert "On this day the rep is still in another team." in problems(change(people, people.alice, memberships=rows))
    assert Membership.objects.filter(rep=people.alice).count() == 1


def test_a_deleted_membership_is_in_nobodys_way(people: People) -> None:
    rows = [{"DELETE": "on"}, {"team": people.south.pk, "start_on": "2025-03-10"}]
    assert change(people, people.alice, memberships=rows).status_code == 302
    assert memberships(people.alice) == [("South", date(2025, 3, 10), None)]


def test_a_membership_ends_after_it_starts(people: People) -> None:
    assert "“Until” must be later than “from”" in problems(change(people, people.alice, memberships=[{"end_on": "2020-01-01"}]))


def test_the_database_has_the_last_word_on_overlaps(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.reps.forms.DatedRows.clean", lambda self: None)
    rows = [{}, {"team": people.south.pk, "start_on": "2025-03-10"}]
    assert "The rep is in a team already on some of these days." in problems(change(people, people.alice, memberships=rows))


def test_a_rep_cannot_leave_before_being_hired(people: People) -> None:
    assert "A rep cannot leave before being hired." in problems(change(people, people.alice, left_on="2019-01-01"))


def test_a_sign_in_belongs_to_one_rep(people: People) -> None:
    assert "already exists" in problems(change(people, people.alice, user=people.dave.user.pk))


def test_a_team_cannot_be_part_of_itself_or_of_one_below(people: People) -> None:
    lowest = make.team("Lowest", parent=make.team("Lower", parent=people.north))
    for parent in (people.north, lowest):
        assert "cannot be part of itself or of a team below it" in problems(change(people, people.north, parent=parent.pk))
    assert change(people, lowest, parent=people.north.pk).status_code == 302


def test_the_database_has_the_last_word_on_the_tree(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.reps.forms.TeamForm.clean", lambda self: self.cleaned_data)
    lower = make.team("Lower", parent=people.north)
    assert "A team cannot be part of itself or of a team below it. Choose another team." in problems(change(people, people.north, parent=lower.pk))


def test_one_manager_follows_another_on_the_day_the_first_ends(people: People) -> None:
    hana = make.user("Hana", role="manager")
    rows = [{"end_on": "2025-03-01"}, {"user": hana.pk, "start_on": "2025-03-01"}]
    assert change(people, people.north, managers=rows).status_code == 302
    assert people.north.managers.count() == 2


def test_two_people_may_manage_a_team_together_but_nobody_twice(people: People) -> None:
    hana = make.user("Hana", role="manager")
    assert change(people, people.north, managers=[{}, {"user": hana.pk, "start_on": "2025-01-01"}]).status_code == 302
    rows = [{}, {}, {"user": people.bob.pk, "start_on": "2025-01-01"}]
    assert "manages the team already" in problems(change(people, people.north, managers=rows))


def test_the_lists_say_who_is_where_today(people: People) -> None:
    make.move(people.alice, people.south, on="2025-03-14")
    client = people.client("carol")
    reps = client.get(reverse("admin:reps_rep_changelist")).context["cl"].result_list
    assert {rep.name: [row.team.name for row in rep.memberships_now] for rep in reps} == {"Alice Adler": ["South"], "Dave Dahl": ["South"]}
    teams = client.get(reverse("admin:reps_team_changelist")).context["cl"].result_list
    assert {team.name: ([row.user.name for row in team.managers_now], team.members) for team in teams} == {"North": (["Bob Berg"], 0), "South": ([], 2)}


@pytest.mark.parametrize(("works", "names"), [("yes", ["Alice Adler", "Dave Dahl", "Homeless"]), ("no", ["Gone", "Not yet"]), ("nowhere", ["Homeless"])])
def test_reps_are_filtered_by_whether_they_work_here(people: People, works: str, names: list[str]) -> None:
    make.rep("Gone", team=people.north, left="2025-03-01")
    make.rep("Not yet", hired="2025-04-01")
    make.rep("Homeless")
    page = people.client("carol").get(reverse("admin:reps_rep_changelist"), {"works": works})
    assert [rep.name for rep in page.context["cl"].queryset] == names
