"""Who may count now: one drain alone, many workers on the units of one job, or several on different sources of changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

LOCK = 7_465_001  # of Postgres' advisory locks, this product's for counting
OF_SOURCES = 7_465_002  # with a source: somebody counts its changes

# A server notices that a client is gone only when it has something to say to it: a killed worker's statement would run on, and keep its unit
# from others until it ends; without an answer from the other machine, for hours.
WATCHED = """SELECT set_config('client_connection_check_interval', '1s', true), set_config('tcp_keepalives_idle', '10', true),
    set_config('tcp_keepalives_interval', '5', true), set_config('tcp_keepalives_count', '3', true), """


# What is counted is put together once: room to sort and join it.
ROOM = "SET LOCAL work_mem = '64MB'"


@contextmanager
def unit() -> Iterator[bool]:
    """Open one unit of work alone; yields False when another worker is counting."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WATCHED + "pg_try_advisory_xact_lock(%s)", [LOCK])
        yield cursor.fetchone()[-1]


@contextmanager
def waiting_unit() -> Iterator[bool]:
    """Open one unit of work alone, after whoever is counting now."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WATCHED + "pg_advisory_xact_lock(%s)", [LOCK])
        yield True


@contextmanager
def shared_unit() -> Iterator[bool]:
    """Open one unit of work beside others of the same job; yields False while somebody counts alone."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WATCHED + "pg_try_advisory_xact_lock_shared(%s)", [LOCK])
        yield cursor.fetchone()[-1]


@contextmanager
def source_unit(source: str) -> Iterator[bool | None]:
    """Open the unit of one source beside those of others; yields False while somebody counts that source, None while somebody counts alone."""
    with shared_unit() as is_free:
        if not is_free:
            yield None
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", [OF_SOURCES, source])
            is_ours: bool = cursor.fetchone()[0]
        yield is_ours


def marked(at: datetime | None) -> None:
    """Say that stored sums have changed."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_count SET version = version + 1, counted_at = coalesce(%s, clock_timestamp())", [at])
