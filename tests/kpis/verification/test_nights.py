"""The night finds every kind of fault that can be put into stored numbers, and none where there is none."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.core.models import Period
from apps.kpis import layouts, recordlists, rollup, tasks
from apps.kpis.models import DirtyCell, Drift, Job, MeasureDay, Run, SharedDay, Snapshot
from apps.kpis.verification import days, nights, pieces, samples, sums
from apps.kpis.verification.comparing import one_moment
from apps.kpis.verification.pieces import BEGINNING, RUNNING, Piece
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make
from tests.kpis.histories import EXAMPLES, Play, steps

ON = make.TODAY
FORTNIGHT = timedelta(days=14)
ALWAYS = (Piece(ON, ON, RUNNING), Piece(pieces.NO_DAY, pieces.NO_DAY + timedelta(days=1), "FALSE"))


@EXAMPLES
@given(history=steps, drains=st.sets(st.integers(0, 13)), since=st.dates(date(2024, 9, 1), ON))
def test_whatever_is_written_no_difference_is_found(calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], since: date) -> None:
    def proof(company: object) -> None:
        with one_moment() as sight:
            assert sight
            for piece in (*ALWAYS, Piece(since, since + FORTNIGHT, BEGINNING)):
                for layout in layouts.layouts().values():
                    for verify in (days.verify, sums.verify):
                        assert verify(layout, piece, sight).differences == (), (verify, layout.key, piece)
        assert [found for sample in samples.draw(ON, 12) for found in samples.differing(sample, ON)] == []

    play(history, drains, proof)


@pytest.fixture
def company(db: None) -> Rep:
    """Deals of every state in a team of a region, one of them shared, counted."""
    team = make.team("North", region=make.region("Europe"))
    alice, bob = make.rep("Alice", team=team), make.rep("Bob", team=team)
    make.deal(rep=alice, won="2025-03-03", amount=100)
    make.credit(make.deal(rep=alice, won="2025-03-04", amount=80), **{str(alice.pk): 60, str(bob.pk): 40})
    make.deal(rep=bob, created="2024-12-20", expected="2025-03-20", amount=70)
    make.deal(rep=bob, won="2024-05-06", created="2024-04-02", amount=50)
    Opportunity.objects.create(name="undated", owner=alice, stage=make.stage("Qualified"), amount=5)
    rollup.drain(on=ON)
    return alice


KEYS = {"kpis_snapshot": ("kind", "scope", "grain", "start_on"), "kpis_measureday": ("day", "rep"), "kpis_sharedday": ("day",)}


@contextmanager
def spoilt(rows: Any) -> Iterator[Any]:
    """Make one stored array wrong by 7, past everything that would notice, for a while."""
    row = rows.first()
    table = row._meta.db_table
    columns = ("stream", "part", "region", *KEYS[table]) if hasattr(row, "region") else ("stream", "part", *KEYS[table])
    where, values = " AND ".join(f"{column} = %s" for column in columns), [getattr(row, column) for column in columns]

    def add(by: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET amounts[1] = amounts[1] + %s WHERE {where}", [by, *values])
            assert cursor.rowcount == 1

    add(7)
    yield row
    add(-7)


def found(stream: str, wanted: Iterable[Piece] = ()) -> set[tuple[str, str, str, int]]:
    """Compare one stream of the pieces of tonight, or of others."""
    with one_moment() as sight:
        assert sight
        return {
            (name, one.grain, str(one.day), int(one.found - one.expected))
            for piece in wanted or pieces.trailing(ON)
            for name, verify in (("days", days.verify), ("sums", sums.verify))
            for one in verify(layouts.layouts()[stream], piece, sight).differences
        }


def test_a_night_finds_nothing_then_a_fault_with_what_was_expected_and_mends_nothing(company: Rep) -> None:
    tasks.nightly()
    run = Run.objects.first()
    assert run and run.finished_at and run.cells and run.figures == nights.SAMPLES and (run.skipped, run.differing) == (0, 0) and not Drift.objects.exists()
    assert run.month_on
    with spoilt(MeasureDay.objects.filter(stream="events", day="2025-03-03", rep=company.pk)) as row:
        before = MeasureDay.objects.get(pk=row.pk).amounts
        call_command("recount", verify=True)
        assert MeasureDay.objects.get(pk=row.pk).amounts == before
    drift = Drift.objects.get(kind="days")
    assert (drift.measure, drift.whose, drift.grain, drift.day) == (layouts.layouts()["events"].measures[0].key, "rep:Alice", "day", date(2025, 3, 3))
    assert drift.found == drift.expected + 7 == before[0]
    again = Run.objects.first()
    assert again and again.differing == again.drifts.count() >= 2 and again.month_on and again.month_on > run.month_on


def test_every_kind_of_stored_number_is_compared(company: Rep) -> None:
    quarter = Period.objects.get(grain="quarter", start_on__lte=ON, end_on__gt=ON)
    snapshots = Snapshot.objects.filter(start_on__lte=ON).order_by("-start_on")
    faults: list[tuple[str, Any, str, str]] = [
        ("events", SharedDay.objects.filter(stream="events", day="2025-03-04"), "days", "day"),
        *(("events", snapshots.filter(kind=kind, grain="month"), "sums", "month") for kind in ("company", "region", "team", "rep")),
        *(("events", snapshots.filter(kind="team", grain=grain), "sums", grain) for grain in ("day", "quarter", "year")),
        *(("stages", snapshots.filter(kind="team", grain=grain), "sums", grain) for grain in ("day", "week", "month", "quarter", "year")),
        *((stream, MeasureDay.objects.filter(stream=stream, part=quarter.pk), "days", "day") for stream in ("expected", "slips")),
        ("events", MeasureDay.objects.filter(stream="events", day=pieces.NO_DAY), "days", "day"),
        ("stages", snapshots.filter(grain="ever", kind="company"), "sums", "ever"),
    ]
    for stream, rows, compared, grain in faults:
        rows = rows.filter(stream=stream)
        assert found(stream) == set()
        with spoilt(rows) as row:
            day = row.start_on if isinstance(row, Snapshot) else row.day
            assert (compared, grain, str(day), 7) in found(stream), (stream, compared, grain, str(row))


def test_a_fault_in_the_old_past_is_found_when_its_month_has_its_turn(company: Rep) -> None:
    month = Period.objects.get(grain="month", start_on="2024-05-01")
    with spoilt(MeasureDay.objects.filter(stream="events", day="2024-05-06")):
        assert ("days", "day", "2024-05-06", 7) in found("events", pieces.month(month))


def test_every_month_has_its_turn_and_then_the_first_again(company: Rep) -> None:
    turns = []
    for minute in range(Period.objects.filter(grain="month").count()):
        period = pieces.next_month(ON)
        assert period
        turns.append(period.start_on)
        Run.objects.create(started_at=datetime(2025, 3, 14, tzinfo=UTC) + timedelta(minutes=minute), month_on=period.start_on)
    wanted = list(
        Period.objects.filter(grain="month").exclude(start_on__gte=ON - pieces.TRAILING, end_on__lte=ON).order_by("start_on").values_list("start_on", flat=True)
    )
    assert turns[: len(wanted)] == wanted and turns[len(wanted) :] == wanted[: len(turns) - len(wanted)]


def test_a_figure_that_is_not_the_sum_of_its_records_is_found(company: Rep, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = recordlists.records

    def one_more(*args: Any, **kwargs: Any) -> list[Any]:
        return [replace(found, total=found.total + 1) for found in genuine(*args, **kwargs)]

    monkeypatch.setattr(recordlists, "records", one_more)
    run = Run.objects.create(started_at="2025-03-14T01:00Z")
    nights.open_figures(run, ON)
    drift = Drift.objects.filter(kind="records").first()
    assert drift and drift.expected > drift.found and drift.whose


def test_the_same_day_draws_the_same_figures(company: Rep) -> None:
    assert samples.draw(ON, 24) == samples.draw(ON, 24) != samples.draw(ON - timedelta(days=1), 24)


def test_a_write_that_comes_in_between_is_no_difference(company: Rep, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine: Callable[..., Any] = nights.VERIFY[Drift.Kind.DAYS]

    def verify(*args: Any) -> object:
        Opportunity.objects.filter(closed_on="2025-03-03").update(amount=70)
        return genuine(*args)

    monkeypatch.setitem(nights.VERIFY, Drift.Kind.DAYS, verify)
    run = Run.objects.create(started_at="2025-03-14T01:00Z")
    nights.compare_days(run, [Piece(date(2025, 3, 1), date(2025, 3, 8), "FALSE")], ON)
    assert run.cells and not run.differing and not Drift.objects.exists() and DirtyCell.objects.exists()


def test_while_a_recount_is_under_way_nothing_is_compared(company: Rep, monkeypatch: pytest.MonkeyPatch) -> None:
    Job.objects.create(reason=Job.Reason.ASKED, on=ON)
    monkeypatch.setattr(rollup, "drain", lambda **_: 0)
    run = Run.objects.create(started_at="2025-03-14T01:00Z")
    nights.compare_days(run, [Piece(ON, ON, RUNNING)], ON)
    assert run.skipped and run.cells == 0 and not Drift.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_comparison_keeps_nobody_from_counting_and_sees_one_moment() -> None:
    alice = make.rep("Alice")
    deal = make.deal(rep=alice, won="2025-03-03", amount=100)
    rollup.drain(on=ON)

    def change() -> None:
        Opportunity.objects.filter(pk=deal.pk).update(amount=70)
        rollup.drain(on=ON)
        connection.close()

    with one_moment() as sight:
        other = Thread(target=change)
        other.start()
        other.join(20)
        assert not other.is_alive() and sight
        piece = Piece(date(2025, 3, 1), date(2025, 3, 8), RUNNING)
        for layout in layouts.layouts().values():
            assert days.verify(layout, piece, sight).differing == sums.verify(layout, piece, sight).differing == 0
