"""Teams as they were, or as they are today: a choice in the address that every page keeps, says, and opens alike."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import periods
from apps.kpis import closing
from tests import make
from tests.dashboards import world
from tests.dashboards.views.test_boards import BUDGET, figures, shown, team_board
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
NOW = datetime(2025, 3, 14, 12, tzinfo=UTC)
MORE = 2  # queries: who is left behind, and the regrouped sums


@pytest.fixture
def moved(furnished: People) -> People:
    """Dave, who won 5,000 in South, is in North from March 12; Gil won 70 in North and has left the company."""
    gil = make.rep("Gil Gone", team=furnished.north, left="2025-03-01")
    make.deal("Gil, last", rep=gil, amount=70, won="2025-02-10", created="2025-01-05")
    make.move(furnished.dave, furnished.north, on="2025-03-12")
    world.count()
    return furnished


def test_as_they_were_is_what_a_board_shows_unasked(moved: People) -> None:
    page = shown(moved, "bob", team_board(moved))
    assert figures(page).getlist("revenue")[0] == "870"
    assert 'id="grouping"' not in page
    same = shown(moved, "bob", team_board(moved), team="then")
    assert [*figures(same).lists()] == [*figures(page).lists()]


def test_as_they_are_today_counts_todays_members_with_all_their_past(moved: People) -> None:
    page = shown(moved, "bob", team_board(moved), team="today")
    assert figures(page).getlist("revenue")[0] == "5800"
    assert "of 2,000" in page, "the target is the team's own"
    assert "As the team is today, Mar 14, 2025" in page
    assert "1 person who was here in this period is not here today and is left out (1 has left the company)." in page
    people = page.split('id="people"')[1].split("</section>")[0]
    assert "Dave Dahl" in people
    assert "Gil Gone" not in people


def test_the_company_is_the_same_and_its_teams_are_not(moved: People) -> None:
    then, today = (shown(moved, "erin", reverse("dashboards:company"), **query) for query in ({}, {"team": "today"}))
    assert figures(then).getlist("revenue")[0] == figures(today).getlist("revenue")[0] == "5870"
    assert sorted(row_values(then)) == ["5000", "870"]
    assert sorted(row_values(today)) == ["0", "5800"]
    assert "1 person who worked here in this period is in no team today" in today


def row_values(page: str) -> list[str]:
    return figures(page.split('id="teams"')[1].split("</section>")[0]).getlist("revenue")


def test_the_day_a_board_is_as_of_changes_the_numbers_and_not_the_members(moved: People) -> None:
    page = shown(moved, "bob", team_board(moved), team="today", on="2025-03-10")
    assert figures(page).getlist("revenue")[0] == "5800"
    assert "As the team is today, Mar 14, 2025" in page


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_every_link_that_leads_to_numbers_keeps_the_choice(moved: People, name: str) -> None:
    page = shown(moved, name, team_board(moved) if name == "bob" else reverse("dashboards:company"), team="today")
    links = {unescape(link) for link in re.findall(r'href="(/[^"]*)"', page.split("data-part")[1] + page.split('class="grid"')[1])}
    numbers = {link for link in links if re.match(r"/(boards|reports)/|.*[?&](period|scope)=", link) and not link.startswith("/goals/") and link != "/boards/"}
    assert len(numbers) > 20
    assert {link for link in numbers if "team=today" not in link} == set(unchosen(page))
    assert page.count('<input type="hidden" name="team" value="today">') == 2, "both forms send it along"


def unchosen(page: str) -> list[str]:
    """The one link that leaves the choice: back to teams as they were."""
    menu = page.split('data-keep="teams"')[1].split("</details>")[0]
    return [unescape(link) for link in re.findall(r'href="([^"]*)"', menu) if "team=today" not in link]


def test_the_switch_is_a_menu_of_two_links_that_says_which_holds(moved: People) -> None:
    for query, chosen in (({}, "Teams as they were"), ({"team": "today"}, "Teams as they are today")):
        menu = shown(moved, "bob", team_board(moved), **query).split('data-keep="teams"')[1].split("</details>")[0]
        assert re.findall(r'aria-current="true">([^<]+) <', menu) == [chosen]
        assert len(re.findall(r"<a href=", menu)) == 2
    assert 'data-keep="teams"' not in shown(moved, "alice", reverse("dashboards:board", args=["rep", moved.alice.pk]))


def test_a_figure_opens_into_the_records_that_add_up_to_it(moved: People) -> None:
    scope = f"team:{moved.north.pk}"
    for query, value in (({}, "870"), ({"team": "today"}, "5800")):
        page = shown(moved, "bob", reverse("dashboards:figure", args=["revenue"]), scope=scope, period="2025-Q1", **query)
        assert figures(page).getlist("revenue")[0] == value
        assert re.search(rf'data-sum="[^"]*"[^>]*value="{value}"|value="{value}"[^>]*data-sum=', page), "its records add up to it"
        assert ("Southern, big" in page, "Gil, last" in page) == (value == "5800", value == "870")
        assert ('id="grouping"' in page) == bool(query)
        lines = moved.client("bob").get(reverse("dashboards:figure-file", args=["revenue"]), {"scope": scope, "period": "2025-Q1", **query})
        text = b"".join(lines.streaming_content).decode()
        assert ("Southern, big" in text) == (value == "5800")


def test_deals_at_risk_are_those_of_todays_members_on_any_day(moved: People) -> None:
    make.deal("Dave, overdue", rep=moved.dave, amount=400, expected="2025-02-20", created="2025-02-01")
    world.count()
    scope = f"team:{moved.north.pk}"
    for query, is_there in (({}, False), ({"team": "today"}, True)):
        page = shown(moved, "bob", reverse("dashboards:at-risk"), scope=scope, on="2025-03-01", **query)
        assert ("Dave, overdue" in page) == is_there
        assert ("Dave, overdue" in shown(moved, "bob", team_board(moved), on="2025-03-01", **query)) == is_there


@pytest.mark.parametrize("report", ["funnel", "waterfall", "cohorts", "movement"])
def test_reports_keep_the_choice_and_say_it(moved: People, report: str) -> None:
    page = shown(moved, "bob", reverse(f"dashboards:{report}"), scope=f"team:{moved.north.pk}", team="today")
    assert "As the team is today" in page
    tabs = [unescape(link) for link in re.findall(r'href="(/reports/[^"]*)"', page) if "scope=" in link]
    assert tabs
    assert all("team=today" in link for link in tabs if link not in unchosen(page))


def test_what_was_reported_of_a_closed_period_is_not_set_beside_todays_members(moved: People) -> None:
    make.deal(rep=moved.alice, amount=10, won="2025-01-10", created="2025-01-05")
    world.count()
    closing.close(periods.calendar().parse("2025-01"), on=make.TODAY, at=NOW)
    make.deal(rep=moved.alice, amount=1000, won="2025-01-20", created="2025-01-05")
    world.count()
    asked = {"scope": f"team:{moved.north.pk}", "period": "2025-01"}
    assert "restated" in shown(moved, "bob", reverse("dashboards:figure", args=["revenue"]), **asked)
    page = shown(moved, "bob", reverse("dashboards:figure", args=["revenue"]), **asked, team="today")
    assert "restated" not in page.split('class="card w7"')[0]
    assert "What was reported of a closed period was reported of teams as they were" in page
    assert figures(page).getlist("revenue")[0] == "1010"
    then, today = (shown(moved, "bob", reverse("dashboards:restatements"), **asked, **query) for query in ({}, {"team": "today"}))
    assert then.split("<main")[1] == today.split("<main")[1], "restatements are always of teams as they were"


def test_where_nobody_moved_both_views_show_the_same_figures(furnished: People) -> None:
    for name, url in (
        ("bob", team_board(furnished)),
        ("erin", reverse("dashboards:company")),
        ("erin", reverse("dashboards:board", args=["region", furnished.region.pk])),
    ):
        then, today = (figures(shown(furnished, name, url, **query)) for query in ({}, {"team": "today"}))
        assert dict(then.lists()) == dict(today.lists())


def test_the_choice_widens_nothing_for_anybody(moved: People) -> None:
    for query in ({}, {"team": "today"}):
        assert moved.client("bob").get(reverse("dashboards:board", args=["team", moved.south.pk]), query).status_code == 404
        assert moved.client("alice").get(team_board(moved), query).status_code == 404
        assert moved.client("bob").get(reverse("dashboards:figure", args=["revenue"]), {"scope": f"team:{moved.south.pk}", **query}).status_code == 404


def test_a_member_who_went_takes_their_past_out_of_their_old_managers_sight(moved: People) -> None:
    make.move(moved.dave, moved.south, on="2025-03-14")
    world.count()
    page = shown(moved, "bob", reverse("dashboards:figure", args=["revenue"]), scope=f"team:{moved.north.pk}", period="2025-Q1", team="today")
    assert "Southern, big" not in page


def test_what_cannot_be_read_says_what_to_write(furnished: People) -> None:
    answer = furnished.client("bob").get(team_board(furnished), {"team": "now"})
    assert answer.status_code == 400
    assert "Write team=today" in answer.content.decode()


def test_a_board_has_a_tag_of_its_own_for_either_view(moved: People) -> None:
    client = moved.client("bob")
    assert client.get(team_board(moved))["ETag"] != client.get(team_board(moved), {"team": "today"})["ETag"]


@pytest.mark.parametrize("kind", ["company", "team"])
def test_today_costs_a_fixed_number_of_queries_more(moved: People, kind: str, django_assert_max_num_queries: Callable[..., Any]) -> None:
    client: Client = moved.client("carol" if kind == "company" else "bob")
    url = reverse("dashboards:company") if kind == "company" else team_board(moved)
    client.get(url, {"team": "today"})
    for n in range(6):
        rep = make.rep(f"Rep {n}", team=moved.north)
        make.deal(rep=rep, amount=5, won="2025-03-03")
        make.team(f"Team {n}", parent=moved.north)
    world.count()
    with django_assert_max_num_queries(BUDGET[kind] + MORE):
        client.get(url, {"team": "today"})
