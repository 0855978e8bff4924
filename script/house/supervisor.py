"""Keep programs running: start, restart with growing pauses, give up with a reason, stop all of them."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from . import processes, signals, strays
from .accounts import Account
from .progress import Refusal, say, tail

STEADY_SECONDS = 60.0  # who has run this long has not failed at starting
MOST_FAILURES = 5
LONGEST_PAUSE = 30.0
SECONDS_TO_STOP = 10.0
LARGEST_LOG = 10_000_000


@dataclass(frozen=True)
class Program:
    """One thing to keep running."""

    name: str
    argv: tuple[str | Path, ...]
    env: Mapping[str, str]
    cwd: Path
    log: Path
    account: Account | None = None
    stop_with: signal.Signals = signal.SIGTERM
    dies_with: signal.Signals = signal.SIGTERM
    is_store: bool = False  # stores start first and stop last


@dataclass
class Run:
    """A program's present process, and how it has fared lately."""

    program: Program
    process: "subprocess.Popen[str]"
    started_at: float
    failures: int = 0
    due_at: float | None = None


@dataclass
class Supervisor:
    """Every program of one installation; as a context manager it stops them all on the way out."""

    remembered: Path
    most_failures: int = MOST_FAILURES
    clock: Callable[[], float] = time.monotonic
    tell: Callable[[str], None] = say
    runs: dict[str, Run] = field(default_factory=dict)

    def __enter__(self) -> Self:
        strays.end(self.remembered)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with signals.ignored():
            self.stop()

    def start(self, program: Program) -> None:
        _rotate(program.log)
        self.runs[program.name] = Run(program, self._spawn(program), self.clock())
        self._remember()

    def _spawn(self, program: Program) -> "subprocess.Popen[str]":
        with program.log.open("ab") as log:
            return processes.start(
                program.argv,
                env=program.env,
                cwd=program.cwd,
                account=program.account,
                output=log,
                dies_with=program.dies_with,
            )

    def is_running(self, name: str) -> bool:
        return self.runs[name].process.poll() is None

    def look(self) -> None:
        """Look once at every program: note who has ended, start again whose pause is over. Raise Refusal on giving up."""
        for run in self.runs.values():
            _rotate(run.program.log)
            if run.due_at is not None:
                self._restart_if_due(run)
            elif run.process.poll() is not None:
                self._note_end(run)

    def _note_end(self, run: Run) -> None:
        processes.end_group(run.process)
        is_steady = self.clock() - run.started_at >= STEADY_SECONDS
        run.failures = 1 if is_steady else run.failures + 1
        name, log = run.program.name, run.program.log
        if run.failures > self.most_failures:
            raise Refusal(f"{name} ended {run.failures} times in a row soon after its start. Read {log}, which ends:{tail(log)}")
        pause = min(LONGEST_PAUSE, 2.0 ** min(run.failures - 1, 10)) if run.failures > 1 else 0.0
        run.due_at = self.clock() + pause
        self.tell(f"{name} ended ({_meaning(run.process.returncode)}); starting it again in {pause:.0f} s. Its log: {log}")

    def _restart_if_due(self, run: Run) -> None:
        if run.due_at is not None and self.clock() >= run.due_at:
            run.process, run.started_at, run.due_at = self._spawn(run.program), self.clock(), None
            self._remember()

    def renew(self, name: str) -> None:
        """Stop a program and start it afresh, as after a change of its code; earlier failures are forgiven."""
        run = self.runs[name]
        processes.end(run.process, run.program.stop_with, patience=SECONDS_TO_STOP)
        run.failures, run.due_at = 0, self.clock()
        self._restart_if_due(run)

    def signal(self, name: str, sign: signal.Signals) -> None:
        if self.is_running(name):
            self.runs[name].process.send_signal(sign)

    def stop(self) -> None:
        """Stop everything: first what uses the stores, all at once, then the stores."""
        for is_store in (False, True):
            wave = [run for run in self.runs.values() if run.program.is_store == is_store]
            for run in wave:
                if run.process.poll() is None:
                    run.process.send_signal(run.program.stop_with)
            for run in wave:
                try:
                    run.process.wait(SECONDS_TO_STOP)
                except subprocess.TimeoutExpired:
                    self.tell(f"{run.program.name} does not stop; ending it")
                processes.end_group(run.process)
        self.runs.clear()
        self.remembered.unlink(missing_ok=True)

    def _remember(self) -> None:
        living = {run.process.pid: run.program.stop_with for run in self.runs.values() if run.process.returncode is None}
        strays.remember(self.remembered, living)


def _rotate(log: Path) -> None:
    """Keep one earlier log beside the present one, so that neither grows without end."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        os.truncate(log, 0)  # whoever writes to it appends, and goes on at its new end


def _meaning(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
