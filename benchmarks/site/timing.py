"""Says in a header of every answer how long the server took for it, and how often it asked the database."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

SECONDS, QUERIES = "X-Seconds", "X-Queries"


class Timing:
    """Stands before everything else, so that it times all of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started, asked = perf_counter(), Counter()
        with connection.execute_wrapper(asked):
            response = self.get_response(request)
        response[SECONDS], response[QUERIES] = f"{perf_counter() - started:.6f}", str(asked.count)
        return response


class Counter:
    """Counts the statements that go through it."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.count += 1
        return execute(*arguments)
