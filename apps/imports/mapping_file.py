"""Writes a mapping as the TOML that `parsing` reads back as the same mapping."""

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from decimal import Decimal

from apps.imports.entities import KEY
from apps.imports.formats import Formats
from apps.imports.mapping import Column, Condition, Constant, Field, FirstOf, Load, Mapping, Sum, Template

BARE = re.compile(r"[A-Za-z0-9_-]+")
Aliases = dict[str, Table[str, str]]


def write(mapping: Mapping) -> str:
    """Write a mapping; translations that fields need stand together above the loads."""
    shared = _shared(mapping)
    lines = [f"title = {quoted(mapping.title)}"]
    for name, table in shared.items():
        lines += ["", f"[aliases.{key_text(name)}]", *(f"{key_text(text)} = {quoted(meaning)}" for text, meaning in table.items())]
    for load in mapping.loads:
        lines += ["", "[[load]]", *_load(load, shared)]
    return "\n".join(lines) + "\n"


def _shared(mapping: Mapping) -> Aliases:
    """Name each table of translations by the first field that needs it."""
    found: Aliases = {}
    for load in mapping.loads:
        for field in load.fields:
            if field.aliases and dict(field.aliases) not in [dict(table) for table in found.values()]:
                name = f"{load.entity}_{field.name}"
                found[name if name not in found else f"{name}_{len(found) + 1}"] = field.aliases
    return found


def _load(load: Load, shared: Aliases) -> Iterator[str]:
    yield f"file = {quoted(load.file)}"
    if load.sheet is not None:
        yield f"sheet = {quoted(load.sheet)}"
    yield f"entity = {quoted(load.entity)}"
    if load.only:
        yield f"only = {quoted(load.only)}"
    if load.is_optional:
        yield "optional = true"
    if load.group:
        yield f"group = {_texts(load.group)}"
    if load.skip:
        yield f"skip = [{', '.join(_inline(_condition(rule)) for rule in load.skip)}]"
    formats = list(_formats(load.formats))
    if formats:
        yield from ("[load.formats]", *formats)
    if load.unfold:
        yield "[load.unfold]"
        yield f"into = {quoted(load.unfold.into)}"
        yield f"value = {quoted(load.unfold.value)}"
        if load.unfold.columns:
            yield f"columns = {_inline({name: quoted(means) for name, means in load.unfold.columns.items()})}"
        if load.unfold.matching:
            yield f"matching = {quoted(load.unfold.matching.pattern)}"
    yield "[load.fields]"
    for field in load.fields:
        yield f"{key_text(field.name)} = {_field(field, shared)}"


def _formats(formats: Formats) -> Iterator[str]:
    usual = Formats()
    if formats.dates:
        yield f"dates = {_texts(formats.dates)}"
    if (formats.decimal, formats.thousands) != (usual.decimal, usual.thousands):
        yield f"decimal = {quoted(formats.decimal)}"
        yield f"thousands = {quoted(formats.thousands)}"
    if formats.currency:
        yield f"currency = {_texts(formats.currency)}"
    if formats.blank != usual.blank:
        yield f"blank = {_texts(sorted(formats.blank - usual.blank))}"
    if formats.encoding:
        yield f"encoding = {quoted(formats.encoding)}"
    if formats.delimiter:
        yield f"delimiter = {quoted(formats.delimiter)}"


def _field(field: Field, shared: Aliases) -> str:
    said = {**_source(field), **_rest(field)}
    if field.aliases:
        said["aliases"] = quoted(next(name for name, table in shared.items() if dict(table) == dict(field.aliases)))
    return said["column"] if list(said) == ["column"] and said["column"] != '""' else _inline(said)


def _source(field: Field) -> dict[str, str]:
    match field.source:
        case Column(name):
            return {"column": quoted(name)}
        case FirstOf(names):
            return {"columns": _texts(names)}
        case Constant(text):
            return {"value": quoted(text)}
        case Template(text):
            return {"template": quoted(text)}
        case Sum(column):
            return {"sum": quoted(column)}


def _rest(field: Field) -> dict[str, str]:
    said = {
        "default": None if field.default is None else quoted(field.default),
        "by": quoted("key" if field.by == KEY else field.by) if field.by else None,
        "times": None if field.times is None else _number(field.times),
        "first_of": quoted(field.first_of) if field.first_of else None,
        "last_of": quoted(field.last_of) if field.last_of else None,
        "when": _inline(_condition(field.when)) if field.when else None,
    }
    if field.times_by:
        factors = _inline({text: _number(factor) for text, factor in field.times_by.factors.items()})
        said["times_by"] = _inline({"column": quoted(field.times_by.column), "factors": factors})
    return {key: text for key, text in said.items() if text is not None}


def _condition(rule: Condition) -> dict[str, str]:
    said = {"column": quoted(rule.column)}
    if rule.texts:
        said["is"] = _texts(sorted(rule.texts))
    if rule.others_than:
        said["is_not"] = _texts(sorted(rule.others_than))
    if rule.blank:
        said["blank"] = "true"
    if rule.pattern:
        said["matches"] = quoted(rule.pattern.pattern)
    return said


def _inline(said: Table[str, str]) -> str:
    return "{ " + ", ".join(f"{key_text(key)} = {text}" for key, text in said.items()) + " }"


def _number(number: Decimal) -> str:
    """Write a number bare where TOML's floats keep it exactly."""
    bare = f"{number:f}"
    return bare if BARE.fullmatch(bare.replace(".", "", 1)) and Decimal(str(float(bare))) == number and len(bare) < 16 else quoted(str(number))


def _texts(texts: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


def quoted(words: str) -> str:
    """Write a text as TOML's basic string."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_text(key: str) -> str:
    """Write a key, in quotes where it needs them."""
    return key if BARE.fullmatch(key) else quoted(key)
