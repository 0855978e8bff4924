"""Who may read metrics, and that what is written can be read by the monitoring system's own parser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client, RequestFactory
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from redis import Redis

from apps.core import metrics
from apps.core.metrics import Broker, is_loopback, may_read

TOKEN = "a token that nobody guesses"


def asked(**sent: Any) -> bool:
    return may_read(RequestFactory().get("/metrics", **sent))


@pytest.fixture(autouse=True)
def no_token(settings: Any) -> None:
    settings.METRICS_TOKEN, settings.BEHIND_PROXY = "", False


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_without_a_token_programs_of_this_machine_may_read(address: str) -> None:
    assert is_loopback(address) and asked(REMOTE_ADDR=address)


@pytest.mark.parametrize("address", ["10.0.0.7", "192.168.1.4", "::ffff:10.0.0.7", "2001:db8::1", "", "localhost"])
def test_without_a_token_nobody_else_may_read(address: str) -> None:
    assert not asked(REMOTE_ADDR=address)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"])
def test_without_a_token_who_comes_through_a_proxy_of_this_machine_may_not_read(header: str) -> None:
    assert not asked(REMOTE_ADDR="127.0.0.1", headers={header: "127.0.0.1"})


def test_without_a_token_nobody_may_read_where_a_proxy_stands_in_front(settings: Any) -> None:
    settings.BEHIND_PROXY = True
    assert not asked(REMOTE_ADDR="127.0.0.1")


@pytest.mark.parametrize("sent", ["", TOKEN, f"Token {TOKEN}", "Bearer ", f"Bearer {TOKEN}x", f"bearer {TOKEN}", "Bearer café"])
def test_with_a_token_only_the_token_opens(settings: Any, sent: str) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert not asked(REMOTE_ADDR="127.0.0.1", headers={"Authorization": sent})


def test_with_the_token_anybody_may_read_also_through_a_proxy(settings: Any) -> None:
    settings.METRICS_TOKEN, settings.BEHIND_PROXY = TOKEN, True
    assert asked(REMOTE_ADDR="10.0.0.7", headers={"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "10.0.0.8"})


def test_who_may_not_read_learns_nothing_and_no_store_is_asked(client: Client) -> None:
    """Without the `db` fixture a query would raise."""
    answer = client.get("/metrics", REMOTE_ADDR="10.0.0.7")
    assert (answer.status_code, answer.content) == (404, b"Not found")


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/metrics").status_code == 405


def test_a_scrape_inside_the_house_is_not_sent_to_https(client: Client, db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/metrics").status_code == 200
    assert client.get("/sign-in/").status_code == 301


class One(Collector):
    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("kpiboard_one", 'Words with "quotes" and \\ in them.', 1.5)


@pytest.mark.parametrize(
    ("accept", "parse"),
    [
        ("", text_string_to_metric_families),
        ("text/plain;version=0.0.4", text_string_to_metric_families),
        ("application/openmetrics-text;version=1.0.0", openmetrics),
    ],
)
def test_it_is_written_as_the_reader_wants_it(accept: str, parse: Any) -> None:
    text, content_type = metrics.written([One()], accept)
    [family] = parse(text.decode())
    assert (family.name, family.documentation, family.samples[0].value) == ("kpiboard_one", 'Words with "quotes" and \\ in them.', 1.5)
    assert content_type.startswith(accept.partition(";")[0] or "text/plain")


def told(collector: Collector) -> dict[tuple[str, str], float]:
    text, _content_type = metrics.written([collector], "")
    return {(one.name, "".join(one.labels.values())): one.value for family in text_string_to_metric_families(text.decode()) for one in family.samples}


def test_tasks_at_the_broker_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, key in (("QUEUE", "tests-waiting"), ("TAKEN", "tests-taken")):
        monkeypatch.setattr(metrics, name, key)
    with Redis.from_url(project.REDIS_URL) as broker:
        try:
            broker.lpush("tests-waiting", "a", "b", "c")
            broker.hset("tests-taken", "d", "e")
            assert told(Broker()) == {("kpiboard_broker_up", ""): 1, ("kpiboard_queue_tasks", "waiting"): 3, ("kpiboard_queue_tasks", "taken"): 1}
        finally:
            broker.delete("tests-waiting", "tests-taken")


def test_a_broker_that_is_down_is_said(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert told(Broker()) == {("kpiboard_broker_up", ""): 0}
