"""What a killed supervisor has left running: remembered in a file, ended by the next start."""

import json
import os
import signal
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import processes
from .progress import Refusal, say

PATIENCE = 15.0


@dataclass(frozen=True)
class Child:
    """One process of ours: its number, its birth (numbers come round again), and the signal that stops it kindly."""

    pid: int
    born: str
    stop_with: int

    @property
    def is_alive(self) -> bool:
        return processes.birth(self.pid) == self.born


def remember(file: Path, pids: Mapping[int, signal.Signals]) -> None:
    """Write down the children of this moment, all or nothing."""
    known = [{"pid": pid, "born": born, "stop_with": int(sign)} for pid, sign in pids.items() if (born := processes.birth(pid))]
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(known), encoding="utf-8")
    draft.replace(file)


def recall(file: Path) -> list[Child]:
    with suppress(FileNotFoundError, json.JSONDecodeError, TypeError):  # a machine that lost its power left half a file
        return [Child(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    return []


def end(file: Path) -> None:
    """End what an earlier supervisor left behind, and wait for it: two servers must never share one data folder."""
    _end(recall(file))
    file.unlink(missing_ok=True)


def end_one(pid: int, stop_with: signal.Signals) -> None:
    """End one process that was found by other means, and wait for it."""
    if born := processes.birth(pid):
        _end([Child(pid, born, int(stop_with))])


def _end(children: Iterable[Child]) -> None:
    left = [child for child in children if child.is_alive]
    if not left:
        return
    say(f"Stopping what an earlier start left running (processes {', '.join(str(child.pid) for child in left)})")
    _signal(left, None)
    if _gone(left, PATIENCE):
        return
    _signal(left, signal.SIGKILL)
    if not _gone(left, PATIENCE):
        numbers = ", ".join(str(child.pid) for child in left if child.is_alive)
        raise Refusal(f"Processes of an earlier start will not end: {numbers}. End them and start again.")


def _signal(children: Iterable[Child], sign: signal.Signals | None) -> None:
    for child in children:
        if child.is_alive:
            with suppress(ProcessLookupError):
                os.kill(child.pid, sign or child.stop_with)


def _gone(children: Iterable[Child], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while any(child.is_alive for child in children):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
