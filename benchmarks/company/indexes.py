"""Sets indexes aside while much is written, and makes them again exactly as they were: building one at a time is much faster."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

# Primary keys stay: other tables point at them.
FOUND = """
SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), TRUE FROM pg_constraint c
    WHERE c.conrelid = ANY(%(tables)s::regclass[]) AND c.contype IN ('u', 'x')
UNION ALL
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), FALSE FROM pg_index i
    WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY 1, 2
"""


@contextmanager
def set_aside(connection: Any, tables: Iterable[str], *, tell: Callable[[str], None]) -> Iterator[None]:
    """Drop the indexes of some tables, and make them again at the end."""
    found = connection.execute(FOUND, {"tables": list(tables)}).fetchall()
    for table, name, _definition, is_constraint in found:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}" if is_constraint else f"DROP INDEX {name}")
    yield
    tell(f"{len(found)} indexes")
    for table, name, definition, is_constraint in found:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" if is_constraint else definition)
