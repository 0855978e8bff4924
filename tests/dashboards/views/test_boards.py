"""Boards: what they show, how they are asked, and what they cost."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from apps.goals.models import Goal
from tests import make
from tests.conftest import Day
from tests.dashboards import world
from tests.people import NAMES, People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
BUDGET = {"company": 22, "team": 12, "rep": 12}


def figures(page: str) -> MultiValueDict[str, str]:
    """Return the digits of the figures on a page by KPI, in their order."""
    found: MultiValueDict[str, str] = MultiValueDict()
    for kpi, value in re.findall(r'<data data-kpi="(\w+)" value="([^"]*)"', page):
        found.appendlist(kpi, value)
    return found


def team_board(people: People) -> str:
    return reverse("dashboards:board", args=["team", people.north.pk])


def shown(people: People, name: str, url: str, **query: str) -> str:
    answer = people.client(name).get(url, query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def test_a_manager_sees_the_teams_quarter_against_its_goal(furnished: People) -> None:
    page = shown(furnished, "bob", team_board(furnished))
    assert figures(page).getlist("revenue")[0] == "800"
    assert "of 2,000" in page
    assert "53 of 64 working days" in page
    assert "Halden, renewal" in page
    assert "expected close 9 days ago" in page
    assert "Verto, lost" in page


def test_a_board_shows_at_least_five_figures(furnished: People) -> None:
    found = figures(shown(furnished, "bob", team_board(furnished)))
    assert len(set(found)) >= 5


def test_the_board_names_what_lies_inside(furnished: People) -> None:
    page = shown(furnished, "erin", reverse("dashboards:company"))
    assert all(word in page for word in ("North", "South", "Europe", "Alice Adler", "Dave Dahl"))
    assert figures(page).getlist("revenue")[0] == "5800"


def test_a_rep_sees_what_would_close_the_gap_and_their_day(furnished: People) -> None:
    page = shown(furnished, "alice", reverse("dashboards:board", args=["rep", furnished.alice.pk]))
    assert figures(page).getlist("revenue")[0] == "800"
    assert "My number" in page
    assert "Halden, renewal" in page
    assert "Write to Kestrel" in page


def test_another_period_and_another_day_are_read_from_the_address(furnished: People) -> None:
    page = shown(furnished, "bob", team_board(furnished), period="2025-02", on="2025-02-28")
    assert figures(page).getlist("revenue")[0] == "200"
    assert "February 2025" in page
    assert "as of the end of Feb 28, 2025" in page


def test_a_figure_as_of_a_day_leaves_out_what_came_later(furnished: People) -> None:
    page = shown(furnished, "bob", team_board(furnished), on="2025-03-02")
    assert figures(page).getlist("revenue")[0] == "200"


def test_a_range_from_a_form_gets_an_address_of_its_own(furnished: People) -> None:
    answer = furnished.client("bob").get(team_board(furnished), {"from": "2025-02-01", "to": "2025-02-28"})
    assert (answer.status_code, answer["Location"]) == (302, f"{team_board(furnished)}?period=2025-02")
    answer = furnished.client("bob").get(team_board(furnished), {"from": "2025-02-01", "to": "2025-02-27"})
    assert answer["Location"].endswith("?period=2025-02-01..2025-02-27")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"period": "soon"}, "is no period. Write a year (2017), quarter (2017-Q2)"),
        ({"period": "2025-W60"}, "2025 has no week 60"),
        ({"period": "0001"}, "between the years 1971 and 2199"),
        ({"period": "1990-01-01..2020-01-01"}, "ten years at most"),
        ({"on": "14.3.2025"}, "Write it as 2026-11-20"),
        ({"on": "2025-03-15"}, "Write a day up to today"),
        ({"from": "2025-02-01"}, "both its first and its last day"),
        ({"from": "2025-02-02", "to": "2025-02-01"}, "before it starts"),
    ],
)
def test_an_address_that_cannot_be_read_says_what_to_write(furnished: People, query: dict[str, str], words: str) -> None:
    answer = furnished.client("bob").get(team_board(furnished), query)
    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize("period", ["2025", "2025-Q1", "2025-02", "2025-W10", "2025-03-13", "2025-01-20..2025-03-05", "2024-Q1", "2026-Q1"])
@pytest.mark.parametrize("name", ["alice", "bob", "carol"])
def test_every_kind_of_period_can_be_shown(furnished: People, name: str, period: str) -> None:
    client = furnished.client(name)
    assert client.get(client.get("/")["Location"], {"period": period}).status_code == 200


def test_a_day_that_is_not_counted_yet_is_said(furnished: People, day: Day) -> None:
    day.to("2025-03-15")
    assert "reach only to Mar 14, 2025" in shown(furnished, "bob", team_board(furnished))


def test_an_admin_finds_what_is_missing(furnished: People) -> None:
    make.deal("Without amount", rep=furnished.dave, amount=None)
    make.goal("revenue", furnished.dave, start="2024-01-01", last="2024-03-31")
    Goal.objects.filter(rep=furnished.dave, start_on="2025-01-01").delete()
    world.count()
    page = shown(furnished, "carol", reverse("dashboards:company"))
    assert "1 of 2 people have no revenue target for Q1 2025." in page
    assert "1 deal has no amount." in page
    assert "To look after" not in shown(furnished, "erin", reverse("dashboards:company"))


def test_names_are_escaped(furnished: People) -> None:
    furnished.alice.name = "<script>alert(1)</script>"
    furnished.alice.save()
    make.deal("<img src=x>", rep=furnished.alice, amount=900, expected="2025-03-05", created="2025-02-20")
    world.count()
    page = shown(furnished, "bob", team_board(furnished))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


# --- What has not changed is not sent again ---------------------------------------------------------------
def polled(client: Client, url: str, tag: str) -> int:
    return int(client.get(url, headers={"If-None-Match": tag}).status_code)


def test_a_board_that_has_not_changed_is_not_sent_again(furnished: People, django_assert_max_num_queries: Callable[..., Any]) -> None:
    client, url = furnished.client("bob"), team_board(furnished)
    tag = client.get(url)["ETag"]
    with django_assert_max_num_queries(4):  # session, person, organisation's day, state
        assert polled(client, url, tag) == 304


@pytest.mark.parametrize("what", ["fact", "goal", "goal deleted", "day", "planned"])
def test_anything_new_is_sent(furnished: People, day: Day, what: str) -> None:
    client, url = furnished.client("bob"), team_board(furnished)
    tag = client.get(url)["ETag"]
    if what == "fact":
        make.deal(rep=furnished.alice, amount=1, won="2025-03-14")
        world.count()
    elif what == "goal":
        make.goal("revenue", furnished.north, start="2025-04-01", last="2025-06-30")
    elif what == "goal deleted":
        Goal.objects.filter(team=furnished.north).delete()
    elif what == "planned":
        make.activity(rep=furnished.alice, done=None, due="2025-03-14")
    else:
        day.to("2025-03-15")
    assert polled(client, url, tag) == 200


def test_one_persons_tag_is_worth_nothing_to_another(furnished: People) -> None:
    tag = furnished.client("bob").get(team_board(furnished))["ETag"]
    assert polled(furnished.client("carol"), team_board(furnished), tag) == 200
    assert polled(furnished.client("dave"), team_board(furnished), tag) == 404


def test_a_new_target_is_on_both_boards_at_once(furnished: People) -> None:
    carol = furnished.client("carol")
    name = f"target-team-{furnished.north.pk}"
    answer = carol.post("/goals/enter/?kpi=revenue&period=2025-Q1", {name: "3,210", f"was-team-{furnished.north.pk}": "2000"})
    assert answer.status_code == 302
    assert "of 3,210" in shown(furnished, "bob", team_board(furnished))
    assert "3,210" in shown(furnished, "erin", reverse("dashboards:company"))


# --- What a board costs ---------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "kind"), [("carol", "company"), ("bob", "team"), ("alice", "rep")])
def test_a_board_costs_the_same_with_many_people_and_deals(furnished: People, django_assert_max_num_queries: Callable[..., Any], name: str, kind: str) -> None:
    client = furnished.client(name)
    url = client.get("/")["Location"]
    client.get(url)
    for n in range(12):
        rep = make.rep(team=furnished.north)
        make.goal("revenue", rep, target=100 + n)
        make.deal(rep=rep, amount=n, won="2025-03-04")
        make.deal(rep=rep, amount=n, expected="2025-03-05", created="2025-02-20")
        make.activity(rep=rep)
        make.team(parent=furnished.north)
    world.count()
    with django_assert_max_num_queries(BUDGET[kind]):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(("name", "kind"), [("carol", "company"), ("bob", "team"), ("alice", "rep")])
def test_a_board_whose_worker_stands_still_costs_little_more(
    furnished: People, day: Day, django_assert_max_num_queries: Callable[..., Any], name: str, kind: str
) -> None:
    day.to("2025-03-17")
    client = furnished.client(name)
    url = client.get("/")["Location"]
    with django_assert_max_num_queries(BUDGET[kind] + 30):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_no_page_carries_script_or_style_of_its_own(furnished: People, name: str) -> None:
    client = furnished.client(name)
    page = client.get(client.get("/")["Location"]).content.decode()
    assert not re.search(r"<style|style=|\son\w+=|javascript:", page)
    assert re.findall(r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))", page) == []


def test_a_board_is_compared_with_the_period_before_or_a_year_earlier(furnished: People) -> None:
    make.deal(rep=furnished.alice, won="2024-02-03", created="2024-01-10", amount=400)
    make.deal(rep=furnished.alice, won="2024-03-20", created="2024-01-10", amount=5000)  # after the same point
    make.deal(rep=furnished.alice, won="2024-11-03", created="2024-10-10", amount=1600)
    world.count()
    before, year = (shown(furnished, "bob", team_board(furnished), **query) for query in ({}, {"compare": "year"}))
    assert "vs this point of Q4 2024" in before and "50%" in before
    assert "vs this point of Q1 2024" in year and "100%" in year
    links = [unescape(link) for link in re.findall(r'href="(/boards/[^"]*)"', year) if "compare" not in link]
    assert set(links) == {team_board(furnished), "/boards/"}  # back to the period before
    assert 'name="compare" value="year"' in year
    answer = furnished.client("bob").get(team_board(furnished), {"compare": "never"})
    assert answer.status_code == 400 and "compare=year" in answer.content.decode()
