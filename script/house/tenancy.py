"""Who uses a data folder: one holder at a time, and what others must know to use its servers with it."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from .progress import Refusal, say

SERVER, MANAGE = "server", "manage"
SECONDS_BEFORE_TELLING = 2.0


@dataclass(frozen=True)
class Holder:
    """The script that holds the folder; `addresses` of its servers are empty until others may use them."""

    pid: int
    command: str
    url: str
    addresses: dict[str, str]


@dataclass(frozen=True)
class Tenancy:
    """The folder, held by us until our process ends, however it ends."""

    file: TextIOWrapper
    command: str

    def announce(self, *, url: str = "", addresses: dict[str, str] | None = None) -> None:
        """Tell others who we are and, once they are ready, where our servers are."""
        self._write({"pid": os.getpid(), "command": self.command, "url": url, "addresses": addresses or {}})

    def _write(self, told: dict[str, Any]) -> None:
        self.file.seek(0)
        self.file.truncate()
        json.dump(told, self.file)
        self.file.flush()


@contextmanager
def held(data: Path, command: str) -> Iterator[Tenancy | Holder]:
    """Hold the folder, or get the running server that holds it. Another command's hold is waited for."""
    with _opened(data / "holder") as file:
        asked_at, is_told = time.monotonic(), False
        while not _try(file):
            holder = _read(file)
            if holder and holder.command == SERVER and (holder.addresses or command == SERVER):
                yield holder
                return
            if not is_told and time.monotonic() - asked_at > SECONDS_BEFORE_TELLING:
                say(f"Waiting for script/{holder.command if holder else SERVER}, which is using {data}")
                is_told = True
            time.sleep(0.1)
        tenancy = Tenancy(file, command)
        tenancy.announce()
        yield tenancy


@contextmanager
def _opened(path: Path) -> Iterator[TextIOWrapper]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # it will hold the database's password
    except PermissionError as error:
        raise Refusal(f"{path} belongs to another account, which started KPIBoard here before. Start it as that account.") from error
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        yield file


def _try(file: TextIOWrapper) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: TextIOWrapper) -> Holder | None:
    file.seek(0)
    try:
        return Holder(**json.loads(file.read()))
    except ValueError:  # it is being written in this moment
        return None
