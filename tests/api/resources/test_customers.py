"""Facts in other currencies by the API: what was entered is written, what it is worth is read."""

import pytest

from tests import make
from tests.api.world import faults, url
from tests.people import People

JSON = {"content_type": "application/json"}


@pytest.fixture
def abroad(people: People) -> People:
    make.organisation()
    make.rate("USD", "0.9")
    return people


def test_an_order_is_written_in_its_currency_and_read_in_the_companys(abroad: People) -> None:
    order = {"rep": abroad.alice.pk, "ordered_on": "2025-03-14", "currency": "USD", "original_amount": "100.00", "original_cost": "50.00"}
    answer = abroad.client("carol").post(url("orders"), order, **JSON)
    assert answer.status_code == 201, answer.content
    assert {key: answer.json()[key] for key in ("amount", "cost", "currency", "original_amount")} == {
        "amount": "90.00",
        "cost": "45.00",
        "currency": "USD",
        "original_amount": "100.00",
    }


def test_what_a_subscription_makes_a_month_is_written_as_all_amounts_are(abroad: People) -> None:
    fields = {"customer": make.customer(owner=abroad.alice).pk, "rep": abroad.alice.pk, "started_on": "2025-03-14", "amount": "100.00", "interval_months": 12}
    answer = abroad.client("carol").post(url("subscriptions"), fields, **JSON)
    assert (answer.status_code, answer.json()["mrr"]) == (201, "8.333333")


def test_what_was_read_can_be_written_back_whole(abroad: People) -> None:
    order = make.order(rep=abroad.alice, amount=100, currency="USD")
    client = abroad.client("carol")
    read = client.get(url("orders", order)).json()
    answer = client.put(url("orders", order), {**read, "original_amount": "200.00"}, **JSON)
    assert (answer.status_code, answer.json()["amount"]) == (200, "180.00")


def test_an_amount_that_would_be_forgotten_is_refused(abroad: People) -> None:
    order, client = make.order(rep=abroad.alice, amount=100, currency="USD"), abroad.client("carol")
    answer = client.patch(url("orders", order), {"amount": "70.00"}, **JSON)
    assert answer.status_code == 400 and "original_amount" in faults(answer)["amount"][0]
    answer = client.patch(url("orders", order), {"amount": "70.00", "currency": "", "original_amount": None}, **JSON)
    assert (answer.status_code, answer.json()["amount"], answer.json()["currency"]) == (200, "70.00", "")


@pytest.mark.parametrize("currency", ["USD", ""])
def test_two_amounts_that_contradict_each_other_are_refused(abroad: People, currency: str) -> None:
    order = {"rep": abroad.alice.pk, "ordered_on": "2025-03-14", "currency": currency, "original_amount": "100.00", "amount": "999.00"}
    answer = abroad.client("carol").post(url("orders"), order, **JSON)
    assert answer.status_code == 400 and "original_amount" in faults(answer)["amount"][0]


@pytest.mark.parametrize(("fields", "at"), [({"currency": "USD", "amount": "5"}, "original_amount"), ({"currency": "XXZ", "original_amount": "5"}, "currency")])
def test_what_cannot_be_converted_says_why(abroad: People, fields: dict[str, str], at: str) -> None:
    order = {"rep": abroad.alice.pk, "ordered_on": "2025-03-14", **fields}
    answer = abroad.client("carol").post(url("orders"), order, **JSON)
    assert answer.status_code == 400 and at in faults(answer)
