"""Turns the text of one field into the value that its model stores."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext as _

from apps.core.currencies import CurrencyField
from apps.core.periods import Calendar
from apps.imports import values
from apps.imports.formats import Formats
from apps.imports.mapping import Field
from apps.imports.values import Cell, Refused

KEY = "external_key"
ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+")

Reader = Callable[[Cell, Formats], Any]
READERS: tuple[tuple[type[models.Field], Reader], ...] = (  # the nearer class first
    (models.DateTimeField, values.instant),
    (models.DateField, values.day),
    (models.BooleanField, values.truth),
    (models.DecimalField, values.amount),
    (models.IntegerField, values.whole),
    (CurrencyField, values.code),
    (models.CharField, values.text),
    (models.TextField, values.text),
)


@cache
def reader(column: models.Field) -> Reader:
    return next(read for kind, read in READERS if isinstance(column, kind))


def value(field: Field, column: models.Field, cell: Cell, *, formats: Formats, calendar: Calendar) -> Any:
    """Read a cell for a model's field, and check it by the field's own rules. Raises Refused."""
    if column.choices:
        return _choice(column, values.text(cell, formats))
    if is_percentage(column):
        cell = values.without_percent(cell)
    read = reader(column)(cell, formats)
    if field.times is not None:
        read = read * field.times
    if isinstance(column, models.DecimalField):
        read = values.rounded(read, column.max_digits or 0, column.decimal_places or 0)
    if isinstance(read, date) and (field.first_of or field.last_of):
        read = _edge(field, read, calendar)
    if isinstance(column, models.EmailField):
        read = read.lower()
    _check(column, read)
    return read


def nothing(column: models.Field) -> Any:
    """Return what a blank cell means for a field. Raises Refused where the field cannot be blank."""
    if column.null:
        return None
    if column.has_default():
        return column.get_default()
    if column.blank and isinstance(column, models.CharField | models.TextField):
        return ""
    raise Refused(_("It is blank, and there is no row without it."), _("Fill it in. A mapping file can give it a `default`."))


def _edge(field: Field, day: date, calendar: Calendar) -> date:
    if field.first_of:
        return calendar.containing(field.first_of, day).start_on
    return calendar.containing(field.last_of or "day", day).last_on


def _choice(column: models.Field, text: str) -> Any:
    known = {str(word).casefold(): stored for stored, label in column.flatchoices for word in (label, stored)}
    if text.casefold() in known:
        return known[text.casefold()]
    options = ", ".join(str(stored) for stored, _label in column.flatchoices)
    raise Refused(_("It is none of the allowed values."), _("Use one of: %(known)s. A mapping file can translate it (`aliases`).") % {"known": options})


def _check(column: models.Field, read: Any) -> None:
    if column.name == KEY and isinstance(read, str) and ROUNDED.fullmatch(read):
        reason = _("A spreadsheet has rounded this key, and others may have become the same.")
        raise Refused(reason, _("Export it again, and open it in no spreadsheet before; or have the column formatted as text."))
    if isinstance(read, str) and "\x00" in read:
        raise Refused(_("It holds a character that is no text."), _("Save the file anew as UTF-8 text."))
    try:
        column.run_validators(read)
    except ValidationError as error:
        raise Refused(" ".join(error.messages), _("Correct the value in the file. A mapping file can translate it (`aliases`).")) from error


def is_number(column: models.Field) -> bool:
    return isinstance(column, models.DecimalField | models.IntegerField)


@cache
def is_percentage(column: models.Field) -> bool:
    """Tell whether a field holds a share of a hundred."""
    return is_number(column) and any(isinstance(rule, MaxValueValidator) and rule.limit_value == 100 for rule in column.validators)


def is_day(column: models.Field) -> bool:
    return isinstance(column, models.DateField)
