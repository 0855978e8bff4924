"""Loads one file into one entity: lines, drafts, records, changes, rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.imports import drafts, matching, reading, rules, writing
from apps.imports.drafts import Draft, Refusal
from apps.imports.reading import Layout
from apps.imports.records import Desk, Record
from apps.imports.report import Counts, FileReport


@dataclass(frozen=True)
class Loaded:
    """What became of a file: its report, the first lines of its rejected rows, and how the file is written."""

    report: FileReport
    rejected: frozenset[int]
    layout: Layout


@dataclass(frozen=True)
class Wave:
    """What became of some drafts. Those that refer to rows that were not there yet may be tried again."""

    created: int
    updated: int
    unchanged: int
    refusals: tuple[Refusal, ...]
    refused: tuple[Draft, ...]


def load(path: Path, desk: Desk) -> Loaded:
    """Load a file, inside the caller's transaction."""
    wanted = desk.load
    page = reading.read(path, columns=wanted.columns, formats=wanted.formats, sheet=wanted.sheet)
    drafted = drafts.draft(page, wanted)
    waves = _waves(drafted.drafts, desk)
    refusals = [*drafted.refusals, *(refusal for wave in waves for refusal in wave.refusals)]
    rejected = {line for refusal in refusals for line in refusal.lines}
    counts = _counts(waves, read=drafted.read, skipped=drafted.skipped, rejected=len(rejected))
    errors = sorted((error for refusal in refusals for error in refusal.errors), key=lambda error: (error.line, error.column))
    report = FileReport(file=path.name, entity=wanted.entity, counts=counts, errors=tuple(errors))
    return Loaded(report=report, rejected=frozenset(line.number for line in rejected), layout=page.layout)


def _waves(waiting: Sequence[Draft], desk: Desk) -> list[Wave]:
    """Load drafts; where rows may refer to others of the same file, go on while that adds rows."""
    column_of = desk.entity.fields
    refers_to_itself = any(column_of[field.name].related_model is desk.entity.model for field in desk.load.fields)
    waves = [_wave(waiting, desk)]
    while refers_to_itself and waves[-1].refused and waves[-1].created:
        again = waves.pop()
        waves.append(Wave(again.created, again.updated, again.unchanged, again.refusals[: -len(again.refused)], ()))
        waves.append(_wave(again.refused, desk))
    return waves


def _wave(waiting: Sequence[Draft], desk: Desk) -> Wave:
    made = desk.records(waiting)
    matched = matching.match([record for record in made if isinstance(record, Record)], desk)
    kept, broken = rules.keep(matched.changes, desk)
    written, unwritten = writing.write(kept, desk)
    refused = tuple(draft for draft, record in zip(waiting, made, strict=True) if isinstance(record, Refusal))
    unmade = [record for record in made if isinstance(record, Refusal)]
    created = sum(change.is_new for change in written)
    refusals = (*matched.refusals, *broken, *unwritten, *unmade)
    return Wave(created, len(written) - created, matched.unchanged, refusals, refused)


def _counts(waves: Sequence[Wave], *, read: int, skipped: int, rejected: int) -> Counts:
    created, updated, unchanged = (sum(getattr(wave, name) for wave in waves) for name in ("created", "updated", "unchanged"))
    merged = read - skipped - rejected - created - updated - unchanged
    return Counts(read, created, updated, unchanged, skipped, merged, rejected)
