"""Every number of a report opens into records that are as many, and add up to it; no report costs more with more deals."""

import html
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from tests import ground as grounds
from tests import make
from tests.dashboards import world
from tests.dashboards.views import conftest
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

BUDGET = {"funnel": 18, "waterfall": 14, "cohorts": 14, "movement": 24}  # queries, with the session, the person and the pickers
SCOPES = ("company", "region", "team", "rep")


def furnish() -> People:
    """Make deals that went on, back and over a stage, were lost, reopened and handed over; subscriptions that came, grew and went."""
    people = conftest.furnish()
    alice, dave = people.alice, people.dave
    make.change(make.deal("Jumps", rep=alice, amount=70, created="2025-01-10", expected="2025-03-20"), on="2025-02-01", stage="Negotiation")
    back = make.change(make.deal("Goes back", rep=alice, amount=80, created="2025-01-12", expected="2025-03-21"), on="2025-01-20", stage="Proposal")
    make.change(back, on="2025-02-03", stage="Qualified", amount=Decimal(95))
    make.change(make.deal("Handed over", rep=dave, amount=60, created="2024-12-05", expected="2025-03-01"), on="2025-02-10", owner=alice)
    make.change(
        make.deal("Pushed", rep=alice, amount=40, created="2024-12-07", expected="2025-03-01"), on="2025-02-11", expected_close_on=make.day("2025-05-01")
    )
    make.change(make.deal("Reopened", rep=alice, amount=30, lost="2024-12-20", expected="2025-03-01"), on="2025-01-15", stage="Qualified")
    orbit = make.customer("Paying", owner=alice, region=people.region)
    make.subscription(rep=alice, customer=orbit, amount=100, started="2024-12-01", ended="2025-02-01")
    make.subscription(rep=alice, customer=orbit, amount=150, started="2025-02-01")
    make.subscription(rep=dave, amount=20, started="2025-01-05", ended="2025-03-01")
    world.count()
    return people


ground = grounds.ground(furnish)


def scope_of(people: People, kind: str) -> str:
    rows = {"region": people.region, "team": people.north, "rep": people.alice}
    return "company" if kind == "company" else f"{kind}:{rows[kind].pk}"


