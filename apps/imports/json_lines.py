"""Yields the records of a JSON file as rows: a list of objects, or an object that holds one, as Salesforce's tools write it.

The file is read twice, once for the columns and once for the rows, and never held whole. What is inside an object of a record
becomes columns of its own: `{"Owner": {"Name": "Ann"}}` is the column `Owner.Name`.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from apps.imports import limits
from apps.imports.keys import MappingError, Problem
from apps.imports.values import Cell

CHUNK = 1 << 16
SPACE = re.compile(r"[\s,]*")
NO_TEXT = re.compile("[\ud800-\udfff]")
MOST_DIGITS = 40


def lines(path: Path, encoding: str) -> Iterator[tuple[int, int, tuple[Cell, ...]]]:
    """Yield the columns as line 0, then each record with its first and last line; records that share a line are counted on. Raises MappingError, and UnicodeError."""
    columns: dict[str, None] = {}
    for _first, _last, record in _records(path, encoding):
        columns.update(dict.fromkeys(record))
    yield 0, 0, tuple(columns)
    number = 0
    for first, last, record in _records(path, encoding):
        number = max(first, number + 1)
        yield number, max(last, number), tuple(record.get(name, "") for name in columns)


def _records(path: Path, encoding: str) -> Iterator[tuple[int, int, dict[str, Cell]]]:
    with path.open(encoding=encoding) as file:
        scan = Scan(file, path.name)
        scan.enter_list()
        while scan.peek() != "]":
            first = scan.line
            found = scan.value()
            if not isinstance(found, dict):
                raise scan.wrong(_("It is no object with named values."))
            record: dict[str, Cell] = {}
            _flatten(found, "", record)
            if any(isinstance(text, str) and NO_TEXT.search(text) for pair in record.items() for text in pair):
                raise scan.wrong(_("It holds a character that is no text."))
            if any(isinstance(cell, str) and len(cell) > limits.CELL for cell in record.values()):
                raise limits.too_long(path.name, first)
            yield first, scan.line, record


def _flatten(value: dict[str, Any], above: str, into: dict[str, Cell]) -> None:
    for name, inner in value.items():
        if isinstance(inner, dict):
            _flatten(inner, f"{above}{name}.", into)
        else:
            into[f"{above}{name}"] = _cell(inner)


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value if isinstance(value, str | bool | Decimal) else str(value)


def _number(text: str) -> Decimal | str:
    """Take a number as it is written; one that no field could hold stays a text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if len(text) <= MOST_DIGITS and abs(number.adjusted()) <= MOST_DIGITS else text


def _constant(text: str) -> Any:
    raise ValueError(text)


class Scan:
    """A place in a JSON text that moves on value by value, and the line it is on."""

    def __init__(self, file: TextIOWrapper, name: str) -> None:
        self.file, self.name = file, name
        self.decoder = json.JSONDecoder(parse_float=_number, parse_int=_number, parse_constant=_constant)
        self.text, self.at, self.line, self.is_whole = "", 0, 1, False

    def wrong(self, said: str) -> MappingError:
        wrong = _("The record on line %(line)s cannot be read: %(said)s") % {"line": self.line, "said": said}
        return MappingError([Problem(self.name, wrong, _('Write a list of objects, [{"name": "value"}], or {"records": [ … ]}.'))])

    def more(self) -> None:
        """Read on, twice as much each time, so that a long record costs no more than its length."""
        kept = self.text[self.at :]
        if len(kept) > limits.LINE:
            raise self.wrong(_("It is no JSON, or longer than %(limit)s signs.") % {"limit": f"{limits.LINE:,}"})
        piece = self.file.read(max(CHUNK, len(kept)))
        self.text, self.at, self.is_whole = kept + piece, 0, not piece

    def move(self, to: int) -> None:
        self.line += self.text.count("\n", self.at, to)
        self.at = to

    def peek(self) -> str:
        """Return the next sign that is no space or comma."""
        while True:
            found = SPACE.match(self.text, self.at)
            self.move(found.end() if found else self.at)
            if self.at < len(self.text):
                return self.text[self.at]
            if self.is_whole:
                raise self.wrong(_("The file ends before its list does."))
            self.more()

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise self.wrong(_("“%(sign)s” was expected.") % {"sign": sign})
        self.move(self.at + 1)

    def value(self) -> Any:
        """Take the next value."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.text, self.at)
            except (ValueError, RecursionError) as error:
                if self.is_whole or isinstance(error, RecursionError):
                    raise self.wrong(_("It is not JSON.")) from error
                self.more()
                continue
            self.move(end)
            return value

    def enter_list(self) -> None:
        """Go to the first list: the file itself, or the first value of its object, or of an object in it, that is one."""
        depth = 0
        while (sign := self.peek()) != "[":
            if sign in "{}":
                self.take(sign)
                depth += 1 if sign == "{" else -1
            else:
                self.value()
                self.take(":")
                if self.peek() not in "[{":
                    self.value()
            if depth <= 0:
                raise self.wrong(_("There is no list in it."))
        self.take("[")
