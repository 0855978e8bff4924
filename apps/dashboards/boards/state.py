"""How fresh the numbers are, and whether a board has anything new to show: one query."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import get_language

from apps.accounts.models import User
from apps.core import periods
from apps.core.models import Organisation
from apps.core.periods import STALE, Calendar
from apps.core.replica import connection
from apps.kpis.models import Job

PATIENCE = timedelta(minutes=2)
READ = f"""SELECT {periods.SETTING}, (SELECT min(id) FROM reps_rep WHERE user_id = %s),
        (SELECT jsonb_agg(jsonb_build_array(id, name) ORDER BY position) FROM opportunities_stage WHERE kind = 'open'), c.version, c.counted_at, c.counted_to_on, (SELECT noted_at FROM kpis_dirtycell ORDER BY id LIMIT 1),
        g.changed_at, g.count, (SELECT max(id) FROM activities_activity),
        {STALE}, j.reason, (SELECT count(*) FROM kpis_unit u WHERE u.job_id = j.id AND u.finished_at IS NOT NULL), (SELECT count(*) FROM kpis_unit u WHERE u.job_id = j.id),
        greatest((SELECT max(valid_from) FROM opportunities_opportunityversion), (SELECT max(completed_on) FROM activities_activity))
    FROM (SELECT) nothing LEFT JOIN kpis_count c ON c.id = 1 LEFT JOIN kpis_job j ON j.finished_at IS NULL
        CROSS JOIN (SELECT max(updated_at) AS changed_at, count(*) FROM goals_goal) g"""


@dataclass(frozen=True)
class State:
    """When the numbers were last counted and up to which day, since when changes wait, and when a goal last changed.

    Four more say whether the calendar was changed since, and how far a recount has come while one runs; the last, on which day the latest state
    of a deal begins or something was done last. A planned activity counts for nothing yet but stands on its rep's board, so the latest one is known too.
    """

    version: int | None
    counted_at: datetime | None
    counted_to_on: date | None
    waiting_since: datetime | None
    goals_changed_at: datetime | None
    goals: int
    last_activity: int | None
    is_stale: bool = False
    job: str | None = None
    parts_done: int = 0
    parts: int = 0
    last_on: date | None = None

    def is_latest(self, on: date) -> bool:
        """Whether no state of a deal begins, and no activity was done, after a day."""
        return self.last_on is None or self.last_on <= on

    @property
    def recount(self) -> tuple[str, int, int] | None:
        """Why everything is counted anew at the moment, and how many of how many parts of it are done; None when it is not."""
        if self.is_stale and self.job is None:
            return Job.Reason.CALENDAR, 0, 0
        return (self.job, self.parts_done, self.parts) if self.job else None

    def lags(self, now: datetime) -> bool:
        """Whether changes have been waiting for longer than counting ever takes."""
        return self.waiting_since is not None and now - self.waiting_since > PATIENCE

    def is_behind(self, today: date) -> bool:
        """Whether today is not counted yet, because the day changed or because nothing was ever counted."""
        return self.counted_to_on is None or self.counted_to_on < today


@dataclass(frozen=True)
class Setting:
    """What every board needs before anything else: the organisation, its calendar and open stages (`text`: all that as written), and which rep looks."""

    text: str
    organisation: Organisation
    calendar: Calendar
    own_rep: int | None
    stages: tuple[tuple[int, str], ...]


def read(user: User) -> tuple[Setting, State]:
    with connection.prepared() as cursor:
        cursor.execute(READ, [user.pk])
        organisation, days, own_rep, stages, *rest = cursor.fetchone()
    named = tuple((pk, name) for pk, name in json.loads(stages or "[]"))
    return Setting(f"{organisation}{days}{stages}", *periods.setting(organisation, days), own_rep, named), State(*rest)


def fingerprint(setting: Setting, state: State, user: User, path: str, *, today: date, now: datetime) -> str:
    """Return an ETag that changes when anything a page shows may have changed for this viewer; `path` is its address with all that it asks for."""
    parts = (setting.text, state.version, state.counted_to_on, state.lags(now), state.goals_changed_at, state.goals, state.last_activity, state.recount, today)
    viewer = (user.pk, user.role, path, get_language())
    return f'"{hashlib.sha256(repr((parts, viewer)).encode()).hexdigest()[:32]}"'
