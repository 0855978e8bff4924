"""One run: the companies that were made for it, and what several parts need to know of them, measured once."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from benchmarks.results import median
from benchmarks.stage import TEAM, Stage, Told
from benchmarks.visitor import Visitor
from script.house.progress import say

TEAM_BOARD = f"/boards/team/{TEAM}/"
ENOUGH, WARM = 60, 8


@dataclass(frozen=True)
class Recount:
    """One count of everything: how long it took, by the database's clock, and what its workers told."""

    seconds: float
    units: int
    workers: list[Told]


@dataclass
class Run:
    """What is measured, what it is compared with, and what the parts have found out on the way."""

    stage: Stage
    smaller: Stage | None
    recounts: list[Recount] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @cached_property
    def board_seconds(self) -> float:
        """The median time in which the server makes the manager's board, with nothing else going on."""
        manager = self.stage.visitor("manager1")
        return median([manager.get(TEAM_BOARD).server_seconds for _time in range(ENOUGH)][WARM:])

    @cached_property
    def recounted_by_one(self) -> Recount:
        return self.recount(1)

    @cached_property
    def recounted_by_two(self) -> Recount:
        return self.recount(2)

    def recount(self, workers: int, *, meanwhile: Callable[[], None] | None = None) -> Recount:
        """Count everything from nothing with some workers; `meanwhile` is called again and again until they are done."""
        found = recount(self.stage, workers, meanwhile=meanwhile)
        self.remember("a worker that counts everything", *(told.peak for told in found.workers))
        return found

    def remember(self, what: str, *peaks: int) -> None:
        """Keep the most memory that a process has had at some work."""
        self.peaks[what] = max(self.peaks.get(what, 0), *peaks)


def recount(stage: Stage, workers: int, *, meanwhile: Callable[[], None] | None = None) -> Recount:
    """Count everything of a company from nothing: workers stand ready, then the job is planned."""
    begun = [stage.begin("work") for _worker in range(workers)]
    for worker in begun:
        worker.wait_until_ready()
    units = stage.ask("plan").answer
    while any(worker.is_running for worker in begun):
        if meanwhile:
            meanwhile()
        else:
            time.sleep(0.05)
    told = [worker.told() for worker in begun]
    with stage.connect() as connection:
        row = connection.execute("SELECT extract(epoch FROM finished_at - started_at) FROM kpis_job ORDER BY id DESC LIMIT 1").fetchone()
        connection.execute("VACUUM ANALYZE")  # as autovacuum would after a while
    assert row is not None
    say(f"counted everything of {stage.size.name} with {workers} in {row[0]:.1f} s")
    return Recount(float(row[0]), units, told)


def visitors(stage: Stage, *names: str) -> list[Visitor]:
    return [stage.visitor(name) for name in names]
