"""Makes of a recognised table the load that a mapping has: which field is fed from where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.imports import conversion
from apps.imports.entities import ENTITIES, KEY
from apps.imports.formats import Formats
from apps.imports.mapping import Column, Constant, Field, FirstOf, Load, Source
from apps.imports.recognition.presets.declarations import CLOSE, OUTCOME
from apps.imports.recognition.survey import Profile, Survey
from apps.imports.recognition.tables import Table

VARYING = re.compile(r"\d{4}-\d{2}-\d{2}|\d{6,}|(?<=_)\d{1,4}(?=\.)")  # what changes in the names of exports from day to day
SPECIAL = re.compile(r"([*?\[])")


@dataclass(frozen=True)
class Draft:
    """A load to be, and the file that it is for. `closes_by` is the column whose days are closing days where a deal is not open any more."""

    survey: Survey
    load: Load
    closes_by: str | None = None

    def with_field(self, field: Field) -> "Draft":
        fields = tuple(each for each in self.load.fields if each.name != field.name)
        return replace(self, load=replace(self.load, fields=(*fields, field)))

    def field(self, name: str) -> Field | None:
        return next((each for each in self.load.fields if each.name == name), None)

    def profiles(self, field: Field) -> list[Profile]:
        return [self.survey.column(name) for name in field.columns]


def pattern(name: str) -> str:
    """Write a file's name so that tomorrow's export of the same list is taken too."""
    return VARYING.sub("*", SPECIAL.sub(r"[\1]", name))


def of(table: Table) -> Draft:
    """Make the load of a table; what is asked comes later."""
    preset = table.preset
    assert preset is not None
    fields = tuple(_fields(table))
    load = Load(
        file=pattern(table.survey.path.name),
        entity=preset.entity,
        fields=fields,
        formats=Formats(),
        sheet=table.survey.sheet,
        skip=preset.skip(table.survey.header),
    )
    closes_by = table.fields[CLOSE].column if CLOSE in table.fields and not _ended(table) else None
    return Draft(table.survey, load, closes_by)


def _fields(table: Table) -> Iterator[Field]:
    preset = table.preset
    assert preset is not None
    for name, found in table.fields.items():
        if name == CLOSE:
            if "expected_close_on" not in table.fields:
                yield Field("expected_close_on", Column(found.column))
        elif name == OUTCOME:
            if "stage" not in table.fields:
                yield Field("stage", Column(found.column))
        elif name == "stage" and OUTCOME in table.fields:
            blanks = dict.fromkeys(preset.open_words, "")
            yield Field(name, FirstOf((table.fields[OUTCOME].column, found.column)), aliases=blanks)
        elif name in table.entity.fields:
            yield _field(table, name, Column(found.column))
    ended = _ended(table)
    if ended:
        yield Field("closed_on", FirstOf(ended) if len(ended) > 1 else Column(ended[0]))
    for name, text in preset.constants.items():
        yield Field(name, Constant(text))


def _ended(table: Table) -> tuple[str, ...]:
    return tuple(name for name in table.preset.ended if name in table.survey.header) if table.preset else ()


def _field(table: Table, name: str, source: Source) -> Field:
    preset, profile = table.preset, table.survey.column(table.fields[name].column)
    assert preset is not None
    field = Field(name, source, default=preset.defaults.get(name))
    if name == "amount" and preset.factor:
        by = preset.times_by if preset.times_by and preset.times_by.column in table.survey.header else None
        return replace(field, times=Decimal(preset.factor), times_by=by)
    if conversion.is_percentage(table.entity.fields[name]) and _is_share(profile):
        return replace(field, times=Decimal(100))
    return field


def _is_share(profile: Profile) -> bool:
    """Tell whether percentages are written as 0.35 in all rows: none is more than one, and some are parts of it."""
    try:
        numbers = [Decimal(text) for text in profile.texts or ()]
    except ArithmeticError:
        return False
    return bool(numbers) and all(0 <= number <= 1 for number in numbers) and any(number % 1 for number in numbers)


def is_recognisable(draft: Draft) -> bool:
    """Tell whether a second import would find the same rows again."""
    entity = ENTITIES[draft.load.entity]
    names = {field.name for field in draft.load.fields}
    return KEY in names or (bool(entity.same) and names.issuperset(entity.same))


def distinct(drafts: Sequence[Draft]) -> list[Load]:
    """Take the parts of one export as one: they share their loads if these are the same, and are named one by one otherwise."""
    parts: dict[str, dict[str, list[Load]]] = {}
    for draft in drafts:
        parts.setdefault(draft.load.file, {}).setdefault(draft.survey.path.name, []).append(draft.load)
    first = {file: next(iter(by_name)) for file, by_name in parts.items()}
    differing = {file for file, by_name in parts.items() if any(each != by_name[first[file]] for each in by_name.values())}
    found = []
    for draft in drafts:
        name, file = draft.survey.path.name, draft.load.file
        if file in differing:
            found.append(replace(draft.load, file=SPECIAL.sub(r"[\1]", name)))
        elif name == first[file]:
            found.append(draft.load)
    return found
