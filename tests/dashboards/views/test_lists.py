"""The records behind a figure: page by page, and as a file."""

import pytest
from django.urls import reverse

from tests import make
from tests.dashboards import world
from tests.dashboards.views.test_figures import exported, opened, sums
from tests.people import People

pytestmark = pytest.mark.django_db


def test_many_records_come_in_pages(people: People) -> None:
    for n in range(12):
        make.deal(f"Deal {n}", rep=people.alice, amount=n + 1, won="2025-03-03")
    world.count()
    page = opened(people, "alice", "revenue")
    assert "1–10 of 12" in page
    assert page.count("/records/opportunity/") == 10
    page = opened(people, "alice", "revenue", measure="won_amount-0")
    assert "1–12 of 12" in page
    assert sums(page) == {"won_amount": 78}
    assert sums(opened(people, "alice", "revenue", measure="won_amount-0", page="2")) == {"won_amount": 78}
    assert "There is no such part" in opened(people, "alice", "revenue", measure="nonsense")


def test_a_spreadsheet_takes_no_name_for_a_formula(people: People) -> None:
    make.deal('=HYPERLINK("http://example.org")', rep=people.alice, amount=7, won="2025-03-03")
    world.count()
    (row,) = exported(people, "alice", "revenue")
    assert row["record"].startswith("'=")
    assert row["amount"] == "7"


def test_the_records_past_the_end_are_the_last_ones(people: People) -> None:
    for _deal in range(101):
        make.deal("Again", rep=people.alice, amount=1, won="2025-03-03", created="2025-01-20")
    past = people.client("alice").get(reverse("dashboards:figure", args=["revenue"]) + "?measure=won_amount-0&page=9999").content.decode()
    assert "101–101 of 101" in past
