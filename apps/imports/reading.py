"""Opens a CSV, TSV or XLSX file as a header and lines of cells, whatever its encoding and delimiter."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import spreadsheet
from apps.imports.formats import Formats
from apps.imports.keys import MappingError, Problem, suggestion
from apps.imports.values import Cell

DELIMITERS = (",", ";", "\t", "|")
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # how a file's first bytes tell its encoding
SPREADSHEETS = {".xlsx", ".xlsm"}
csv.field_size_limit(10_000_000)


@dataclass(frozen=True)
class Layout:
    """How a text file is written."""

    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Line:
    """One row of a file: the number of its first line, the number of its last, and its cells. `column`: of which it was unfolded, if it was."""

    number: int
    last: int
    cells: tuple[Cell, ...]
    column: str = ""


@dataclass(frozen=True)
class Page:
    """A file's header and its lines. `layout` is None for a spreadsheet."""

    path: Path
    header: tuple[str, ...]
    lines: Iterable[Line]
    layout: Layout | None


def read(path: Path, *, columns: tuple[str, ...], formats: Formats, sheet: str | None = None) -> Page:
    """Read a whole file; raise MappingError where it lacks a column or cannot be read as text."""
    layout, rows = _opened(path, columns, formats, sheet)
    header = _header(path, rows, columns)
    return Page(path=path, header=header, lines=tuple(rows), layout=layout)


def stream(path: Path, *, columns: tuple[str, ...], formats: Formats, sheet: str | None = None) -> Page:
    """Open a file as `read` does; its lines are read as they are asked for, once."""
    layout, rows = _opened(path, columns, formats, sheet)
    return Page(path=path, header=_header(path, rows, columns), lines=rows, layout=layout)


def header_of(path: Path, *, columns: tuple[str, ...], formats: Formats, sheet: str | None = None) -> tuple[str, ...]:
    """Read a file's header only; raise MappingError where it lacks a column."""
    return _header(path, _opened(path, columns, formats, sheet)[1], columns)


def _opened(path: Path, columns: tuple[str, ...], formats: Formats, sheet: str | None) -> tuple[Layout | None, Iterator[Line]]:
    if path.suffix.lower() in SPREADSHEETS:
        return None, _rows(path, spreadsheet.lines(path, sheet), "")
    layout = layout_of(path, columns, formats)
    return layout, _rows(path, _text_lines(path, layout), layout.encoding)


def _rows(path: Path, lines: Iterator[tuple[int, int, tuple[Cell, ...]]], encoding: str) -> Iterator[Line]:
    """Leave out blank lines."""
    try:
        for number, last, cells in lines:
            if any(not isinstance(cell, str) or cell.strip() for cell in cells):
                yield Line(number, last, cells)
    except UnicodeError as error:
        raise not_text(path, encoding) from error


def _header(path: Path, rows: Iterator[Line], columns: tuple[str, ...]) -> tuple[str, ...]:
    first = next(rows, None)
    if first is None:
        raise MappingError([Problem(path.name, _("The file is empty."), _("Export it again; its first line must name the columns."))])
    header = tuple(str(cell).strip() for cell in first.cells)
    _must_have(path, header, columns)
    return header


def layout_of(path: Path, columns: tuple[str, ...], formats: Formats) -> Layout:
    """Find a file's encoding by its first bytes, and its delimiter by its header; the mapping's word goes first."""
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((encoding for mark, encoding in MARKS.items() if start.startswith(mark)), None)
    bare = {0: "utf-16-be", 1: "utf-16-le"}.get(start.find(b"\x00"))  # of a Latin letter, one of the two bytes is zero
    encoding = marked or formats.encoding or bare or "utf-8"
    if formats.delimiter:
        return Layout(encoding, formats.delimiter)
    try:
        with path.open(encoding=encoding, newline="") as file:
            first = file.readline()
            if first.startswith("sep=") and len(first.strip()) == 5:
                return Layout(encoding, first[4])
    except UnicodeError as error:
        raise not_text(path, encoding) from error
    return Layout(encoding, max(DELIMITERS, key=lambda sign: _likeness(first, sign, columns)))


def _likeness(header: str, delimiter: str, columns: tuple[str, ...]) -> tuple[int, int]:
    """Say how many wanted columns a delimiter gives, then how many at all."""
    names = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
    return len(set(columns) & set(names)), len(names)


def _text_lines(path: Path, layout: Layout) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    with path.open(encoding=layout.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=layout.delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                if before or not (cells and cells[0].startswith("sep=")):
                    yield before + 1, reader.line_num, tuple(cells)
                before = reader.line_num
        except csv.Error as error:
            wrong = _("The row that starts on line %(line)s cannot be read: %(error)s.") % {"line": before + 1, "error": error}
            raise MappingError([Problem(path.name, wrong, _("Check its quotes: a quote inside quotes is written twice."))]) from error


def _must_have(path: Path, header: tuple[str, ...], columns: tuple[str, ...]) -> None:
    problems = []
    for column in columns:
        if header.count(column) > 1:
            problems.append(Problem(path.name, _("Several columns are named “%(name)s”.") % {"name": column}, _("Rename or remove all but one.")))
        elif column not in header:
            wrong = _("There is no column “%(name)s”.") % {"name": column}
            problems.append(Problem(path.name, wrong, suggestion(column, [name for name in header if name])))
    if problems:
        raise MappingError(problems)


def not_text(path: Path, encoding: str) -> MappingError:
    wrong = _("It is not %(encoding)s text.") % {"encoding": encoding}
    return MappingError([Problem(path.name, wrong, _('Name its encoding under `formats` in the mapping, such as encoding = "cp1252".'))])
