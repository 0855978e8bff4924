"""What an import did: per file and entity how many rows, and every mistake with its place and remedy."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
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


class Mistakes:
    """Mistakes as they come, the same ones together: however many there are, the first `most` are kept, and all are counted."""

    def __init__(self, most: int) -> None:
        self.most, self.count = most, 0
        self._found: dict[tuple[str, str, str, str], Mistake] = {}

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._found.values())

    def add(self, errors: Iterable[RowError]) -> None:
        for error in errors:
            self.count += 1
            same = (error.column, error.value, error.reason, error.remedy)
            if (one := self._found.get(same)) is not None:
                lines = (*one.lines, error.line) if one.count < LINES else one.lines
                self._found[same] = replace(one, lines=lines, count=one.count + 1)
            elif len(self._found) < self.most:
                self._found[same] = Mistake(*same, (error.line,), 1)


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
