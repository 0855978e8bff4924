"""Keeps measures and snapshots true: drains what writes touched, opens each new day, verifies every night.

One transaction per unit of work, one at a time under an advisory lock: run twice it changes nothing, killed half-way it
leaves nothing half-way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from apps.core import periods
from apps.core.models import Period
from apps.kpis import carrying, recounts
from apps.kpis.carrying import Rows, Target
from apps.kpis.models import Count, DirtyCell, DirtyStanding, Drift, MeasureDay, Run, SharedDay, Snapshot
from apps.kpis.streams import SOURCES

LOCK = 7_465_001  # of Postgres' advisory locks, this product's for counting
BATCH = 50_000  # notes taken in one transaction
EARLIEST = date(1990, 1, 1)  # the calendar reaches no further back…
FURTHEST = timedelta(days=5 * 366)  # …nor ahead: a mistyped day lies in no period until somebody corrects it
VERIFIED = timedelta(days=35)

ALL_ROWS, ALL_SHARED = Rows("kpis_measureday", "rep"), Rows("kpis_sharedday", "reps")
Progress = Callable[[int, int], None]


@contextmanager
def unit() -> Iterator[bool]:
    """Open one unit of work; yields False when another worker is counting."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        yield cursor.fetchone()[0]


@contextmanager
def waiting_unit() -> Iterator[None]:
    """Open one unit of work, after whoever is counting now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def drain(*, on: date, at: datetime | None = None, progress: Progress | None = None, wait: bool = False) -> int:
    """Count everything that writes have touched, up to the organisation's day `on`; return the cells recounted.

    Returns at once when another worker counts, unless told to wait.
    """
    done, total = 0, DirtyCell.objects.count() if progress else 0
    while True:
        with waiting_unit() if wait else unit() as is_ours:
            if is_ours is False:
                return done
            taken = _drain_batch(on, at)
        if taken == 0:
            return done
        done += taken
        if progress:
            progress(min(done, total), total)


def _drain_batch(on: date, at: datetime | None) -> int:
    counted_to = _open_day(on)
    _stand_anew(counted_to)
    notes = _take_notes()
    if not notes:
        return 0
    days = [day for _source, day, _rep in notes if EARLIEST <= day <= on + FURTHEST]
    if days and _extend_calendar(min(days), max(days)):
        rebuild(counted_to)  # what stood in the new periods was counted before they were there
    for source in SOURCES:
        if cells := [(day, rep) for noted, day, rep in notes if noted == source]:
            recounts.recount(source, cells, counted_to=counted_to)
    _mark(at)
    return len(notes)


def _extend_calendar(first_on: date, last_on: date) -> bool:
    """Make the periods that are missing; deals expected to close beyond the old end of the calendar are counted again."""
    reached = Period.objects.aggregate(Max("end_on"))["end_on__max"]
    if not periods.ensure(first_on, last_on):
        return False
    if reached:
        recounts.note_expected_from(reached)
    return True


def _take_notes() -> set[tuple[str, date, int]]:
    """Take the oldest notes out of the table; what is written meanwhile leaves notes of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH taken AS (
                DELETE FROM kpis_dirtycell WHERE id <= (SELECT max(id) FROM (SELECT id FROM kpis_dirtycell ORDER BY id LIMIT %s) t)
                RETURNING source, day, rep
            ) SELECT DISTINCT source, day, rep FROM taken""",
            [BATCH],
        )
        return set(cursor.fetchall())


def _open_day(on: date) -> date:
    """Let the snapshots reach day `on`; return the day they reach (never an earlier one than before)."""
    count, _created = Count.objects.get_or_create(pk=1)
    if count.counted_to_on and count.counted_to_on >= on:
        return count.counted_to_on
    before = count.counted_to_on
    _extend_calendar(before or on, on + timedelta(days=366))
    if before is not None:
        _carry_days_between(before, on)
        recounts.note_states_between(before, on)
    Count.objects.filter(pk=1).update(counted_to_on=on)
    _mark(None)
    return on


def _carry_days_between(before: date, on: date) -> None:
    """Add the flows dated after the old day, and read stocks and running periods again at the new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kpis_snapshot s USING core_period p WHERE p.grain = s.grain AND p.start_on = s.start_on AND p.end_on > %s",
            [before + timedelta(days=1)],
        )
    for rows in (ALL_ROWS, ALL_SHARED):
        carrying.carry(rows, counted_to=on, target=Target(ending_after=before + timedelta(days=1)))


def _stand_anew(counted_to: date) -> None:
    """After a change of who stands where, make the sums of teams and regions anew."""
    if DirtyStanding.objects.all().delete()[0]:
        rebuild(counted_to, kinds=("team", "region"))


def rebuild(counted_to: date, *, kinds: tuple[str, ...] = ("company", "region", "team", "rep")) -> None:
    """Make the snapshots of some kinds of scope anew from the measures; call it inside a unit."""
    Snapshot.objects.filter(kind__in=kinds).delete()
    for rows in (ALL_ROWS, ALL_SHARED):
        carrying.carry(rows, counted_to=counted_to, target=Target(kinds=kinds))
    _mark(None)


def _mark(at: datetime | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_count SET version = version + 1, counted_at = coalesce(%s, clock_timestamp())", [at])


def recount_all(*, on: date, progress: Progress | None = None) -> None:
    """Count everything from nothing: forget what is stored and drain every cell that any fact touches."""
    with waiting_unit():
        for model in (MeasureDay, SharedDay, Snapshot, DirtyCell, DirtyStanding, Period):
            model.objects.all().delete()
        Count.objects.filter(pk=1).update(counted_to_on=None)
        recounts.note_everything()
    drain(on=on, progress=progress, wait=True)


def nightly(*, on: date, started_at: datetime, finished_at: Callable[[], datetime]) -> Run:
    """Drain, then recount the days of a trailing window and report, without mending, where the stored amounts differ."""
    drain(on=on, wait=True)
    run = Run.objects.create(started_at=started_at)
    with waiting_unit():
        for source in SOURCES:
            cells, drifts = recounts.verify(source, on - VERIFIED, on)
            run.cells += cells
            waiting = set(DirtyCell.objects.filter(source=source).values_list("day", "rep")) if drifts else set()  # written since: no drift
            Drift.objects.bulk_create(Drift(run=run, measure=m, day=day, rep=rep, difference=d) for m, day, rep, d in drifts if (day, rep) not in waiting)
    run.finished_at = finished_at()
    run.save(update_fields=["cells", "finished_at"])
    return run
