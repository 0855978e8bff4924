"""Keeps measures and snapshots true: drains what writes touched, opens each new day.

One transaction per unit of work, one at a time under an advisory lock: run twice it changes nothing, killed half-way it
leaves nothing half-way. Where many changes wait, as after an import, each source is a unit of its own, and several workers count
different ones at once. What is much at once is a job (see `jobs`); changes wait until it is done.
"""

from datetime import date, datetime, timedelta
from functools import cache
from time import sleep

from django.db import connection
from django.db.models import Max, Min

from apps.core import periods
from apps.core.models import Period
from apps.kpis import carrying, jobs, layouts, partitions, reach, recounts
from apps.kpis.carrying import STORED, Target
from apps.kpis.jobs import Progress
from apps.kpis.locks import marked, source_unit, unit, waiting_unit
from apps.kpis.models import Count, DirtyCell, DirtyStanding, Job
from apps.kpis.streams import SOURCES

BATCH = 50_000  # notes of all sources taken in one transaction
OF_SOURCE = 1_000_000  # notes of one source: each cell is recounted once, however often it was noted
MANY = 4_000  # so many notes are counted source by source; fewer together, so that boards show all that a change does at once
EARLIEST = date(1990, 1, 1)  # the calendar reaches no further back…
FURTHEST = timedelta(days=5 * 366)  # …nor ahead: a mistyped day lies in no period until somebody corrects it
AHEAD = timedelta(days=366)
PAUSE = 0.05  # seconds


def drain(*, on: date, at: datetime | None = None, progress: Progress | None = None, wait: bool = False) -> int:
    """Count everything that writes have touched, up to the organisation's day `on`; return the cells recounted.

    Returns at once when another worker counts, unless told to wait.
    """
    done, total = 0, DirtyCell.objects.count() if progress else 0
    is_rest = False  # whether only what cannot be counted beside others is left
    while True:
        if not jobs.work(told=progress, wait=wait):
            return done
        with unit() as is_ours:
            taken = _drain_alone(on, at, is_rest=is_rest) if is_ours else None
        if taken is None:
            taken = _drain_apart(at)
            is_rest = is_ours and taken == 0
            if not taken and not is_ours:
                if not wait:
                    return done
                sleep(PAUSE)
        elif taken == 0:
            return done
        if taken and taken > 0:
            done, is_rest = done + taken, False
            if progress:
                progress(max(0, total - DirtyCell.objects.count()), total)


def _drain_alone(on: date, at: datetime | None, *, is_rest: bool) -> int | None:
    """Open the day and count some notes; return how many, -1 where a job was planned, None where so many wait that they are counted source by source."""
    if planned := _prepare(on):
        return planned
    return _drain_batch(on, at) if is_rest or not _are_many() else None


def _prepare(on: date) -> int:
    """Open the day, or plan a job where much is to be counted at once; return -1 for a job, else 0."""
    if jobs.is_open():
        return -1
    count, _created = Count.objects.get_or_create(pk=1)
    if reason := _reason(count):
        count_everything(reason, max(on, count.counted_to_on or on))
        return -1
    if periods.is_stale():
        _follow_calendar()
        jobs.plan(Job.Reason.CALENDAR, count.counted_to_on or on, counting=layouts.windowed())
        return -1
    if DirtyStanding.objects.all().delete()[0]:
        jobs.plan(Job.Reason.STANDING, _open_day(count, on), counting=())
        return -1
    counted_to = _open_day(count, on)
    first, last = DirtyCell.objects.filter(day__range=(EARLIEST, on + FURTHEST)).aggregate(first=Min("day"), last=Max("day")).values()
    if first and _extend_calendar(first, last):  # what stands in the new periods was counted before they were there
        jobs.plan(Job.Reason.CALENDAR, counted_to, counting=())
        return -1
    return 0


def _reason(count: Count) -> str:
    """Say why everything has to be counted anew, if it has."""
    if count.counted_to_on is None:
        return Job.Reason.FIRST
    return Job.Reason.CATALOGUE if count.layout != layouts.fingerprint() else ""


def count_everything(reason: str, on: date) -> None:
    """Plan to count everything from nothing, and forget what waits: it is counted with the rest. Call it alone."""
    Count.objects.get_or_create(pk=1)
    DirtyCell.objects.all().delete()
    DirtyStanding.objects.all().delete()
    if periods.is_stale():
        _follow_calendar()
    first, last = reach.days()
    _extend_calendar(max(EARLIEST, first or on), min(on + FURTHEST, max(last or on, on + AHEAD)))
    jobs.plan(reason, on)


def recount_all(*, on: date, progress: Progress | None = None) -> None:
    """Count everything from nothing; boards show what was counted before until the new sums are there."""
    with waiting_unit():
        count_everything(Job.Reason.ASKED, on)
    drain(on=on, progress=progress, wait=True)


