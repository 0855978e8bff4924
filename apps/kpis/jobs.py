"""Counts much at once: a job is cut into units that several workers take, on as many machines as there are.

First the days of each stream are counted from the records, a slice of time per unit; then the snapshots of each stream are
summed. A unit is one transaction: a worker that is killed leaves it for the next. Boards answer from what was summed before.
"""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from math import ceil
from time import sleep

from django.db import connection

from apps.kpis import carrying, counting, layouts, packing, priority, reach, storing
from apps.kpis.layouts import Layout
from apps.kpis.locks import ROOM, marked, shared_unit
from apps.kpis.models import Job, Unit
from apps.kpis.recounts import CUT, lay_out, windows
from apps.kpis.storing import OWN, SHARED

Progress = Callable[[int, int], None]
ROWS = 2_000_000  # of a stream's table that one unit counts, more or less
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
PAUSE = 0.05
STANDING_KINDS = ("team", "region")
IN_ORDER = "SET LOCAL enable_hashagg = off"  # sums of many groups need more room than there is
IN_SLICE = "{day} >= %(start)s AND {day} < %(end)s"
PERIODS_OF_SLICE = """SELECT id, start_on, end_on, least(end_on, %(to)s::date + 1) AS cut_on FROM core_period
    WHERE grain <> 'day' AND start_on >= %(start)s AND start_on < %(end)s"""


def plan(reason: str, on: date, *, counting: Collection[Layout] | None = None) -> Job:
    """Write a job and its units: sums of every stream, after the days of some (without naming any, of all). Call it while nobody else counts."""
    Job.objects.filter(finished_at=None).delete()
    job = Job.objects.create(reason=reason, on=on)
    found = sorted(layouts.layouts().values(), key=lambda layout: -reach.rows(layout.stream))
    units = [Unit(job=job, stream=layout.key, is_sum=True) for layout in found]
    counted = [layout for layout in found if counting is None or layout in counting]
    units += [Unit(job=job, stream=layout.key, start_on=start, end_on=end) for layout in counted for start, end in slices(layout)]
    Unit.objects.bulk_create(units)
    return job


def slices(layout: Layout) -> list[tuple[date, date]]:
    """Cut all of time into slices that hold about as many rows each."""
    first, last = reach.days(layout.stream)
    if first is None or last is None:
        return [(FIRST, LAST)]
    if layout.is_windowed:  # a look at every state, for one period or for all
        return [(FIRST, LAST)]
    pieces = min(max(1, ceil(reach.rows(layout.stream) / ROWS)), max(1, (last - first).days // 28))
    step = timedelta(days=(last - first).days // pieces + 1)
    cuts = [FIRST, *(first + step * n for n in range(1, pieces)), LAST]
    return list(zip(cuts, cuts[1:], strict=False))


def is_open() -> bool:
    return Job.objects.filter(finished_at=None).exists()


def progress() -> tuple[int, int] | None:
    """Return the finished and all units of the open job, if there is one."""
    job = Job.objects.filter(finished_at=None).first()
    return (job.units.exclude(finished_at=None).count(), job.units.count()) if job else None


def work(*, told: Progress | None = None, wait: bool = False) -> bool:
    """Take units of the open job until none is left to take; say whether the job is done (or there is none).

    With `wait`, stay until other workers have finished theirs.
    """
    while True:
        state = _take_one()
        if told and (counts := progress()):
            told(*counts)
        if state == "done":
            return True
        if state == "busy":
            if not wait:
                return False
            sleep(PAUSE)


def _take_one() -> str:
    """Do one unit: "worked", "done" when no unit is left, "busy" when what is left is others'."""
    with shared_unit() as is_ours:
        if not is_ours:
            return "busy"
        job = Job.objects.filter(finished_at=None).first()
        if job is None:
            return "done"
        unit = _take(job)
        if unit is None:
            return _finish(job)
        if unit == "busy":
            return "busy"
        _do(job, unit)  # type: ignore[arg-type]
        return "worked"


def _take(job: Job) -> "Unit | str | None":
    """Take the next free unit: sums come after all counts."""
    left = Unit.objects.filter(job=job, finished_at=None)
    phase = left.order_by("is_sum").values_list("is_sum", flat=True).first()
    if phase is None:
        return None
    return left.filter(is_sum=phase).select_for_update(skip_locked=True).order_by("id").first() or "busy"


def _do(job: Job, unit: Unit) -> None:
    layout = layouts.layouts().get(unit.stream)
    priority.stand_back(connection)
    with connection.cursor() as cursor:
        cursor.execute(f"{ROOM}; {IN_ORDER}; SET LOCAL max_parallel_workers_per_gather = 0")
        if layout and unit.is_sum:
            _sum(layout, job)
        elif layout:
            _count(cursor, layout, job.on, unit.start_on, unit.end_on)
        cursor.execute("UPDATE kpis_unit SET finished_at = clock_timestamp() WHERE id = %s", [unit.pk])
        if unit.is_sum:
            marked(None)


def _count(cursor: object, layout: Layout, on: date, start: date | None, end: date | None) -> None:
    """Put a slice's amounts, counted from the records, in place of the stored ones that differ. What reps share is little: the first slice counts all of it."""
    is_windowed = layout.is_windowed
    params = {"start": start, "end": end, "to": on, "stream": layout.key}
    within = "TRUE" if is_windowed else IN_SLICE
    if is_windowed:
        lay_out(cursor, "win", f"{windows(PERIODS_OF_SLICE)} TABLE win", params)
    packed = packing.of(layout)
    own = counting.packed_sums(layout, packed, within, cut=CUT) if packed else counting.sums(layout, within, cut=CUT)
    cursor.execute(storing.replaced(OWN, own, "day >= %(start)s AND day < %(end)s"), params)  # type: ignore[attr-defined]
    if layout.is_shareable and start == FIRST:
        shared = counting.shared_sums(layout, "{day} IS NOT NULL", cut=CUT)
        cursor.execute(storing.replaced(SHARED, shared, "TRUE"), params)  # type: ignore[attr-defined]


def _sum(layout: Layout, job: Job) -> None:
    kinds = STANDING_KINDS if job.reason == Job.Reason.STANDING else carrying.KINDS
    carrying.carry_all(layout, counted_to=job.on, kinds=kinds)


def _finish(job: Job) -> str:
    """Close the job; forget what no stream feeds any more."""
    known = list(layouts.layouts())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_job SET finished_at = clock_timestamp() WHERE id = %s AND finished_at IS NULL", [job.pk])
        for table in ("kpis_measureday", "kpis_sharedday", "kpis_snapshot"):
            cursor.execute(f"DELETE FROM {table} WHERE stream <> ALL(%s)", [known])
        cursor.execute("UPDATE kpis_count SET counted_to_on = %s, layout = %s", [job.on, layouts.fingerprint()])
    marked(None)
    return "done"
