"""Reads the keys that say where one field comes from."""

from collections.abc import Mapping as Table
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from apps.core.periods import GRAINS
from apps.imports.condition_keys import condition_from
from apps.imports.entities import REFERENCES
from apps.imports.keys import Keys, suggestion
from apps.imports.mapping import STYLES, Column, Constant, Field, FirstOf, Source, Sum, Template, TimesBy

SOURCES = ("column", "columns", "value", "template", "sum")


def field_from(keys: Keys, name: str, shared: Table[str, Table[str, str]]) -> Field | None:
    """Read a field: the name of a column, or a table that says more. None where it is wrong, which is noted."""
    written = keys.raw(name)
    if isinstance(written, str) and written:
        return Field(name, Column(written))
    if not isinstance(written, dict):
        keys.note(name, _("It says no column."), _('Write "column", { column = "…" }, { value = "…" }, { template = "…" } or { sum = "…" }.'))
        return None
    inner = Keys(keys.at(name), written, keys.problems)
    before = len(keys.problems)
    field = Field(
        name,
        source=_source(inner),
        aliases=_aliases(inner, shared),
        default=_constant(inner, "default"),
        by=REFERENCES.get(inner.text("by", allowed=REFERENCES) or ""),
        times=_times(inner),
        first_of=inner.text("first_of", allowed=GRAINS),
        last_of=inner.text("last_of", allowed=GRAINS),
        when=condition_from(inner.inner("when")) if "when" in inner.table else None,
        times_by=_times_by(inner.inner("times_by")) if "times_by" in inner.table else None,
    )
    inner.done()
    return field if len(keys.problems) == before else None


def _source(keys: Keys) -> Source:
    said = [key for key in SOURCES if key in keys.table]
    if len(said) != 1:
        keys.taken.update(SOURCES)
        keys.note("", _("It says %(count)s sources.") % {"count": len(said)}, _("Give exactly one of: column, columns, value, template, sum."))
        return Constant("")
    match said[0]:
        case "column":
            return Column(keys.text("column", is_required=True) or "")
        case "columns":
            names = keys.texts("columns") or ()
            if not all(names) or not names:
                keys.note("columns", _("It names no column."), _('Write them in the order in which they are tried: ["Won on", "Lost on"].'))
            return FirstOf(names)
        case "sum":
            return Sum(keys.text("sum", is_required=True) or "")
        case "template":
            return _template(keys)
        case _:
            return Constant(_constant(keys, "value") or "")


def _template(keys: Keys) -> Template:
    template = Template(keys.text("template", is_required=True) or "")
    if not template.columns:
        keys.note("template", _("It names no column."), _('Write columns in braces: "{first} {last}"; use `value` for a text without any.'))
    for style in template.styles:
        if style not in STYLES:
            keys.note("template", _("“%(style)s” is unknown.") % {"style": style}, suggestion(style, [name for name in STYLES if name]))
    return template


def _constant(keys: Keys, key: str) -> str | None:
    """Take a text, number, date, true or false, as text."""
    written: Any = keys.raw(key)
    if written is None or isinstance(written, str):
        return written
    if isinstance(written, bool):
        return "true" if written else "false"
    if isinstance(written, int | float | datetime | date):
        return str(written)
    keys.note(key, _("It is not one value."), _("Write a text, a number, a date, true or false."))
    return None


def _aliases(keys: Keys, shared: Table[str, Table[str, str]]) -> Table[str, str]:
    written = keys.raw("aliases")
    if written is None:
        return {}
    if isinstance(written, str):
        if written not in shared:
            keys.note("aliases", _("There is no [aliases.%(name)s].") % {"name": written}, suggestion(written, shared))
        return shared.get(written, {})
    inner = Keys(keys.at("aliases"), written, keys.problems)
    return {text: _constant(inner, text) or "" for text in inner.table}


def _times_by(keys: Keys) -> TimesBy:
    """Take a column, and what a number is multiplied by for each of its texts."""
    column, inner = keys.text("column", is_required=True) or "", keys.inner("factors")
    factors = {text: _times(inner, text) for text in inner.table}
    if not factors:
        keys.note("factors", _("It is missing."), _("Write a number for each text of the column: { monthly = 12, annual = 1 }."))
    keys.done()
    return TimesBy(column, {text: factor for text, factor in factors.items() if factor is not None})


def _times(keys: Keys, key: str = "times") -> Decimal | None:
    written = _constant(keys, key)
    try:
        number = None if written is None else Decimal(written)
        if number is not None and not number.is_finite():
            raise InvalidOperation
        return number
    except InvalidOperation:
        keys.note(key, _("It is not a number."), _("Write what each number is multiplied by, such as 0.01."))
        return None
