"""Wait for something that another process does, at most for a while."""

import threading
from collections.abc import Callable
from pathlib import Path

from script.house import processes

PATIENCE = 60.0  # a busy machine is not a broken product
_never = threading.Event()


def until(happens: Callable[[], bool]) -> bool:
    """Ask again and again; say whether it happened in time."""
    for _ in range(int(PATIENCE / 0.02)):
        if happens():
            return True
        _never.wait(0.02)
    return False


def said(log: Path, words: str) -> None:
    assert until(lambda: log.exists() and words in log.read_text()), f"{log} never said {words!r}"


def gone(pid: int) -> bool:
    return until(lambda: processes.birth(pid) is None)
