"""Pages before there is much to show: what is missing is said, and where to begin."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests.dashboards import world
from tests.dashboards.views import test_reports
from tests.dashboards.views.test_boards import shown, team_board
from tests.people import People

pytestmark = pytest.mark.django_db


def test_an_empty_installation_has_a_board_that_says_what_is_missing(people: People) -> None:
    page = shown(people, "carol", reverse("dashboards:company"))
    assert "Nothing has been counted yet" in page
    world.count()
    page = shown(people, "carol", reverse("dashboards:company"))
    assert "Nothing has been counted yet" not in page
    assert "No target is set for Q1 2025" in page
    assert page.index("Where to begin") < page.index("No target is set for Q1 2025")
    assert "There is nothing to divide by" not in page
    assert "Where to begin" not in shown(people, "erin", reverse("dashboards:company"))


def test_where_nobody_works_yet_an_admin_is_told_where_to_begin(db: None) -> None:
    make.organisation()
    client = Client()
    client.force_login(make.user("Carol", role="admin"), backend="apps.accounts.backends.EmailBackend")
    assert "Nobody works here yet. Add teams and people in the admin" in client.get("/", follow=True).content.decode()


def test_a_goal_that_lies_only_partly_in_the_period_is_named_and_not_used(people: People) -> None:
    make.goal("revenue", people.north, start="2025-02-01", last="2025-04-30", target=9000)
    world.count()
    page = shown(people, "bob", team_board(people))
    assert "A target of 9,000 runs" in page
    assert "period=2025-02-01..2025-04-30" in page.replace("%2E", ".")
    assert "No target is set for Q1 2025" in page


def test_the_comparison_is_with_the_same_elapsed_point(people: People) -> None:
    make.deal(rep=people.alice, amount=100, won="2024-12-01")
    make.deal(rep=people.alice, amount=900, won="2024-12-20")  # beyond the same point of the quarter before
    make.deal(rep=people.alice, amount=150, won="2025-03-03")
    world.count()
    page = shown(people, "bob", team_board(people))
    assert "vs this point of Q4 2024" in page
    assert "50%" in page.split('id="course"')[0]


@pytest.mark.parametrize("report", test_reports.BUDGET)
def test_a_report_of_nothing_says_so(people: People, report: str) -> None:
    assert 'class="empty' in test_reports.shown(people, "carol", report)


def test_the_currency_is_the_one_the_organisation_began_with(people: People) -> None:
    make.organisation(currency="USD")
    world.furnish(people)
    assert "$800.00" in shown(people, "bob", team_board(people))
