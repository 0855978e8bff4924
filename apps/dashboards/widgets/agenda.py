"""A rep's day: what is overdue, what is due today, what is done."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.activities.selectors import Agenda as Found
from apps.core import dates
from apps.dashboards.widgets.deals import record_url


@dataclass(frozen=True)
class Task:
    """One activity, planned or done."""

    kind: str
    word: str
    subject: str
    about: str
    url: str
    when: str
    is_late: bool
    is_done: bool


@dataclass(frozen=True)
class Agenda:
    """The tasks of a day, late ones first."""

    template: ClassVar[str] = "dashboards/widgets/_agenda.html"
    title: str
    tasks: tuple[Task, ...]
    summary: str
    empty: str


def agenda(found: Found, on: date, *, is_now: bool) -> Agenda:
    """List a day; of a day gone by only what was done is known."""
    planned = [*_tasks(found.overdue, on, is_late=True), *_tasks(found.due, on)] if is_now else []
    done = _tasks(found.done, on, is_done=True)
    counts = {"late": len(found.overdue), "due": len(found.due), "done": len(done)}
    return Agenda(
        title=_("Today") if is_now else dates.weekday(on),
        tasks=(*planned, *done),
        summary=_("%(late)s overdue · %(due)s due today · %(done)s done") % counts if is_now and (planned or done) else "",
        empty=_("Nothing is planned for today and nothing is overdue.") if is_now else _("Nothing was done on this day."),
    )


def _tasks(rows: Iterable[Activity], on: date, *, is_late: bool = False, is_done: bool = False) -> list[Task]:
    return [_task(row, on, is_late=is_late, is_done=is_done) for row in rows]


def _task(row: Activity, on: date, *, is_late: bool, is_done: bool) -> Task:
    return Task(
        kind=row.kind,
        word=row.get_kind_display(),
        subject=row.subject or row.get_kind_display(),
        about=str(row.customer or row.lead or row.opportunity or ""),
        url=record_url("activity", row.pk),
        when=_("done") if is_done else dates.ago(row.due_on, on) if row.due_on else "",
        is_late=is_late,
        is_done=is_done,
    )
