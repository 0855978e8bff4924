"""Writes drafts with a statement for all that are new and one for all that differ; where the database refuses some, halves them until only those are left out."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DataError, IntegrityError, connection, models, transaction
from rest_framework.exceptions import ValidationError

from apps.api import violations
from apps.api.bulk.drafts import Draft, Refusal, refusal

MOST_REFUSALS = 200  # by the database, which are found by trying
# The plans of the triggers' queries are made while tables are small and kept: a sequential scan chosen then is quadratic. Pages have theirs made once, for any
# values; what is asked of thousands of rows is planned for them.
FOR_MANY_ROWS = "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = auto"


class TooManyRefused(Exception):
    """So many rows break rules of the database that it is not tried any further."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = refusals


def write(drafts: Sequence[Draft], serializer: Any) -> list[Draft | Refusal]:
    """Write what can be written, inside the caller's transaction, and return what became of each; raises TooManyRefused."""
    with connection.cursor() as cursor:
        cursor.execute(FOR_MANY_ROWS)
    done: list[Draft | Refusal] = []
    refused: list[Refusal] = []
    for one in _attempt(drafts, serializer):
        done.append(one)
        if isinstance(one, Refusal):
            refused.append(one)
            if len(refused) > MOST_REFUSALS:
                raise TooManyRefused(refused)
    return done


def _attempt(drafts: Sequence[Draft], serializer: Any) -> Iterator[Draft | Refusal]:
    if not drafts:
        return
    try:
        with transaction.atomic():
            _save(drafts, serializer)
            violations.check_now()
    except (IntegrityError, DataError) as error:
        if len(drafts) == 1:
            yield _refused(drafts[0], error)
            return
        half = len(drafts) // 2
        yield from _attempt(drafts[:half], serializer)
        yield from _attempt(drafts[half:], serializer)
    else:
        yield from drafts


def _refused(draft: Draft, error: IntegrityError | DataError) -> Refusal:
    field, words = violations.fault(error)
    return refusal(draft.place, draft.key, ValidationError({field or "detail": [words]}))


def _save(drafts: Sequence[Draft], serializer: Any) -> None:
    """Change first, then add: what is taken must be free before somebody else has it."""
    model: type[models.Model] = serializer.Meta.model
    change([draft for draft in drafts if not draft.is_new], model, {*serializer.beside}, {*serializer.passing})
    new = [draft.row for draft in drafts if draft.is_new]
    for row in new:
        row.pk, row._state.adding = None, True  # an earlier attempt numbered it
    model._default_manager.bulk_create(new)
    serializer.save_beside([draft for draft in drafts if draft.is_new or set(draft.changed) & draft.beside.keys()])


def change(drafts: Sequence[Draft], model: type[models.Model], beside: set[str], passing: set[str]) -> None:
    """Write every field in which some of the rows differ, of all of them in one statement."""
    names = {name for draft in drafts for name in draft.changed} - beside
    if not names:
        return
    rows = [draft.row for draft in drafts if set(draft.changed) - beside]
    stamps: list[Any] = [field for field in model._meta.concrete_fields if getattr(field, "auto_now", False)]
    for stamp in stamps:
        for row in rows:
            stamp.pre_save(row, False)
    fields: list[Any] = [field for field in model._meta.concrete_fields if field.name in names | passing or field in stamps]
    pk: Any = model._meta.pk
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = told.{quote(field.column)}" for field in fields)
    types = ", ".join(f"{quote(field.column)} {field.db_type(connection)}" for field in fields)
    told = [{"id": row.pk, **{field.column: _told(getattr(row, field.attname)) for field in fields}} for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} kept SET {columns} FROM jsonb_to_recordset(%s::jsonb) AS told(id {pk.rel_db_type(connection)}, {types})"
            f" WHERE kept.{quote(pk.column)} = told.id",
            [json.dumps(told)],
        )


def _told(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value  # an instant is a date, too
