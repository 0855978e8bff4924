"""Reads a file once, row by row, and keeps what each column holds: never the rows themselves."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import edges, encodings, kinds, reading, spreadsheet, values
from apps.imports.edges import Line
from apps.imports.formats import ISO, Formats, two_days
from apps.imports.kinds import Kind
from apps.imports.layouts import Layout
from apps.imports.recognition import shapes
from apps.imports.recognition.outcomes import Outcomes
from apps.imports.recognition.shapes import Number
from apps.imports.values import Cell

MOST_TEXTS = 5_000  # different texts kept of a column; one that has more is no list of names
MOST_ROWS = 200_000  # rows that are looked at
ENOUGH = 10_000  # cells of a column after which it is known what it holds, unless they leave something open
SAMPLES, SHOWN = 5, 80
ONE_BYTE = "cp1252"
PLAIN = Formats()


@dataclass
class Profile:
    """What one column holds. `texts` counts its texts, and is None once there are too many; `days` are the formats that read all days of a shape.

    `filled` counts its cells, `judged` those of which it was found out what they may be.
    """

    name: str
    filled: int = 0
    judged: int = 0
    is_judging: bool = True
    texts: Counter[str] | None = field(default_factory=Counter)
    samples: list[str] = field(default_factory=list)
    days: dict[str, frozenset[str]] = field(default_factory=dict)
    dated: int = 0
    numbers: Counter[Number] = field(default_factory=Counter)
    first_on: str = ""

    @property
    def numeric(self) -> int:
        return sum(self.numbers.values())

    def add(self, cell: Cell) -> None:
        text = values.text(cell, PLAIN)
        if not text:
            return
        self.filled += 1
        if len(self.samples) < SAMPLES and text[:SHOWN] not in self.samples:
            self.samples.append(text[:SHOWN])
        if self.texts is not None:
            self.texts[text] += 1
            if len(self.texts) > MOST_TEXTS:
                self.texts = None
        if self.is_judging:
            self.judge(cell, text)
            self.judged += 1
            self.is_judging = self.judged < ENOUGH or (self.judged % 1_000 != 0) or self.is_open

    @property
    def is_open(self) -> bool:
        """Tell whether the cells so far leave open which of day and month stands first, or which sign parts the decimals."""
        is_either = any(two_days(tuple(sorted(formats))) for formats in self.days.values())
        return is_either or (any(number.is_open for number in self.numbers) and not any(number.decimal and not number.is_open for number in self.numbers))

    def judge(self, cell: Cell, text: str) -> None:
        """Note what a cell may be. A cell of a workbook that has a type is what it is."""
        if isinstance(cell, bool) or len(text) > SHOWN:
            return
        if isinstance(cell, Decimal):
            self.numbers[Number()] += 1
            return
        found = shapes.day(text)
        if isinstance(cell, date):
            self.dated += 1
        elif found:
            shape, formats = found
            self.dated += 1
            self.days[shape] = self.days.get(shape, formats) & formats
        elif number := shapes.number(text):
            self.numbers[number] += 1
        if found and text[:4].isdigit() and (day := _day(text, found[1])):  # of days that begin otherwise it is asked which part is the day
            self.first_on = min(self.first_on or day, day)


def _day(text: str, formats: frozenset[str]) -> str:
    """Return a day that begins with its year as ISO writes it; an empty text where it cannot be read."""
    if ISO in formats:
        return text[:10]
    try:
        return values.day(text, Formats(dates=tuple(sorted(formats)))).isoformat()
    except values.Refused:
        return ""


@dataclass(frozen=True)
class Survey:
    """One table of a file: how it is written, its columns, and what stands above and below its rows.

    `outcomes` says of stages whether they are open, won or lost, where Salesforce's own columns tell it the same in every row.
    """

    path: Path
    sheet: str | None
    layout: Layout
    columns: tuple[Profile, ...]
    rows: int
    is_whole: bool
    left_out: tuple[str, ...]
    outcomes: dict[str, str] = field(default_factory=dict)

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Profile:
        return next(column for column in self.columns if column.name == name)

    @property
    def written(self) -> str:
        """Say in words how the file is written."""
        match self.layout.kind:
            case Kind.TEXT:
                return _("text in %(encoding)s, cells parted by “%(delimiter)s”") % {"encoding": self.layout.encoding, "delimiter": self.layout.delimiter}
            case Kind.WORKBOOK:
                return _("an Excel workbook")
            case Kind.JSON:
                return _("JSON")
            case _:
                return _("a web page with a table")


def of(path: Path) -> list[Survey]:
    """Survey a file: one table, or one for each sheet of a workbook. Raises MappingError where it cannot be read."""
    if kinds.of(path) != Kind.WORKBOOK:
        return [_survey(path, None)]
    names = spreadsheet.sheets(path)
    found = [_survey(path, name if len(names) > 1 else None) for name in names if any(reading.lines_of(path, Layout("", "", Kind.WORKBOOK), name))]
    return found or [_survey(path, None)]


def _survey(path: Path, sheet: str | None) -> Survey:
    is_other = kinds.of(path) != Kind.WORKBOOK and encodings.of(path) == "utf-8" and not encodings.is_written_in(path, "utf-8")
    layout = reading.layout_of(path, (), Formats(encoding=ONE_BYTE) if is_other else PLAIN)
    page = reading.below_header(path, layout, edges.likely_header(reading.lines_of(path, layout, sheet)))
    columns = tuple(Profile(name) for name in page.header)
    rows, outcomes = 0, Outcomes(page.header)
    for rows, line in enumerate(islice(page.lines, MOST_ROWS), 1):  # noqa: B007
        for column, cell in zip(columns, line.cells, strict=False):
            column.add(cell)
        outcomes.add(line)
    left_out = [*page.above, *page.below]
    return Survey(path, sheet, page.layout, columns, rows, rows < MOST_ROWS, tuple(_words(line) for line in left_out), outcomes.told())


def _words(line: Line) -> str:
    return " ".join(text for text in edges.names(line) if text)[:SHOWN]
