"""How far facts reach: the first and last day of a stream's records, and about how many there are."""

import re
from datetime import date

from django.db import connection

from apps.kpis.streams import STREAMS, Stream

PLAIN = re.compile(r"^(\w)\.(\w+)$")


def columns(stream: Stream) -> list[tuple[str, str]]:
    """Return the tables and columns that hold the days of a stream's records."""
    found = list(stream.reaches)
    for arm in stream.arms:
        if match := PLAIN.match(arm.day):
            table = re.search(rf"(\w+) {match[1]}\b", arm.tables)
            if table:
                found.append((table[1], match[2]))
    return list(dict.fromkeys(found))


def days(*streams: Stream) -> tuple[date | None, date | None]:
    """Return the first and last day of some streams' records (all streams' without names)."""
    places = list(dict.fromkeys(place for stream in streams or STREAMS.values() for place in columns(stream)))
    if not places:
        return None, None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(first), max(last) FROM ("
            + " UNION ALL ".join(f"SELECT min({column}) AS first, max({column}) AS last FROM {table}" for table, column in places)
            + ") t"
        )
        first, last = cursor.fetchone()
    return first, last


def rows(stream: Stream) -> int:
    """Return about how many rows a stream's table has, as the planner knows it."""
    tables = {table for table, _column in columns(stream)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(reltuples), 0) FROM pg_class WHERE relname = ANY(%s)", [list(tables)])
        return max(0, int(cursor.fetchone()[0]))
