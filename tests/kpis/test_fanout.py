"""A recount is shared out: real workers take its units, one that is killed loses nothing, and a task that comes twice changes nothing."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection, transaction
from redis import Redis

from apps.core import periods
from apps.kpis import catalogue, jobs, reading, rollup
from apps.kpis.locks import waiting_unit
from apps.kpis.models import Count, Job, MeasureDay, SharedDay, Snapshot, Unit
from kpiboard.celery import app
from script.house import processes
from script.house.environment import ROOT
from tests import make, oracle
from tests.conftest import Day
from tests.kpis.histories import Company
from tests.people import People
from tests.script.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

BROKER = 8  # a database of the test's Valkey that nothing else uses
PLAIN = [sys.executable, "-m", "celery", "-A", "kpiboard"]
Stored = dict[str, set[tuple[Any, ...]]]


class House:
    """Workers and beat, as processes, at work on the test's database."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.running: dict[str, subprocess.Popen[str]] = {}

    def start(self, *names: str) -> None:
        """Start workers by any names, or `beat`; the database knows each by its name."""
        for name in names:
            words = ["beat", "--schedule", str(self.folder / "schedule")] if name == "beat" else ["worker", "--concurrency", "1", "--hostname", f"{name}@%h"]
            with (self.folder / f"{name}.log").open("w") as log:
                self.running[name] = processes.start([*PLAIN, *words], env=self.env | {"PGAPPNAME": name}, cwd=ROOT, output=log)

    def kill(self, name: str) -> None:
        """Kill a worker and its children, as a machine that loses its power does."""
        processes.end_group(self.running.pop(name))

    def end(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            processes.end(process, signal.SIGTERM, patience=20)

    def says(self) -> str:
        """What the programs have logged, to be read when a test fails."""
        return "\n".join(f"{file.name}:\n{file.read_text()[-2000:]}" for file in self.folder.glob("*.log"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    broker = re.sub(r"(\?db=|/)\d+$", rf"\g<1>{BROKER}", os.environ["REDIS_URL"])
    assert broker != os.environ["REDIS_URL"]
    house = House(tmp_path, {**os.environ, "DATABASE_URL": database, "REDIS_URL": broker})
    with Redis.from_url(broker) as valkey:
        valkey.flushdb()
        try:
            yield house
        finally:
            house.end()
            valkey.flushdb()


@pytest.fixture
def on(day: Day) -> date:
    """Today as the workers know it: nobody freezes the clock for them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_date")
        return day.to(cursor.fetchone()[0])


@pytest.fixture
def company(people: People, on: date, monkeypatch: pytest.MonkeyPatch) -> Company:
    """More than a year of deals, leads and activities, counted; a recount of them has many units."""
    company = Company()
    for n in range(30):
        rep, opened = company.reps[n % 3], on - timedelta(days=400 - 13 * n)
        closed = {} if n % 4 == 3 else {"won" if n % 4 else "lost": opened + timedelta(days=9)}
        make.deal(rep=rep, created=opened, amount=100 + n, expected=opened + timedelta(days=30), customer=company.customers[n % 2], **closed)
        make.lead(rep=rep, created=opened)
        make.activity(rep=rep, done=opened + timedelta(days=1))
    shared = make.deal(rep=company.reps[0], created=on - timedelta(days=50), won=on - timedelta(days=40), amount=1000)
    make.credit(shared, **{str(company.reps[0].pk): 60, str(company.reps[1].pk): 40})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    monkeypatch.setattr(jobs, "ROWS", 2)
    rollup.drain(on=on, wait=True)
    return company


def stored() -> Stored:
    """All that is stored."""
    tables = {"days": MeasureDay, "shared days": SharedDay, "snapshots": Snapshot}
    return {
        name: {tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in model.objects.values_list(*_columns(model))}
        for name, model in tables.items()
    }


def _columns(model: Any) -> list[str]:
    return [field.name for field in model._meta.fields if field.name != "pk"]


def plan(on: date) -> Job:
    with waiting_unit():
        rollup.count_everything(Job.Reason.ASKED, on)
    return Job.objects.get(finished_at=None)


def spoil() -> None:
    """Make every stored sum wrong, so that only a count from the records makes it right."""
    with connection.cursor() as cursor:
        for table in ("kpis_measureday", "kpis_sharedday", "kpis_snapshot"):
            cursor.execute(f"UPDATE {table} SET amounts[1] = amounts[1] + 7")
            assert cursor.rowcount


@contextmanager
def held(table: str) -> Iterator[None]:
    """Keep every row of a table from being replaced: whoever comes to one stands still in the middle of a unit."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT FROM {table} FOR UPDATE")
            assert cursor.rowcount
        yield


def standing() -> set[str]:
    """Which workers stand still in a unit."""
    return _sessions("wait_event_type = 'Lock'")


def _sessions(which: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same sessions for ever
        cursor.execute(f"SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}")
        return {name for (name,) in cursor.fetchall()}


def is_done(job: Job) -> Callable[[], bool]:
    return lambda: Job.objects.filter(pk=job.pk).exclude(finished_at=None).exists()


def prove(company: Company, on: date) -> None:
    """Hold every measure of every scope against the slow recount in plain Python."""
    world, calendar = oracle.World(), periods.calendar()
    for window in (calendar.containing("month", on - timedelta(days=40)), calendar.containing("year", on)):
        found = reading.amounts(catalogue.MEASURES, company.scopes, window, on=on)
        for scope in company.scopes:
            for measure, amount in found.of(scope).items():
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, on)
                assert round(amount, 4) == round(expected, 4), (measure, scope.key, window.key)


def test_two_workers_share_a_recount_that_shows_how_far_it_is_and_counts_what_one_counts(
    house: House, company: Company, on: date, client_of: Callable[[str], Any]
) -> None:
    counted, shown, carol = stored(), [], client_of("carol")
    spoil()
    job = plan(on)
    units = job.units.count()
    assert units > 40
    with held("kpis_measureday"):
        house.start("one", "two", "beat")
        assert until(lambda: {"one", "two"} <= standing()), house.says()
        done = job.units.exclude(finished_at=None).count()
        assert jobs.progress() == (done, units)
        assert f"{done} of {units} parts are done" in carol.get("/", follow=True).content.decode()

    def look() -> bool:
        if told := jobs.progress():
            shown.append(told)
        return is_done(job)()

    assert until(look), house.says()
    assert len({done for done, _all in shown}) > 3 and shown == sorted(shown) and {every for _done, every in shown} == {units}
    assert stored() == counted
    assert not Unit.objects.filter(job=job, finished_at=None).exists()
    prove(company, on)
    assert "parts are done" not in carol.get("/", follow=True).content.decode()


def test_a_worker_killed_in_the_middle_of_a_unit_loses_nothing_and_the_other_ends_the_job(house: House, company: Company, on: date) -> None:
    counted = stored()
    spoil()
    spoilt = {row for row in stored()["days"] if row[0] == "events"}
    job = plan(on)
    with held("kpis_sharedday"):  # one unit has a day that is shared, and has replaced its days by when it comes to that
        house.start("one", "two", "beat")
        assert until(lambda: len(standing() & {"one", "two"}) == 1), house.says()
        [victim] = standing() & {"one", "two"}
        house.kill(victim)
        assert until(lambda: victim not in _sessions("TRUE")), "the database ends the session of a worker that is gone, also in the middle of a statement"
        [left] = job.units.filter(finished_at=None, is_sum=False, stream="events").filter(
            start_on__lte=on - timedelta(days=40), end_on__gt=on - timedelta(days=40)
        )
        kept = {row for row in stored()["days"] if row[0] == "events" and left.start_on <= row[_columns(MeasureDay).index("day")] < left.end_on}
        assert kept and kept <= spoilt, "nothing of the unit is half-way there"
    assert until(is_done(job)), house.says()
    assert stored() == counted
    prove(company, on)


def test_a_task_that_is_sent_many_times_changes_nothing(house: House, company: Company, on: date, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = stored()
    spoil()
    job = plan(on)
    house.start("one", "two")

    def send(times: int) -> None:
        with app.connection_for_write(house.env["REDIS_URL"].replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)) as broker:
            for _time in range(times):
                app.send_task("apps.kpis.tasks.drain", connection=broker)

    send(6)
    assert until(is_done(job)), house.says()
    assert stored() == counted
    version = Count.objects.get().version
    with Redis.from_url(house.env["REDIS_URL"]) as valkey:
        assert until(lambda: not valkey.llen("celery") and not valkey.hlen("unacked"))
        send(6)
        assert until(lambda: not valkey.llen("celery") and not valkey.hlen("unacked"))
    assert stored() == counted and Count.objects.get().version == version and Job.objects.latest("pk") == job
