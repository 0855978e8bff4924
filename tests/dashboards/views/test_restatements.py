"""What changed since periods were closed: a list and its records, for whoever may see the scope."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core import periods
from apps.kpis import closing
from apps.kpis.models import Close
from apps.opportunities.models import Opportunity
from tests import make
from tests.dashboards import world
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]
NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)


@pytest.fixture
def people(furnished: People) -> People:
    return furnished


@pytest.fixture
def closed(people: People) -> Close:
    row = closing.close(periods.calendar().parse("2025-02"), on=make.TODAY, at=NOW, by=people.carol)
    Opportunity.objects.filter(name="Kestrel, try-out").update(amount=150)
    make.deal("Late news", rep=people.alice, created="2025-01-05", won="2025-02-20", amount=30)
    world.count()
    return row


def explained(people: People, name: str, row: Close, **query: str) -> str:
    answer = people.client(name).get(reverse("dashboards:restatement", args=[row.pk, "revenue"]), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_board_of_a_closed_month_says_what_was_reported(people: People, closed: Close) -> None:
    page = people.client("bob").get(reverse("dashboards:board", args=["team", people.north.pk]), {"period": "2025-02"}).content.decode()
    assert "as reported at close on Mar 14, 2025: 200" in page
    assert "Restated by −20" in page
    assert "as reported" not in people.client("bob").get(reverse("dashboards:board", args=["team", people.north.pk])).content.decode()


def test_the_records_add_up_to_the_difference(people: People, closed: Close) -> None:
    page = explained(people, "bob", closed, scope=f"team:{people.north.pk}")
    assert re.findall(r'<data value="([^"]*)" data-difference', page) == ["-20"]
    assert "Late news" in page and "added, or dated into the period" in page
    assert "Kestrel, try-out" in page and "amount changed" in page
    assert sum(Decimal(text.replace("−", "-").replace("+", "")) for text in re.findall(r'<td class="end">([+−]\d+)</td></tr>', page)) == -20


def test_the_list_says_what_changed_and_why(people: People, closed: Close) -> None:
    page = people.client("carol").get(reverse("dashboards:restatements")).content.decode()
    assert "February 2025" in page and "closed on Mar 14, 2025 by Carol Costa" in page
    assert "Revenue changed by −20 since it closed: 1 amount changed; 1 added, or dated into the period." in page
    named = people.client("carol").get(reverse("dashboards:restatements"), {"closed": "2025-02"})
    assert named.status_code == 200
    assert people.client("carol").get(reverse("dashboards:restatements"), {"closed": "2024-02"}).status_code == 400


def links(page: str) -> set[str]:
    """The periods that a page's addresses name."""
    return set(re.findall(r"[?;&]period=([^&\"]*)", page))


def test_a_period_closed_before_the_fiscal_year_changed_is_named_by_its_days(people: People) -> None:
    make.deal("Old news", rep=people.alice, created="2024-10-05", won="2024-11-12", amount=20)
    world.count()
    row = closing.close(periods.calendar().parse("2024-Q4"), on=make.TODAY, at=NOW)
    make.deal("Late news", rep=people.alice, created="2024-10-05", won="2024-11-20", amount=30)
    world.count()
    client, days = people.client("carol"), "2024-10-01..2024-12-31"
    before = client.get(reverse("dashboards:restatements")).content.decode()
    assert ">Q4 2024</a>" in before and links(before) == {"2024-Q4"}
    make.organisation(fiscal_year_start=4)
    world.count()
    page = client.get(reverse("dashboards:restatements")).content.decode()
    named = re.search(r'<h2><a href="([^"]*)">([^<]*)</a>', page)
    assert named and re.sub(r"\s", " ", named[2]) == "Q4 2024 (Oct 1 – Dec 31, 2024)"
    assert links(page) == {quote(days)}, "2024-Q4 is now January to March 2024"
    board = client.get(unescape(named[1])).content.decode()
    assert "Oct 1 – Dec 31, 2024" in re.sub(r"\s", " ", board)
    records = explained(people, "carol", row)
    assert links(records) == {quote(days)}
    assert "Q4 2024 (Oct 1 – Dec 31, 2024)" in re.sub(r"\s", " ", records)
    assert re.findall(r'<data value="([^"]*)" data-difference', records) == ["30"]
    assert client.get(reverse("dashboards:restatements"), {"closed": days}).status_code == 200
    assert client.get(reverse("dashboards:restatements"), {"closed": "2024-Q4"}).status_code == 400, "nobody closed what is called so now"


def test_other_peoples_scopes_are_not_found(people: People, closed: Close) -> None:
    for name in ("dave", "alice"):
        client = people.client(name)
        for path in (reverse("dashboards:restatements"), reverse("dashboards:restatement", args=[closed.pk, "revenue"])):
            assert client.get(path, {"scope": f"team:{people.north.pk}"}).status_code == 404
            assert client.get(path, {"scope": "company"}).status_code == 404


def test_a_reopened_period_has_no_restatements(people: People, closed: Close) -> None:
    closing.reopen(closed, at=NOW)
    assert people.client("carol").get(reverse("dashboards:restatement", args=[closed.pk, "revenue"])).status_code == 404
    assert "No period is closed yet." in people.client("carol").get(reverse("dashboards:restatements")).content.decode()


def test_a_board_costs_one_query_more_in_a_closed_period_however_much_changed(people: People, closed: Close) -> None:
    client, path = people.client("bob"), reverse("dashboards:board", args=["team", people.north.pk])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path, {"period": "2025-02"})
        return len(queries)

    first = cost()
    Opportunity.objects.update(amount=7)
    world.count()
    assert cost() == first
    closing.reopen(closed, at=NOW)
    assert first == cost()


def test_the_admin_closes_and_reopens_a_period(people: People) -> None:
    client = people.client("carol")
    answer = client.post(reverse("admin:kpis_close_add"), {"period": "2025-01"})
    assert answer.status_code == 302, answer.content.decode()
    row = Close.objects.get()
    assert (row.key, row.closed_by) == ("2025-01", people.carol)
    action = {"action": "reopen", "_selected_action": row.pk}
    assert "2025-01" in client.post(reverse("admin:kpis_close_changelist"), action).content.decode()
    assert not Close.objects.filter(reopened_at__isnull=False).exists()
    client.post(reverse("admin:kpis_close_changelist"), {**action, "post": "yes"})
    assert Close.objects.get().reopened_by == people.carol


def test_the_page_of_a_figure_names_the_target_that_was_changed(people: People) -> None:
    goal = make.goal(scope=people.north, start="2025-02-01", last="2025-02-28", target=400)
    row = closing.close(periods.calendar().parse("2025-02"), on=make.TODAY, at=NOW, by=people.carol)
    path = reverse("dashboards:restatement", args=[row.pk, "target_attainment"])

    def page() -> str:
        return str(people.client("bob").get(path, {"scope": f"team:{people.north.pk}"}).content.decode())

    assert "The target of" not in page()
    type(goal).objects.filter(pk=goal.pk).update(target=500)
    assert "The target of “Sales revenue” was 400 when the period was closed, and is 500 now." in page()
    assert "Target attainment" in people.client("bob").get(reverse("dashboards:restatements"), {"scope": f"team:{people.north.pk}"}).content.decode()