def _drain_batch(on: date, at: datetime | None) -> int:
    """Count the oldest notes, whatever their sources, alone."""
    counted_to = Count.objects.get(pk=1).counted_to_on or on
    notes = _take_notes()
    if not notes:
        return 0
    for source in SOURCES:
        if cells := [(day, rep) for noted, day, rep in notes if noted == source]:
            recounts.recount(source, recounts.given(cells), counted_to=counted_to)
    marked(at)
    return len(notes)


def _are_many() -> bool:
    return DirtyCell.objects.order_by("id")[MANY : MANY + 1].exists()


def _drain_apart(at: datetime | None) -> int | None:
    """Count some notes of each source by itself, beside others who count other ones, for as long as many wait; None where somebody counts alone."""
    done = 0
    for source in _slow_first():
        taken = _drain_source(source, at) if _are_many() else 0
        if taken is None:  # the slowest is to be begun first, as soon as they are ready
            return done or None
        done += taken
    return done


@cache
def _slow_first() -> tuple[str, ...]:
    """Return the sources; those that look at each period, and then those that look for all states of deals, are begun first."""

    def weight(source: str) -> tuple[int, int]:
        found = layouts.of_source(source)
        return sum(layout.is_windowed for layout in found), sum(bool(layout.stream.candidates) for layout in found)

    return tuple(sorted(SOURCES, key=weight, reverse=True))


def _drain_source(source: str, at: datetime | None) -> int | None:
    """Count the oldest notes of one source; of days beyond the calendar none, which is made longer first, alone. What `_prepare` sees to goes before.

    None while somebody counts alone.
    """
    with source_unit(source) as is_ours:
        if is_ours is None:
            return None
        count = Count.objects.filter(pk=1).first() if is_ours and not jobs.is_open() else None
        if not count or _reason(count) or periods.is_stale() or not count.counted_to_on or not count.begins_on or not count.reaches_on:
            return 0
        cells = recounts.taken(source, count.begins_on, count.reaches_on, most=OF_SOURCE)
        if taken := recounts.recount(source, cells, counted_to=count.counted_to_on):
            marked(at)
        return taken


def _extend_calendar(first_on: date, last_on: date) -> bool:
    """Make the periods that are missing; deals expected to close beyond the old end of the calendar are counted again."""
    reached = Period.objects.aggregate(Max("end_on"))["end_on__max"]
    is_new = periods.ensure(first_on, last_on)
    if is_new or not Count.objects.filter(pk=1, reaches_on=reached).exists():
        _tell_reach()
    if is_new and reached:
        recounts.note_expected_from(reached)
    return is_new


def _follow_calendar() -> None:
    """Cut the periods as the organisation's calendar of now does. What is summed by period has to be summed anew."""
    periods.remake()
    if Period.objects.exists():
        _tell_reach()


def _tell_reach() -> None:
    """Let readers know which days the periods cover."""
    begins_on, reaches_on = Period.objects.aggregate(first=Min("start_on"), last=Max("end_on")).values()
    Count.objects.filter(pk=1).update(begins_on=begins_on, reaches_on=reaches_on)
    partitions.ensure(begins_on.year, reaches_on.year)


def _take_notes() -> set[tuple[str, date, int]]:
    """Take the oldest notes out of the table; what is written meanwhile leaves notes of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH taken AS (
                DELETE FROM kpis_dirtycell WHERE id <= (SELECT max(id) FROM (SELECT id FROM kpis_dirtycell ORDER BY id LIMIT %s) t) RETURNING source, day, rep
            ) SELECT DISTINCT source, day, rep FROM taken""",
            [BATCH],
        )
        return set(cursor.fetchall())


def _open_day(count: Count, on: date) -> date:
    """Let the snapshots reach day `on`; return the day they reach (never an earlier one than before)."""
    before = count.counted_to_on
    if before is None or before >= on:
        return before or on
    _extend_calendar(before, on + AHEAD)
    with connection.cursor() as cursor:  # flows dated after the old day are added; stocks and running periods are read again at the new one
        cursor.execute(
            """DELETE FROM kpis_snapshot s USING core_period p
            WHERE p.grain = s.grain AND p.grain <> 'day' AND p.start_on = s.start_on AND p.end_on > %(after)s""",
            {"after": before + timedelta(days=1)},
        )
        cursor.execute("DELETE FROM kpis_snapshot WHERE grain = 'ever' OR grain = 'day' AND start_on > %s", [before])
    for layout in layouts.layouts().values():
        carrying.carry(layout, STORED, counted_to=on, target=Target(ending_after=before + timedelta(days=1)))
    recounts.note_states_between(before, on)
    recounts.note_losses_between(before, on)
    Count.objects.filter(pk=1).update(counted_to_on=on)
    marked(None)
    return on
