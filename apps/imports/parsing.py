"""Reads a mapping file into a Mapping, or raises MappingError with every mistake in it."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from apps.imports.condition_keys import condition_from, pattern_from
from apps.imports.entities import ENTITIES
from apps.imports.field_keys import field_from
from apps.imports.formats import Formats, is_date_format, two_days
from apps.imports.keys import Keys, MappingError, Problem
from apps.imports.mapping import Load, Mapping, Unfold
from apps.imports.suitability import unsuitable

SHIPPED = files("apps.imports") / "mappings"


def shipped() -> list[str]:
    """Name the mappings that come with the product."""
    return sorted(entry.name.removesuffix(".toml") for entry in SHIPPED.iterdir() if entry.name.endswith(".toml"))


def read(name: str) -> Mapping:
    """Read a mapping by its path, or by the name of one that is shipped."""
    path = Path(name)
    inner = SHIPPED / f"{name.removesuffix('.toml')}.toml"
    if not path.is_file() and not (path.name == name and inner.is_file()):
        wrong = _("There is no such mapping file.")
        raise MappingError([Problem(name, wrong, _("Give a path, or the name of a mapping that is shipped: %(names)s.") % {"names": ", ".join(shipped())})])
    try:
        return parse(path.read_text("utf-8-sig") if path.is_file() else inner.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise MappingError([Problem(name, _("It is not UTF-8 text."), _("Save the mapping as UTF-8."))]) from error


def parse(text: str) -> Mapping:
    """Parse the text of a mapping file."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError([Problem("TOML", f"{error}.", _("Texts stand in quotes, tables in [brackets]."))]) from error
    problems: list[Problem] = []
    keys = Keys("", table, problems)
    title = keys.text("title", is_required=True) or ""
    formats = _formats(keys.inner("formats"), Formats())
    aliases = _aliases(keys.inner("aliases"))
    tables = keys.tables("load")
    loads = [_load(Keys(f"load[{number}]", each, problems), formats, aliases) for number, each in enumerate(tables, 1)]
    if not loads:
        keys.note("load", _("Nothing is loaded."), _("Write one [[load]] with `file`, `entity` and `fields` for each file and entity."))
    keys.done()
    if problems:
        raise MappingError(problems)
    return Mapping(title=title, loads=tuple(load for load in loads if load), text=text)


def _load(keys: Keys, formats: Formats, aliases: dict[str, dict[str, str]]) -> Load | None:
    before = len(keys.problems)
    file, entity = keys.text("file", is_required=True) or "", keys.text("entity", is_required=True, allowed=ENTITIES) or ""
    if file and Path(file).name != file:
        keys.note("file", _("It names a folder."), _("Write the name of the file only; the folder is given to the command."))
    only = keys.text("only", allowed=["updates", "new"])
    inner = keys.inner("fields")
    fields = [field_from(inner, name, aliases) for name in inner.table]
    load = Load(
        file=file,
        entity=entity,
        sheet=keys.text("sheet"),
        formats=_formats(keys.inner("formats"), formats),
        fields=tuple(field for field in fields if field),
        skip=tuple(condition_from(Keys(f"{keys.at('skip')}[{number}]", each, keys.problems)) for number, each in enumerate(keys.tables("skip"), 1)),
        group=keys.texts("group") or (),
        is_optional=keys.truth("optional"),
        only=only,
        unfold=_unfold(keys.inner("unfold")) if "unfold" in keys.table else None,
    )
    keys.done()
    if len(keys.problems) > before:
        return None
    for problem in unsuitable(load, ENTITIES[entity]):
        keys.note(problem.key, problem.wrong, problem.allowed)
    return load


def _unfold(keys: Keys) -> Unfold:
    """Take which columns hold rows of their own."""
    into, value = keys.text("into", is_required=True) or "", keys.text("value", is_required=True) or ""
    inner = keys.inner("columns")
    columns = {name: inner.text(name, is_required=True) or "" for name in inner.table}
    matching = pattern_from(keys, "matching")
    if not columns and "matching" not in keys.table:
        keys.note("columns", _("No column is unfolded."), _('Write each with what it stands for, such as M01 = "01".'))
    if into and into == value or {into, value} & columns.keys():
        keys.note("into", _("A made-up column needs a name of its own."), _("Use names that no column has."))
    keys.done()
    return Unfold(columns, into, value, matching)


def _formats(keys: Keys, above: Formats) -> Formats:
    """Take formats; what is not said is as above."""
    said: dict[str, Any] = {
        "dates": keys.texts("dates"),
        "decimal": keys.text("decimal", allowed=[".", ","]),
        "thousands": keys.text("thousands", allowed=["", ",", ".", " ", "'", "’"]),
        "currency": keys.texts("currency"),
        "blank": None if (blank := keys.texts("blank")) is None else frozenset({"", *blank}),
        "encoding": _encoding(keys),
        "delimiter": keys.text("delimiter", allowed=[",", ";", "\t", "|"]),
    }
    keys.done()
    if said["decimal"] == "," and said["thousands"] is None and above.thousands == ",":
        said["thousands"] = "."
    formats = replace(above, **{name: value for name, value in said.items() if value is not None})
    if formats.decimal == formats.thousands:
        keys.note("thousands", _("It is the decimal sign too."), _("Use another sign, or an empty text where thousands are not marked."))
    for form in formats.dates:
        if not is_date_format(form):
            keys.note("dates", _("“%(form)s” is no date format.") % {"form": form}, _('Use signs such as "%d.%m.%Y" (day, month, year), "iso" or "excel".'))
    if both := two_days(formats.dates):
        wrong = _("“%(first)s” and “%(second)s” read the same text as different days.") % {"first": both[0], "second": both[1]}
        keys.note("dates", wrong, _("Keep one of them; give each file its own `formats`."))
    return formats


def _encoding(keys: Keys) -> str | None:
    name = keys.text("encoding")
    try:
        if name:
            "".encode(name)
    except LookupError:
        keys.note("encoding", _("“%(name)s” is unknown.") % {"name": name}, _('Use a name such as "utf-8", "utf-16", "cp1252" or "iso-8859-1".'))
    return name


def _aliases(keys: Keys) -> dict[str, dict[str, str]]:
    inner = {name: keys.inner(name) for name in keys.table}
    return {name: {written: table.text(written) or "" for written in table.table} for name, table in inner.items()}
