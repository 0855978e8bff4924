"""The nightly run: open the day, then compare, piece by piece, what is stored with what it should be."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from time import monotonic

from apps.core.models import Period
from apps.kpis import layouts, rollup
from apps.kpis.layouts import Layout
from apps.kpis.models import Drift, Run
from apps.kpis.verification import days, pieces, samples, sums
from apps.kpis.verification.comparing import Difference, Finding, one_moment
from apps.kpis.verification.pieces import Piece
from apps.kpis.verification.samples import Sample
from apps.reps import scopes
from apps.reps.models import Rep
from apps.reps.scopes import UnknownScope

SAMPLES, SAMPLE_SECONDS = 24, 180
TRIES = 3  # when writes come in between
VERIFY = {Drift.Kind.DAYS: days.verify, Drift.Kind.SUMS: sums.verify}


def nightly(*, on: date, started_at: datetime, finished_at: Callable[[], datetime]) -> Run:
    """Drain, compare the trailing weeks and the month whose turn it is, open some figures; report, mend nothing."""
    rollup.drain(on=on, wait=True)
    run, turn = Run.objects.create(started_at=started_at), pieces.next_month(on)
    compare_days(run, pieces.trailing(on), on)
    if turn:
        compare_month(run, turn, on)
    open_figures(run, on)
    run.finished_at = finished_at()
    run.save()
    return run


def compare_month(run: Run, period: Period, on: date) -> None:
    """Compare one month of the past or to come; only then it has had its turn."""
    compare_days(run, pieces.month(period), on)
    run.month_on = period.start_on
    run.save()


def compare_days(run: Run, wanted: Iterable[Piece], on: date) -> None:
    """Compare pieces one by one, every stream of each in a transaction of its own."""
    for piece in wanted:
        for layout in layouts.layouts().values():
            for kind in VERIFY:
                _report(run, kind, _compared(kind, layout, piece, on))
        run.save()


def _compared(kind: Drift.Kind, layout: Layout, piece: Piece, on: date) -> Finding | None:
    for _try in range(TRIES):
        with one_moment() as sight:
            if sight and (sight.has_standing or kind == Drift.Kind.DAYS):
                return VERIFY[kind](layout, piece, sight)
        rollup.drain(on=on, wait=True)
    return None


def _report(run: Run, kind: str, finding: Finding | None) -> None:
    if finding is None:
        run.skipped += 1
        return
    run.cells += finding.cells
    run.differing += finding.differing
    Drift.objects.bulk_create(
        Drift(
            run=run,
            kind=kind,
            measure=one.measure,
            is_left_out=one.is_left_out,
            whose=_whose(one),
            grain=one.grain,
            day=one.day,
            part=one.part,
            expected=one.expected,
            found=one.found,
        )
        for one in finding.differences
    )


def _whose(one: Difference) -> str:
    """Name the scope as commands read it, or the reps who share."""
    if len(one.ids) > 1:
        names = dict(Rep.objects.filter(pk__in=one.ids).values_list("pk", "name"))
        return ", ".join(f"rep:{names.get(pk, pk)}" for pk in one.ids)[:200]
    try:
        return scopes.get(one.kind, one.ids[0]).key[:200]
    except UnknownScope:
        return f"{one.kind}:{one.ids[0]}"


def open_figures(run: Run, on: date) -> None:
    """Compare figures drawn by the day with the sums of their records, for as long as there is time."""
    begun = monotonic()
    for sample in samples.draw(on, SAMPLES):
        if monotonic() - begun > SAMPLE_SECONDS:
            break
        _open(run, sample, on)


def _open(run: Run, sample: Sample, on: date) -> None:
    for _try in range(TRIES):
        with one_moment() as sight:
            if sight and sight.has_standing and not samples.waits(sample):
                found = list(samples.differing(sample, on))
                break
        rollup.drain(on=on, wait=True)
    else:
        run.skipped += 1
        return
    run.figures += 1
    run.differing += len(found)
    window = sample.window
    Drift.objects.bulk_create(
        Drift(
            run=run,
            kind=Drift.Kind.RECORDS,
            measure=f"{sample.kpi.key}: {part}"[:64],
            whose=sample.scope.key[:200],
            grain=window.grain or "",
            day=window.start_on,
            expected=expected,
            found=had,
        )
        for part, expected, had in found
    )
