"""The partitions of what grows without end: one a year, made before the first row of the year is written."""

from datetime import date

from django.db import connection

TABLE = "kpis_measureday"


def ensure(first_year: int, last_year: int) -> None:
    """Make the partitions that are missing from one calendar year to another; rows that already lie elsewhere move in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid WHERE i.inhparent = %s::regclass", [TABLE])
        known = {name for (name,) in cursor.fetchall()}
        for year in range(first_year, last_year + 1):
            if (name := f"{TABLE}_{year}") not in known:
                _make(cursor, name, date(year, 1, 1), date(year + 1, 1, 1))


def _make(cursor: object, name: str, start_on: date, end_on: date) -> None:
    execute = cursor.execute  # type: ignore[attr-defined]
    execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)")
    execute(f"WITH moved AS (DELETE FROM {TABLE}_other WHERE day >= %s AND day < %s RETURNING *) INSERT INTO {name} SELECT * FROM moved", [start_on, end_on])
    execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM ('{start_on}') TO ('{end_on}')")
