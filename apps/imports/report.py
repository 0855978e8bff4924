"""What an import did: per file and entity how many rows, and every mistake with its place and remedy."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

LINES = 8  # of one mistake that are named


@dataclass(frozen=True)
class RowError:
    """One mistake in one row: where it stands, what is wrong and what to do."""

    file: str
    line: int
    column: str
    value: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Mistake:
    """The same mistake in `count` rows, of whose lines the first ones are named."""

    column: str
    value: str
    reason: str
    remedy: str
    lines: tuple[int, ...]
    count: int


def together(errors: Iterable[RowError]) -> list[Mistake]:
    """Put the same mistakes together, in the order of their first lines."""
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for error in errors:
        found.setdefault((error.column, error.value, error.reason, error.remedy), []).append(error.line)
    return [Mistake(*same, tuple(lines[:LINES]), len(lines)) for same, lines in found.items()]


@dataclass(frozen=True)
class Counts:
    """Rows of a file. Each row read is in exactly one of the others; `merged` repeat a row or were summed into one."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    merged: int = 0
    rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts)))


@dataclass(frozen=True)
class FileReport:
    """What became of one file for one entity."""

    file: str
    entity: str
    counts: Counts
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True)
class ImportReport:
    """What an import did as a whole, where it wrote the rejected rows, and where it could not."""

    files: tuple[FileReport, ...] = ()
    errors_files: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def totals(self) -> Counts:
        return sum((report.counts for report in self.files), Counts())

    def as_json(self) -> dict[str, Any]:
        files = [{"file": each.file, "entity": each.entity, **asdict(each.counts), "errors": [asdict(error) for error in each.errors]} for each in self.files]
        return {"files": files, "totals": asdict(self.totals), "errors_files": list(self.errors_files), "warnings": list(self.warnings)}
