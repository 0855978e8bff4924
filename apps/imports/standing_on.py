"""Finds rows of others that refer to rows which an import added."""

from collections.abc import Iterator

from django.db import connection, models

from apps.customers.models import Movement, PayingAccount
from apps.imports.copying import quoted
from apps.imports.entities import BY_MODEL, Entity
from apps.imports.models import Part
from apps.imports.seals import PASTS
from apps.opportunities.models import Pulse

MADE_BY_THE_DATABASE = {Movement, PayingAccount, Pulse}  # from facts that refer themselves
SHOWN = 50
# The rows that an import wrote answer for themselves: they go, or get their old reference back.
WRITTEN = "SELECT l.row FROM imports_writtenrow l JOIN imports_part p ON p.id = l.part_id WHERE p.of_id = %(import)s AND p.entity = %(entity)s"


def references(part: Part, entity: Entity) -> Iterator[tuple[type[models.Model], int, int]]:
    """Yield the model and number of each such row, and the number of the row it refers to; not more than fifty of a kind."""
    for column in _columns(entity.model):
        model = column.model
        owner, key = next(((owner, past.of) for owner, past in PASTS.items() if past.model is model), (model, "id"))
        if model in MADE_BY_THE_DATABASE or owner is entity.model and key == column.column:
            continue
        kind, once = BY_MODEL.get(owner), ""
        is_past = owner is not model and any(field.column == column.column for field in owner._meta.concrete_fields)
        if is_past:  # a past state says nothing where what it is of refers to the same itself
            once = f"""AND NOT EXISTS (SELECT FROM {quoted(owner._meta.db_table)} o
                WHERE o.id = r.{quoted(key)} AND o.{quoted(column.column)} = r.{quoted(column.column)})"""
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT r.{quoted(model._meta.pk.column)}, r.{quoted(column.column)} FROM {quoted(model._meta.db_table)} r
                JOIN imports_writtenrow w ON w.row = r.{quoted(column.column)}
                WHERE w.part_id = %(part)s AND w.before IS NULL AND r.{quoted(key)} NOT IN ({WRITTEN}) {once} LIMIT {SHOWN}"""
                if kind
                else f"""SELECT r.{quoted(model._meta.pk.column)}, r.{quoted(column.column)} FROM {quoted(model._meta.db_table)} r
                JOIN imports_writtenrow w ON w.row = r.{quoted(column.column)} WHERE w.part_id = %(part)s AND w.before IS NULL {once} LIMIT {SHOWN}""",
                {"part": part.pk, "import": part.of_id, "entity": kind.name if kind else ""},
            )
            yield from ((model, pk, to) for pk, to in cursor.fetchall())


def _columns(model: type[models.Model]) -> list[models.ForeignKey]:
    """Return every foreign key to a model, also those that have no name there."""
    found = (
        relation.field for relation in model._meta.get_fields(include_hidden=True) if isinstance(relation, models.ForeignObjectRel) and relation.auto_created
    )
    return [field for field in found if isinstance(field, models.ForeignKey)]
