"""Turns drafts into records: values of the right types, with what they refer to found."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models.base import ModelState

from apps.core.periods import Calendar
from apps.imports import conversion, money, values
from apps.imports.drafts import Draft, Refusal
from apps.imports.entities import Entity, referred
from apps.imports.mapping import Constant, Field, Load
from apps.imports.reading import Line
from apps.imports.references import References
from apps.imports.report import RowError
from apps.imports.values import Cell, Refused

KNOWN = 20_000


@dataclass(frozen=True)
class Record:
    """One row to be written: a value for each attribute of its model that the file feeds."""

    lines: tuple[Line, ...]
    values: dict[str, Any]
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Desk:
    """What is needed to make records of one load."""

    file: str
    load: Load
    entity: Entity
    calendar: Calendar
    references: References
    currency: str
    known: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)  # values by field and text, so that what a column repeats is read once

    def records(self, drafts: Sequence[Draft]) -> list[Record | Refusal]:
        """Make a record of each draft, whose references are expected, or say why not."""
        for each in self.load.fields:
            if self.entity.fields[each.name].related_model or len(self.known.get(each.name, ())) > KNOWN:
                self.known.pop(each.name, None)
        columns = [(field, self.entity.fields[field.name], self.known.setdefault(field.name, {})) for field in self.load.fields]
        return [self.record(draft, columns) for draft in drafts]

    def new(self, record: Record) -> models.Model:
        """Return a row that is not there yet. What all rows of the file begin with is put together once."""
        model = self.entity.model
        row = model.__new__(model)
        row.__dict__.update(self.blank.__dict__, **record.values, _state=ModelState())
        return row

    @cached_property
    def blank(self) -> models.Model:
        return self.entity.model(**self.entity.start())

    def record(self, draft: Draft, columns: Iterable[tuple[Field, models.Field, dict[str, Any]]]) -> Record | Refusal:
        """Make a record of a draft, with the values of its cells that are known already, or say why not."""
        found: dict[str, Any] = {}
        errors = []
        for field, column, known in columns:
            cell = draft.cells[field.name]
            if cell == "" and field.name in self.entity.kept:
                continue
            try:
                if type(cell) is not str:
                    found[column.attname] = self.value(field, column, cell)
                    continue
                if cell not in known:
                    known[cell] = self.value(field, column, cell)
                found[column.attname] = known[cell]
            except Refused as refused:
                errors.append(self.error(field.name, draft, refused))
        if errors:
            return Refusal(draft.lines, tuple(dict.fromkeys(errors)))  # a column that feeds two fields is told once
        return Record(draft.lines, money.entered(found, self.entity, self.currency), draft.cells)

    def value(self, field: Field, column: models.Field, cell: Cell) -> Any:
        if cell == "":
            return conversion.nothing(column)
        if column.is_relation:
            return self.references.find(referred(column), field.by, values.text(cell, self.load.formats))
        formats = self.load.formats.plain if isinstance(field.source, Constant) else self.load.formats
        return conversion.value(field, column, cell, formats=formats, calendar=self.calendar)

    def error(self, name: str, row: Draft | Record, refused: Refused) -> RowError:
        """Place a refusal at the column that feeds a field, or at the field itself where no column does."""
        field = next((each for each in self.load.fields if each.name == name), None)
        made_up, column = self.load.made_up, row.lines[0].column
        named = dict.fromkeys(column if each in made_up else each for each in field.columns) if field else {}
        columns = ", ".join(named) or name
        cell = values.text(row.cells.get(name, ""), self.load.formats)
        return RowError(self.file, row.lines[0].number, columns, cell, refused.reason, refused.remedy)

    def expect(self, drafts: Sequence[Draft]) -> None:
        """Look up what drafts refer to."""
        self.look_up(self.named(drafts))

    def named(self, drafts: Sequence[Draft]) -> dict[str, set[str]]:
        """Return the texts by which drafts refer to rows, by field."""
        relations = [field.name for field in self.load.fields if self.entity.fields[field.name].is_relation]
        cells = {name: {draft.cells[name] for draft in drafts} for name in relations}
        return {name: {values.text(cell, self.load.formats) for cell in some} for name, some in cells.items()}

    def look_up(self, named: Mapping[str, set[str]]) -> None:
        """Find the rows that texts name."""
        for field in self.load.fields:
            if field.name in named:
                self.references.expect(referred(self.entity.fields[field.name]), field.by, named[field.name])
