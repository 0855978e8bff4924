"""Yields the rows of a delimited text, never holding more than one of them."""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import limits
from apps.imports.keys import MappingError, Problem
from apps.imports.layouts import Layout
from apps.imports.values import Cell

csv.field_size_limit(limits.CELL)


def lines(path: Path, layout: Layout) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Yield each row's first line, last line and cells. Raises MappingError where quotes are broken or a row is too long, and UnicodeError."""
    with path.open(encoding=layout.encoding, newline="") as file:
        reader = csv.reader(pieces(file, path.name), delimiter=layout.delimiter, strict=True)
        before = 0
        try:
            for cells in reader:
                if before or not (cells and cells[0].startswith("sep=")):
                    yield before + 1, reader.line_num, tuple(cells)
                before = reader.line_num
        except csv.Error as error:
            wrong = _("The row that starts on line %(line)s cannot be read: %(error)s.") % {"line": before + 1, "error": error}
            raise MappingError([Problem(path.name, wrong, _("Check its quotes: a quote inside quotes is written twice."))]) from error


def pieces(file: TextIOWrapper, name: str) -> Iterator[str]:
    """Yield a file's lines, refusing one that would fill the memory."""
    number = 0
    while piece := file.readline(limits.LINE):
        number += 1
        if len(piece) >= limits.LINE:
            raise limits.too_long(name, number)
        yield piece
