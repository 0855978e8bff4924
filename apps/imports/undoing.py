"""Takes a whole import back: rows that it added go, rows that it changed get their values and their past states again.

It is refused where something stands on it: rows that somebody else has written since, and rows of others that refer to those it added.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pgtrigger
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from apps.core import authorship, violations
from apps.imports import loading
from apps.imports.copying import quoted
from apps.imports.entities import ENTITIES, Entity
from apps.imports.models import Import, Part
from apps.imports.seals import PASTS, Past, seal
from apps.imports.standing_on import references

SHOWN, TOLD = 50, 10


@dataclass(frozen=True)
class Obstacle:
    """One row that stands in the way: of which entity, which one, and why."""

    entity: str
    row: int
    label: str
    reason: str

    def __str__(self) -> str:
        return f"{self.label}: {self.reason}"


class Refused(ValueError):
    """An import that cannot be undone; `obstacles` are the first rows that stand in the way."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        told = [str(each) for each in obstacles[:TOLD]]
        if more := len(obstacles) - len(told):
            told.append((_("And %(count)s more.") if len(obstacles) < SHOWN else _("And at least %(count)s more.")) % {"count": more})
        super().__init__("\n".join([_("It cannot be undone, because later changes stand on it. Take these back first:"), *told]))
        self.obstacles = obstacles


def must_be_possible(this: Import) -> None:
    """Raise Refused where something stands on an import."""
    if found := obstacles(this):
        raise Refused(found)


def obstacles(this: Import) -> list[Obstacle]:
    """Return the first rows that keep an import from being undone."""
    found: list[Obstacle] = []
    for part in this.parts.all():
        for each in _standing_on(part):
            found.append(each)
            if len(found) == SHOWN:
                return found
    return found


def _standing_on(part: Part) -> Iterator[Obstacle]:
    entity = ENTITIES[part.entity]
    for pk in _changed_since(part, entity):
        row = entity.model._default_manager.filter(pk=pk).first()
        if row is None:
            yield Obstacle(entity.name, pk, f"{entity.model._meta.verbose_name} {pk}", _("It was deleted since, so its old values have no place."))
        else:
            other = _written_later(part, entity, pk)
            reason = (
                _("The import “%(import)s” has changed it since. Undo that one first.") % {"import": other}
                if other
                else _("It was changed since. Give it back the values that the import wrote.")
            )
            yield Obstacle(entity.name, pk, str(row), reason)
    for model, pk, to in references(part, entity):
        row = model._default_manager.filter(pk=pk).first()
        reason = _("This %(kind)s refers to “%(row)s”, which the import added.") % {
            "kind": model._meta.verbose_name,
            "row": entity.model._default_manager.filter(pk=to).first(),
        }
        yield Obstacle(model._meta.label_lower, pk, str(row), reason)


def _changed_since(part: Part, entity: Entity) -> list[int]:
    """Return rows that are not as the import left them, or gone though their old values are wanted; what a later part wrote, it answers for."""
    table = quoted(entity.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT w.row FROM imports_writtenrow w LEFT JOIN {table} t ON t.id = w.row
            WHERE w.part_id = %s AND (CASE WHEN t.id IS NULL THEN w.before IS NOT NULL ELSE {seal(entity)} <> w.seal END)
                AND NOT EXISTS (SELECT FROM imports_writtenrow l JOIN imports_part p ON p.id = l.part_id
                    WHERE l.row = w.row AND p.of_id = %s AND p.entity = %s AND p.position > %s)
            ORDER BY w.row LIMIT %s""",
            [part.pk, part.of_id, part.entity, part.position, SHOWN],
        )
        return [row for (row,) in cursor.fetchall()]


def _written_later(part: Part, entity: Entity, pk: int) -> Import | None:
    """Return the last other import that wrote a row after this one began."""
    later = Import.objects.filter(parts__entity=entity.name, parts__written__row=pk, started_at__gte=part.of.started_at).exclude(pk=part.of_id)
    return later.order_by("-started_at").first()


def undo(this: Import) -> None:
    """Take an import back, inside the caller's transaction. Raises Refused."""
    loading.alone()
    must_be_possible(this)
    with authorship.written(by=this.undone_by_id, reason=_("Undone: %(import)s") % {"import": this.title}):
        try:
            for part in this.parts.order_by("-position"):
                _take_back(part, ENTITIES[part.entity])
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                cursor.execute("DELETE FROM imports_writtenrow WHERE part_id IN (SELECT id FROM imports_part WHERE of_id = %s)", [this.pk])
        except (IntegrityError, DataError) as error:
            raise Refused([Obstacle("", 0, this.title, violations.explain(error))]) from error


def _take_back(part: Part, entity: Entity) -> None:
    past = PASTS.get(entity.model)
    with connection.cursor() as cursor:
        if past:
            cursor.execute(f"DELETE FROM {past.table} WHERE {past.of} IN (SELECT row FROM imports_writtenrow WHERE part_id = %s)", [part.pk])
            _bring_past_back(part, past)
            with pgtrigger.ignore(past.trigger), transaction.atomic():  # a statement that fails leaves what follows it usable
                _restore(part, entity)
                _remove(part, entity)
        else:
            _restore(part, entity)
            _remove(part, entity)


def _bring_past_back(part: Part, past: Past) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {past.table} SELECT (jsonb_populate_record(NULL::{past.table}, s.state)).* FROM imports_writtenrow w
            CROSS JOIN LATERAL jsonb_array_elements(w.history) s(state) WHERE w.part_id = %s AND jsonb_typeof(w.history) = 'array'""",
            [part.pk],
        )


def _restore(part: Part, entity: Entity) -> None:
    """Give changed rows the values that they had."""
    table = quoted(entity.model._meta.db_table)
    columns = [quoted(field.column) for field in _written(entity.model)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {table} t SET {", ".join(f"{column} = r.{column}" for column in columns)} FROM (
                SELECT (jsonb_populate_record(o, w.before)).* FROM imports_writtenrow w JOIN {table} o ON o.id = w.row
                WHERE w.part_id = %s AND w.before IS NOT NULL
            ) r WHERE r.id = t.id""",
            [part.pk],
        )


def _written(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.primary_key and not isinstance(field, models.GeneratedField)]


def _remove(part: Part, entity: Entity) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {quoted(entity.model._meta.db_table)} WHERE id IN (SELECT row FROM imports_writtenrow WHERE part_id = %s AND before IS NULL)",
            [part.pk],
        )
