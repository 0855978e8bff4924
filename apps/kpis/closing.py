"""Closes periods: keeps what was reported, and what each record had added to it, so that every later change can be explained.

One transaction under the engine's lock: a period is closed once however many try, and closing that is cut off leaves nothing.
"""

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import periods
from apps.core.models import Organisation, Period
from apps.core.periods import Calendar, Window
from apps.kpis import catalogue, frozen, jobs, rollup, targets
from apps.kpis.declarations import Basis, Kind, Measure
from apps.kpis.locks import marked, waiting_unit
from apps.kpis.looks import used, windows_of
from apps.kpis.models import Close, DirtyCell, DirtyStanding, ReportedLayout, ReportedTarget
from apps.kpis.streams import STREAMS

TRIES = 20
BACK = timedelta(days=100)  # the rule closes no period that ended longer ago: those are for people to close
GRAINS = tuple(Close.Grain.values)


class CannotClose(ValueError):
    """A period that cannot be closed; the message says why, and what to do."""


def close(window: Window, *, on: date, at: datetime, by: User | None = None) -> Close:
    """Close a month, quarter or year that is over on day `on`; return its close, an earlier one where it is closed already."""
    if window.grain not in GRAINS:
        raise CannotClose(_("Months, quarters and years can be closed: “%(period)s” is none.") % {"period": window.key})
    if window.last_on >= on:
        raise CannotClose(_("%(period)s is not over: it can be closed from %(day)s on.") % {"period": window.key, "day": window.end_on})
    for _attempt in range(TRIES):
        rollup.drain(on=on, at=at, wait=True)
        if found := _closed(window, on, at, by):
            return found
    raise CannotClose(_("Changes keep coming in and are still being counted. Try again when the import is done."))


class _Waiting(Exception):
    """Changes came in meanwhile."""


def _closed(window: Window, on: date, at: datetime, by: User | None) -> Close | None:
    """Close a period in one transaction, unless a change was written that its stored sums do not hold yet."""
    try:
        with waiting_unit():
            if found := of(window):
                return found
            if not Period.objects.filter(grain=window.grain, start_on=window.start_on, end_on=window.end_on).exists():
                raise CannotClose(_("Nothing was ever counted in %(period)s.") % {"period": window.key})
            whole = {"grain": str(window.grain), "key": window.key, "start_on": window.start_on, "end_on": window.end_on}
            row = Close.objects.create(**whole, has_targets=True, closed_on=on, closed_at=at, closed_by=by)
            _keep(row, window, on)
            _keep_targets(row, window, on)
            if _is_waiting(window):
                raise _Waiting
            marked(None)
            return row
    except _Waiting:
        return None


def of(window: Window) -> Close | None:
    """Return the close of a period that is closed."""
    return Close.objects.filter(grain=window.grain, start_on=window.start_on, end_on=window.end_on, reopened_at=None).first()


def _is_waiting(window: Window) -> bool:
    """Whether a change waits that may have to do with a period: facts and their notes are written together."""
    return DirtyCell.objects.filter(day__lt=window.end_on).exists() or DirtyStanding.objects.exists() or jobs.is_open()


def reopen(row: Close, *, at: datetime, by: User | None = None) -> bool:
    """Let a closed period run on: it shows what is known today alone. Say whether it was closed."""
    with transaction.atomic():
        if not Close.objects.filter(pk=row.pk, reopened_at=None).update(reopened_at=at, reopened_by=by):
            return False
        row.records.all().delete()
        row.standing.all().delete()
        marked(None)
    return True


def close_due(*, on: date, at: datetime) -> list[Close]:
    """Close what the organisation's rule asks for: periods so many working days over that nobody has closed, or reopened, before."""
    organisation = Organisation.get()
    if organisation.close_after_working_days is None:
        return []
    calendar = periods.calendar(organisation)
    return [close(window, on=on, at=at) for window in due(calendar, organisation.close_after_working_days, on)]


def due(calendar: Calendar, working_days: int, on: date) -> list[Window]:
    """Return the periods that a rule of so many working days closes by day `on`, the earliest first."""
    rows = Period.objects.filter(grain__in=GRAINS, end_on__gt=on - BACK, end_on__lte=on - timedelta(days=1)).order_by("end_on", "start_on")
    known = set(Close.objects.filter(end_on__gt=on - BACK).values_list("grain", "start_on", "end_on"))
    found = [row for row in rows if (row.grain, row.start_on, row.end_on) not in known and calendar.working_days(row.end_on, on) >= working_days]
    return [Window(row.key, row.grain, row.start_on, row.end_on) for row in found]


