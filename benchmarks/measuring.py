"""benchmarks/run: makes companies, measures the parts one after another, reports."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg

from benchmarks import company, machine
from benchmarks.company import SIZES
from benchmarks.company.sizes import SMALLER
from benchmarks.parts import boards, changing, counting, importing, plain, plans, space
from benchmarks.report import Report
from benchmarks.results import Result
from benchmarks.running import Run, recount
from benchmarks.stage import Stage
from script.house import places, signals, stores
from script.house.environment import ROOT
from script.house.places import Place
from script.house.postgres import Postgres
from script.house.progress import say
from script.house.supervisor import Supervisor

PARTS: dict[str, Callable[[Run], list[Result]]] = {
    "boards": boards.measure,
    "plain_sql": plain.measure,
    "recount": counting.measure,
    "changes": changing.measure,
    "import": importing.measure,
    "space": space.measure,
    "plans": plans.measure,
}
OF_AN_INSTALLATION = ("DATABASE_URL", "REDIS_URL", "DATABASE_POOL_SIZE", "DATABASE_PREPARES", "DEBUG", "KPIBOARD_SECURE", "ALLOWED_HOSTS", "SECRET_KEY")


def main(arguments: list[str]) -> int:
    options = _parse(arguments)
    signals.interrupt_on_stop()
    for name in OF_AN_INSTALLATION:  # what a person set for their own installation must not be measured, nor touched
        os.environ.pop(name, None)
    with _folder(options.folder, is_kept=options.keep) as folder:
        place = places.temporary(folder)
        place.prepare()
        with Supervisor(place.data / "children.json") as supervisor:
            report = _measured(place, supervisor, options, arguments)
    sys.stdout.write(report.json() if options.json else report.table())
    if options.report:
        options.report.write_text(report.markdown(), encoding="utf-8")
    return 1 if report.failed else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description="Make a company, measure KPIBoard on it, compare with the limits.")
    parser.add_argument("--size", choices=SIZES, default="S", help="S: 0.1 million deals, M: 1 million, L: 5 million (default: S)")
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"measure only some parts: {', '.join(PARTS)}")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as Markdown, too")
    parser.add_argument(
        "--folder", type=Path, help="where the data is kept meanwhile (default: a temporary folder); an earlier run's company there is used again"
    )
    parser.add_argument("--keep", action="store_true", help="leave the folder and say where it is")
    return parser.parse_args(arguments)


@contextmanager
def _folder(wanted: Path | None, *, is_kept: bool) -> Iterator[Path]:
    """A folder for the servers' data, short enough for the sockets in it; a temporary one goes, unless it is kept."""
    if wanted is None and not is_kept:
        with tempfile.TemporaryDirectory(prefix="kpiboard-benchmark-", dir="/tmp") as temporary:
            yield Path(temporary)
        return
    folder = wanted.absolute() if wanted else Path(tempfile.mkdtemp(prefix="kpiboard-benchmark-", dir="/tmp"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        say(f"The data is in {folder}")


def _measured(place: Place, supervisor: Supervisor, options: argparse.Namespace, arguments: list[str]) -> Report:
    """Start the servers, make what is missing, measure part by part."""
    started = time.localtime()
    base = stores.start(place, supervisor)
    names = [options.size, *([SMALLER[options.size]] if options.size in SMALLER else [])]
    stages = [Stage(SIZES[name], place, supervisor, base) for name in names]
    for stage in stages:
        _make(stage)
    stages[0].manage("collectstatic", "--noinput", "--clear")
    for stage in stages:
        stage.serve()
    run = Run(stages[0], stages[1] if len(stages) > 1 else None)
    parts = {}
    for name, measure in PARTS.items():
        if not options.only or name in options.only:
            say(f"Measuring {name}")
            parts[name] = measure(run)
    with run.stage.connect() as connection:
        told = machine.description(connection)
    command = " ".join(["benchmarks/run", *arguments])
    return Report(run.stage.size.name, date(*started[:3]), _commit(), command, _sentence(run), told, parts, run.notes)


def _make(stage: Stage) -> None:
    """Make the company and count it, unless this folder has it already."""
    with psycopg.connect(Postgres(stage.place).url("postgres"), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [stage.database]).fetchone():
            return
        connection.execute(f"CREATE DATABASE {stage.database}")
    started = time.monotonic()
    say(f"Making the company {stage.size.name}: tables")
    stage.manage("migrate", "--noinput")
    with stage.connect() as connection:
        company.make(connection, stage.size, tell=lambda part: say(f"Making the company {stage.size.name}: {part}"))
        company.tidy(connection)
    say(f"Made the company {stage.size.name} in {time.monotonic() - started:.0f} s")
    recount(stage, 2)


def _sentence(run: Run) -> str:
    size = run.stage.size
    facts, _of_facts, _of_sums = space.sizes(run)
    return f"Size {size.name}: {size.deals:,} deals, {facts:,} facts in all, {size.reps:,} reps in {size.teams:,} teams, 36 months."


def _commit() -> str:
    told = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return told.stdout.strip() or "unknown"
