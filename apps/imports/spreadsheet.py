"""Reads the rows of an Excel workbook, one sheet, without loading it whole."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from apps.imports.keys import MappingError, Problem, suggestion
from apps.imports.values import Cell


def lines(path: Path, sheet: str | None) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Yield each row's number twice (it is one line) and its cells; blank ends of rows are cut or filled to the header's width."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise MappingError([Problem(path.name, _("It is no Excel workbook."), _("Save it as .xlsx, or as CSV."))]) from error
    try:
        if sheet is not None and sheet not in book.sheetnames:
            wrong = _("There is no sheet “%(name)s”.") % {"name": sheet}
            raise MappingError([Problem(path.name, wrong, suggestion(sheet, book.sheetnames))])
        chosen = book[sheet] if sheet else book.worksheets[0]
        chosen.reset_dimensions()  # some programs write a wrong size, and rows would be cut
        yield from _rows(chosen.iter_rows(values_only=True))
    finally:
        book.close()


def _rows(rows: Iterator[tuple[object, ...]]) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    width = 0
    for number, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row]
        while len(cells) > width and cells[-1] == "":
            cells.pop()
        width = width or len(cells)
        cells += [""] * (width - len(cells))
        yield number, number, tuple(cells)


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool | datetime | date):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if isinstance(value, time):
        return value.isoformat()
    return str(value)
