"""Run one command in the person's terminal, as if they had started it themselves."""

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from . import processes

SIGNALLED = 128  # what shells add to the number of the signal that ended a command


def call(argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> int:
    """Return the command's exit code. Signals to end reach it, and we wait until it has ended."""
    process = processes.start(argv, env=env, cwd=cwd, is_own_session=False)
    before = {sign: signal.signal(sign, _passing_on(process, sign)) for sign in (signal.SIGTERM, signal.SIGHUP)}
    try:
        code = _ended(process)
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    return code if code >= 0 else SIGNALLED - code


def _ended(process: "subprocess.Popen[str]") -> int:
    while True:
        with suppress(KeyboardInterrupt):  # the terminal has told the command as well; it decides what to do
            return process.wait()


def _passing_on(process: "subprocess.Popen[str]", sign: signal.Signals) -> Callable[..., None]:
    def pass_on(*_: object) -> None:
        process.send_signal(sign)

    return pass_on
