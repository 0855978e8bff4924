"""Start a process so that it never outlives us, and tell it from any other process that has its number."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from . import signals
from .accounts import Account

IS_LINUX = sys.platform.startswith("linux")
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if IS_LINUX else None


def start(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    output: int | IO[Any] | None = None,
    dies_with: signal.Signals = signal.SIGTERM,
    is_own_session: bool = True,
) -> "subprocess.Popen[str]":
    """Start a child that gets `dies_with` from the kernel when we die, even by kill -9 (Linux; see `strays` for macOS)."""
    # Python forgets an interruption that is raised while a fork's own hooks run: it waits until the child is there.
    with signals.held_back() as let_through:
        return subprocess.Popen(
            [str(part) for part in argv],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL if is_own_session else None,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            text=True,
            start_new_session=is_own_session,
            preexec_fn=_in_the_child(let_through, _bound_to_parent(dies_with)),
            **as_account(account),
        )


def as_account(account: Account | None) -> dict[str, Any]:
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def _in_the_child(*steps: Callable[[], object] | None) -> Callable[[], None]:
    def take() -> None:
        for step in steps:
            if step:
                step()

    return take


def _bound_to_parent(sign: signal.Signals) -> Callable[[], None] | None:
    if _libc is None:
        return None
    parent, libc = os.getpid(), _libc

    def bind() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it died between the fork and this line
            os.kill(os.getpid(), signal.SIGKILL)

    return bind


def run(argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path, account: Account | None, output: int | IO[Any]) -> int:
    """Run a child to its end and return its exit code; interrupted, it does not outlive the interruption."""
    process = start(argv, env=env, cwd=cwd, account=account, output=output)
    try:
        return process.wait()
    finally:
        end_group(process)


def end(process: "subprocess.Popen[str]", sign: signal.Signals, *, patience: float) -> None:
    """Ask a child to stop and wait; then end whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    end_group(process)


def end_group(process: "subprocess.Popen[str]") -> None:
    """End the children that a dead or deaf process has left in its session."""
    with suppress(ProcessLookupError, PermissionError):  # macOS answers a group of zombies with EPERM
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def birth(pid: int) -> str | None:
    """When the living process of this number was born, as the system tells it; None if there is none."""
    return _birth_by_proc(pid) if IS_LINUX else _birth_by_ps(pid)


def _birth_by_proc(pid: int) -> str | None:
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if after_name[0] in "ZX" else after_name[19]


def _birth_by_ps(pid: int) -> str | None:
    told = subprocess.run(["ps", "-o", "stat=", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    state, _, born = told.partition(" ")
    return None if not told or state.startswith("Z") else born.strip()


def command_line(pid: int) -> str:
    """The words a living process was started with; empty if there is none."""
    if IS_LINUX:
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
