"""Numbers through the API: the same as the selectors give, in a fixed number of queries."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core import periods
from apps.goals import flat, selectors
from apps.kpis import catalogue, rollup
from apps.opportunities.models import Opportunity
from apps.reps.scopes import of
from tests import make
from tests.api.world import faults
from tests.people import People

KEYS = [
    "kpi",
    "scope",
    "period",
    "value",
    "numerator",
    "denominator",
    "target",
    "attainment",
    "expected",
    "pace",
    "projection",
    "remaining",
    "per_working_day",
    "status",
    "target_changed_on",
    "excluded",
    "reported",
    "restated_by",
    "restated_because",
    "closed_on",
    "as_of",
    "reason",
    "team",
    "product",
    "campaign",
]


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


def get(people: People, name: str, address: str, status: int = 200, **asked: Any) -> Any:
    answer = people.client(name).get(f"/api/v1/{address}/", asked)
    assert answer.status_code == status, answer.content
    return faults(answer) if status == 400 else answer.json()


def onwards(people: People, name: str, **asked: Any) -> Iterator[Any]:
    """Yield the pages of a figure's records."""
    page = get(people, name, "records", **asked)
    yield page
    while page["next"]:
        page = people.client(name).get(page["next"]).json()
        yield page


def measured(page: Any, measure: str) -> Any:
    return next(one for one in page["measures"] if one["measure"] == measure)


def test_figures_are_a_flat_list_of_every_combination_in_the_order_asked(people: People) -> None:
    rows = get(people, "carol", "figures", kpi=["revenue", "win_rate"], scope=["company", "team:North"], period=["2025-Q1", "2025-03"])
    assert [(row["period"], row["kpi"], row["scope"]) for row in rows] == [
        (period, kpi, scope) for period in ("2025-Q1", "2025-03") for kpi in ("revenue", "win_rate") for scope in ("company", "team:North")
    ]
    assert all(list(row) == KEYS for row in rows)
    assert [row["value"] for row in rows] == ["800", "300", "80", "75", "600", "100", "75", "66.6666666667"]


def test_a_figure_stands_beside_its_goal(people: People) -> None:
    (row,) = get(people, "alice", "figures", kpi="revenue", scope="rep:Alice Adler", period="2025-01-01..2025-03-31")
    assert (row["value"], row["target"], row["attainment"], row["excluded"]) == ("300", "1000", "0.3", 1)
    assert Decimal(row["pace"]) == pytest.approx(Decimal(row["value"]) / Decimal(row["expected"]))
    assert row["as_of"] == "2025-03-14"
    assert (row["remaining"], row["status"], row["target_changed_on"]) == ("700", "behind", None)
    assert Decimal(row["per_working_day"]) * 11 == pytest.approx(Decimal(700))  # so many working days of the quarter are left
    assert Decimal(row["projection"]) == pytest.approx(Decimal(300) * 64 / 53)


def test_where_there_is_no_value_it_is_null(people: People) -> None:
    (row,) = get(people, "carol", "figures", kpi="win_rate", scope="company", period="2024-01")
    assert (row["value"], row["denominator"], row["target"], row["pace"]) == (None, "0", None, None)


def test_figures_are_as_of_the_day_asked(people: People) -> None:
    (row,) = get(people, "carol", "figures", kpi="revenue", scope="company", period="2025-Q1", on="2025-02-10")
    assert (row["value"], row["as_of"]) == ("200", "2025-02-10")


def test_every_kpi_is_answered_as_the_selectors_answer_it(people: People) -> None:
    rows = get(people, "carol", "figures", kpi=list(catalogue.KPIS), scope="rep:Alice Adler", period="2025-Q1")
    found = selectors.figures(catalogue.KPIS, [of(people.alice)], periods.calendar().parse("2025-Q1"), on=make.TODAY)
    assert rows == [
        {**flat.figure(one, scope_text="rep:Alice Adler", period_text="2025-Q1"), "team": "then", "product": None, "campaign": None} for one in found.values()
    ]


