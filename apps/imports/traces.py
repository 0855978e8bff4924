"""Keeps of every row that an import writes what was there before, in the transaction that writes it."""

from collections.abc import Iterable, Sequence

from django.db import connection

from apps.imports.copying import numbers, quoted
from apps.imports.entities import Entity
from apps.imports.matching import Change
from apps.imports.seals import PASTS, seal

BEFORE, PAST = "imports_before", "imports_past"


class Trace:
    """What one portion of a part writes: `before` the write, then `written` after it."""

    def __init__(self, part: int, entity: Entity) -> None:
        self.part, self.entity = part, entity
        self.table = quoted(entity.model._meta.db_table)

    def before(self, changes: Iterable[Change]) -> None:
        """Look at the rows that will be changed, and at their past."""
        ids = [change.row.pk for change in changes if not change.is_new]
        if not ids:
            return
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE {BEFORE} ON COMMIT DROP AS SELECT * FROM {self.table} WHERE id = ANY(%s)", [ids])
            past = PASTS.get(self.entity.model)
            states = f"SELECT {past.of} AS id, jsonb_agg(to_jsonb(v)) AS states FROM {past.table} v WHERE {past.of} = ANY(%s) GROUP BY 1" if past else NO_PAST
            cursor.execute(f"CREATE TEMP TABLE {PAST} ON COMMIT DROP AS {states}", [ids] if past else [])

    def written(self, before: Sequence[Change], written: Sequence[Change]) -> None:
        """Note what was written: which rows are new, and what the others were before."""
        new, others = ([change.row.pk for change in written if change.is_new is is_new] for is_new in (True, False))
        with connection.cursor() as cursor:
            if new:
                cursor.execute(
                    f"{KEEP} SELECT %s, t.id, NULL, NULL, {seal(self.entity)} FROM {self.table} t WHERE t.id = ANY(%s::bigint[])", [self.part, numbers(new)]
                )
            if others:
                cursor.execute(
                    f"""{KEEP} SELECT %s, t.id, {DIFFERENCE}, p.states, {seal(self.entity)}
                    FROM {self.table} t JOIN {BEFORE} b ON b.id = t.id LEFT JOIN {PAST} p ON p.id = t.id WHERE t.id = ANY(%s) {AGAIN}""",
                    [self.part, others],
                )
            if any(not change.is_new for change in before):
                cursor.execute(f"DROP TABLE {BEFORE}, {PAST}")


KEEP = "INSERT INTO imports_writtenrow (part_id, row, before, history, seal)"
AGAIN = "ON CONFLICT (part_id, row) DO UPDATE SET seal = excluded.seal"
NO_PAST = "SELECT NULL::bigint AS id, NULL::jsonb AS states WHERE FALSE"
DIFFERENCE = """(SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(to_jsonb(b)) e
    WHERE e.value IS DISTINCT FROM to_jsonb(t) -> e.key)"""
