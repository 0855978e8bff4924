"""When somebody was last active, and what they have planned."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q

from apps.activities.models import Activity


@dataclass(frozen=True)
class Agenda:
    """One rep's day: what is overdue, what is due, and what is done, each in the order it was due."""

    overdue: tuple[Activity, ...]
    due: tuple[Activity, ...]
    done: tuple[Activity, ...]


def last_days(rep_ids: Iterable[int], *, on: date) -> dict[int, date]:
    """Return the last day up to `on` on which each rep did something; who never did is not in it."""
    found = Activity.objects.filter(rep__in=list(rep_ids), completed_on__lte=on).order_by()
    return dict(found.values_list("rep").annotate(last_on=Max("completed_on")))


def agenda(rep_id: int, *, on: date, limit: int = 50) -> Agenda:
    """Return a rep's day as it stands: what is planned up to it and not done, and what was done on it."""
    open_or_done = Q(completed_on=None, due_on__lte=on) | Q(completed_on=on)
    rows = list(Activity.objects.filter(open_or_done, rep=rep_id).select_related("customer", "lead", "opportunity").order_by("due_on", "id")[:limit])
    return Agenda(
        overdue=tuple(row for row in rows if row.completed_on is None and row.due_on and row.due_on < on),
        due=tuple(row for row in rows if row.completed_on is None and row.due_on == on),
        done=tuple(row for row in rows if row.completed_on is not None),
    )
