"""Who may count now: one drain alone, or many workers on the units of one job."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

LOCK = 7_465_001  # of Postgres' advisory locks, this product's for counting


@contextmanager
def unit() -> Iterator[bool]:
    """Open one unit of work alone; yields False when another worker is counting."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        yield cursor.fetchone()[0]


@contextmanager
def waiting_unit() -> Iterator[bool]:
    """Open one unit of work alone, after whoever is counting now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield True


@contextmanager
def shared_unit() -> Iterator[bool]:
    """Open one unit of work beside others of the same job; yields False while somebody counts alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [LOCK])
        yield cursor.fetchone()[0]


def marked(at: datetime | None) -> None:
    """Say that stored sums have changed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_count SET version = version + 1, counted_at = coalesce(%s, clock_timestamp())", [at])