def shown(people: People, name: str, report: str, **query: Any) -> str:
    answer = people.client(name).get(reverse(f"dashboards:{report}"), query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def opened(people: People, url: str) -> tuple[int, Decimal]:
    """How many records are behind a number, and what they add up to."""
    page = people.client("carol").get(html.unescape(url)).content.decode()
    count, total = re.search(r">(\d+) records?", page), re.search(r'<data value="([^"]*)" data-sum="list"', page)
    assert count and total, url
    return int(count[1]), Decimal(total[1])


def numbers(page: str, pattern: str) -> Iterator[tuple[str, Decimal]]:
    found = re.findall(rf'<a [^>]*href="([^"]*)"[^>]*>{pattern}<data value="([^"]*)"', page, flags=re.DOTALL)
    assert found
    return ((url, Decimal(value)) for url, value in found)


@pytest.mark.parametrize("kind", SCOPES)
def test_every_stage_of_a_funnel_opens_into_as_many_visits(furnished: People, kind: str) -> None:
    page = shown(furnished, "carol", "funnel", scope=scope_of(furnished, kind))
    assert "passed without a stop" in page
    for url, count in numbers(page, "<strong>"):
        assert opened(furnished, url)[0] == count, url


@pytest.mark.parametrize("due", ["", "open"])
@pytest.mark.parametrize("kind", SCOPES)
def test_every_bar_of_a_waterfall_opens_into_deals_that_add_up_to_it(furnished: People, kind: str, due: str) -> None:
    page = shown(furnished, "carol", "waterfall", scope=scope_of(furnished, kind), **({"due": due} if due else {}))
    bars = {key: Decimal(value) for value, key in re.findall(r'<data value="([^"]*)" data-bar="([^"]*)"', page)}
    assert sum(amount for key, amount in bars.items() if key != "end") == bars["end"]
    assert {"pushed_out", "reopened"} <= bars.keys() if not due else bars["reopened"] == 30
    for url, amount in numbers(page, r"[^<]*</a></th>(?:(?!</tr>).)*?"):
        assert opened(furnished, url)[1] == amount, url


@pytest.mark.parametrize("by", ["", "value"])
def test_every_cell_of_a_cohort_opens(furnished: People, by: str) -> None:
    page = shown(furnished, "carol", "cohorts", scope=scope_of(furnished, "team"), **({"by": by} if by else {}))
    for url, value in numbers(page, ""):
        count, amount = opened(furnished, url)
        assert value == (amount if by else count), url


@pytest.mark.parametrize("kind", SCOPES)
def test_every_part_of_recurring_revenue_opens_into_its_records(furnished: People, kind: str) -> None:
    page = shown(furnished, "carol", "movement", scope=scope_of(furnished, kind))
    bars = {key: Decimal(value) for value, key in re.findall(r'<data value="([^"]*)" data-bar="([^"]*)"', page)}
    assert sum(amount for key, amount in bars.items() if key != "end") == bars["end"] == 150 + 120
    assert bars["mrr_expansion"] == 50
    found = [*numbers(page, ""), *numbers(page, r"[^<]*</a></th>(?:(?!</tr>).)*?")]
    assert len(found) > 8
    for url, amount in found:
        assert opened(furnished, url)[1] == amount, url


def test_reports_are_read_as_of_any_past_day(furnished: People) -> None:
    page = shown(furnished, "carol", "waterfall", scope="company", due="open", on="2025-02-05", period="2025-Q1")
    assert "As of" in page
    assert '" data-bar="lost"' not in page.replace('value="0" data-bar="lost"', "")


def test_a_report_leads_to_the_same_report_of_other_scopes_and_periods(furnished: People) -> None:
    page = shown(furnished, "bob", "cohorts", by="value")
    whose = re.search(r'aria-label="Whose board".*?</nav>', page, flags=re.DOTALL)
    assert whose
    links = re.findall(r'href="([^"]*)"', whose[0])
    assert links and all("/reports/cohorts/" in link and "by=value" in link for link in links)
    answer = furnished.client("bob").get(reverse("dashboards:funnel"), {"from": "2025-01-10", "to": "2025-02-10"})
    assert answer.status_code == 302 and "period=2025-01-10..2025-02-10" in answer.url


@pytest.mark.parametrize(
    ("report", "query", "status"),
    [
        ("waterfall", {"since": "2025-03-01", "until": "2025-02-01"}, 400),
        ("waterfall", {"until": "2025-04-01"}, 400),
        ("waterfall", {"due": "never"}, 400),
        ("cohorts", {"by": "weight"}, 400),
        ("waterfall-list", {"bar": "sold"}, 404),
        ("funnel-list", {"stage": "0"}, 404),
        ("funnel-list", {"stage": "x"}, 404),
        ("cohorts-list", {"month": "1999-01"}, 404),
        ("cohorts-list", {"month": "2025-02", "within": "-1"}, 404),
        ("movement-list", {"part": "mrr_more"}, 404),
    ],
)
def test_an_address_that_says_nothing_is_refused(furnished: People, report: str, query: dict[str, str], status: int) -> None:
    assert furnished.client("carol").get(reverse(f"dashboards:{report}"), query).status_code == status


@pytest.mark.parametrize("report", BUDGET)
def test_a_report_costs_the_same_with_many_people_and_deals(furnished: People, django_assert_max_num_queries: Callable[..., Any], report: str) -> None:
    for n in range(12):
        make.deal(f"Deal {n}", rep=make.rep(f"Rep {n}", team=furnished.north), created="2025-02-01", expected="2025-03-20")
    world.count()
    client = furnished.client("bob")
    with django_assert_max_num_queries(BUDGET[report]):
        assert client.get(reverse(f"dashboards:{report}")).status_code == 200
