"""Questions that pages ask over and over: the database reads and plans their words once for a connection, instead of every time."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from psycopg.errors import FeatureNotSupported


class Prepared(ServerBindingCursor):
    """Hands over words and values apart, so that the same words are a prepared statement; not where `prepare_threshold` is None (see the settings)."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Prepared":
        try:
            super().execute(query, params, prepare=True, **options)  # type: ignore[misc]
        except FeatureNotSupported:  # a column became another since it was planned: an upgrade is under way, and this process is not restarted yet
            super().execute(query, params, prepare=False, **options)  # type: ignore[misc]
        return self


def cursor(database: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor for questions whose words are always the same; values that are written into the words would fill the connection's memory."""
    database.ensure_connection()
    wrapped: CursorWrapper = database._prepare_cursor(Prepared(database.connection))  # type: ignore[attr-defined, call-arg]
    return wrapped
