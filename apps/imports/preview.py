"""Says what an import would do, by doing it and taking it back.

It is one transaction that is rolled back. Rows that nothing later in the import needs are taken back portion by portion, which lets go of their locks; only
rows of entities that a later file feeds or refers to stay until the end. It takes no import's turn and keeps nobody from counting.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from apps.core import clock
from apps.imports import effects, loading, moving, portions
from apps.imports.effects import Moved, Sums
from apps.imports.entities import ENTITIES, KEY
from apps.imports.foresight import foreseen, many_rows
from apps.imports.loading import Loaded
from apps.imports.matching import Change
from apps.imports.records import Desk
from apps.imports.report import Counts, FileReport, Mistakes, RowError
from apps.imports.sources import Source

SHOWN = 20


@dataclass(frozen=True)
class Difference:
    """One field of a row that would change."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Changed:
    """One row that would change: where the file names it, what it is, and in which fields."""

    line: int
    row: str
    differences: tuple[Difference, ...]


@dataclass
class FilePreview:
    """What would become of one file for one entity; of its changed rows and mistakes, the first ones. `errors` are all mistakes, where they are wanted."""

    file: str
    entity: str
    counts: Counts = field(default_factory=Counts)
    mistakes: Mistakes = field(default_factory=lambda: Mistakes(SHOWN))
    errors: list[RowError] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    @property
    def report(self) -> FileReport:
        return FileReport(self.file, self.entity, self.counts, tuple(sorted(self.errors, key=lambda error: (error.line, error.column))))


@dataclass(frozen=True)
class Preview:
    """What an import would do, file by file, and to the company's headline figures."""

    files: tuple[FilePreview, ...]
    effects: tuple[Moved, ...]


def preview(found: Sequence[Source], tell: Callable[[FileReport], None] = lambda report: None, *, with_errors: bool = False) -> Preview:
    """Try all files and take everything back; every mistake is kept only `with_errors`: there may be as many as rows. Raises MappingError where one cannot be read."""
    on, files = clock.today(), list[FilePreview]()
    with many_rows(), transaction.atomic():
        loading.get_ready()
        before = effects.now(on)
        difference: Sums = {}
        for place, source in enumerate(found):
            desk = loading.desk(source.path.name, source.load)
            trial = Trial(source.path, desk, on, is_needed=_is_needed(desk, found[place + 1 :]), with_errors=with_errors)
            files.append(trial.run())
            difference = effects.added(difference, trial.difference)
            tell(files[-1].report)
        transaction.set_rollback(True)
    return Preview(tuple(files), tuple(effects.moved(before, effects.added(before, difference), on)))


def _is_needed(desk: Desk, later: Sequence[Source]) -> bool:
    """Whether a later file feeds the same entity, or one that may refer to its rows."""
    feeding = (ENTITIES[source.load.entity] for source in later)
    model = desk.entity.model
    return any(entity.model is model or any(column.related_model is model for column in entity.fields.values()) for entity in feeding)


class Trial:
    """One file, tried for one entity."""

    def __init__(self, path: Path, desk: Desk, on: date, *, is_needed: bool, with_errors: bool) -> None:
        self.path, self.desk, self.on, self.is_needed, self.with_errors = path, desk, on, is_needed, with_errors
        self.found = FilePreview(desk.file, desk.load.entity)
        self.difference: Sums = {}

    def run(self) -> FilePreview:
        rows = portions.size(self.desk.entity, self.desk.load)
        bundles = portions.survey(self.path, self.desk, rows=rows).bundles
        for portion, seen in foreseen(self.path, self.desk, rows=rows, bundles=bundles):
            with transaction.atomic():
                loaded, difference = moving.load(portion, self.desk, seen, self.on)
                self.note(loaded)
                self.difference = effects.added(self.difference, difference)
                if not self.is_needed:
                    transaction.set_rollback(True)
        return self.found

    def note(self, loaded: Loaded) -> None:
        self.found.counts += loaded.counts
        errors = sorted((error for refusal in loaded.refusals for error in refusal.errors), key=lambda error: (error.line, error.column))
        self.found.mistakes.add(errors)
        if self.with_errors:
            self.found.errors += errors
        room = SHOWN - len(self.found.changed)
        self.found.changed += [self.shown(change) for change in loaded.written if not change.is_new][:room]

    def shown(self, change: Change) -> Changed:
        fields = {column.attname: (name, column) for name, column in self.desk.entity.fields.items()}
        found = [(*fields[name], old, getattr(change.row, name)) for name, old in zip(change.changed, change.before, strict=False)]
        differences = tuple(Difference(name, _named(column, old), _named(column, new)) for name, column, old, new in found)
        return Changed(change.record.lines[0].number, str(getattr(change.row, KEY, None) or change.row), differences)


def _named(column: models.Field, value: Any) -> Any:
    """Return what a value is called: the row that a number refers to, and the words of a choice."""
    if value is None:
        return None
    if column.related_model:
        row = column.related_model._base_manager.filter(pk=value).first()  # type: ignore[union-attr]
        return str(row) if row else value
    return str(dict(column.flatchoices).get(value, value)) if column.choices else value
