"""What the scripts tell the person who started them: on standard error, so that standard output stays the command's."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

STARTED = "KPIBOARD_STARTED"  # handed on to ourselves inside the environment, so that the seconds go on
_started = float(os.environ.pop(STARTED, time.monotonic()))
INTERRUPTED = 130


class Refusal(Exception):
    """Something the person can mend; the text says what is wrong and what to do."""


def say(text: str) -> None:
    sys.stderr.write(f"[{time.monotonic() - _started:5.1f} s] {text}\n")
    sys.stderr.flush()


def hand_on() -> None:
    os.environ[STARTED] = str(_started)


def quiet(text: str) -> None:
    """Take the place of `say` where a command's output is read by a program."""


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented, to stand under a refusal."""
    if not log.exists():
        return ""
    kept = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "".join(f"\n    {line}" for line in kept)


def run(main: Callable[[], int]) -> NoReturn:
    """Run a script to its exit code; a refusal is told without a traceback."""
    try:
        code = main()
    except Refusal as refusal:
        sys.stderr.write(f"\nKPIBoard: {refusal}\n")
        code = 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)
