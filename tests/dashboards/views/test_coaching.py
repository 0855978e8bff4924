"""The page for a one-to-one: for who leads a rep, with what stands out, and in as many queries however large the team."""

import re
from copy import deepcopy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import ground as grounds
from tests import make
from tests import people as cast
from tests.dashboards import world
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


def page(people: People, name: str, whose: str = "alice", query: str = "") -> str:
    return str(people.client(name).get(reverse("dashboards:coaching", args=[getattr(people, whose).pk]) + query).content.decode())


def furnish() -> People:
    """Alice won 600 this quarter; Bea and Cai in her team won 5,000 and 4,000, and call more."""
    people = cast.arrive()
    world.furnish(people)
    for name, amount in (("Bea", 5000), ("Cai", 4000)):
        rep = make.rep(name, team=people.north)
        make.deal(rep=rep, won="2025-03-03", amount=amount)
        for n in range(5):
            make.activity(rep=rep, kind="call", done=f"2025-03-0{n + 3}")
    make.objective("Sign partners", people.alice, measured="number", unit="partners", target=8, set_by=people.bob)
    world.count()
    return people


ground = grounds.ground(furnish)


@pytest.fixture
def team(ground: People, db: None) -> People:
    return deepcopy(ground)


def test_it_says_what_to_talk_about_and_shows_goals_deals_and_activities(team: People) -> None:
    told = " ".join(re.sub(r"<[^>]+>", " ", page(team, "bob")).split())
    for words in (
        "One-to-one: Alice Adler",
        "Sales revenue: 800 where 4,500 is usual, place 3 of 3.",
        "Something to gain",
        "compared with 2 others",
        "Halden, renewal",
        "Sign partners",
        "0 of 8 partners",
        "Activities",
    ):
        assert words in told, words


@pytest.mark.parametrize(("name", "status"), [("alice", 404), ("bob", 200), ("carol", 200), ("dave", 404), ("erin", 200)])
def test_it_is_for_who_leads_the_rep_and_who_sees_everybody(team: People, name: str, status: int) -> None:
    client = team.client(name)
    assert client.get(reverse("dashboards:coaching", args=[team.alice.pk])).status_code == status
    board = client.get(reverse("dashboards:board", args=["rep", team.alice.pk]))
    assert ("Prepare a one-to-one" in board.content.decode()) == (status == 200)


def test_a_manager_finds_none_for_themself_and_none_of_another_team(team: People) -> None:
    own = make.rep("Bob Berg", team=team.north, user=team.bob)
    bob = team.client("bob")
    for pk in (own.pk, team.dave.pk, 999_999):
        assert bob.get(reverse("dashboards:coaching", args=[pk])).status_code == 404


def test_nobody_finds_their_own_whatever_their_role(team: People) -> None:
    for user in (team.erin, team.carol):
        own = make.rep(user.name, team=team.north, user=user)
        assert team.client(user.name.split()[0].lower()).get(reverse("dashboards:coaching", args=[own.pk])).status_code == 404


def test_it_compares_with_who_worked_in_the_team_then_and_shows_the_goals_of_then(team: People) -> None:
    make.rep("New", team=team.north, hired="2025-03-10")
    gone = make.rep("Gone", team=team.north)
    gone.left_on = "2025-01-05"
    gone.save()
    make.objective("Of January", team.alice, start="2025-01-01", last="2025-01-31")
    told = page(team, "bob", query="?period=2025-01&on=2025-01-20")
    assert "compared with 2 others" in told and "Of January" in told and "Of January" not in page(team, "bob")


def test_of_a_single_other_nothing_is_told(team: People) -> None:
    other = make.rep("Only One", team=team.south)
    make.deal(rep=other, won="2025-03-03", amount=777)
    world.count()
    assert "777" not in page(team, "carol", "dave")


def test_a_larger_team_costs_no_more_queries(team: People) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page(team, "bob")
        return len(found)

    asked()
    few = asked()
    for n in range(8):
        make.deal(rep=make.rep(f"Rep {n}", team=team.north), won="2025-03-03", amount=n)
    world.count()
    asked()
    assert asked() == few


def test_it_looks_back_as_of_a_day_and_over_another_period(team: People) -> None:
    told = page(team, "carol", query="?period=2025-02&on=2025-02-28")
    assert "February 2025" in told and "as of Feb 28, 2025" in told
    assert team.client("carol").get(reverse("dashboards:coaching", args=[team.alice.pk]) + "?period=never").status_code == 400


def test_alone_in_a_team_there_is_nothing_to_compare_with(team: People) -> None:
    assert "too few have a value to compare with" in page(team, "carol", "dave")


def test_it_says_that_it_is_about_everything_where_the_board_before_was_narrowed(team: People) -> None:
    product = make.product("Press")
    board = team.client("bob").get(reverse("dashboards:board", args=["rep", team.alice.pk]) + f"?product={product.pk}").content.decode()
    assert re.search(rf"/one-to-one/\?[^\"]*product={product.pk}", board)
    narrowed = page(team, "bob", query=f"?product={product.pk}")
    assert "A one-to-one is about all that somebody does" in narrowed and "place 3 of 3" in narrowed
    assert "A one-to-one is about all that somebody does" not in page(team, "bob")
