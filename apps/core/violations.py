"""Says in people's words which rule of the database a write broke, for forms and the API alike."""

import re
from functools import cache
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import DatabaseError
from django.db.models import BaseConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext as _

NOT_NULL, REFERRED, TAKEN, TOO_LARGE, TOO_LONG = "23502", "23503", "23505", "22003", "22001"
KEY = re.compile(r"\((?P<columns>[^)]*)\)=")


def explain(error: DatabaseError) -> str:
    """Return what was wrong and what to do; the rule's own words where it has some."""
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = rules().get(getattr(diagnosis, "constraint_name", None) or "")
    return str(rule) if rule else _by_code(diagnosis, error)


@cache
def rules() -> dict[str, str | Promise]:
    """Return the words of every constraint and trigger that has its own, by name."""
    words: dict[str, str | Promise] = {}
    constraints: list[Any] = [rule for model in apps.get_models() for rule in model._meta.constraints]
    for rule in [*constraints, *(trigger for _model, trigger in pgtrigger.registered())]:
        said = getattr(rule, "violation_error_message", None)
        if said and said != BaseConstraint.default_violation_error_message:
            words[rule.name] = said
    return words


def _by_code(diagnosis: object, error: DatabaseError) -> str:
    code, detail = getattr(diagnosis, "sqlstate", None), getattr(diagnosis, "message_detail", None) or ""
    if code == TAKEN:
        key = KEY.search(detail)
        return _("There is a row with this %(columns)s already. Change that one, or choose another value.") % {"columns": _words(key["columns"] if key else "")}
    if code == REFERRED:
        return _("Something else refers to this, or what it refers to is gone. Reload the page and try again.")
    if code == NOT_NULL:
        return _("“%(column)s” must be filled in.") % {"column": _words(getattr(diagnosis, "column_name", None) or "")}
    if code in (TOO_LARGE, TOO_LONG):
        return _("A value is too large to be kept. Write a smaller number or a shorter text.")
    return str(getattr(diagnosis, "message_primary", None) or error)


def _words(columns: str) -> str:
    return columns.replace("_id", "").replace("_", " ")
