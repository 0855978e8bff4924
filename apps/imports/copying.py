"""Adds and changes many rows of a model with one statement each, whatever their number."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

INCOMING = "imports_incoming"
# The name of the sequence is looked up once, not for each number.
NUMBERS = """WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, %s)::regclass AS name)
    SELECT string_agg(nextval(name)::text, ',') FROM s CROSS JOIN generate_series(1, %s)"""


def add(rows: Sequence[models.Model]) -> None:
    """Add rows of one model, numbered by its own sequence."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if not isinstance(getattr(rows[0], field.attname), DatabaseDefault)]
    with connection.cursor() as cursor:
        sequence = [meta.db_table, meta.pk.column if meta.pk else "id", len(rows)]
        cursor.execute(NUMBERS, sequence)
        for row, number in zip(rows, map(int, cursor.fetchone()[0].split(",")), strict=True):
            row.pk = number
        for field in _stamps(fields, is_new=True):
            for row in rows:
                field.pre_save(row, True)
        _copy(cursor, quoted(meta.db_table), fields, rows)


def change(rows: Sequence[models.Model], names: Iterable[str]) -> None:
    """Write some attributes of rows that are there, and when they last changed."""
    meta = rows[0]._meta
    stamps = _stamps(meta.concrete_fields, is_new=False)
    for field in stamps:
        for row in rows:
            field.pre_save(row, False)
    wanted = set(names)
    fields = [field for field in meta.concrete_fields if field.attname in wanted or field in stamps]
    assert meta.pk is not None
    table, key = quoted(meta.db_table), quoted(meta.pk.column)
    columns = [quoted(field.column) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {INCOMING} ON COMMIT DROP AS SELECT {', '.join([key, *columns])} FROM {table} WITH NO DATA")
        _copy(cursor, INCOMING, [meta.pk, *fields], rows)
        cursor.execute(f"UPDATE {table} t SET {', '.join(f'{one} = i.{one}' for one in columns)} FROM {INCOMING} i WHERE i.{key} = t.{key}")
        cursor.execute(f"DROP TABLE {INCOMING}")


def numbers(some: Iterable[int]) -> str:
    """Return many numbers as one parameter, which costs less than a list; SQL has it as `%s::bigint[]`."""
    return f"{{{','.join(map(str, some))}}}"


def quoted(name: str | None) -> str:
    """Return the name of a table or column as SQL writes it."""
    assert name is not None
    return connection.ops.quote_name(name)


def _stamps(fields: Iterable[models.Field], *, is_new: bool) -> list[models.Field]:
    """Return the fields that say when a row was written."""
    return [field for field in fields if getattr(field, "auto_now", False) or is_new and getattr(field, "auto_now_add", False)]


def _copy(cursor: Any, table: str, fields: Sequence[models.Field], rows: Sequence[models.Model]) -> None:
    names = [field.attname for field in fields]
    with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({', '.join(quoted(field.column) for field in fields)}) FROM STDIN") as copy:
        for row in rows:
            found = row.__dict__
            copy.write_row([found[name] for name in names])
