"""Deals through the API."""

from decimal import Decimal
from typing import Any

import pytest

from apps.opportunities.models import Opportunity
from tests import make
from tests.api.world import faults, url
from tests.people import People

JSON = {"content_type": "application/json"}


def send(people: People, name: str, method: str, fields: dict[str, Any], row: Opportunity | None = None) -> Any:
    return getattr(people.client(name), method)(url("opportunities", row), fields, **JSON)


def new(people: People, **fields: Any) -> dict[str, Any]:
    return {"name": "Mill", "owner": people.alice.pk, "stage": make.stage().pk, "amount": "500", "created_on": "2025-03-01", **fields}


def test_a_rep_enters_a_deal_and_wins_it(people: People) -> None:
    made = send(people, "alice", "post", new(people)).json()
    deal = Opportunity.objects.get(pk=made["id"])
    assert (made["kind"], made["amount"], made["credits"]) == ("open", "500.00", [])
    won = send(people, "alice", "patch", {"stage": make.stage("Won").pk, "closed_on": "2025-03-10"}, deal).json()
    assert (won["kind"], won["closed_on"]) == ("won", "2025-03-10")


def test_its_states_are_listed_oldest_first(people: People) -> None:
    deal = make.deal(rep=people.alice, created="2025-03-01", won="2025-03-10")
    rows = people.client("bob").get(url("opportunities", deal) + "versions/").json()["results"]
    assert [(row["valid_from"], row["valid_to"], row["stage"]) for row in rows] == [
        ("2025-03-01", "2025-03-10", make.stage().pk),
        ("2025-03-10", None, make.stage("Won").pk),
    ]


def test_its_states_are_not_found_by_who_may_not_see_it(people: People) -> None:
    deal = make.deal(rep=people.alice)
    assert people.client("dave").get(url("opportunities", deal) + "versions/").status_code == 404
    assert people.client("erin").post(url("opportunities", deal) + "versions/", {}).status_code in (403, 405)


def test_a_change_counts_from_the_day_that_is_said(people: People) -> None:
    deal = make.deal(rep=people.alice, created="2025-03-01", amount=100)
    answer = send(people, "alice", "patch", {"amount": "300", "effective_on": "2025-03-05"}, deal)
    assert "effective_on" not in answer.json()
    states = list(deal.versions.values_list("valid_from", "amount"))
    assert [(str(day), amount) for day, amount in states] == [("2025-03-01", 100), ("2025-03-05", 300)]


@pytest.mark.parametrize("field", ["closed_on", "effective_on"])
def test_a_day_still_to_come_is_refused(field: str, people: People) -> None:
    deal = make.deal(rep=people.alice, won="2025-03-10")
    answer = send(people, "alice", "patch", {field: "2025-03-15"}, deal)
    assert answer.status_code == 400
    assert "still to come" in faults(answer)[field][0]
    assert send(people, "alice", "patch", {field: "2025-03-14"}, deal).status_code == 200


def test_a_deal_is_shared_and_taken_back(people: People) -> None:
    deal = make.deal(rep=people.alice)
    shares = [{"rep": people.alice.pk, "share": "60.00"}, {"rep": people.dave.pk, "share": "40.00"}]
    assert send(people, "carol", "patch", {"credits": shares}, deal).json()["credits"] == shares
    assert send(people, "carol", "patch", {"name": "Mill II"}, deal).json()["credits"] == shares
    assert send(people, "carol", "patch", {"credits": []}, deal).json()["credits"] == []


@pytest.mark.parametrize("shares", [[50], [60, 50], [100, 0], [110, -10]])
def test_shares_that_do_not_add_up_are_refused(shares: list[int], people: People) -> None:
    reps = [people.alice.pk, people.dave.pk]
    credits = [{"rep": rep, "share": share} for rep, share in zip(reps, shares, strict=False)]
    answer = send(people, "carol", "post", new(people, credits=credits))
    assert answer.status_code == 400
    assert "credits" in faults(answer)
    assert not Opportunity.objects.exists()


def test_one_rep_named_twice_is_refused(people: People) -> None:
    credits = [{"rep": people.alice.pk, "share": 60}, {"rep": people.alice.pk, "share": 40}]
    assert "credits" in faults(send(people, "carol", "post", new(people, credits=credits)))


def test_shares_of_reps_one_does_not_see_stay_as_they_are(people: People) -> None:
    deal = make.deal(rep=people.alice)
    make.credit(deal, **{str(people.alice.pk): 60, str(people.dave.pk): 40})
    kept = [{"rep": people.alice.pk, "share": "60.00"}, {"rep": people.dave.pk, "share": "40.00"}]
    assert send(people, "alice", "patch", {"credits": kept, "name": "Mill II"}, deal).status_code == 200
    for taken in ([{"rep": people.alice.pk, "share": 100}], [], [{"rep": people.alice.pk, "share": 70}, {"rep": people.dave.pk, "share": 30}]):
        assert "credits" in faults(send(people, "alice", "patch", {"credits": taken}, deal))
    assert set(deal.credits.values_list("share", flat=True)) == {Decimal(60), Decimal(40)}


def test_a_customer_one_does_not_see_may_stay_but_not_be_named_anew(people: People) -> None:
    hers, his = make.customer(owner=people.alice), make.customer(owner=people.dave)
    deal = make.deal(rep=people.alice, customer=his)
    assert send(people, "alice", "patch", {"customer": his.pk, "name": "Mill II"}, deal).status_code == 200
    assert send(people, "alice", "patch", {"customer": hers.pk}, deal).status_code == 200
    answer = send(people, "alice", "patch", {"customer": his.pk}, deal)
    assert answer.status_code == 400
    assert "not yours" in faults(answer)["customer"][0]


def test_who_may_not_see_a_row_cannot_tell_it_from_one_that_is_not_there(people: People) -> None:
    his = make.customer(owner=people.dave)
    said = [faults(send(people, "alice", "post", new(people, customer=pk)))["customer"][0].replace(str(pk), "N") for pk in (his.pk, 987654)]
    assert said[0] == said[1]
