"""The two servers that KPIBoard stands on: a person's own where an address says so, else embedded ones."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from . import places, postgres, valkey
from .environment import ROOT
from .places import Place
from .postgres import Postgres
from .progress import Refusal, tail
from .supervisor import Program, Supervisor
from .valkey import Valkey

PATIENCE = 60.0  # a cluster that was killed replays its log first


def start(place: Place, supervisor: Supervisor, *, is_lasting: bool = True) -> dict[str, str]:
    """Start the servers that no address is given for, wait until they answer, and return every part's environment."""
    database = None if is_lasting and os.environ.get("DATABASE_URL") else Postgres(place, is_lasting)
    broker = None if is_lasting and os.environ.get("REDIS_URL") else Valkey(place, is_lasting)
    for server in (database, broker):
        if server:
            supervisor.start(server.program())
    if database:
        _wait(supervisor, "postgres", lambda: postgres.is_answering(database))
        postgres.ensure_database(database)
    if broker:
        _wait(supervisor, "valkey", lambda: valkey.is_answering(broker))
    addresses = {"DATABASE_URL": database.url() if database else None, "REDIS_URL": broker.url if broker else None}
    return environ(place, {name: address for name, address in addresses.items() if address})


def are_all_given() -> bool:
    """Say whether nothing has to be started, because both addresses are the person's own."""
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def environ(place: Place, addresses: dict[str, str]) -> dict[str, str]:
    """What web, worker, beat and management commands are told; what the person has set stands."""
    misleading = {"PYTHONPATH", "PYTHONHOME"}
    given = {name: value for name, value in os.environ.items() if name not in misleading}
    return {
        "KPIBOARD_SECURE": "0",  # plain http on loopback
        "SECRET_KEY": places.secret(place.data / "secret-key"),
        "PATH": os.defpath,
        **given,
        "DJANGO_SETTINGS_MODULE": "kpiboard.settings",
        "KPIBOARD_VAR": str(place.data),
        **addresses,
    }


def manage(*arguments: str | Path) -> list[str]:
    """The words that run a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *(str(argument) for argument in arguments)]


def _wait(supervisor: Supervisor, name: str, is_answering: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    program: Program = supervisor.runs[name].program
    while not is_answering():
        if not supervisor.is_running(name):
            raise Refusal(f"{name} did not start. Read {program.log}, which ends:{tail(program.log)}")
        if time.monotonic() > deadline:
            raise Refusal(f"{name} did not answer for {PATIENCE:.0f} s. Read {program.log}, which ends:{tail(program.log)}")
        time.sleep(0.03)
