"""Writes changes in bulk; where the database refuses some, halves them until only the rows at fault are left out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import DatabaseError, DataError, IntegrityError, connection, models, transaction

from apps.core import violations
from apps.imports import copying
from apps.imports.drafts import Refusal
from apps.imports.entities import Entity
from apps.imports.matching import Change
from apps.imports.records import Desk
from apps.imports.rules import breach

BATCH = 2_500
TRIGGERED = {
    "closing_day_follows_stage": ("closed_on", "stage"),
    "credits_add_up": ("share",),
    "locked_targets_stay": ("start_on",),
    "rate_is_of_another_currency": ("currency",),
    "stage_of_deals_stays_open_or_closed": ("kind",),
    "teams_make_a_tree": ("parent",),
}
Unit = tuple[Change, ...]


def write(changes: Sequence[Change], desk: Desk) -> tuple[list[Change], list[Refusal]]:
    """Write what can be written, inside the caller's transaction; return it, and what was refused."""
    written: list[Change] = []
    refusals: list[Refusal] = []
    for batch in _batches(_units(changes, desk)):
        for change, refusal in _attempt(batch, desk):
            if refusal is None:
                written.append(change)
            else:
                refusals.append(refusal)
    return written, refusals


def _units(changes: Sequence[Change], desk: Desk) -> list[Unit]:
    """Part the changes into units that are written as one."""
    if desk.entity.together is None:
        return [(change,) for change in changes]
    attribute = desk.entity.fields[desk.entity.together].attname
    ordered = sorted(changes, key=lambda change: getattr(change.row, attribute))
    return [tuple(unit) for _owner, unit in groupby(ordered, key=lambda change: getattr(change.row, attribute))]


def _batches(units: list[Unit]) -> Iterator[list[Unit]]:
    for start in range(0, len(units), BATCH):
        yield units[start : start + BATCH]


def _attempt(units: Sequence[Unit], desk: Desk) -> Iterator[tuple[Change, Refusal | None]]:
    """Write units at once; if the database refuses, each half by itself, down to single rows."""
    changes = [change for unit in units for change in unit]
    try:
        with transaction.atomic():
            _save(changes, desk)
    except (IntegrityError, DataError) as error:
        if len(changes) == 1:
            yield changes[0], _refusal(changes[0], desk, error)
            return
        smaller = list(units) if len(units) > 1 else [(change,) for change in sorted(changes, key=lambda change: change.is_new)]
        half = len(smaller) // 2
        yield from _attempt(smaller[:half], desk)
        yield from _attempt(smaller[half:], desk)
    else:
        for change in changes:
            yield change, None


def _save(changes: Sequence[Change], desk: Desk) -> None:
    """Change first, then add: a membership must end before the next one starts."""
    differing = sorted((change for change in changes if not change.is_new), key=lambda change: change.changed)
    for changed, some in groupby(differing, key=lambda change: change.changed):
        copying.change([change.row for change in some], changed)
    copying.add([change.row for change in changes if change.is_new])
    with connection.cursor() as cursor:  # what is checked at the end of a transaction must be known now
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _refusal(change: Change, desk: Desk, error: DatabaseError) -> Refusal:
    diagnosis = getattr(error.__cause__, "diag", None)
    fields = _at_fault(desk.entity, getattr(diagnosis, "constraint_name", None) or "", getattr(diagnosis, "message_detail", None) or "")
    return Refusal(change.record.lines, (breach(change, desk, said=violations.explain(error), fields=fields),))


def _at_fault(entity: Entity, rule: str, detail: str) -> tuple[str, ...]:
    """Name the fields of a rule; where it is not the model's, those in the database's “Key (name)=(x) already exists”."""
    if rule in TRIGGERED:
        return TRIGGERED[rule]
    constraint = next((each for each in entity.model._meta.constraints if each.name == rule), None)
    if isinstance(constraint, models.UniqueConstraint):
        return tuple(constraint.fields)
    if isinstance(constraint, ExclusionConstraint):
        named = tuple(expression for expression, _operator in constraint.expressions if isinstance(expression, str))
        return ("start_on", "end_on", *named)
    return tuple(name for name, field in entity.fields.items() if f"({field.column})" in detail)
