"""How many requests each signed-in person, integration or address has in a minute, and the headers that say so.

Counted in Valkey, for all web workers together. The headers are those of the IETF's draft “RateLimit header fields for HTTP”.
"""

import logging
from functools import cache
from typing import Any

from django.conf import settings
from redis import Redis, RedisError
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from apps.accounts.throttling import client_ip
from apps.core import clock

log = logging.getLogger(__name__)

WINDOW = 60  # seconds


class Limit(BaseThrottle):
    """So many requests a minute; where nothing can be counted, nobody is turned away."""

    def allow_request(self, request: Request, view: Any) -> bool:
        is_known = bool(request.user and request.user.is_authenticated)
        most = settings.API_REQUESTS_A_MINUTE if is_known else settings.API_REQUESTS_OF_STRANGERS_A_MINUTE
        if not most:
            return True
        who = f"{request.auth.pk if request.auth else request.user.pk}" if is_known else client_ip(request._request)
        number, passed = divmod(int(clock.now().timestamp()), WINDOW)
        self.left = WINDOW - passed
        try:
            used = count(f"kpiboard:requests:{who}:{number}")
        except RedisError as error:
            log.warning("requests are not counted: %s", error)
            return True
        view.headers["RateLimit-Policy"] = f'"requests";q={most};w={WINDOW}'
        view.headers["RateLimit"] = f'"requests";r={max(most - used, 0)};t={self.left}'
        return used <= most

    def wait(self) -> float:
        return self.left


def counted(error: exceptions.APIException, request: Request, view: Any) -> exceptions.APIException:
    """Count what was refused before anything else was looked at, such as a wrong token; return what to answer."""
    limit = Limit()
    is_counted = "RateLimit" in view.headers
    return error if is_counted or limit.allow_request(request, view) else exceptions.Throttled(limit.wait())


def count(key: str) -> int:
    """Count one more, and return how many there are now."""
    with valkey().pipeline() as together:
        together.incr(key)
        together.expire(key, 2 * WINDOW)
        used, _is_kept = together.execute()
    return int(used)


@cache
def valkey() -> Redis:
    return Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
