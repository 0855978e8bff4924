"""Numbers of teams as they were, or as they are today, through the API."""

from decimal import Decimal
from typing import Any

import pytest

from apps.kpis import rollup
from tests import make
from tests.api.numbers.test_views import get
from tests.api.world import faults
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


def test_teams_are_as_they_were_or_as_they_are_today(people: People) -> None:
    make.move(people.alice, people.south, on="2025-03-10")
    rollup.drain(on=make.TODAY)
    asked: dict[str, Any] = {"kpi": "revenue", "period": "2025-Q1"}
    then = get(people, "carol", "figures", **asked, scope=["company", "team:North", "team:South"])
    today = get(people, "carol", "figures", **asked, scope=["company", "team:North", "team:South"], team="today")
    assert [(row["value"], row["team"]) for row in then] == [("800", "then"), ("300", "then"), ("500", "then")]
    assert [(row["value"], row["team"]) for row in today] == [("800", "today"), ("0", "today"), ("800", "today")]
    assert then == get(people, "carol", "figures", **asked, scope=["company", "team:North", "team:South"], team="then")


def test_every_request_for_numbers_sees_teams_alike(people: People) -> None:
    make.move(people.alice, people.south, on="2025-03-10")
    rollup.drain(on=make.TODAY)
    asked: dict[str, Any] = {"kpi": "revenue", "period": "2025-Q1", "team": "today"}
    points = get(people, "carol", "series", **asked, scope="team:South", grain="month")["points"]
    assert sum(Decimal(point["value"] or 0) for point in points) == 800
    places = get(people, "carol", "ranking", **asked, kind="team")["places"]
    assert [(place["name"], place["value"], place["is_hidden"]) for place in places] == [("South", "800", False), ("North", "0", False)]
    records = get(people, "carol", "records", **asked, scope="team:South")
    assert (records["team"], records["measures"][0]["sum"]) == ("today", "800")
    parts = get(people, "carol", "breakdown", kpi="pipeline_value", period="2025-Q1", team="today", scope="team:South")
    assert parts["team"] == "today"


def test_a_manager_sees_no_other_teams_either_way(people: People) -> None:
    for team in ("then", "today"):
        assert people.client("bob").get("/api/v1/figures/", {"kpi": "revenue", "scope": "team:South", "period": "2025-Q1", "team": team}).status_code == 404
    answer = people.client("bob").get("/api/v1/figures/", {"kpi": "revenue", "scope": "team:North", "period": "2025-Q1", "team": "now"})
    assert answer.status_code == 400
    assert "team" in faults(answer)


def test_numbers_are_narrowed_to_one_product_or_campaign(people: People) -> None:
    meter = make.product("Meter")
    make.deal(rep=people.alice, won="2025-03-04", amount=40, product=meter)
    make.deal(rep=people.alice, won="2025-03-04", amount=2)
    rollup.drain(on=make.TODAY)
    asked: dict[str, Any] = {"period": "2025-Q1", "product": meter.pk}
    figures = get(people, "carol", "figures", **asked, kpi=["revenue", "calls"], scope=["company", "team:North"])
    assert [row["value"] for row in figures] == ["40", "40", None, None] and "names no product" in figures[2]["reason"]
    assert {(row["product"], row["campaign"], row["target"]) for row in figures} == {(meter.pk, None, None)}
    assert get(people, "carol", "series", **asked, kpi="revenue", scope="company", grain="month")["points"][2]["value"] == "40"
    assert [place["value"] for place in get(people, "carol", "ranking", **asked, kpi="revenue", kind="rep")["places"]][0] == "40"
    assert get(people, "carol", "records", **asked, kpi="revenue", scope="company")["measures"][0]["count"] == 1
    for wrong in ({"product": 0}, {"product": "x"}, {"product": meter.pk, "campaign": make.campaign().pk}):
        answer = people.client("carol").get("/api/v1/figures/", {"kpi": "revenue", "scope": "company", "period": "2025-Q1", **wrong})
        assert answer.status_code == 400 and set(faults(answer)) <= {"product", "campaign"}, wrong
