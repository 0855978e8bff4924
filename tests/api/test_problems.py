"""Whatever goes wrong is answered in one shape."""

from typing import Any

import pytest
from django.test import Client

from apps.api.resources.offer import Products
from tests import make
from tests.api.world import faults, url
from tests.people import People

JSON = {"content_type": "application/json"}


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (400, lambda client: client.post(url("products"), "{", **JSON)),
        (400, lambda client: client.post(url("products"), "[" * 100_000, **JSON)),
        (400, lambda client: client.post(url("products"), b'{"\\ud800": "half a character"}', **JSON)),
        (400, lambda client: client.post(url("products"), b'{"name": "Caf\xe9"}', **JSON)),
        (400, lambda client: client.post(url("products"), b'{"name": NaN}', **JSON)),
        (400, lambda client: client.post(url("products"), b"1" * 5000, **JSON)),
        (403, lambda client: client.post(url("products"), {"name": "Mill"}, **JSON)),
        (404, lambda client: client.get("/api/v1/nothing/here/")),
        (404, lambda client: client.post("/api/v1/nothing/", {}, **JSON)),
        (404, lambda client: client.get(url("products") + "1/")),
        (405, lambda client: client.put(url("products"), {}, **JSON)),
        (406, lambda client: client.get(url("products"), headers={"Accept": "text/html"})),
        (415, lambda client: client.post(url("leads"), "name=Mill", content_type="application/x-www-form-urlencoded")),
    ],
)
def test_a_refusal_is_a_problem_with_a_remedy(status: int, ask: Any, people: People) -> None:
    answer = ask(people.client("alice") if status not in (400, 405) else people.client("carol"))
    assert answer.status_code == status
    faults(answer)


def test_who_is_not_signed_in_is_told_how(db: None) -> None:
    answer = Client().get(url("products"))
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Token"
    faults(answer)


def test_what_is_nested_is_named_with_dots(people: People) -> None:
    deal = {"name": "Mill", "owner": people.alice.pk, "stage": make.stage().pk, "credits": [{"rep": people.alice.pk, "share": "all"}]}
    errors = people.client("carol").post(url("opportunities"), deal, **JSON).json()["errors"]
    assert [(fault["field"], fault["code"]) for fault in errors] == [("credits.0.share", "invalid")]


def test_a_failure_nobody_foresaw_is_a_problem_too_and_tells_nothing_of_the_inside(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the secret of the inside")

    monkeypatch.setattr(Products, "get_queryset", fail)
    client = people.client("carol")
    client.raise_request_exception = False
    answer = client.get(url("products"))
    assert answer.status_code == 500
    faults(answer)
    assert b"secret" not in answer.content


def test_what_the_framework_refuses_says_what_to_do_too(people: People) -> None:
    client = people.client("carol")
    wrong = client.post(url("stages"), {"name": "A", "kind": "maybe", "position": 90}, **JSON)
    assert faults(wrong)["kind"] == ["“maybe” is none of the values. Use one of: open, won, lost."]
    client.post(url("products"), {"name": "Pump", "external_key": "P-1"}, **JSON)
    assert faults(client.post(url("products"), {"name": "Valve", "external_key": "P-1"}, **JSON))["external_key"][0].endswith(
        "Write another one, or change the row that has it."
    )


def test_a_body_without_end_is_not_read(people: People, settings: Any) -> None:
    client = people.client("carol")
    for size, status in ((3_000_000, 400), (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1, 413)):  # of a name that is too long, and of a body
        answer = client.post(url("products"), {"name": "x" * size}, **JSON)
        assert answer.status_code == status
        faults(answer)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = people.client("carol").post(url("products"), {"name": "x" * 101}, **JSON)
    assert answer.status_code == 413
    faults(answer)
