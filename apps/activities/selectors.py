"""When somebody was last active or tested, and what they have planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Q

from apps.activities.models import Activity
from apps.core import periods
from apps.core.replica import connection
from apps.reps import rosters
from apps.reps.models import Rep
from apps.reps.scopes import Scope

QUARTER = timedelta(days=91)  # thirteen weeks, whatever the calendar


@dataclass(frozen=True)
class Agenda:
    """One rep's day: what is overdue, what is due, and what is done, each in the order it was due."""

    overdue: tuple[Activity, ...]
    due: tuple[Activity, ...]
    done: tuple[Activity, ...]


# The last one of each rep is looked up in the index, however many there are.
LAST_DAYS = """SELECT r.id, a.completed_on FROM unnest(%s::bigint[]) r(id) CROSS JOIN LATERAL (
    SELECT completed_on FROM activities_activity WHERE rep_id = r.id AND completed_on <= %s ORDER BY completed_on DESC LIMIT 1
) a"""


def last_days(rep_ids: Iterable[int], *, on: date) -> dict[int, date]:
    """Return the last day up to `on` on which each rep did something; who never did is not in it."""
    with connection.prepared() as cursor:
        cursor.execute(LAST_DAYS, [list(rep_ids), on])
        return dict(cursor.fetchall())


def agenda(rep_id: int, *, on: date, limit: int = 50) -> Agenda:
    """Return a rep's day as it stands: what is planned up to it and not done, and what was done on it."""
    open_or_done = Q(completed_on=None, due_on__lte=on) | Q(completed_on=on)
    rows = list(Activity.objects.filter(open_or_done, rep=rep_id).select_related("customer", "lead", "opportunity").order_by("due_on", "id")[:limit])
    return Agenda(
        overdue=tuple(row for row in rows if row.completed_on is None and row.due_on and row.due_on < on),
        due=tuple(row for row in rows if row.completed_on is None and row.due_on == on),
        done=tuple(row for row in rows if row.completed_on is not None),
    )


@dataclass(frozen=True)
class Untested:
    """One rep whose last assessment is a quarter old, or who never took one (`last_on` None)."""

    rep: Scope
    last_on: date | None


def untested(scope: Scope, *, on: date) -> list[Untested]:
    """Return who stands in a scope on a day, has worked for a quarter and was not tested in it; the longest first."""
    present = [member.scope.id for member in rosters.people(scope, periods.custom(on, on), on=on)]
    last_on = Max("assessments__taken_on", filter=Q(assessments__taken_on__lte=on))
    reps = Rep.objects.filter(pk__in=present, hired_on__lte=on - QUARTER).annotate(last_on=last_on)
    found = [Untested(Scope("rep", rep.pk, rep.name), rep.last_on) for rep in reps.filter(Q(last_on=None) | Q(last_on__lte=on - QUARTER))]
    return sorted(found, key=lambda one: (one.last_on or date.min, one.rep.name))
