"""Who writes, and why: told to the database for as long as a transaction lasts, so that its triggers can keep it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# In SQL: the number of the user who writes, if one does, and the reason that was given, else an empty text.
BY = "nullif(current_setting('kpiboard.by', true), '')::bigint"
REASON = "coalesce(current_setting('kpiboard.reason', true), '')"
LONGEST_REASON = 200


@contextmanager
def written(*, by: int | None = None, reason: str = "") -> Iterator[None]:
    """Write in one transaction in somebody's name; `by` is a user's number, `reason` is cut to 200 characters."""
    with transaction.atomic():
        before = _tell(str(by or ""), reason.replace("\x00", "")[:LONGEST_REASON])
        yield
        _tell(*before)


def _tell(by: str, reason: str) -> tuple[str, str]:
    """Tell the database; return what it had been told before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('kpiboard.by', true), ''), coalesce(current_setting('kpiboard.reason', true), '')")
        before: tuple[str, str] = cursor.fetchone()
        cursor.execute("SELECT set_config('kpiboard.by', %s, true), set_config('kpiboard.reason', %s, true)", [by, reason])
    return before