def test_more_scopes_cost_no_more_queries(people: People) -> None:
    client = people.client("carol")

    def queries(*named: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/api/v1/figures/", {"period": "2025-Q1", "kpi": list(catalogue.KPIS), "scope": named}).status_code == 200
        return len(seen)

    one_of_each = ["company", "region:Europe", "team:North", "rep:Alice Adler"]
    assert queries(*one_of_each) == queries(*one_of_each, "team:South", "rep:Dave Dahl")


def test_a_scope_is_also_found_by_its_external_key(people: People) -> None:
    people.alice.external_key = "R-7"
    people.alice.save()
    assert get(people, "bob", "figures", kpi="revenue", scope="rep:R-7", period="2025-Q1")[0]["scope"] == "rep:R-7"
    get(people, "dave", "figures", 404, kpi="revenue", scope="rep:R-7", period="2025-Q1")


def test_reps_who_share_a_name_are_told_apart_by_their_key(people: People) -> None:
    make.rep("Alice Adler", external_key="R-8", team=people.south)
    assert "external key" in str(get(people, "carol", "figures", 400, kpi="revenue", scope="rep:Alice Adler", period="2025-Q1"))
    assert get(people, "carol", "figures", kpi="revenue", scope="rep:R-8", period="2025-Q1")[0]["value"] == "0"
    assert get(people, "bob", "figures", kpi="revenue", scope="rep:Alice Adler", period="2025-Q1")[0]["value"] == "300"


def test_a_scope_that_is_not_theirs_reads_like_one_that_is_not_there(people: People) -> None:
    said = [
        get(people, "alice", "figures", 404, kpi="revenue", scope=f"rep:{name}", period="2025")["detail"].replace(name, "X") for name in ("Dave Dahl", "Zoe")
    ]
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"kpi": "happiness"}, "kpi"),
        ({"kpi": []}, "kpi"),
        ({"scope": []}, "scope"),
        ({"scope": "North"}, "scope"),
        ({"scope": "team:"}, "scope"),
        ({"scope": ""}, "scope"),
        ({"scope": "team:\x00"}, "scope"),
        ({"period": []}, "period"),
        ({"period": "2025-Q5"}, "period"),
        ({"period": "2025-02-30"}, "period"),
        ({"period": "2025-03-14..2025-03-01"}, "period"),
        ({"period": "0001"}, "period"),
        ({"period": "9999"}, "period"),
        ({"period": ["2025"] * 121}, "period"),
        ({"on": "2025-03-15"}, "on"),
        ({"on": "yesterday"}, "on"),
        ({"until": "2025"}, "until"),
        ({"kpi": ["revenue"] * 200, "scope": ["company"] * 101}, ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_name(asked: dict[str, Any], field: str, people: People) -> None:
    said = get(people, "carol", "figures", 400, **{"kpi": "revenue", "scope": "company", "period": "2025-Q1", **asked})
    assert field in said


def test_a_series_goes_step_by_step_up_to_the_day_asked(people: People) -> None:
    found = get(people, "carol", "series", kpi="revenue", scope="company", period="2025", grain="month")
    assert [(p["period"], p["value"], p["is_running"]) for p in found["points"]] == [
        ("2025-01", "0", False),
        ("2025-02", "200", False),
        ("2025-03", "600", True),
    ]
    assert (found["points"][0]["start_on"], found["points"][0]["last_on"]) == ("2025-01-01", "2025-01-31")


@pytest.mark.parametrize(("period", "grain"), [("2025", "month"), ("2025-Q1", "week"), ("2025-03", "day"), ("2025-01-01..2025-02-01", "day")])
def test_a_series_has_steps_that_suit_its_period(period: str, grain: str, people: People) -> None:
    assert get(people, "carol", "series", kpi="revenue", scope="company", period=period)["grain"] == grain


def test_a_series_of_too_many_points_is_refused(people: People) -> None:
    assert "shorter period" in str(get(people, "carol", "series", 400, kpi="revenue", scope="company", period="1900-01-01..2100-01-01", grain="day"))


def test_a_ranking_puts_the_best_first(people: People) -> None:
    places = get(people, "carol", "ranking", kpi="revenue", kind="rep", period="2025-Q1")["places"]
    assert [(p["rank"], p["name"], p["value"], p["is_hidden"]) for p in places] == [(1, "Dave Dahl", "500", False), (2, "Alice Adler", "300", False)]
    assert places[1]["attainment"] == "0.3"


def test_a_ranking_of_what_should_be_low_puts_the_lowest_first(people: People) -> None:
    places = get(people, "carol", "ranking", kpi="lost_opportunities", kind="rep", period="2025-Q1")["places"]
    assert [p["name"] for p in places] == ["Dave Dahl", "Alice Adler"]


def test_a_rep_sees_the_ranks_of_the_team_and_no_figure_but_their_own(people: People) -> None:
    make.deal(rep=make.rep("Anna", team=people.north), won="2025-03-03", amount=900)
    rollup.drain(on=make.TODAY)
    places = get(people, "alice", "ranking", kpi="revenue", kind="rep", period="2025-Q1")["places"]
    assert [(p["rank"], p["name"], p["value"], p["is_hidden"]) for p in places] == [(1, "Anna", None, True), (2, "Alice Adler", "300", False)]


def test_reps_who_did_not_work_in_the_period_are_not_ranked_in_it(people: People) -> None:
    make.rep("Gone", hired="2020-01-01", left="2024-12-31")
    make.rep("To come", hired="2025-06-01")
    make.rep("Left in it", left="2025-02-01")
    names = {p["name"] for p in get(people, "carol", "ranking", kpi="revenue", kind="rep", period="2025-Q1")["places"]}
    assert names == {"Alice Adler", "Dave Dahl", "Left in it"}


def test_a_ranking_is_of_a_kind_or_of_some_scopes(people: People) -> None:
    places = get(people, "carol", "ranking", kpi="revenue", scope=["team:North", "team:South"], period="2025-Q1")["places"]
    assert [p["scope"] for p in places] == ["team:South", "team:North"]
    for asked in ({}, {"kind": "rep", "scope": "company"}, {"kind": "company"}):
        assert "kind" in get(people, "carol", "ranking", 400, kpi="revenue", period="2025-Q1", **asked)


def test_a_breakdown_goes_by_stage(people: People) -> None:
    found = get(people, "carol", "breakdown", kpi="pipeline_value", scope="company", period="2025-Q1")
    parts = found["parts"]
    assert found["part"] == "stage"
    assert [part["id"] for part in parts] == [make.stage(name).pk for name in ("Qualified", "Proposal", "Negotiation")]
    assert [(part["name"], part["value"]) for part in parts] == [("Qualified", "0"), ("Proposal", "40"), ("Negotiation", "0")]
    assert "kpi" in get(people, "carol", "breakdown", 400, kpi="revenue", scope="company", period="2025-Q1")


def test_the_records_of_a_figure_add_up_to_it(people: People) -> None:
    (row,) = get(people, "bob", "figures", kpi="revenue", scope="team:North", period="2025-Q1")
    (measure,) = get(people, "bob", "records", kpi="revenue", scope="team:North", period="2025-Q1")["measures"]
    assert sum(Decimal(record["amount"]) for record in measure["rows"]) == Decimal(measure["sum"]) == Decimal(row["value"])
    assert {record["record"] for record in measure["rows"] if record["is_excluded"]} == {"Silo"}
    assert {record["rep"] for record in measure["rows"]} == {"Alice Adler"}


def test_the_median_of_an_averages_records_is_in_the_answer(people: People) -> None:
    nina = make.rep("Nina", team=people.north)
    for won, created in (("2025-03-10", "2025-03-01"), ("2025-03-11", "2025-03-09"), ("2025-03-12", "2025-03-09"), ("2025-03-12", "2025-03-12")):
        make.deal(rep=nina, won=won, created=created)
    asked = {"kpi": "sales_cycle", "scope": "rep:Nina", "page_size": 1}
    pages = list(onwards(people, "bob", period="2025-Q1", **asked))
    assert [page["median"] for page in pages] == ["2.5"] * 4
    assert get(people, "bob", "records", period="2025-01", **asked)["median"] is None
    assert get(people, "bob", "records", kpi="win_rate", scope="team:North", period="2025-Q1")["median"] is None


def test_records_come_in_pages_and_the_sum_is_of_all(people: People) -> None:
    pages = list(onwards(people, "carol", kpi="win_rate", scope="company", period="2025-Q1", page_size=2))
    won, lost = ([measured(page, measure) for page in pages] for measure in ("won_count", "lost_count"))
    assert [(one["sum"], one["count"], len(one["rows"])) for one in won] == [("4", 4, 2), ("4", 4, 2)]
    assert [(one["sum"], one["count"], len(one["rows"])) for one in lost] == [("1", 1, 1), ("1", 1, 0)]
    assert len({row["id"] for one in won for row in one["rows"]}) == 4


def test_records_that_come_or_go_meanwhile_repeat_and_hide_none(people: People) -> None:
    nina = make.rep("Nina", team=people.south)
    deals = [make.deal(rep=nina, won="2025-03-10", amount=amount, created="2025-03-01") for amount in (600, 500, 400, 300, 200)]
    asked = {"kpi": "revenue", "scope": "rep:Nina", "period": "2025-03", "page_size": 2}
    genuine = onwards(people, "carol", **asked)
    shown = [row["id"] for row in measured(next(genuine), "won_amount")["rows"]]
    Opportunity.objects.filter(pk=deals[0].pk).delete()  # one that was shown: by number of pages, the next one would be passed over
    make.deal(rep=nina, won="2025-03-10", amount=550, created="2025-03-01")  # and this would bring one a second time
    late = make.deal(rep=nina, won="2025-03-10", amount=250, created="2025-03-01")
    shown += [row["id"] for page in genuine for row in measured(page, "won_amount")["rows"]]
    assert shown == [*(deal.pk for deal in deals[:4]), late.pk, deals[4].pk]


def test_the_next_page_of_records_is_as_of_the_same_day(people: People) -> None:
    first = get(people, "carol", "records", kpi="win_rate", scope="company", period="2025-Q1", page_size=1)
    assert parse_qs(urlsplit(first["next"]).query)["on"] == [make.TODAY.isoformat()]


@pytest.mark.parametrize(
    "other",
    [
        {"kpi": "revenue"},
        {"scope": "team:North"},
        {"period": "2025-03"},
        {"on": "2025-03-01"},
        {"cursor": "x"},
        {"cursor": signing.dumps("x", salt="apps.api.pagination")},
    ],
)
def test_a_cursor_of_other_records_is_refused(other: dict[str, Any], people: People) -> None:
    first = get(people, "carol", "records", kpi="win_rate", scope="company", period="2025-Q1", page_size=1)
    asked = {"kpi": "win_rate", "scope": "company", "period": "2025-Q1", "cursor": parse_qs(urlsplit(first["next"]).query)["cursor"][0], **other}
    assert get(people, "carol", "records", 400, **asked).keys() >= {"cursor"}


@pytest.mark.parametrize("asked", [{"page": 1}, {"page_size": 0}, {"page_size": 1001}, {"page_size": "x"}, {"page_size": 10**30}])
def test_a_page_of_records_that_cannot_be_is_refused(asked: dict[str, Any], people: People) -> None:
    assert set(asked) == set(get(people, "carol", "records", 400, kpi="revenue", scope="company", period="2025", **asked))


def test_the_catalogue_says_what_each_kpi_means(people: People) -> None:
    rows = get(people, "dave", "kpis")
    assert [row["key"] for row in rows] == list(catalogue.KPIS)
    assert all(row["name"] and row["definition"] and row["date_basis"] and row["unit"] and row["better"] for row in rows)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("alice", ["rep:Alice Adler"]),
        ("bob", ["team:North", "rep:Alice Adler"]),
        ("carol", ["company", "region:Europe", "team:North", "team:South", "rep:Alice Adler", "rep:Dave Dahl"]),
    ],
)
def test_the_scopes_are_those_that_the_user_may_open(name: str, expected: list[str], people: People) -> None:
    assert [row["scope"] for row in get(people, name, "scopes")] == expected
