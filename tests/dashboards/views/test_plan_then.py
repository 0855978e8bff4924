"""A plan beside what it was: which targets differ, by how much, and who changed them why."""

import re
from datetime import date

import pytest

from apps.core import authorship, periods
from apps.goals import grids, versions
from apps.goals.models import Goal
from apps.kpis import catalogue
from tests import make
from tests.conftest import Day
from tests.people import People

pytestmark = pytest.mark.django_db
THEN = "/goals/year/then/?kpi=revenue&period=2025&by=month"
REVENUE = catalogue.KPIS["revenue"]


@pytest.fixture
def changed(people: People, day: Day) -> People:
    """A plan of January, of which something was changed, taken away and added in March."""
    day.to("2025-01-10")
    with authorship.written(by=people.carol.pk, reason="Budget"):
        make.goal("revenue", people.alice, start="2025-02-01", last="2025-02-28", target=100)
        make.goal("revenue", people.alice, start="2025-03-01", last="2025-03-31", target=200)
        make.goal("revenue", people.north, start="2025-02-01", last="2025-02-28", target=500)
    day.to("2025-03-05")
    with authorship.written(by=people.erin.pk, reason="New prices"):
        Goal.objects.filter(rep=people.alice, start_on="2025-02-01").update(target=150)
        Goal.objects.filter(rep=people.alice, start_on="2025-03-01").delete()
        make.goal("revenue", people.dave, start="2025-04-01", last="2025-04-30", target=70)
    day.to(make.TODAY)
    return people


def rows(html: str) -> dict[str, str]:
    """Return the words of each line of the table that says anything."""
    found = re.findall(r'<tr class="\w+">(.*?)</tr>', html, re.DOTALL)
    texts = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]
    return {text.split(" · ")[0].split(" —")[0]: text for text in texts}


def page(people: People, query: str = "") -> str:
    answer = people.client("carol").get(THEN + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_targets_are_read_as_they_were_on_any_day(changed: People) -> None:
    columns = list(periods.calendar().between("month", date(2025, 1, 1), date(2026, 1, 1)))
    on = [date(2025, 1, 9), date(2025, 1, 10), date(2025, 3, 4), date(2025, 3, 5)]
    assert [sorted(grids.targets(REVENUE, columns, on=day).values()) for day in on] == [[], [100, 200, 500], [100, 200, 500], [70, 150, 500]]
    assert sorted(grids.targets(REVENUE, columns).values()) == [70, 150, 500]


def test_what_differs_is_shown_with_what_it_was(changed: People) -> None:
    html = page(changed, "&on=2025-02-01")
    assert "3 targets differ" in html
    found = " ".join(rows(html).values())
    assert "150 was 100 +50" in found
    assert "was 200 −200" in found
    assert "70 was — +70" in found
    assert "Alice Adler" in found and "Dave Dahl" in found
    assert "North" not in found
    assert "North" in " ".join(rows(page(changed, "&on=2025-02-01&all=1")).values())


def test_the_years_sum_is_compared_too(changed: People) -> None:
    (alice,) = [text for text in rows(page(changed, "&on=2025-02-01")).values() if "Alice" in text]
    assert alice.endswith("150 was 300 −150")


def test_who_changed_what_is_told_the_latest_first(changed: People) -> None:
    html = page(changed, "&on=2025-02-01")
    told = [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in re.findall(r"<li>(.*?)</li>", html[html.index('id="told"') :], re.DOTALL)]
    assert [line.partition(" New prices")[0] for line in told] == [
        "Dave Dahl , April 2025: none → became €70.00",
        "Alice Adler , March 2025: €200.00 → became none",
        "Alice Adler , February 2025: €100.00 → became €150.00",
    ]
    assert all(line.endswith("Erin Egede") for line in told)


def test_a_plan_that_is_what_it_was_says_so(changed: People) -> None:
    assert "Nothing differs" in page(changed, "&on=2025-03-10")
    assert versions.since("revenue", date(2025, 1, 1), date(2025, 12, 31), on=date(2025, 3, 10)) == []


def test_it_opens_with_the_month_before(changed: People) -> None:
    assert "What changed since Feb 12, 2025" in page(changed)


def test_a_year_to_come_is_set_beside_what_it_was_yesterday(changed: People) -> None:
    answer = changed.client("carol").get(THEN.replace("2025", "2027"))
    assert "What changed since Mar 13, 2025" in answer.content.decode()


@pytest.mark.parametrize("on", ["2025-03-14", "2025-12-31", "yesterday"])
def test_a_day_that_is_not_past_is_refused(changed: People, on: str) -> None:
    assert changed.client("carol").get(f"{THEN}&on={on}").status_code == 400


def test_only_admins_compare(people: People) -> None:
    assert [people.client(name).get(THEN).status_code for name in ("alice", "bob", "erin")] == [403, 403, 403]
