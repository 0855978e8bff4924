"""Who sees whom, and who writes what."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Role
from apps.core.models import Organisation
from apps.customers.models import Customer
from apps.opportunities.models import Opportunity
from apps.reps import access, scopes
from apps.reps.scopes import Scope
from tests import make
from tests.people import People

ON = make.TODAY


def names(user, on: date = ON) -> list[str]:
    return [scope.name for scope in access.scopes_for(user, on)]


def rep_names(user, on: date = ON) -> set[str]:
    return {rep.name for rep in access.reps_for(user, on)}


@pytest.mark.parametrize("name", ["carol", "erin"])
def test_admins_and_viewers_see_everybody_company_first(people: People, name: str) -> None:
    assert names(people.users[name]) == ["Acme Works", "Europe", "North", "South", "Alice Adler", "Dave Dahl"]


def test_a_manager_sees_their_team_and_who_is_in_it(people: People) -> None:
    assert names(people.bob) == ["North", "Alice Adler"]


def test_a_rep_sees_only_themself(people: People) -> None:
    assert names(people.alice.user) == ["Alice Adler"]
    assert names(people.dave.user) == ["Dave Dahl"]


def test_a_rep_who_is_named_as_manager_is_still_a_rep(people: People) -> None:
    make.manager(people.north, people.dave.user)
    assert names(people.dave.user) == ["Dave Dahl"]


def test_nobody_sees_anything_who_may_not_sign_in(people: People) -> None:
    for user in people.users.values():
        user.is_active = False
        user.save()
        assert names(user) == []
        assert access.home(user, ON) is None
        assert not access.may_write(user)
    assert names(AnonymousUser()) == []


def test_a_manager_sees_teams_at_every_depth_below(people: People) -> None:
    sub = make.team("North East", parent=people.north)
    make.rep("Gus", team=make.team("North East Coast", parent=sub))
    assert names(people.bob) == ["North", "North East", "North East Coast", "Alice Adler", "Gus"]


def test_managing_a_lower_team_opens_none_above(people: People) -> None:
    sub = make.team("North East", parent=people.north)
    lead = make.user(role=Role.MANAGER)
    make.manager(sub, lead)
    assert names(lead) == ["North East"]


def test_managing_begins_on_its_first_day_and_ends_before_its_last(people: People) -> None:
    hana = make.user("Hana", role=Role.MANAGER)
    make.manager(people.south, hana, since="2025-03-01", until="2025-03-10")
    assert names(hana, date(2025, 2, 28)) == []
    assert names(hana, date(2025, 3, 1)) == ["South", "Dave Dahl"]
    assert names(hana, date(2025, 3, 9)) == ["South", "Dave Dahl"]
    assert names(hana, date(2025, 3, 10)) == []


def test_a_mover_is_seen_by_the_manager_of_the_day(people: People) -> None:
    make.move(people.alice, people.south, on="2025-03-10")
    assert rep_names(people.bob, date(2025, 3, 9)) == {"Alice Adler"}
    assert rep_names(people.bob, date(2025, 3, 10)) == set()


def test_a_leaver_stays_with_the_manager_of_their_last_day(people: People) -> None:
    people.alice.left_on = date(2025, 3, 1)
    people.alice.save()
    people.alice.memberships.update(end_on=date(2025, 3, 1))
    assert rep_names(people.bob) == {"Alice Adler"}


def test_a_leaver_who_moved_before_is_not_the_former_managers(people: People) -> None:
    make.move(people.alice, people.south, on="2025-02-01")
    people.alice.left_on = date(2025, 3, 1)
    people.alice.save()
    assert rep_names(people.bob) == set()


def test_a_manager_who_sells_sees_their_own_figures_too(people: People) -> None:
    make.rep("Bob Berg", team=people.south, user=people.bob)
    assert names(people.bob) == ["North", "Alice Adler", "Bob Berg"]


def test_everybody_starts_at_home(people: People) -> None:
    homes = {name: access.home(user, ON) for name, user in people.users.items()}
    assert {name: scope and scope.key for name, scope in homes.items()} == {
        "alice": "rep:Alice Adler",
        "bob": "team:North",
        "carol": "company",
        "dave": "rep:Dave Dahl",
        "erin": "company",
    }


def test_a_manager_starts_at_their_topmost_team(people: People) -> None:
    make.manager(make.team("A lower team", parent=people.north), people.bob)
    assert access.home(people.bob, ON) == scopes.of(people.north)


def test_a_sign_in_without_team_or_rep_has_no_home(people: People) -> None:
    assert access.home(make.user(role=Role.MANAGER), ON) is None
    assert access.home(make.user(role=Role.REP), ON) is None


def test_the_listed_scopes_are_exactly_those_that_open(people: People) -> None:
    make.rep("Ivy", team=make.team("North East", parent=people.north))
    everything = access.scopes_for(people.carol, ON)
    for user in people.users.values():
        mine = access.scopes_for(user, ON)
        assert [scope for scope in everything if access.may_see(user, scope, ON)] == mine
        for scope in everything:
            if scope in mine:
                assert access.scope_or_404(user, scope.kind, scope.id, ON) == scope
            else:
                with pytest.raises(Http404):
                    access.scope_or_404(user, scope.kind, scope.id, ON)


def test_what_is_not_there_reads_like_what_is_not_yours(people: People) -> None:
    with pytest.raises(Http404) as missing:
        access.scope_or_404(people.alice.user, "rep", 10**9, ON)
    with pytest.raises(Http404) as refused:
        access.scope_or_404(people.alice.user, "rep", people.dave.pk, ON)
    assert str(missing.value).replace(str(10**9), "N") == str(refused.value).replace(str(people.dave.pk), "N")
    with pytest.raises(Http404):
        access.scope_or_404(people.carol, "planet", 1, ON)


def test_facts_are_restricted_to_the_reps_one_sees(people: People) -> None:
    make.deal("Hers", rep=people.alice)
    make.deal("His", rep=people.dave)
    seen = {name: {deal.name for deal in access.restrict(Opportunity.objects.all(), user, ON)} for name, user in people.users.items()}
    assert seen == {"alice": {"Hers"}, "bob": {"Hers"}, "carol": {"Hers", "His"}, "dave": {"His"}, "erin": {"Hers", "His"}}


def test_facts_of_nobody_are_for_those_who_see_everybody(people: People) -> None:
    make.customer("Unowned")
    counts = {name: access.restrict(Customer.objects.all(), user, ON).count() for name, user in people.users.items()}
    assert counts == {"alice": 0, "bob": 0, "carol": 1, "dave": 0, "erin": 1}


def test_restricting_costs_no_query_of_its_own(people: People) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(access.restrict(Opportunity.objects.all(), people.bob, ON))
    assert len(queries) == 1


@pytest.mark.parametrize(("name", "most"), [("alice", 1), ("bob", 1), ("carol", 2), ("erin", 2)])
def test_scopes_cost_the_same_however_many_there_are(people: People, name: str, most: int) -> None:
    for _number in range(5):
        make.rep(team=make.team(parent=people.north))
    with CaptureQueriesContext(connection) as queries:
        access.scopes_for(people.users[name], ON)
    assert len(queries) == most


def test_peers_are_the_team_of_the_day_with_oneself(people: People) -> None:
    gus, ivy = make.rep("Gus", team=people.north), make.rep("Ivy", team=people.north, left="2025-03-01")
    assert access.peers_of(people.alice.user, ON) == sorted([people.alice.pk, gus.pk])
    assert access.peers_of(people.alice.user, date(2025, 2, 1)) == sorted([people.alice.pk, gus.pk, ivy.pk])
    make.move(gus, people.south, on="2025-03-10")
    assert access.peers_of(people.alice.user, ON) == [people.alice.pk]


def test_without_a_team_or_a_rep_there_are_no_peers(people: People) -> None:
    people.alice.memberships.all().delete()
    assert access.peers_of(people.alice.user, ON) == [people.alice.pk]
    assert access.peers_of(people.bob, ON) == []


def test_who_may_write_facts_of_whom(people: People) -> None:
    may = {
        name: [access.may_write(user), *(access.may_write_for(user, rep, ON) for rep in (people.alice.pk, people.dave.pk, None))]
        for name, user in people.users.items()
    }
    assert may == {
        "alice": [True, True, False, False],
        "bob": [True, True, False, False],
        "carol": [True, True, True, True],
        "dave": [True, False, True, False],
        "erin": [False, False, False, False],
    }


def test_goals_are_written_by_admins_only(people: People) -> None:
    assert [name for name, user in people.users.items() if access.may_write_goals(user)] == ["carol"]


def test_a_scope_of_another_kind_with_the_same_number_is_not_opened(people: People) -> None:
    assert not access.may_see(people.bob, Scope("region", people.north.pk, "North"), ON)
    assert not access.may_see(people.bob, scopes.company(), ON)


def test_managers_set_targets_where_the_organisation_allows_it_but_not_their_own(people: People) -> None:
    below, seller = make.team("Nordics", parent=people.north), make.rep("Bob Berg", team=people.north, user=people.bob)
    make.rep("Nils", team=below)

    def settable(name: str) -> set[str]:
        return {scope.name for scope in access.targets_to_set(people.users[name], ON)}

    assert settable("bob") == set()
    Organisation.objects.update(managers_set="targets")
    assert settable("bob") == {"Nordics", "Alice Adler", "Nils"}
    assert settable("carol") >= {"Acme Works", "North", "Dave Dahl", seller.name}
    assert [settable(name) for name in ("alice", "dave", "erin")] == [set(), set(), set()]
    people.bob.is_active = False
    assert settable("bob") == set()
