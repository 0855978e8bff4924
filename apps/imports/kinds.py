"""Tells by its first bytes what a file is, whatever it is called."""

import re
from enum import StrEnum
from pathlib import Path
from zipfile import ZipFile

from django.utils.translation import gettext as _

from apps.imports import encodings
from apps.imports.keys import MappingError, Problem

START = 4096
WORKBOOKS = {".xlsx", ".xlsm"}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
JSON_START = re.compile(r'\s*(\[\s*[{\]]|\{\s*["}])')
HTML_START = re.compile(r"\s*<(!doctype html|html|head|meta|body|table|\?xml)", re.IGNORECASE)


class Kind(StrEnum):
    """What a file is: a table in one of four ways of writing, or a package of files."""

    TEXT = "text"
    WORKBOOK = "workbook"
    JSON = "json"
    HTML = "html"
    ZIP = "zip"
    GZIP = "gzip"


def of(path: Path) -> Kind:
    """Return what a file is; raise MappingError for what nothing here reads, such as the old Excel format."""
    with path.open("rb") as file:
        start = file.read(START)
    if start.startswith(OLD_EXCEL):
        raise MappingError([Problem(path.name, _("It is an old or an encrypted Excel workbook."), _("Save it without a password as .xlsx, or as CSV."))])
    if start.startswith(PICTURES):
        raise MappingError([Problem(path.name, _("It is a picture or a PDF, and no table."), _("Export the table itself, as CSV or as .xlsx."))])
    if start.startswith(b"\x1f\x8b"):
        return Kind.GZIP
    is_called_workbook = path.suffix.lower() in WORKBOOKS
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.WORKBOOK if is_called_workbook or _is_workbook(path) else Kind.ZIP
    if is_called_workbook and not _is_text(start):  # rejected rows of a workbook, say, come as text
        return Kind.WORKBOOK
    return _of_text(encodings.start_of(start))


def _is_text(start: bytes) -> bool:
    """Tell bytes that may be text from those of a damaged workbook."""
    return bool(start) and (start.startswith((b"\xff\xfe", b"\xfe\xff")) or not any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start))


def _is_workbook(path: Path) -> bool:
    try:
        with ZipFile(path) as package:
            return "xl/workbook.xml" in package.namelist()
    except Exception:  # of a damaged package, Python's own reading raises whatever the damage leads to
        return False


def _of_text(start: str) -> Kind:
    if JSON_START.match(start):
        return Kind.JSON
    return Kind.HTML if HTML_START.match(start) else Kind.TEXT
