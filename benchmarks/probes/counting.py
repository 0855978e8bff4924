"""Counts as a worker does, and times it."""

import sys
from random import Random
from time import perf_counter, sleep

from django.db import connection

from apps.core import clock
from apps.kpis import jobs, rollup
from apps.kpis.locks import waiting_unit
from apps.kpis.models import DirtyCell, Job
from benchmarks.changes import OF_QUARTER, one


def plan() -> int:
    """Ask for everything to be counted from nothing; workers that wait begin at once."""
    with waiting_unit():
        rollup.count_everything(Job.Reason.ASKED, clock.today())
    return Job.objects.latest("started_at").units.count()


def work() -> list[tuple[int, int]]:
    """Wait for a job and take its units until it is done; return the progress that was shown."""
    shown: list[tuple[int, int]] = []
    jobs.is_open()
    _say_ready()
    while not jobs.is_open():
        sleep(0.01)
    jobs.work(told=lambda done, total: shown.append((done, total)), wait=True)
    return shown


def drain() -> tuple[int, float]:
    """Wait until there are changes, and count them beside others who do; return the cells that were recounted, and the seconds it took from then on."""
    rollup.drain(on=clock.today(), wait=True)
    _say_ready()
    while not DirtyCell.objects.exists():
        sleep(0.005)
    started = perf_counter()
    return rollup.drain(on=clock.today(), wait=True), perf_counter() - started


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def one_deal(*, times: int, team: int) -> list[float]:
    """Change one won deal of the quarter after another; return how long each took to count."""
    rollup.drain(on=clock.today(), wait=True)
    with connection.cursor() as cursor:
        cursor.execute(OF_QUARTER, {"team": team})
        deals = [pk for (pk,) in cursor.fetchall()]
        taken = []
        for pk in Random(1).choices(deals, k=times + 3):
            cursor.execute(*one(pk))
            started = perf_counter()
            rollup.drain(on=clock.today(), wait=True)
            taken.append(perf_counter() - started)
    return taken[3:]
