"""Who sees, sets and tells of objectives."""

import pytest

from apps.core.models import Organisation
from apps.objectives import access
from apps.objectives.models import Objective
from tests import make
from tests.people import NAMES, People

ON = make.TODAY


def seen(people: People, objective: Objective) -> set[str]:
    return {name for name in NAMES if access.visible(people.users[name], ON).filter(pk=objective.pk).exists()}


def setters(people: People, objective: Objective) -> set[str]:
    return {name for name in NAMES if access.may_set(people.users[name], objective, ON)}


def tellers(people: People, objective: Objective) -> set[str]:
    return {name for name in NAMES if access.may_tell(people.users[name], objective, ON)}


def test_what_is_a_reps_is_seen_by_those_who_see_the_rep(people: People) -> None:
    one = make.objective(scope=people.alice, set_by=people.bob)
    assert seen(people, one) == {"alice", "bob", "carol", "erin"}
    assert setters(people, one) == {"bob", "carol"}
    assert tellers(people, one) == {"alice", "bob", "carol"}


def test_what_is_a_teams_is_seen_by_those_who_lead_it(people: People) -> None:
    one = make.objective(scope=people.north, set_by=people.bob)
    assert (seen(people, one), setters(people, one), tellers(people, one)) == ({"bob", "carol", "erin"}, {"bob", "carol"}, {"bob", "carol"})
    other = make.objective(scope=people.south)
    assert (seen(people, other), setters(people, other), tellers(people, other)) == ({"carol", "erin"}, {"carol"}, {"carol"})


@pytest.mark.parametrize("whose", ["company", "region"])
def test_what_is_everybodys_is_for_those_who_see_everybody(people: People, whose: str) -> None:
    one = make.objective(scope=people.region if whose == "region" else None)
    assert (seen(people, one), setters(people, one), tellers(people, one)) == ({"carol", "erin"}, {"carol"}, {"carol"})


def test_what_is_personal_is_seen_by_the_rep_and_their_manager_and_set_by_the_rep(people: People) -> None:
    one = make.objective(scope=people.alice, is_personal=True)
    assert (seen(people, one), setters(people, one), tellers(people, one)) == ({"alice", "bob"}, {"alice"}, {"alice"})


def test_a_manager_of_a_team_above_sees_no_personal_objectives_of_a_team_that_has_its_own(people: People) -> None:
    one = make.objective(scope=people.alice, is_personal=True)
    above = make.team("Nordics")
    people.north.parent = above
    people.north.save()
    zoe = make.user("Zoe", role="manager")
    make.manager(above, zoe)
    assert not access.visible(zoe, ON).filter(pk=one.pk).exists()
    people.north.managers.all().delete()
    assert access.visible(zoe, ON).filter(pk=one.pk).exists()


def test_a_manager_sees_personal_objectives_no_longer_once_they_lead_somebody_else(people: People) -> None:
    one = make.objective(scope=people.alice, is_personal=True)
    people.north.managers.update(end_on=ON)
    assert seen(people, one) == {"alice"}


def test_managers_set_nothing_where_the_organisation_says_so(people: People) -> None:
    Organisation.objects.update(managers_set="nothing")
    one = make.objective(scope=people.alice, set_by=people.bob)
    assert (setters(people, one), tellers(people, one)) == ({"carol"}, {"alice", "bob", "carol"})


def test_who_may_not_sign_in_sees_nothing(people: People) -> None:
    one = make.objective(scope=people.alice, is_personal=True)
    user = people.users["alice"]
    user.is_active = False
    user.save()
    assert "alice" not in seen(people, one) | setters(people, one) | tellers(people, one)


def test_what_an_admin_set_is_changed_by_admins_and_a_part_by_who_sets_its_whole(people: People) -> None:
    admins = make.objective(scope=people.north, set_by=people.carol)
    assert setters(people, admins) == {"carol"}
    assert access.may_add_parts(people.bob, admins, ON)
    company = make.objective(measured="parts", set_by=people.carol)
    part = make.objective(scope=people.north, set_by=people.bob, parent=company)
    assert setters(people, part) == {"carol"}
    assert setters(people, make.objective(scope=people.alice, set_by=people.bob, parent=admins)) == {"carol"}


def test_a_whole_is_deleted_by_who_sets_all_its_parts(people: People) -> None:
    whole = make.objective(scope=people.north, set_by=people.bob)
    assert access.may_delete(people.bob, whole, ON)
    make.objective(scope=people.dave, set_by=people.carol, parent=make.objective(scope=people.alice, set_by=people.bob, parent=whole))
    assert not access.may_delete(people.bob, whole, ON)
    assert access.may_delete(people.carol, whole, ON)


def test_a_manager_who_sells_does_not_set_their_own(people: People) -> None:
    own = make.rep("Bob Berg", team=people.north, user=people.bob)
    one = make.objective(scope=own, set_by=people.bob)
    assert setters(people, one) == {"carol"} and tellers(people, one) == {"bob", "carol"}
    assert setters(people, make.objective(scope=own, is_personal=True)) == {"bob"}


def test_who_only_looks_on_has_nothing_personal(people: People) -> None:
    make.rep("Erin Egede", user=people.erin)
    assert access.own_rep(people.erin) is None


def test_a_manager_who_has_left_hides_nothing_from_the_one_above_and_nobody_leads_themself(people: People) -> None:
    one = make.objective(scope=people.alice, is_personal=True)
    above = make.team("Nordics")
    people.north.parent = above
    people.north.save()
    zoe = make.user("Zoe", role="manager")
    make.manager(above, zoe)
    people.bob.is_active = False
    people.bob.save()
    assert access.visible(zoe, ON).filter(pk=one.pk).exists()
    bobs = make.objective(scope=make.rep("Bob Berg", team=people.north, user=people.bob), is_personal=True)
    people.bob.is_active = True
    people.bob.save()
    assert access.visible(zoe, ON).filter(pk=bobs.pk).exists() and access.visible(people.bob, ON).filter(pk=bobs.pk).exists()


def test_what_was_told_is_taken_back_by_who_told_it_and_who_sets(people: People) -> None:
    one = make.objective(scope=people.alice, set_by=people.bob)
    hers, his = make.check_in(one, 1, told_by=people.alice.user), make.check_in(one, 1, told_by=people.bob)
    assert [access.may_take_back(people.users["alice"], told, ON) for told in (hers, his)] == [True, False]
    assert [access.may_take_back(people.bob, told, ON) for told in (hers, his)] == [True, True]
