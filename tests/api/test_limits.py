"""Nobody asks without end, and every answer says how much is left."""

from typing import Any

import pytest
from django.test import Client
from redis import RedisError

from apps.api import limits
from tests import make
from tests.api.world import faults, url
from tests.people import People


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = settings.API_REQUESTS_OF_STRANGERS_A_MINUTE = 2
    limits.valkey().delete(*(limits.valkey().keys("kpiboard:requests:*") or ["kpiboard:requests:none"]))


def signed(token: str) -> Client:
    return Client(headers={"Authorization": f"Token {token}"})


def test_the_headers_say_what_is_left_and_when_there_is_more(people: People) -> None:
    client = people.client("carol")
    answers = [client.get(url("products")) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit"] for answer in answers] == ['"requests";r=1;t=60', '"requests";r=0;t=60', '"requests";r=0;t=60']
    assert answers[0]["RateLimit-Policy"] == '"requests";q=2;w=60'
    assert answers[2]["Retry-After"] == "60"
    assert faults(answers[2]) == {} and "Wait 60 seconds" in answers[2].json()["detail"]


def test_each_token_has_its_own_and_people_hinder_each_other_not(people: People) -> None:
    first, second = (signed(make.token(people.bob)) for _number in range(2))
    assert [first.get(url("leads")).status_code for _number in range(3)] == [200, 200, 429]
    assert second.get(url("leads")).status_code == people.client("carol").get(url("leads")).status_code == 200


def test_a_refusal_counts_and_strangers_are_counted_by_address(people: People) -> None:
    assert [Client().post("/api/v1/tokens/", {}, content_type="application/json").status_code for _number in range(3)] == [400, 400, 429]


def test_wrong_tokens_and_what_is_not_allowed_count_as_well(people: People) -> None:
    answers = [signed("wrong").get(url("leads")) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[0]["RateLimit"] == '"requests";r=1;t=60' and answers[2]["Retry-After"] == "60"
    assert signed(make.token(people.bob)).get(url("leads")).status_code == 200
    alice = people.client("alice")
    assert [alice.post(url("products"), {}, content_type="application/json").status_code for _number in range(3)] == [403, 403, 429]


def test_where_nothing_can_be_counted_nobody_is_turned_away(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(key: str) -> int:
        raise RedisError("gone")

    monkeypatch.setattr(limits, "count", gone)
    answers = [people.client("carol").get(url("products")) for _number in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0]
