"""Writes the rejected rows of a file as they stood in it, so that they can be corrected there and imported again."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports import reading, values
from apps.imports.formats import Formats
from apps.imports.kinds import Kind
from apps.imports.reading import Layout
from apps.imports.report import RowError
from apps.imports.sources import ERRORS, REASONS


def write(path: Path, folder: Path, *, layout: Layout, formats: Formats, sheet: str | None, lines: set[int], errors: Iterable[RowError]) -> Path:
    """Write the rows into `<file>.errors.csv` and the reasons into `<file>.errors.txt`; return the first."""
    rejected = folder / f"{path.name}{ERRORS}"
    if layout.kind != Kind.TEXT:
        rejected.write_text("".join(_other_rows(path, sheet, lines, formats, layout)), encoding="utf-8-sig", newline="")
    else:
        encoding = "utf-8-sig" if layout.encoding == "utf-8-sig" else layout.encoding
        rejected.write_text("".join(_text_rows(path, layout, lines)), encoding=encoding, newline="")
    reasons = [_("Line %(line)s, %(column)s “%(value)s”: %(reason)s %(remedy)s") % vars(error) for error in sorted(errors, key=lambda each: each.line)]
    (folder / f"{path.name}{REASONS}").write_text("\n".join(reasons) + "\n", encoding="utf-8")
    return rejected


def remove(path: Path, folder: Path) -> None:
    """Take away what an earlier import wrote, since no row is rejected any more."""
    for ending in (ERRORS, REASONS):
        (folder / f"{path.name}{ending}").unlink(missing_ok=True)


def _text_rows(path: Path, layout: Layout, lines: set[int]) -> Iterator[str]:
    """Copy the text before and of the header, and the rejected rows, unchanged."""
    with path.open(encoding=layout.encoding, newline="") as file:
        taken: list[str] = []

        def taking() -> Iterator[str]:
            for text in file:
                taken.append(text)
                yield text

        reader, before = csv.reader(taking(), delimiter=layout.delimiter, strict=True), 0
        for _cells in reader:
            text, number = "".join(taken), before + 1
            taken.clear()
            before = reader.line_num
            if number <= layout.header or number in lines:
                yield text if text.endswith(("\n", "\r")) else text + "\n"


def _other_rows(path: Path, sheet: str | None, lines: set[int], formats: Formats, layout: Layout) -> Iterator[str]:
    """Write header and rows of a workbook, a JSON file or a page as CSV."""
    for line in reading.lines_of(path, layout, sheet):
        if line.number == layout.header or line.number in lines:
            out = io.StringIO()
            csv.writer(out).writerow([values.text(cell, formats) for cell in line.cells])
            yield out.getvalue()
