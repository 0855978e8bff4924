"""Many rows in one request: each is added, changed, left or refused as it would be by itself."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.api.bulk import writing
from apps.api.bulk.views import Bulk
from apps.api.router import ROWS
from apps.core.models import Organisation
from apps.goals.models import Goal, GoalVersion
from apps.leads.models import Lead
from apps.opportunities.models import Credit, Opportunity, OpportunityVersion, Product
from tests import make
from tests.api.world import CASES, faults, url
from tests.people import People

JSON = {"content_type": "application/json"}
KEYED = [prefix for prefix, view in ROWS.items() if issubclass(view, Bulk)]
PER_REP = [prefix for prefix in KEYED if "alice" in CASES[prefix].writers]


def send(people: People, name: str, prefix: str, rows: Any, *, status: int = 200, **more: Any) -> Any:
    answer = people.client(name).post(f"{url(prefix)}bulk/", {"rows": rows, **more}, **JSON)
    assert answer.status_code == status, answer.content
    return faults(answer) and answer.json() if status >= 400 else answer.json()


def deal(people: People, key: str, **fields: Any) -> dict[str, Any]:
    return {"external_key": key, "name": f"Deal {key}", "owner": people.alice.pk, "stage": make.stage().pk, "created_on": "2025-03-01", **fields}


def statuses(told: Any) -> list[str]:
    return [result["status"] for result in told["results"]]


def test_rows_are_added_changed_and_left_by_their_keys(people: People) -> None:
    rows = [deal(people, key, amount="100.00") for key in ("D-1", "D-2", "D-3")]
    told = send(people, "carol", "opportunities", rows)
    assert (told["created"], statuses(told)) == (3, ["created"] * 3)
    assert [result["id"] for result in told["results"]] == [Opportunity.objects.get(external_key=row["external_key"]).pk for row in rows]
    rows[1] |= {"amount": "250.00", "expected_close_on": "2025-04-01"}
    told = send(people, "carol", "opportunities", [*rows, deal(people, "D-4")])
    assert statuses(told) == ["unchanged", "changed", "unchanged", "created"]
    assert [result["changed"] for result in told["results"]] == [[], ["amount", "expected_close_on"], [], []]
    assert Opportunity.objects.get(external_key="D-2").amount == 250


def test_fields_that_are_left_out_stay(people: People) -> None:
    make.deal("Mill", rep=people.alice, amount=100, external_key="D-1")
    told = send(people, "carol", "opportunities", [{"external_key": "D-1", "amount": "120"}])
    assert (statuses(told), told["results"][0]["changed"]) == (["changed"], ["amount"])
    row = Opportunity.objects.get()
    assert (row.name, row.amount) == ("Mill", 120)


def test_a_change_leaves_the_same_history_as_a_change_by_itself(people: People) -> None:
    won = {"stage": make.stage("Won").pk, "closed_on": "2025-03-10", "amount": "90"}
    for key in ("D-1", "D-2"):
        make.deal(rep=people.alice, amount=100, external_key=key, created="2025-03-01")
    one = Opportunity.objects.get(external_key="D-1")
    people.client("carol").patch(url("opportunities", one), won, **JSON)
    send(people, "carol", "opportunities", [{"external_key": "D-2", **won}])

    def states(key: str) -> list[Any]:
        fields = ("sequence", "valid_from", "valid_to", "stage", "amount", "stage_since", "previous_stage")
        return list(OpportunityVersion.objects.filter(opportunity__external_key=key).order_by("sequence").values_list(*fields))

    assert states("D-1") == states("D-2") and len(states("D-1")) == 2


@pytest.mark.parametrize("way", ["all", "valid"])
def test_what_is_refused_is_named_with_its_row_and_its_field(people: People, way: str) -> None:
    make.deal(rep=people.dave, external_key="D-0")
    rows: list[Any] = [
        *(deal(people, "D-1"), deal(people, "D-2", amount="much"), deal(people, "D-3", stage=make.stage("Won").pk), deal(people, "D-1")),
        *({"external_key": "D-5"}, {"name": "No key"}, "nonsense", None, deal(people, "D-8", ownr=1), deal(people, "D-9", owner={"external_key": "none"})),
        *(deal(people, "D-10", owner=people.alice.pk + 0.5), deal(people, "D-11", owner=True)),
    ]
    if way == "valid":
        told = send(people, "carol", "opportunities", rows, write=way)
        found = {result["row"]: sorted({fault["field"] for fault in result["errors"]}) for result in told["results"] if result["status"] == "refused"}
        assert (told["created"], told["refused"]) == (1, 11)
        assert Opportunity.objects.filter(external_key__startswith="D").count() == 2
    else:
        told = send(people, "carol", "opportunities", rows, status=422)
        found = {}
        for fault in told["errors"]:
            _rows, row, *field = fault["field"].split(".")
            found[int(row)] = sorted({*found.get(int(row), []), ".".join(field)})
        found[2] = ["closed_on"]  # the database is not asked while rows are refused before
        assert Opportunity.objects.count() == 1
    expected = {1: ["amount"], 2: ["closed_on"], 3: ["external_key"], 4: ["name", "owner", "stage"], 5: ["external_key"], 6: [""], 7: [""]}
    assert found == {**expected, 8: ["ownr"], 9: ["owner"], 10: ["owner"], 11: ["owner"]}


def test_what_only_the_database_refuses_takes_back_all_or_is_left_out(people: People) -> None:
    rows = [deal(people, f"D-{number}", **({"stage": make.stage("Won").pk} if number in (3, 11) else {})) for number in range(16)]
    told = send(people, "carol", "opportunities", rows, status=422)
    assert [fault["field"] for fault in told["errors"]] == ["rows.3.closed_on", "rows.11.closed_on"]
    assert not Opportunity.objects.exists()
    told = send(people, "carol", "opportunities", rows, write="valid")
    assert [result["row"] for result in told["results"] if result["status"] == "refused"] == [3, 11]
    assert Opportunity.objects.count() == told["created"] == 14


def test_a_key_or_name_that_another_row_has_is_refused_at_its_field(people: People) -> None:
    make.campaign("Spring")
    told = send(people, "carol", "campaigns", [{"external_key": "C-1", "name": "Spring"}], status=422)
    assert [fault["field"] for fault in told["errors"]] == ["rows.0.name"]


def test_so_many_refusals_that_nothing_is_tried_any_further(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_REFUSALS", 3)
    rows = [deal(people, f"D-{number}", stage=make.stage("Won").pk) for number in range(8)]
    told = send(people, "carol", "opportunities", rows, status=422, write="valid")
    assert len(told["errors"]) == 4 and "More than 3" in told["detail"]
    assert not Opportunity.objects.exists()


def test_shares_are_written_with_their_deals(people: People) -> None:
    halves = [{"rep": people.alice.pk, "share": "50.00"}, {"rep": people.dave.pk, "share": "50.00"}]
    rows = [deal(people, "D-1", credits=halves), deal(people, "D-2", credits=[]), deal(people, "D-3")]
    assert statuses(send(people, "carol", "opportunities", rows)) == ["created"] * 3
    assert statuses(send(people, "carol", "opportunities", rows)) == ["unchanged"] * 3
    rows[0]["credits"] = [{"rep": people.alice.pk, "share": "100"}]
    told = send(people, "carol", "opportunities", rows[:1])
    assert told["results"][0]["changed"] == ["credits"]
    assert list(Credit.objects.values_list("opportunity__external_key", "share")) == [("D-1", Decimal(100))]


@pytest.mark.parametrize("prefix", PER_REP)
def test_each_writes_only_what_is_theirs_before_and_after(people: People, prefix: str) -> None:
    mine, his = CASES[prefix].make(people, "alice"), CASES[prefix].make(people, "dave")
    for key, row in (("K-1", mine), ("K-2", his)):
        type(row).objects.filter(pk=row.pk).update(external_key=key)
    change = CASES[prefix].change
    owner = "owner" if hasattr(mine, "owner") else "rep"
    rows = [{"external_key": "K-1", **change}, {"external_key": "K-2", **change}, {"external_key": "K-1b", owner: people.dave.pk}]
    told = send(people, "alice", prefix, rows[:2], write="valid")
    assert statuses(told) == ["changed", "refused"]
    told = send(people, "alice", prefix, [{"external_key": "K-1", owner: people.dave.pk}], write="valid")
    assert statuses(told) == ["refused"] and told["results"][0]["errors"][0]["field"] == owner
    assert people.client("erin").post(f"{url(prefix)}bulk/", {"rows": rows}, **JSON).status_code == 403
    assert statuses(send(people, "carol", prefix, [{"external_key": "K-2", **change}])) == ["changed"]


@pytest.mark.parametrize("prefix", sorted(set(KEYED) - set(PER_REP)))
def test_what_the_company_keeps_is_written_by_admins(people: People, prefix: str) -> None:
    row = CASES[prefix].make(people, "alice")
    type(row).objects.filter(pk=row.pk).update(external_key="K-1")
    rows = [{"external_key": "K-1", **CASES[prefix].change}]
    for name in ("alice", "bob", "dave", "erin"):
        assert people.client(name).post(f"{url(prefix)}bulk/", {"rows": rows}, **JSON).status_code == 403
    assert statuses(send(people, "carol", prefix, rows)) == ["changed"]
    assert statuses(send(people, "carol", prefix, rows)) == ["unchanged"]


@pytest.mark.parametrize("prefix", KEYED)
def test_a_row_that_is_read_and_sent_back_is_unchanged_and_one_with_a_new_key_is_refused_or_added(people: People, prefix: str) -> None:
    row = CASES[prefix].make(people, "alice")
    type(row).objects.filter(pk=row.pk).update(external_key="K-1")
    told = people.client("carol").get(url(prefix, row)).json()
    assert statuses(send(people, "carol", prefix, [told])) == ["unchanged"]
    again = send(people, "carol", prefix, [{**told, "external_key": "K-2"}], write="valid")
    assert again["created"] + again["refused"] == 1


def test_rows_name_others_by_key_and_more_rows_cost_no_more_queries(people: People) -> None:
    make.customer(owner=people.alice, external_key="C-1"), make.customer(owner=people.alice, external_key="C-2")
    people.alice.external_key = "R-1"
    people.alice.save()

    def asked(start: int, count: int) -> int:
        rows = [
            {"external_key": f"L-{start + n}", "name": "Lead", "owner": {"external_key": "R-1"}, "customer": {"external_key": f"C-{1 + n % 2}"}}
            | ({"created_at": "2025-03-01T09:00:00Z"} if n % 2 else {"created_on": "2025-03-02"})
            for n in range(count)
        ]
        client = people.client("alice")
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(f"{url('leads')}bulk/", {"rows": rows}, **JSON)
            assert answer.status_code == 200, answer.content
        for row in rows:
            row["name"] = "Another"
        with CaptureQueriesContext(connection) as changing:
            assert client.post(f"{url('leads')}bulk/", {"rows": rows}, **JSON).json()["changed"] == count
        return len(seen) + len(changing)

    few = asked(0, 2)
    assert asked(100, 20) == few
    assert Lead.objects.filter(customer__external_key="C-2").count() == 11


@pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": {}}, {"rows": "x"}, {"rows": [{}] * 5001}, {"rows": [{}], "write": "some"}, []])
def test_what_is_no_such_request_is_refused(people: People, body: Any) -> None:
    answer = people.client("carol").post(f"{url('products')}bulk/", body, **JSON)
    assert answer.status_code == 400
    assert faults(answer)


def test_what_the_database_works_out_follows_as_ever(people: People) -> None:
    make.rate("USD", "0.5", on="2025-03-01")
    send(people, "carol", "opportunities", [deal(people, "D-1", currency="USD", original_amount="100")])
    assert Opportunity.objects.get().amount == 50
    make.rate("USD", "0.25", on="2025-03-14")
    told = send(people, "carol", "opportunities", [deal(people, "D-1", currency="USD", original_amount="300")])
    assert told["results"][0]["changed"] == ["original_amount"]
    assert Opportunity.objects.get().amount == 75


def test_days_instants_and_choices_are_written(people: People) -> None:
    make.lead(rep=people.alice, external_key="L-1")
    row = {"external_key": "L-1", "created_at": "2025-03-02T08:15:30.123456Z", "qualified_on": "2025-03-03"}
    assert send(people, "carol", "leads", [row])["results"][0]["changed"] == ["created_at", "qualified_on", "created_on"]
    told = people.client("carol").get(url("leads"), {"external_key": "L-1"}).json()["results"][0]
    assert {name: told[name] for name in row} == row and told["created_on"] == "2025-03-02"


def test_five_thousand_rows_are_taken(people: People) -> None:
    rows = [{"external_key": f"P-{number}", "name": f"Product {number}", "list_price": "1.50"} for number in range(5000)]
    assert send(people, "carol", "products", rows)["created"] == 5000
    assert send(people, "carol", "products", rows)["unchanged"] == 5000
    assert Product.objects.count() == 5000


def goal(key: str, scope: Any, **fields: Any) -> dict[str, Any]:
    kind = type(scope).__name__.lower()
    days = {"start_on": "2025-04-01", "last_on": "2025-06-30"}
    return {"external_key": key, "kpi": "revenue", "scope": kind, kind: scope.pk, **days, "target": "1000", **fields}


def test_goals_come_with_who_set_them_and_why(people: People) -> None:
    rows = [goal("G-1", people.alice), goal("G-2", people.north, target="5000")]
    told = send(people, "carol", "goals", rows, reason="Budget")
    assert statuses(told) == ["created", "created"]
    rows[0]["target"] = "1200.0000"
    told = send(people, "carol", "goals", rows, reason="Corrected")
    assert [(result["status"], result["changed"]) for result in told["results"]] == [("changed", ["target"]), ("unchanged", [])]
    first, second = GoalVersion.objects.filter(goal_id=told["results"][0]["id"]).order_by("set_at")
    assert (first.set_by, first.reason, first.end_reason, first.target) == (people.carol, "Budget", "Corrected", 1000)
    assert (second.set_by, second.target) == (people.carol, 1200)


def test_a_reason_is_told_for_all_goals_not_in_each(people: People) -> None:
    told = send(people, "carol", "goals", [goal("G-1", people.alice, reason="Mine")], status=422)
    assert [error["field"] for error in told["errors"]] == ["rows.0.reason"]
    assert not Goal.objects.exists()


def test_managers_set_only_the_goals_that_the_organisation_lets_them(people: People) -> None:
    assert people.client("bob").post(f"{url('goals')}bulk/", {"rows": [goal("G-1", people.alice)]}, **JSON).status_code == 403
    Organisation.objects.update(managers_set="targets")
    theirs, own, others = goal("G-1", people.alice), goal("G-2", people.north), goal("G-3", people.dave)
    make.goal(scope=people.dave, external_key="G-4", start="2025-07-01", last="2025-09-30")
    taken = goal("G-4", people.alice, start_on="2025-07-01", last_on="2025-09-30")
    told = send(people, "bob", "goals", [theirs, own, others, taken], write="valid")
    assert statuses(told) == ["created", "refused", "refused", "refused"]
    assert {error["field"] for result in told["results"] for error in result["errors"]} <= {"scope", "external_key", "rep"}
    assert list(Goal.objects.order_by("external_key").values_list("external_key", "rep")) == [("G-1", people.alice.pk), ("G-4", people.dave.pk)]


def test_a_goal_that_names_another_than_its_scope_says_is_told_so(people: People) -> None:
    told = send(people, "carol", "goals", [goal("G-1", people.alice), goal("G-2", people.north) | {"scope": "rep"}], write="valid")
    assert statuses(told) == ["created", "refused"]
    assert "names that one and no other" in told["results"][1]["errors"][0]["detail"]


def test_locked_goals_stay(people: People) -> None:
    Organisation.objects.update(targets_locked_until="2025-04-30")
    told = send(people, "carol", "goals", [goal("G-1", people.alice), goal("G-2", people.alice, start_on="2025-05-01")], write="valid")
    assert statuses(told) == ["refused", "created"]


def test_a_goal_that_is_changed_with_others_says_when(people: People, day: Any) -> None:
    send(people, "carol", "goals", [goal("G-1", people.alice), goal("G-2", people.north)])
    before = dict(Goal.objects.values_list("external_key", "updated_at"))
    day.to("2025-03-20")
    send(people, "carol", "goals", [goal("G-1", people.alice, target="1500"), goal("G-2", people.north)])
    after = dict(Goal.objects.values_list("external_key", "updated_at"))
    assert after["G-1"] > before["G-1"] and after["G-2"] == before["G-2"]
