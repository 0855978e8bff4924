"""Asks a model's check constraints in Python, so that a row that breaks one is refused before it is written.

The answer is SQL's: true, false or unknown (None), and only false breaks a constraint. A condition that uses what is
not known here is left to the database.
"""

import operator
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q

Truth = bool | None
Rule = Callable[[models.Model], Truth]
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
    for constraint, holds in _rules(type(instance)):
        if holds(instance) is False:
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


@cache
def _rules(model: type[models.Model]) -> tuple[tuple[models.CheckConstraint, Rule], ...]:
    """Return the check constraints that need no database, each as a function of an instance."""
    found = []
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            with suppress(Unknown):
                found.append((constraint, rule(constraint.condition, model)))
    return tuple(found)


def rule(condition: Any, model: type[models.Model]) -> Rule:
    """Return a condition as a function of an instance. Raises Unknown."""
    if not isinstance(condition, Q):
        raise Unknown
    children: list[Any] = condition.children
    rules = [rule(child, model) if isinstance(child, Q) else _compared(child[0], child[1], model) for child in children]
    decisive = condition.connector == Q.OR

    def asked(instance: models.Model) -> Truth:
        answer: Truth = not decisive
        for each in rules:
            found = each(instance)
            if found is decisive:
                return decisive
            if found is None:
                answer = None
        return answer

    def denied(instance: models.Model) -> Truth:
        answer = asked(instance)
        return None if answer is None else not answer

    return denied if condition.negated else asked


def _compared(path: str, wanted: Any, model: type[models.Model]) -> Rule:
    name, _, lookup = path.partition("__")
    value = _value(name, model)
    if lookup == "isnull":
        return lambda instance: (value(instance) is None) == wanted
    compare = COMPARED.get(lookup or "exact")
    if compare is None or (isinstance(wanted, models.Expression) and not isinstance(wanted, F)):
        raise Unknown
    other = _value(_named(wanted), model) if isinstance(wanted, F) else lambda _instance: wanted

    def asked(instance: models.Model) -> Truth:
        left, right = value(instance), other(instance)
        return None if left is None or right is None else compare(left, right)

    return asked


def _named(reference: F) -> str:
    return str(reference.deconstruct()[1][0])


def _value(name: str, model: type[models.Model]) -> Callable[[models.Model], Any]:
    try:
        field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise Unknown from error
    return operator.attrgetter(field.attname)
