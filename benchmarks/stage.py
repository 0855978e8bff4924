"""Where a company is measured: its database on the servers of this run, and the product's own programs in front of it."""

import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.company import SIZES, Size
from benchmarks.company.sizes import LAST, REGIONS
from benchmarks.visitor import Visitor
from script.house import board_check, ports, processes, programs, stores
from script.house.environment import ROOT
from script.house.places import Place
from script.house.postgres import Postgres
from script.house.progress import Refusal, tail
from script.house.supervisor import SECONDS_TO_STOP, Supervisor

PROBE = ("-m", "benchmarks.probes")
TEAM = REGIONS + 1  # the first team below the groups, whose board is measured
VIEWERS = 16


@dataclass(frozen=True)
class Told:
    """What a probe answers, how long it took after its start, and the most memory it had."""

    answer: Any
    seconds: float
    peak: int


@dataclass
class Stage:
    """One company: its database, its environment, and who is signed in there."""

    size: Size
    place: Place
    supervisor: Supervisor
    base: Mapping[str, str]
    port: int = 0

    @property
    def database(self) -> str:
        return f"company_{self.size.name.lower()}"

    @property
    def url(self) -> str:
        return Postgres(self.place).url(self.database)

    @cached_property
    def env(self) -> dict[str, str]:
        number = list(SIZES).index(self.size.name) if self.size.name in SIZES else 9
        return {
            **self.base,
            "DATABASE_URL": self.url,
            "REDIS_URL": self.base["REDIS_URL"].replace("db=0", f"db={number}"),
            "DJANGO_SETTINGS_MODULE": "benchmarks.site.settings",
            "PYTHONPATH": str(ROOT),
            "LOG_LEVEL": "WARNING",
            "DEBUG": "0",
        }

    def connect(self) -> "psycopg.Connection[Any]":
        """Open a connection of our own, on the company's day."""
        return psycopg.connect(self.url, autocommit=True, options=f"-c kpiboard.today={LAST} -c pgtrigger.ignore={{}}")

    @cached_property
    def sessions(self) -> dict[str, str]:
        """The sessions of those who look at boards, by their names."""
        found: dict[str, str] = self.ask("sessions", managers=VIEWERS).answer
        return found

    def visitor(self, name: str) -> Visitor:
        return Visitor(self.port, self.sessions[name])

    # --- Programs -------------------------------------------------------------------------------------
    def serve(self) -> None:
        """Start the web server as the product starts it, and wait until it is ready."""
        self.port = ports.choose(None)
        self._start("web")
        name = f"web-{self.size.name}"
        if not board_check.wait_until_ready(f"http://{programs.HOST}:{self.port}/", patience=60, is_alive=lambda: self.supervisor.is_running(name)):
            raise Refusal(f"The web server did not become ready. Its log ends:{tail(self.supervisor.runs[name].program.log)}")

    def serve_again(self) -> None:
        """Start the web server afresh, so that its connections see the database's settings of now."""
        self.stop(f"web-{self.size.name}")
        self.serve()

    def stop(self, name: str) -> None:
        run = self.supervisor.runs.pop(name)
        processes.end(run.process, run.program.stop_with, patience=SECONDS_TO_STOP)

    @contextmanager
    def counting(self) -> Iterator[list[int]]:
        """Let worker and beat run for a while; gives their processes."""
        names = [self._start("worker"), self._start("beat")]
        try:
            yield [self.supervisor.runs[name].process.pid for name in names]
        finally:
            for name in reversed(names):
                self.stop(name)

    def _start(self, kind: str) -> str:
        program = next(one for one in programs.all_of(self.place, self.env, self.port) if one.name == kind)
        name = f"{kind}-{self.size.name}"
        self.supervisor.start(replace(program, name=name, log=self.place.logs / f"{name}.log"))
        return name

    # --- Probes ---------------------------------------------------------------------------------------
    def ask(self, probe: str, **arguments: Any) -> Told:
        """Run a probe in a process of its own and return what it tells."""
        return self.begin(probe, **arguments).told()

    def begin(self, probe: str, **arguments: Any) -> "Running":
        log = self.place.logs / f"probe-{time.monotonic_ns()}.log"
        argv = (sys.executable, *PROBE, probe, json.dumps(arguments))
        with log.open("wb") as output:
            return Running(processes.start(argv, env=self.env, cwd=ROOT, output=output), log, probe)

    def manage(self, *arguments: str) -> None:
        """Run a management command whose words matter only when it fails."""
        log = self.place.logs / f"{arguments[0]}.log"
        with log.open("wb") as output:
            code = processes.run(stores.manage(*arguments), env=self.env, cwd=ROOT, account=None, output=output)
        if code:
            raise Refusal(f"{arguments[0]} failed:{tail(log)}")


@dataclass(frozen=True)
class Running:
    """A probe that has been started."""

    process: Any
    log: Path
    name: str

    @property
    def lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()

    def wait_until_ready(self) -> None:
        while "ready" not in self.lines:
            if self.process.poll() is not None:
                raise Refusal(f"The probe {self.name} ended early:{tail(self.log)}")
            time.sleep(0.02)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def told(self) -> Told:
        try:
            code = self.process.wait()
        finally:
            processes.end_group(self.process)
        if code:
            raise Refusal(f"The probe {self.name} failed:{tail(self.log, 40)}")
        return Told(**json.loads(self.lines[-1]))
