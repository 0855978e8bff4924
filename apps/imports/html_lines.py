"""Yields the rows of the tables of an HTML file, which is what several programs save as .xls."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import limits
from apps.imports.keys import MappingError, Problem
from apps.imports.values import Cell

CHUNK = 1 << 16
MOST_COLUMNS = 1_000


class Rows(HTMLParser):
    """Collects rows as their ends are met; `taken` gives those that are whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, int, tuple[Cell, ...]]] = []
        self.cells: list[str] = []
        self.words: list[str] | None = None
        self.span = self.first = self.signs = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_row()
            self.first = self.getpos()[0]
        elif tag in ("td", "th"):
            self.end_cell()
            span = dict(attrs).get("colspan") or ""
            self.words, self.signs = [], 0
            self.span = min(int(span), MOST_COLUMNS) if span.isascii() and span.isdigit() and len(span) < 5 else 1
        elif tag == "br" and self.words is not None:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data: str) -> None:
        if self.words is not None and self.signs <= limits.CELL:
            self.words.append(data)
            self.signs += len(data)

    def end_cell(self) -> None:
        if self.words is not None:
            text = "".join(self.words).replace("\u00a0", " ").strip()
            self.cells += [text, *[""] * (self.span - 1)]
        self.words = None

    def end_row(self) -> None:
        self.end_cell()
        if self.cells:
            self.rows.append((self.first, self.getpos()[0], tuple(self.cells)))
        self.cells = []

    def taken(self) -> list[tuple[int, int, tuple[Cell, ...]]]:
        taken, self.rows = self.rows, []
        return taken


def lines(path: Path, encoding: str) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Yield each row's first line, last line and cells. Raises MappingError where there is no table or a cell is too long, and UnicodeError."""
    parser, is_empty = Rows(), True
    with path.open(encoding=encoding) as file:
        while piece := file.read(CHUNK):
            parser.feed(piece)
            if max(len(parser.rawdata), parser.signs) > limits.CELL or len(parser.cells) > limits.CELL:
                raise limits.too_long(path.name, parser.getpos()[0])
            for row in parser.taken():
                is_empty = False
                yield row
    parser.close()
    parser.end_row()
    for row in parser.taken():
        is_empty = False
        yield row
    if is_empty:
        raise MappingError([Problem(path.name, _("It is a page without a table."), _("Export it as CSV or .xlsx."))])
