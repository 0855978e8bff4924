"""However a file is damaged: never a traceback, never half of it written, and always file, line, column and reason.

`KPIBOARD_MANGLED=10000` tries that many; without it a few hundred are tried.
"""

import gzip
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from apps.imports import importing, parsing, unpacking
from apps.imports.importing import Order
from apps.imports.keys import MappingError
from apps.imports.recognition import recognising
from apps.imports.recognition.known import Stated
from apps.imports.report import ImportReport
from apps.opportunities.models import Opportunity
from tests import make
from tests.imports.mangling import mangled
from tests.imports.test_importing import DEALS

COUNT = int(os.environ.get("KPIBOARD_MANGLED", "120"))
HEADER = ["No", "Deal", "Rep", "Stage", "Amount", "Created", "Closed"]
ROWS = [
    ["a", "Pumps, large", "Ann", "Won", "1200.50", "2024-01-02", "2024-03-04"],
    ["b", "Zoë's valves", "Ben", "Qualified", "", "2024-02-02", ""],
    ["c", "Two\nlines", "Ann", "Closed", "3", "2024-02-03", "2024-02-05"],
    ["d", "Nobody's", "Zed", "Won", "x", "2024-02-30", ""],
]
LINES = "\r\n".join(",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in [HEADER, *ROWS])
MAPPING = parsing.parse('title = "T"\n' + DEALS.replace("deals.csv", "deals*"))


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in [HEADER, *ROWS]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def package() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("deals.csv", LINES)
    return out.getvalue()


def page() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER, *ROWS])
    return f"<html><body><table>{rows}</table></body></html>"


RECORDS = json.dumps({"records": [dict(zip(HEADER, row, strict=True)) for row in ROWS]})
FILES = [
    ("deals.csv", LINES.encode()),
    ("deals.csv", LINES.encode("utf-8-sig")),
    ("deals.csv", LINES.encode("utf-16")),
    ("deals.csv", LINES.replace(",", ";").encode("cp1252")),
    ("deals.tsv", ("Our deals\n\n" + LINES.replace('","', '"\t"') + '\n\n"Total"\nCopyright (c) 2024').encode()),
    ("deals.json", RECORDS.encode()),
    ("deals.xls", page().encode()),
    ("deals.xlsx", workbook()),
    ("deals.zip", package()),
    ("deals.csv.gz", gzip.compress(LINES.encode())),
]
KINDS = settings(max_examples=COUNT, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def world(db: None) -> None:
    make.stages()
    for name in ("Ann", "Ben"):
        make.rep(name, hired="2020-01-01")


def said(error: MappingError) -> None:
    assert error.problems
    assert all(problem.key and problem.wrong and problem.allowed for problem in error.problems)
    json.dumps([vars(problem) for problem in error.problems], ensure_ascii=False).encode()


def told(report: ImportReport) -> None:
    """Hold a report to what it promises: every row counted once, each error with its place, and just the rows it names in the table."""
    totals = report.totals
    assert totals.read == totals.created + totals.updated + totals.unchanged + totals.skipped + totals.merged + totals.rejected
    assert Opportunity.objects.count() == totals.created
    for error in (error for each in report.files for error in each.errors):
        assert error.file.startswith("deals")
        assert error.line > 0
        assert error.reason and error.remedy
        assert error.column or "cells" in error.reason
    json.dumps(report.as_json(), ensure_ascii=False).encode()


@KINDS
@given(mangled(FILES))
def test_a_damaged_file_is_refused_whole_or_read_with_every_mistake_told(world, file):
    name, content = file
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            with unpacking.unpacked([path]) as plain:
                told(importing.run(Order(MAPPING, plain, errors_to=Path(folder)), tell=lambda report: None))
        except MappingError as error:
            said(error)
            assert not Opportunity.objects.exists()
        transaction.set_rollback(True)


@KINDS
@given(mangled(FILES))
def test_a_damaged_file_is_recognised_or_refused_with_a_reason(file):
    name, content = file
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            with unpacking.unpacked([path]) as plain:
                proposal = recognising.recognise(plain, Stated(rows={"reps": ("Ann",)}), answers={"entities": {"deals.csv": "opportunities"}})
            json.dumps(proposal.as_json(), ensure_ascii=False).encode()
        except MappingError as error:
            said(error)
