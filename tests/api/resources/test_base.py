"""What every list can do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.api.router import ROWS
from apps.reps.models import Membership
from tests import make
from tests.api.world import CASES, faults, url
from tests.people import People

JSON = {"content_type": "application/json"}
MORE: dict[str, Callable[[People], Any]] = {
    "reps": lambda people: make.rep(team=people.north, user=make.user()),
    "memberships": lambda people: make.rep(team=people.north),
    "teams": lambda people: make.team(parent=people.north),
    "stages": lambda people: make.stages(),
    "social-readings": lambda people: make.reading(rep=make.rep(team=people.north)),
    "goals": lambda people: make.goal(scope=make.rep(team=people.north)),
}


def queries(people: People, name: str, address: str) -> int:
    client = people.client(name)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("prefix", ROWS)
@pytest.mark.parametrize("name", ["alice", "bob", "carol"])
def test_a_longer_list_costs_no_more_queries(prefix: str, name: str, people: People) -> None:
    CASES[prefix].make(people, "alice")
    few = queries(people, name, url(prefix))
    for _number in range(5):
        MORE.get(prefix, lambda people: CASES[prefix].make(people, "alice"))(people)
    assert queries(people, name, url(prefix)) == few
    assert few <= 8


def test_shares_of_many_deals_cost_no_more_queries(people: People) -> None:
    def shared() -> None:
        make.credit(make.deal(rep=people.alice), **{str(people.alice.pk): 60, str(people.dave.pk): 40})

    shared()
    few = queries(people, "carol", url("opportunities"))
    shared(), shared()
    assert queries(people, "carol", url("opportunities")) == few


@pytest.mark.parametrize("prefix", ROWS)
def test_every_filter_and_order_of_a_list_works(prefix: str, people: People) -> None:
    client, view = people.client("carol"), ROWS[prefix]
    row = client.get(url(prefix, CASES[prefix].make(people, "alice"))).json()
    for field, lookups in view.filterset_fields.items():
        for lookup in lookups:
            value = "true" if lookup == "isnull" else row.get(field) if row.get(field) is not None else ""
            name = field if lookup == "exact" else f"{field}__{lookup}"
            answer = client.get(url(prefix), {name: str(value).lower() if isinstance(value, bool) else value})
            assert answer.status_code == 200, (name, answer.content)
            if lookup != "isnull" and value != "":
                assert row["id"] in [found["id"] for found in answer.json()["results"]], name
    for field in view.ordering_fields:
        assert client.get(url(prefix), {"ordering": f"-{field}"}).status_code == 200
    if getattr(view, "search_fields", None):
        assert client.get(url(prefix), {"search": "no such words"}).json()["results"] == []


def test_a_list_is_narrowed_searched_ordered_and_cut_into_pages(people: People) -> None:
    client = people.client("carol")
    for amount, won in ((300, "2025-02-03"), (100, "2025-03-03"), (200, "2025-03-04")):
        make.deal(f"Mill {amount}", rep=people.alice, amount=amount, won=won)
    make.deal("Barn", rep=people.dave, amount=400, won="2025-03-05")

    def names(**asked: Any) -> list[str]:
        return [row["name"] for row in client.get(url("opportunities"), asked).json()["results"]]

    assert names(closed_on__gte="2025-03-01", owner=people.alice.pk, ordering="amount") == ["Mill 100", "Mill 200"]
    assert names(search="mill", ordering="-amount", page_size=2) == ["Mill 300", "Mill 200"]
    assert names(owner__in=f"{people.alice.pk},{people.dave.pk}", amount__lte=100) == ["Mill 100"]
    assert names(stage__kind="open") == []


def test_equal_rows_come_in_a_fixed_order(people: People) -> None:
    for _number in range(6):
        make.lead("Same", rep=people.alice)
    client = people.client("carol")
    rows = client.get(url("leads"), {"ordering": "name"}).json()["results"]
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)


@pytest.mark.parametrize(
    ("prefix", "asked", "field"),
    [
        ("leads", {"ownr": "1"}, "ownr"),
        ("leads", {"owner": "me"}, "owner"),
        ("leads", {"created_on__gte": "yesterday"}, "created_on__gte"),
        ("leads", {"created_on": "2025-02-30"}, "created_on"),
        ("activities", {"kind": "telegram"}, "kind"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(prefix: str, asked: dict[str, str], field: str, people: People) -> None:
    answer = people.client("carol").get(url(prefix), asked)
    assert answer.status_code == 400
    assert field in faults(answer)


@pytest.mark.parametrize("value", ["99999999999999999999999", "-99999999999999999999999", "1e30", "0.5"])
@pytest.mark.parametrize("lookup", ["owner", "owner__in"])
def test_an_id_that_no_row_can_have_finds_nothing_and_breaks_nothing(lookup: str, value: str, people: People) -> None:
    make.lead(rep=people.alice)
    answer = people.client("carol").get(url("leads"), {lookup: value})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 400 or answer.json()["results"] == []


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "x"])
def test_an_address_without_a_row_is_not_found(pk: str, people: People) -> None:
    assert people.client("carol").get(f"/api/v1/leads/{pk}/").status_code == 404


def test_an_empty_external_key_is_none(people: People) -> None:
    client = people.client("carol")
    rows = [client.post(url("regions"), {"name": name, "external_key": ""}, **JSON).json() for name in ("Asia", "Africa")]
    assert [row["external_key"] for row in rows] == [None, None]


def test_a_customer_of_nobody_is_made_by_an_admin_only(people: People) -> None:
    assert people.client("carol").post(url("customers"), {"name": "Free"}, **JSON).status_code == 201
    answer = people.client("alice").post(url("customers"), {"name": "Free"}, **JSON)
    assert answer.status_code == 400
    assert "Name yourself" in faults(answer)["owner"][0]


def test_who_is_credited_is_in_the_answer_though_the_database_filled_it_in(people: People) -> None:
    made = people.client("alice").post(url("leads"), {"name": "Mill", "owner": people.alice.pk, "created_on": "2025-03-01"}, **JSON).json()
    assert made["created_for"] == people.alice.pk


def test_a_rep_sees_the_teams_they_have_been_in(people: People) -> None:
    make.move(people.dave, people.north, on="2025-02-01")
    rows = people.client("dave").get(url("teams")).json()["results"]
    assert [row["name"] for row in rows] == ["North", "South"]
    assert Membership.objects.filter(rep=people.dave).count() == len(people.client("dave").get(url("memberships")).json()["results"])


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "[1]"])
def test_a_body_that_is_no_row_is_refused(body: str, people: People) -> None:
    assert people.client("carol").post(url("regions"), body, **JSON).status_code == 400


def test_a_field_that_is_none_is_refused_with_those_that_are(people: People) -> None:
    answer = people.client("carol").post(url("products"), {"name": "Mill", "famliy": "Tools"}, **JSON)
    assert answer.status_code == 400
    assert "family" in faults(answer)["famliy"][0]


def test_another_row_is_named_by_its_key_as_far_as_one_sees_it(people: People) -> None:
    mine, his = make.customer(owner=people.alice, external_key="C-1"), make.customer(owner=people.dave, external_key="C-2")
    order = {"rep": people.alice.pk, "ordered_on": "2025-03-01", "number": "1", "amount": "5"}
    alice = people.client("alice")
    made = alice.post(url("orders"), {**order, "customer": {"external_key": "C-1"}}, **JSON)
    assert (made.status_code, made.json()["customer"]) == (201, mine.pk)
    said = [faults(alice.post(url("orders"), {**order, "customer": {"external_key": key}}, **JSON))["customer"][0] for key in ("C-2", "C-3")]
    assert said[0].replace("C-2", "C-3") == said[1] and his.pk
    for odd in ({"external_key": 1}, {"external_key": "C-1", "id": 2}, {}, {"external_key": "C\x00"}, [1]):
        assert "customer" in faults(alice.post(url("orders"), {**order, "customer": odd}, **JSON))


def test_a_row_without_keys_is_named_by_its_id(people: People) -> None:
    objective = {"external_key": "O-1"}
    answer = people.client("carol").post(url("check-ins"), {"objective": objective, "day": "2025-03-01", "value": "1"}, **JSON)
    assert "no external keys" in faults(answer)["objective"][0]
