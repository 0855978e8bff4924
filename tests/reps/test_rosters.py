"""Who stood where over some days, and the tree of teams."""

from datetime import date

import pytest

from apps.core.periods import Calendar
from apps.reps import rosters, scopes
from tests import make
from tests.people import People

pytestmark = pytest.mark.django_db
QUARTER = Calendar().parse("2025-Q1")


def names(scope: scopes.Scope, on: date = make.TODAY) -> list[str]:
    return [member.scope.name for member in rosters.people(scope, QUARTER, on=on)]


def test_people_of_a_team_are_those_who_stood_in_it_on_any_of_the_days(people: People) -> None:
    make.rep("Included: left in it", team=people.north, left="2025-02-01")
    make.rep("Excluded: left before it", team=people.north, left="2025-01-01")
    make.rep("Excluded: comes later", team=people.north, hired="2025-03-20")
    assert names(scopes.of(people.north)) == ["Alice Adler", "Included: left in it"]


def test_a_mover_stands_in_both_teams_and_carries_the_day(people: People) -> None:
    make.move(people.alice, people.south, on="2025-02-10")
    (before,) = rosters.people(scopes.of(people.north), QUARTER, on=make.TODAY)
    assert (before.scope.name, before.moved_on, before.left_on) == ("Alice Adler", date(2025, 2, 10), None)
    assert [(one.scope.name, one.moved_on) for one in rosters.people(scopes.of(people.south), QUARTER, on=make.TODAY)] == [
        ("Alice Adler", None),
        ("Dave Dahl", None),
    ]


def test_before_the_move_nothing_is_known_of_it(people: People) -> None:
    make.move(people.alice, people.south, on="2025-02-10")
    assert names(scopes.of(people.north), on=date(2025, 2, 1)) == ["Alice Adler"]
    assert names(scopes.of(people.south), on=date(2025, 2, 1)) == ["Dave Dahl"]


def test_a_team_counts_the_people_of_the_teams_below_it(people: People) -> None:
    below = make.team("Fjords", parent=people.north)
    make.rep("Fridtjof", team=below)
    assert names(scopes.of(people.north)) == ["Alice Adler", "Fridtjof"]
    assert names(scopes.company()) == ["Alice Adler", "Dave Dahl", "Fridtjof"]


def test_the_tree_of_teams_is_told_by_depth(people: People) -> None:
    below = make.team("Fjords", parent=people.north)
    make.team("Lofoten", parent=below)
    assert [(branch.scope.name, branch.depth) for branch in rosters.teams(scopes.company())] == [("North", 0), ("Fjords", 1), ("Lofoten", 2), ("South", 0)]
    assert [branch.scope.name for branch in rosters.teams(scopes.of(people.north))] == ["Fjords", "Lofoten"]


def test_a_team_without_a_region_is_in_its_parents(people: People) -> None:
    make.team("Fjords", parent=people.north)
    asia = make.region("Asia")
    make.team("Outpost", parent=people.north, region=asia)
    assert [branch.scope.name for branch in rosters.teams(scopes.of(people.region))] == ["North", "Fjords", "South"]
    assert [branch.scope.name for branch in rosters.teams(scopes.of(asia))] == ["Outpost"]


def test_people_are_found_by_the_team_they_were_last_in(people: People) -> None:
    make.move(people.alice, people.south, on="2025-02-10")
    make.rep("Nomad")
    found = {team: [one.name for one in reps] for team, reps in rosters.by_team(QUARTER).items()}
    assert found == {people.south.pk: ["Alice Adler", "Dave Dahl"], 0: ["Nomad"]}


def test_people_of_a_regrouped_team_are_its_members_of_the_day_whenever_they_came(people: People) -> None:
    make.move(people.alice, people.south, on="2025-03-10")
    make.rep("Excluded: has left", team=people.south, left="2025-03-01")
    today = [scopes.regrouped(scopes.of(team), make.TODAY) for team in (people.north, people.south)]
    assert [names(scope, on=date(2025, 2, 1)) for scope in today] == [[], ["Alice Adler", "Dave Dahl"]]
    assert [member.moved_on for member in rosters.people(today[1], QUARTER, on=date(2025, 2, 1))] == [None, None]


def test_who_is_left_behind_stood_there_and_is_no_member(people: People) -> None:
    make.move(people.alice, people.south, on="2025-03-10")
    make.rep("Included: has left", team=people.north, left="2025-03-01")
    make.rep("Excluded: left before", team=people.north, left="2025-01-01")
    make.rep("Included for the company: in no team")

    def behind(scope: scopes.Scope) -> tuple[int, int]:
        found = rosters.left_behind(scope, QUARTER, on=make.TODAY, members_on=make.TODAY)
        return found.count, found.gone

    asked = [scopes.of(people.north), scopes.of(people.south), scopes.of(people.region), scopes.company()]
    assert [behind(scope) for scope in asked] == [(2, 1), (0, 0), (1, 1), (2, 1)]
