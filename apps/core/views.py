"""What a load balancer, an operator and a monitoring system ask: is it alive, is it ready, how is it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.registry import Collector
from redis import Redis, RedisError

from apps.core import metrics as collected
from apps.core import replica
from apps.core.metrics import BROKER_SECONDS


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; it asks neither the database nor the broker."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest, notes: Mapping[str, Callable[[], Any]] | None = None) -> JsonResponse:
    """Say whether boards can be served: the database answers and is migrated. Broker, replica and `notes` (dataclasses) are information."""
    database, waiting = _database()
    is_ready = database == "ok" and not waiting
    answer: dict[str, object] = {"ready": is_ready, "database": database, "migrations_waiting": waiting, "broker": _broker()}
    if replica.is_configured():
        answer["replica"] = asdict(replica.health())
    if is_ready:
        answer |= {name: asdict(note()) for name, note in (notes or {}).items()}
    return JsonResponse(answer, status=200 if is_ready else 503)


@require_safe
@never_cache
def metrics(request: HttpRequest, collectors: Iterable[Collector] = ()) -> HttpResponse:
    """Tell a monitoring system what collectors find now; who may not read it is told that there is nothing."""
    if not collected.may_read(request):
        return HttpResponseNotFound("Not found", content_type="text/plain")
    text, content_type = collected.written(collectors, request.headers.get("Accept", ""))
    return HttpResponse(text, content_type=content_type)


def _database() -> tuple[str, list[str]]:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"unreachable: {type(error).__name__}", []
    return "ok", [str(migration) for migration, _backwards in plan]


def _broker() -> str:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS) as broker:
            broker.ping()
    except RedisError as error:
        return f"unreachable: {type(error).__name__}"
    return "ok"
