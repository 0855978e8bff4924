"""Finds out in which encoding a text file is written, and where it does not hold to it."""

import codecs
import re
from pathlib import Path

from django.utils.translation import gettext as _

from apps.imports.keys import MappingError, Problem

MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}  # how a file's first bytes tell its encoding
START = 4096
CHUNK = 1 << 20
CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]+)")
REPLACED = "\ufffd"


def of_bytes(start: bytes, told: str | None = None) -> str:
    """Return the encoding that a file's first bytes tell; without a mark what one was told, and UTF-8 where nothing says another."""
    marked = next((encoding for mark, encoding in MARKS.items() if start.startswith(mark)), None)
    return marked or told or _without_mark(start) or "utf-8"


def of(path: Path, told: str | None = None) -> str:
    with path.open("rb") as file:
        return of_bytes(file.read(START), told)


def _without_mark(start: bytes) -> str | None:
    """Of a Latin letter in UTF-16, one of the two bytes is zero."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * 4 < len(start[::2]) or not start:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def start_of(start: bytes) -> str:
    return start.decode(of_bytes(start), errors="replace").lstrip("\ufeff")


def of_page(path: Path) -> str | None:
    """Return the encoding that an HTML page names in its head, where it is one that is known."""
    with path.open("rb") as file:
        named = CHARSET.search(file.read(START))
    try:
        return codecs.lookup(named[1].decode("ascii")).name if named else None
    except LookupError:
        return None


def is_written_in(path: Path, encoding: str) -> bool:
    """Tell whether all of a file is text in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def not_text(path: Path, encoding: str) -> MappingError:
    """Say at which line and sign a file is no text in its encoding."""
    line, sign = _place(path, encoding)
    wrong = _("Line %(line)s, sign %(sign)s: it is not %(encoding)s text.") % {"line": line, "sign": sign, "encoding": encoding}
    return MappingError([Problem(path.name, wrong, _('Name its encoding under `formats` in the mapping, such as encoding = "cp1252".'))])


def _place(path: Path, encoding: str) -> tuple[int, int]:
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        line, before = 1, 0
        while piece := file.readline(CHUNK):
            found = piece.find(REPLACED)
            if found >= 0:
                return line, before + found + 1
            if piece.endswith(("\n", "\r")):
                line, before = line + 1, 0
            else:
                before += len(piece)
    return line, before + 1