# --- What is kept -----------------------------------------------------------------------------------------
def stored(basis: Basis) -> dict[str, list[Measure]]:
    """Return the measures to keep by stream: all of the period's own, else those that formulas read over a basis."""
    wanted = set(catalogue.MEASURES) if basis == Basis.NOW else set(used(catalogue.KPIS.values(), basis))
    found: dict[str, list[Measure]] = {}
    for measure in catalogue.MEASURES.values():
        if measure.key in wanted:
            found.setdefault(measure.stream, []).append(measure)
    return found


def measures_of(stream: str) -> list[Measure]:
    """Return a stream's measures in the order in which they are kept."""
    return [measure for measure in catalogue.MEASURES.values() if measure.stream == stream]


def _keep(row: Close, window: Window, on: date) -> None:
    looks = {basis: look for basis, (look, _until) in windows_of(catalogue.KPIS.values(), window, on).items()}
    ReportedLayout.objects.bulk_create(
        ReportedLayout(close=row, stream=stream, measures=[measure.key for measure in measures]) for stream, measures in stored(Basis.NOW).items()
    )
    with connection.cursor() as cursor:
        first_on = min(look.start_on for look in looks.values())
        cursor.execute(STANDING, {"close": row.pk, "first": first_on, "end": window.end_on})
        for basis, look in looks.items():
            for stream, kept in stored(basis).items():
                asked = {**frozen.params(look, on), "close": row.pk, "look": str(basis), "stream": stream, "grain": look.grain}
                cursor.execute(_sums(stream, look), asked)
                if measures_of(stream)[0].kind != Kind.SPAN:
                    cursor.execute(RECORDS.format(records=frozen.records(measures_of(stream), kept)), asked)


def _keep_targets(row: Close, window: Window, on: date) -> None:
    found = targets.over(window, on).items()
    ReportedTarget.objects.bulk_create(ReportedTarget(close=row, kind=scope.kind, scope=scope.id, kpi=kpi, target=target) for (kpi, scope), target in found)


STANDING = """INSERT INTO kpis_reportedstanding (close_id, rep, kind, scope, start_on, end_on, hired_on, left_on)
    SELECT %(close)s, s.rep, s.kind, s.scope, s.start_on, s.end_on, r.hired_on, r.left_on FROM reps_standing s JOIN reps_rep r ON r.id = s.rep
    WHERE s.kind <> 'company' AND s.start_on < %(end)s AND s.end_on > %(first)s"""
RECORDS = """INSERT INTO kpis_reportedrecord (close_id, look, stream, record, day, rep, region, crew, amounts)
    SELECT %(close)s, %(look)s, %(stream)s, record, day, rep, region, crew, amounts FROM ({records}) r"""
SPANS = """SELECT s.kind, s.scope, ARRAY[sum(greatest(0, least(s.end_on, coalesce(r.left_on, %(end)s), %(end)s) - greatest(s.start_on, r.hired_on, %(start)s)))] AS amounts
    FROM reps_standing s JOIN reps_rep r ON r.id = s.rep GROUP BY 1, 2"""
OWN_DAYS = """SELECT kind, scope, amounts FROM kpis_snapshot WHERE stream = %(stream)s AND grain = 'day' AND start_on >= %(start)s AND start_on < %(end)s
    UNION ALL SELECT 'rep', rep, amounts FROM kpis_measureday WHERE stream = %(stream)s AND day >= %(start)s AND day < %(end)s"""
OWN_PERIOD = "SELECT kind, scope, amounts FROM kpis_snapshot WHERE stream = %(stream)s AND grain = %(grain)s AND start_on = %(start)s"


def _sums(stream: str, look: Window) -> str:
    """Copy the sums that stand for a window: a period's own, else those of its days."""
    into = "INSERT INTO kpis_reported (close_id, look, stream, kind, scope, amounts) SELECT %(close)s, %(look)s, %(stream)s, kind, scope, amounts FROM"
    if measures_of(stream)[0].kind == Kind.SPAN:
        return f"{into} ({SPANS}) t"
    width = len(measures_of(stream))
    sums = ", ".join(f"sum(t.amounts[{n}])" for n in range(1, width + 1))
    rows = OWN_PERIOD if look.grain or STREAMS[stream].is_windowed else OWN_DAYS
    return f"{into} (SELECT kind, scope, ARRAY[{sums}] AS amounts FROM ({rows}) t GROUP BY 1, 2) s"
