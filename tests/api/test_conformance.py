"""Whatever is sent, in every role: never a failure, and always an answer as the description says.

KPIBOARD_CONFORMANCE=100 asks a hundred times of every operation, right and wrong, instead of what there is time for every day.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode

from tests import ground as grounds
from tests import make
from tests import people as cast
from tests.api.world import CASES
from tests.people import People

TIMES = int(os.environ.get("KPIBOARD_CONFORMANCE", "0"))
ROLES = ("carol", "bob", "alice", "erin")
NAMES = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
Operation = Any


def furnish() -> tuple[People, dict[str, int], dict[str, str]]:
    """People with tokens, and one row of every kind, by its number."""
    people = cast.arrive()
    rows = {prefix: case.make(people, "alice").pk for prefix, case in CASES.items()}
    rows["boards"] = make.board(people.carol, "figure").pk
    return people, rows, {name: make.token(people.users[name]) for name in ROLES}


ground = grounds.ground(furnish)


@pytest.fixture(scope="module")
def operations(ground: Any) -> Iterator[list[Operation]]:
    """Every operation that is described, of the site as servers see it; but for the connection, which stays the one of the ground."""
    load_all_checks()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())
    yield [found.ok() for found in schema.get_all_operations()]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def chosen(operations: list[Operation], role: int) -> list[tuple[Operation, GenerationMode, int]]:
    """What is asked in a role: with a longer time everything, else every operation by some role, right by one and wrong by the next."""
    if TIMES:
        return [(operation, mode, TIMES) for operation in operations for mode in MODES]
    return [(operation, MODES[(place // len(ROLES)) % 2], 1) for place, operation in enumerate(operations) if (place + role) % len(ROLES) == 0]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROLES)
def test_every_answer_is_as_described_and_none_is_a_failure(name: str, ground: Any, operations: list[Operation]) -> None:
    _people, rows, tokens = ground
    checks = CHECKS.get_by_names(NAMES)
    for operation, mode, times in chosen(operations, ROLES.index(name)):
        with suppress(Unsatisfiable):  # nothing wrong can be asked of what takes nothing
            asks(operation, mode, times, lambda case: answered(case, rows, tokens[name], checks))()


def asks(operation: Operation, mode: GenerationMode, times: int, holds: Callable[[Any], None]) -> Callable[[], None]:
    """Ask of one operation so many times; the same each day."""
    options = settings(
        max_examples=times,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if not TIMES else [Phase.explicit, Phase.generate, Phase.shrink],
    )
    return options(given(case=operation.as_strategy(generation_mode=mode))(holds))


def answered(case: Any, rows: dict[str, int], token: str, checks: Any) -> None:
    """Send one request and look at its answer; what it wrote is undone. A number in its address is that of a row that is there."""
    prefix = case.operation.path.removeprefix("/api/v1/").split("/")[0]
    if isinstance(case.path_parameters, dict) and isinstance(case.path_parameters.get("id"), int):
        case.path_parameters["id"] = rows.get(prefix, 1)
    with transaction.atomic():
        response = case.call(headers={"Authorization": f"Token {token}"})
        transaction.set_rollback(True)
    case.validate_response(response, checks=checks)
