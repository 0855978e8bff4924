"""A request that is sent again is answered as before, and done once."""

from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.api import tasks
from apps.api.models import Answered
from apps.opportunities.models import Product
from tests import make
from tests import people as cast
from tests.api.world import faults, url
from tests.people import People

ADDRESS = f"{url('products')}bulk/"
ROWS = [{"external_key": "P-1", "name": "Mill"}]


def send(client: Client, rows: Any = ROWS, key: str = "one", **more: Any) -> Any:
    return client.post(ADDRESS, {"rows": rows, **more}, content_type="application/json", headers={"Idempotency-Key": key})


def test_the_same_again_is_answered_as_before_and_not_done_again(people: People) -> None:
    carol = people.client("carol")
    first = send(carol)
    Product.objects.update(name="Barn")
    again = send(carol)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true" and "Idempotency-Replayed" not in first
    assert Product.objects.get().name == "Barn"
    assert send(carol, key="two").json()["changed"] == 1


def test_a_refusal_is_answered_as_before_too(people: People) -> None:
    carol = people.client("carol")
    first = send(carol, [{"external_key": "P-1", "name": ""}])
    again = send(carol, [{"external_key": "P-1", "name": ""}])
    assert (first.status_code, first.content) == (again.status_code, again.content) and first.status_code == 422
    faults(again)


def test_another_request_with_the_same_key_is_refused(people: People) -> None:
    carol = people.client("carol")
    send(carol)
    answer = send(carol, [{"external_key": "P-2", "name": "Barn"}])
    assert answer.status_code == 422 and "Idempotency-Key" in answer.json()["detail"]
    faults(answer)
    assert Product.objects.count() == 1


def test_what_could_not_be_read_uses_up_no_key(people: People) -> None:
    carol = people.client("carol")
    assert send(carol, "nonsense").status_code == 400
    mistyped = carol.post("/api/v1/products/bulk/", {"rows": [{"external_key": "P-1", "name": "Barn"}], "wrte": "valid"}, content_type="application/json")
    assert mistyped.status_code == 400 and set(faults(mistyped)) == {"wrte"}
    assert send(carol).json()["created"] == 1


def test_keys_are_each_persons_own_and_kept_for_a_day(people: People, day: Any) -> None:
    other = make.user(role="admin")
    client = Client()
    client.force_login(other, backend="apps.accounts.backends.EmailBackend")
    send(people.client("carol"))
    assert send(client).json()["unchanged"] == 1
    day.to("2025-03-15")
    assert send(people.client("carol")).json()["unchanged"] == 1
    tasks.forget_answers()
    assert Answered.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_what_is_no_key_is_refused(people: People, key: str) -> None:
    answer = send(people.client("carol"), key=key)
    assert answer.status_code == 400 and set(faults(answer)) == {"Idempotency-Key"}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_done_once_and_answered_alike() -> None:
    people = cast.arrive()
    answers: list[Any] = []

    def ask(client: Client) -> None:
        answers.append(send(client, [{"external_key": f"P-{number}", "name": f"Product {number}"} for number in range(200)]))
        connection.close()

    threads = [Thread(target=ask, args=(people.client("carol"),)) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.content for answer in answers} == {answers[0].content} and answers[0].json()["created"] == 200
    assert sum("Idempotency-Replayed" in answer for answer in answers) == 3
