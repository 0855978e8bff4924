"""Finds out how a text file is written: its encoding and its delimiter."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from apps.imports import encodings, limits
from apps.imports.formats import Formats
from apps.imports.kinds import Kind

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 100_000


@dataclass(frozen=True)
class Layout:
    """How a file is written; `delimiter` is blank where it is no delimited text, `header` is the line on which the columns are named."""

    encoding: str
    delimiter: str
    kind: Kind = Kind.TEXT
    header: int = 1


def of(path: Path, columns: tuple[str, ...], formats: Formats) -> Layout:
    """Find a text file's encoding by its first bytes, and its delimiter by its first lines; the mapping's word goes first."""
    encoding = encodings.of(path, formats.encoding)
    if formats.delimiter:
        return Layout(encoding, formats.delimiter)
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(SAMPLE)
    except UnicodeError as error:
        raise encodings.not_text(path, encoding) from error
    first = sample.split("\n", 1)[0].strip()
    if first.startswith("sep=") and len(first) == 5:
        return Layout(encoding, first[4])
    return Layout(encoding, max(DELIMITERS, key=lambda sign: _likeness(sample, sign, columns)))


def _likeness(sample: str, delimiter: str, columns: tuple[str, ...]) -> tuple[int, int, int]:
    """Say how many wanted columns a delimiter gives in one line, then how many lines have one width, then which."""
    rows = list(_rows(sample, delimiter))
    wanted = max((len(set(columns) & set(row)) for row in rows), default=0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
    return wanted, lines, width


def _rows(sample: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(sample.splitlines(keepends=True), delimiter=delimiter)
    try:
        for row in islice(reader, limits.HEAD):
            yield [name.strip() for name in row]
    except csv.Error:
        return
