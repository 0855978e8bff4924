"""Asks a model's check constraints in Python, so that a row that breaks one is refused before it is written.

The answer is SQL's: true, false or unknown (None), and only false breaks a constraint. A condition that uses what is
not known here is left to the database.
"""

import operator
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q

Truth = bool | None
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
    "range": lambda value, ends: ends[0] <= value <= ends[1],
    "regex": lambda value, pattern: re.search(pattern, value) is not None,
}


class Unknown(Exception):
    """The condition needs the database."""


def broken(instance: models.Model) -> Iterator[models.CheckConstraint]:
    """Yield the check constraints that an instance breaks."""
    for constraint in instance._meta.constraints:
        if isinstance(constraint, models.CheckConstraint) and _holds(constraint, instance) is False:
            yield constraint


def fields(constraint: models.CheckConstraint) -> tuple[str, ...]:
    """Name the fields that a constraint compares, those of its left sides first."""
    found = list(_fields(constraint.condition))
    return tuple(dict.fromkeys(name for name, _place in sorted(found, key=lambda pair: pair[1])))


def _fields(condition: Any) -> Iterator[tuple[str, int]]:
    for child in condition.children:
        if isinstance(child, Q):
            yield from _fields(child)
        else:
            yield child[0].partition("__")[0], 0
            if isinstance(child[1], F):
                yield _named(child[1]), 1


def _holds(constraint: models.CheckConstraint, instance: models.Model) -> Truth:
    try:
        return _truth(constraint.condition, instance)
    except Unknown:
        return None


def _truth(condition: Any, instance: models.Model) -> Truth:
    if not isinstance(condition, Q):
        raise Unknown
    children: list[Any] = condition.children
    answers = [_truth(child, instance) if isinstance(child, Q) else _compared(child[0], child[1], instance) for child in children]
    decisive = condition.connector == Q.OR
    answer: Truth = decisive if decisive in answers else None if None in answers else not decisive
    return answer if answer is None or not condition.negated else not answer


def _compared(path: str, wanted: Any, instance: models.Model) -> Truth:
    name, _, lookup = path.partition("__")
    value = _value(name, instance)
    if lookup == "isnull":
        return (value is None) == wanted
    if isinstance(wanted, F):
        wanted = _value(_named(wanted), instance)
    compare = COMPARED.get(lookup or "exact")
    if compare is None or isinstance(wanted, models.Expression):
        raise Unknown
    return None if value is None or wanted is None else compare(value, wanted)


def _named(reference: F) -> str:
    return str(reference.deconstruct()[1][0])


def _value(name: str, instance: models.Model) -> Any:
    try:
        field: Any = instance._meta.pk if name == "pk" else instance._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise Unknown from error
    return getattr(instance, field.attname)
