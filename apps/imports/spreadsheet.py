"""Reads the rows of an Excel workbook, one sheet, without loading it whole."""

import math
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
from django.utils.translation import gettext as _

from apps.imports import limits
from apps.imports.keys import MappingError, Problem, suggestion
from apps.imports.values import Cell

PIECE, LONGEST_FORMULA = 1 << 20, 1 << 16
UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c (?P<about>[^>]*?\br="(?P<cell>[A-Z]+\d+)"[^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)


def lines(path: Path, sheet: str | None) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Yield each row's number twice (it is one line) and its cells, without blank ones at its end."""
    _refuse_bomb(path)
    number = 0
    try:
        with _opened(path, data_only=True) as book:
            chosen = _sheet(path, book, sheet)
            _refuse_uncalculated(path, chosen._worksheet_path)  # nothing public says where a sheet lies
            for number, row in enumerate(chosen.iter_rows(values_only=True), 1):
                yield number, number, _cells(path, number, row)
    except MappingError:
        raise
    except Exception as error:  # of a damaged workbook, openpyxl raises whatever the damage leads to
        wrong = _("It is no Excel workbook, or damaged after row %(row)s.") % {"row": number} if number else _("It is no Excel workbook.")
        raise MappingError([Problem(path.name, wrong, _("Save it as .xlsx, or as CSV."))]) from error


def sheets(path: Path) -> list[str]:
    """Name the sheets of a workbook that hold cells."""
    _refuse_bomb(path)
    try:
        with _opened(path) as book:
            return [sheet.title for sheet in book.worksheets]
    except Exception as error:  # as above
        raise MappingError([Problem(path.name, _("It is no Excel workbook."), _("Save it as .xlsx, or as CSV."))]) from error


@contextmanager
def _opened(path: Path, **how: bool) -> Iterator[Any]:
    """Open a workbook whatever it is called: by its name, openpyxl would refuse some."""
    with path.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True, **how)) as book:
        yield book


def _sheet(path: Path, book: Any, name: str | None) -> Any:
    if name is not None and name not in book.sheetnames:
        wrong = _("There is no sheet “%(name)s”.") % {"name": name}
        raise MappingError([Problem(path.name, wrong, suggestion(name, book.sheetnames))])
    chosen = book[name] if name else book.worksheets[0]
    chosen.reset_dimensions()  # some programs write a wrong size, and rows would be cut
    return chosen


def _refuse_bomb(path: Path) -> None:
    """Read the sizes that the package itself states; Python's unpacking holds it to them."""
    try:
        with ZipFile(path) as package:
            entries = package.infolist()
    except Exception as error:  # as below
        raise MappingError([Problem(path.name, _("It is no Excel workbook."), _("Save it as .xlsx, or as CSV."))]) from error
    if len(entries) > limits.ENTRIES or sum(entry.file_size for entry in entries) > limits.room(path.stat().st_size):
        raise limits.too_large(path.name, path.stat().st_size)


def _refuse_uncalculated(path: Path, sheet: str) -> None:
    """Refuse formulas without their results, which some programs write: they would be blank cells."""
    with ZipFile(path) as package, package.open(sheet.lstrip("/")) as file:
        rest = b""
        while piece := file.read(PIECE):
            rest += piece
            for found in UNCALCULATED.finditer(rest):
                if b't="str"' not in found["about"]:  # a text that is empty is a result
                    wrong = _("The cell %(cell)s holds a formula without its result.") % {"cell": found["cell"].decode()}
                    raise MappingError([Problem(path.name, wrong, _("Open it in a spreadsheet program, save it, and bring it again."))])
            rest = rest[-LONGEST_FORMULA:]


def _cells(path: Path, number: int, row: tuple[object, ...]) -> tuple[Cell, ...]:
    cells = [_cell(value) for value in row]
    while cells and cells[-1] == "":
        cells.pop()
    if any(isinstance(cell, str) and len(cell) > limits.CELL for cell in cells):
        raise limits.too_long(path.name, number)
    return tuple(cells)


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool | datetime | date):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value)) if math.isfinite(value) else str(value)
    if isinstance(value, time):
        return value.isoformat()
    return str(value)
