"""Finds where a table begins and ends: titles that reports write above its header, and totals and notices below its rows."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from apps.imports import limits
from apps.imports.values import Cell

NOTICE = re.compile(
    r"^(copyright\b|©|\(c\) |confidential information\b|generated (by|on|at)\b|filtered by\b|as of \d|grand totals? \(|"
    r"total records?:|record count:|erstellt (von|am)\b|vertrauliche informationen\b|généré par\b|generado por\b)",
    re.IGNORECASE,
)
TOTAL = re.compile(r"^(grand |sub)?totals?\b|^(gesamt(summe)?|summe|total général|total general|totale)\b", re.IGNORECASE)
BEGINNINGS = frozenset("©(") | {letter for first in "acefgrstvſ" for letter in (first, first.upper())}  # of notices and totals: most texts begin otherwise
NUMBER = re.compile(r"^[^\w]*[A-Z]{0,3}[^\w]*\d[\d.,' \u00a0]*[^\w]*[A-Z]{0,3}$")
MOST_BELOW = 30


class Line(NamedTuple):
    """One row of a file: the number of its first line, the number of its last, and its cells. `column`: of which it was unfolded, if it was."""

    number: int
    last: int
    cells: tuple[Cell, ...]
    column: str = ""


def names(line: Line) -> tuple[str, ...]:
    return tuple(str(cell).strip() for cell in line.cells)


def header(rows: Iterator[Line], columns: Iterable[str]) -> tuple[Line | None, list[Line], Iterator[Line]]:
    """Find the first line with all wanted columns, else the one with most of them; return it, the lines before and those after it."""
    wanted = set(columns)
    seen: list[Line] = []
    found: list[int] = []
    for line in rows:
        seen.append(line)
        found.append(len(wanted & set(names(line))))
        if found[-1] == len(wanted) or len(seen) == limits.HEAD:
            break
    if not seen:
        return None, [], rows
    at = found.index(max(found))
    return seen[at], seen[:at], chain(seen[at + 1 :], rows)


def likely_header(rows: Iterator[Line]) -> tuple[Line | None, list[Line], Iterator[Line]]:
    """Find the header of a file of which nothing is known: the first line that is as wide as the table, with a text in most of its cells."""
    seen = list(islice(rows, limits.HEAD))
    if not seen:
        return None, [], rows
    width = Counter(len(line.cells) for line in seen if len(line.cells) > 1).most_common(1)
    wide = width[0][0] if width else 1
    at = next((at for at, line in enumerate(seen) if _may_name(line, wide)), 0)
    return seen[at], seen[:at], chain(seen[at + 1 :], rows)


def _may_name(line: Line, width: int) -> bool:
    filled = [cell for cell in line.cells if cell != ""]
    return len(line.cells) >= min(width, 2) and len(filled) * 2 > width and all(isinstance(cell, str) for cell in filled)


@dataclass
class Body:
    """The rows below a header, without what a report writes below them; what was left out is known when they have been read."""

    rows: Iterator[Line]
    width: int
    last: int
    left_out: list[Line] = field(default_factory=list)

    def __iter__(self) -> Iterator[Line]:
        held: list[Line] = []
        for line in self.rows:
            if self.width > 1 and self.may_be_below(line):
                held.append(line)
                if len(held) > MOST_BELOW:
                    self.last = held[0].last
                    yield held.pop(0)
                continue
            yield from held
            held.clear()
            self.last = line.last
            yield line
        end = self.end_of_rows(held)
        self.left_out += held[end:]
        yield from held[:end]

    def may_be_below(self, line: Line) -> bool:
        """One filled cell alone, a notice, or a total: a row for which most cells are blank and the others are numbers."""
        return len(line.cells) - line.cells.count("") <= 1 or self.is_below(line)

    def is_total(self, first: str, line: Line) -> bool:
        if not TOTAL.match(first):
            return False
        filled = [cell for cell in line.cells if cell != ""]
        return len(filled) * 2 <= self.width and all(not isinstance(cell, str) or NUMBER.match(cell.strip()) for cell in filled[1:])

    def end_of_rows(self, held: list[Line]) -> int:
        """Return how many of the last lines are rows still: all, unless a notice or a total is among them.

        The report's name above a notice belongs to it where a blank line sets both apart from the rows.
        """
        end = next((at for at, line in enumerate(held) if self.is_below(line)), None)
        if end is None:
            return len(held)
        start = end
        while start and held[start].number == held[start - 1].last + 1:
            start -= 1
        above = held[start - 1].last if start else self.last
        return start if held[start].number > above + 1 else end

    def is_below(self, line: Line) -> bool:
        cells = line.cells
        first = cells[0] if cells and cells[0] != "" else next((cell for cell in cells if cell != ""), "")
        if not isinstance(first, str):
            return False
        written = first.strip()
        return written[:1] in BEGINNINGS and (NOTICE.match(written) is not None or self.is_total(written, line))
