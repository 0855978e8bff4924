"""Opens a file as a header and lines of cells, whatever it is, its encoding and delimiter, and what is written above and below."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import edges, encodings, html_lines, json_lines, kinds, layouts, spreadsheet, text_lines
from apps.imports.edges import Line
from apps.imports.formats import Formats
from apps.imports.keys import MappingError, Problem, suggestion
from apps.imports.kinds import Kind
from apps.imports.layouts import Layout
from apps.imports.values import Cell

__all__ = ["Layout", "Line", "Page", "header_of", "opened", "read"]


@dataclass(frozen=True)
class Page:
    """A file's header and its lines. `above` are lines before the header; `below` those after the rows, known when the lines have been read."""

    path: Path
    header: tuple[str, ...]
    lines: Iterable[Line]
    layout: Layout
    above: tuple[Line, ...] = ()
    below: list[Line] = field(default_factory=list)


def read(path: Path, *, columns: tuple[str, ...], formats: Formats, sheet: str | None = None) -> Page:
    """Read a whole file; raise MappingError where it lacks a column or cannot be read."""
    page = opened(path, columns=columns, formats=formats, sheet=sheet)
    return replace(page, lines=tuple(page.lines))


def header_of(path: Path, *, columns: tuple[str, ...], formats: Formats, sheet: str | None = None) -> tuple[str, ...]:
    """Read a file's header only; raise MappingError where it lacks a column."""
    return opened(path, columns=columns, formats=formats, sheet=sheet).header


def opened(path: Path, *, columns: tuple[str, ...], formats: Formats, sheet: str | None = None) -> Page:
    """Open a file whose lines are read once, one by one; raise MappingError where it lacks a column or cannot be read, now or on the way."""
    layout = layout_of(path, columns, formats)
    page = below_header(path, layout, edges.header(lines_of(path, layout, sheet), columns))
    _must_have(path, page.header, columns)
    return page


def layout_of(path: Path, columns: tuple[str, ...], formats: Formats) -> Layout:
    """Find out how a file is written. Raises MappingError for a package, which must be unpacked before."""
    match kinds.of(path):
        case Kind.TEXT:
            return layouts.of(path, columns, formats)
        case Kind.HTML:
            return Layout(encodings.of(path, formats.encoding or encodings.of_page(path)), "", Kind.HTML)
        case Kind.JSON:
            return Layout(encodings.of(path, formats.encoding), "", Kind.JSON)
        case Kind.WORKBOOK:
            return Layout("", "", Kind.WORKBOOK)
    raise MappingError([Problem(path.name, _("It is a package of files."), _("Unpack it, or give it to the command as a file."))])


def below_header(path: Path, layout: Layout, found: tuple[Line | None, list[Line], Iterator[Line]]) -> Page:
    """Make a page of the header that was found and the lines after it."""
    line, above, rows = found
    if line is None:
        raise MappingError([Problem(path.name, _("The file is empty."), _("Export it again; its first line must name the columns."))])
    header = edges.names(line)
    body = edges.Body(rows if layout.kind == Kind.TEXT else _filled(rows, len(header)), len(header), line.last)
    return Page(path, header, body, replace(layout, header=line.number), tuple(above), body.left_out)


def lines_of(path: Path, layout: Layout, sheet: str | None = None) -> Iterator[Line]:
    """Yield every line of a file that is not blank, its header among them."""
    try:
        for number, last, cells in _any_lines(path, layout, sheet):
            for cell in cells:
                if not isinstance(cell, str) or cell.strip():
                    yield Line(number, last, cells)
                    break
    except UnicodeError as error:
        raise encodings.not_text(path, layout.encoding) from error


def _any_lines(path: Path, layout: Layout, sheet: str | None) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    match layout.kind:
        case Kind.WORKBOOK:
            return spreadsheet.lines(path, sheet)
        case Kind.JSON:
            return json_lines.lines(path, layout.encoding)
        case Kind.HTML:
            return html_lines.lines(path, layout.encoding)
        case _:
            return text_lines.lines(path, layout)


def _filled(rows: Iterator[Line], width: int) -> Iterator[Line]:
    """Give rows whose blank ends are not written, as in a workbook, the width of the header."""
    for line in rows:
        cells = line.cells
        while len(cells) > width and cells[-1] == "":
            cells = cells[:-1]
        yield line if len(line.cells) == width else line._replace(cells=(*cells, *[""] * (width - len(cells))))


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
