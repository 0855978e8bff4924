"""What a monitoring system reads: who may, and how it is written. Collectors ask the stores at each scrape, so any process answers for all."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis import Redis, RedisError

from apps.core import replica

BROKER_SECONDS = 0.5  # a broker that does not answer must not make the answer late
QUEUE, TAKEN = "celery", "unacked"  # where Celery keeps what waits, and what workers have taken and not finished
OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via")


def may_read(request: HttpRequest) -> bool:
    """Say who may read: with METRICS_TOKEN set, who sends it; without one, programs of this machine that no proxy speaks for."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    is_passed_on = settings.BEHIND_PROXY or any(name in request.headers for name in OF_PROXIES)
    return not is_passed_on and is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own; a socket's peer has none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def written(collectors: Iterable[Collector], accept: str) -> tuple[bytes, str]:
    """Ask every collector now; return what they say in a format that the reader accepts, and the format's name."""
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class Broker(Collector):
    """Whether the broker answers, and how many tasks wait there or are being worked on."""

    def collect(self) -> Iterator[Metric]:
        try:
            with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS) as broker:
                waiting, taken = broker.llen(QUEUE), broker.hlen(TAKEN)
        except RedisError:
            yield GaugeMetricFamily("kpiboard_broker_up", "1 while the broker (Valkey) answers.", 0)
            return
        yield GaugeMetricFamily("kpiboard_broker_up", "1 while the broker (Valkey) answers.", 1)
        tasks = GaugeMetricFamily("kpiboard_queue_tasks", "Tasks at the broker: waiting for a worker, or taken by one and not finished.", labels=["state"])
        tasks.add_metric(["waiting"], float(waiting))  # type: ignore[arg-type]
        tasks.add_metric(["taken"], float(taken))  # type: ignore[arg-type]
        yield tasks


class Replica(Collector):
    """Whether the replica answers and how far it is behind; nothing where there is none."""

    def describe(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("kpiboard_replica_up", "1 while the replica answers and follows this database.")
        yield GaugeMetricFamily("kpiboard_replica_lag_bytes", "What the primary has written and the replica has not replayed yet, in bytes of the log.")
        yield GaugeMetricFamily("kpiboard_replica_lag_seconds", "How old the last change is that the replica shows, while it is behind; else 0.")

    def collect(self) -> Iterator[Metric]:
        if not replica.is_configured():
            return
        found = replica.health()
        values = (float(found.state == "ok"), found.behind_bytes, found.behind_seconds)
        for family, value in zip(self.describe(), values, strict=True):
            if value is not None:
                family.add_metric([], value)  # type: ignore[attr-defined]
                yield family
