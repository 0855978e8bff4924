"""A file is read the same in whatever encoding, delimiter or program it was saved with."""

import json
import tracemalloc
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from apps.imports import limits, reading
from apps.imports.formats import Formats
from apps.imports.keys import MappingError
from apps.imports.kinds import Kind

TABLE = [["Name", "Note"], ["Zoë", "a, b"], ["", ""], ["José", 'two\nlines; "quoted"']]


def written(delimiter: str) -> str:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in TABLE]
    return "".join(delimiter.join(row) + "\r\n" for row in quoted)


def page(path: Path, formats: Formats | None = None) -> reading.Page:
    return reading.read(path, columns=("Name", "Note"), formats=formats or Formats())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path, encoding, delimiter):
    path = tmp_path / "a.csv"
    path.write_bytes(written(delimiter).encode(encoding))
    found = page(path)
    assert found.header == ("Name", "Note")
    assert [line.cells for line in found.lines] == [("Zoë", "a, b"), ("José", 'two\r\nlines; "quoted"'.replace("\r", ""))]


def test_lines_are_numbered_as_in_an_editor(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Name,Note\nA,"one\ntwo"\n\nB,x\n')
    assert [(line.number, line.last) for line in page(path).lines] == [(2, 3), (5, 5)]


def test_the_mapping_names_an_encoding_that_cannot_be_found_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Name,Note\nZoë,x\n".encode("cp1252"))
    with pytest.raises(MappingError, match="Line 2, sign 3: it is not utf-8 text.*encoding"):
        page(path)
    assert page(path, Formats(encoding="cp1252")).lines[0].cells[0] == "Zoë"


def test_a_hint_for_excel_is_no_header(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\nName;Note\nA;b\n")
    assert [(line.number, line.cells) for line in page(path).lines] == [(3, ("A", "b"))]


def test_an_open_quote_is_told_with_its_line_rather_than_swallowing_the_rest(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('Name,Note\nA,b\nB,"c\nD,e\n')
    with pytest.raises(MappingError, match="line 3"):
        page(path)


@pytest.mark.parametrize(("text", "told"), [("", "empty"), ("Nam,Note\nA,b\n", "Did you mean “Nam”"), ("Name,Name,Note\n", "Several columns")])
def test_a_header_that_does_not_fit_is_refused(tmp_path, text, told):
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(MappingError, match=told):
        page(path)


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["Name", "Note", "On", "Amount"])
    book.active.append(["A", None, datetime(2017, 3, 1), 0.1])
    book.active.append([None, None, None, None])
    book.active.append(["B", True, "x", 7])
    book.create_sheet("Other").append(["Name", "Note"])
    book.save(path)
    return path


def test_a_workbook_gives_its_cells_their_types(tmp_path):
    found = page(workbook(tmp_path / "a.xlsx"))
    assert found.header == ("Name", "Note", "On", "Amount")
    assert [line.cells for line in found.lines] == [("A", "", datetime(2017, 3, 1), Decimal("0.1")), ("B", True, "x", Decimal(7))]
    assert [line.number for line in found.lines] == [2, 4]


def test_a_sheet_is_chosen_by_name(tmp_path):
    path = workbook(tmp_path / "a.xlsx")
    assert reading.read(path, columns=("Name",), formats=Formats(), sheet="Other").lines == ()
    with pytest.raises(MappingError, match="Use one of: Sheet, Other"):
        reading.read(path, columns=("Name",), formats=Formats(), sheet="Deals")


def test_what_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 no more")
    with pytest.raises(MappingError, match="no Excel workbook"):
        page(path)
    path.write_bytes(b"\x00\x01\x02")
    with pytest.raises(MappingError, match="no Excel workbook"):
        page(path)


def test_records_that_share_a_line_are_told_apart(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('[{"Name": "A", "Note": 1}, {"Name": "B", "Note": 1},\n {"Name": "C", "Note": 1}, {"Name": "D", "Note": 1}]')
    assert [(line.number, line.cells[0]) for line in page(path).lines] == [(1, "A"), (2, "B"), (3, "C"), (4, "D")]


@pytest.mark.parametrize("start", [b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"%PDF-1.7\n"])
def test_pictures_are_no_tables(tmp_path, start):
    path = tmp_path / "a.csv"
    path.write_bytes(start + bytes(range(256)))
    with pytest.raises(MappingError, match="a picture or a PDF"):
        page(path)


def test_a_table_is_what_it_holds_whatever_it_is_called(tmp_path):
    path = tmp_path / "rejected.xlsx"
    path.write_text("Name,Note\nA,B\n")
    assert [line.cells for line in page(path).lines] == [("A", "B")]
    called = workbook(tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    assert len(page(called).lines) == 2


def test_formulas_without_results_are_refused_and_blank_results_are_blank(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Name", "Note"])
    book.active.append(["A", "=1+2"])
    book.save(path := tmp_path / "a.xlsx")
    with pytest.raises(MappingError, match="The cell B2 holds a formula without its result"):
        page(path)
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as after:
        for name in before.namelist():
            text = before.read(name).replace(b'<c r="B2"><f>', b'<c r="B2" t="str"><f>')
            after.writestr(name, text)
    assert [line.cells[0] for line in page(tmp_path / "b.xlsx").lines] == ["A"]


FOOTER = '\n"My deals"\n"Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved."\n"Generated By: Ann 3/4/2024"\n'


@pytest.mark.parametrize(
    ("above", "below", "rows"),
    [
        ("", FOOTER, 2),
        ('"My deals"\n\n', FOOTER, 2),
        ("", '"Total","Energy","5.00"\n' + FOOTER, 3),
        ("", "Grand Totals (2 records)\n", 2),
        ("", '"Total","Energy","Paris"\n', 3),
        ("", '"Total"\n"A","b","1"\n', 4),
        ("", '"cut', 2),
    ],
)
def test_titles_and_notices_are_left_out_and_rows_never(tmp_path, above, below, rows):
    path = tmp_path / "a.csv"
    path.write_text(above + '"Name","Note","Amount"\n"A","b","2"\n"B","c","3"\n' + below)
    found = reading.opened(path, columns=("Name", "Amount"), formats=Formats())
    if below == '"cut':
        with pytest.raises(MappingError, match="line 4"):
            list(found.lines)
        return
    lines = list(found.lines)
    assert (found.header, len(lines)) == (("Name", "Note", "Amount"), rows)
    assert (len(found.above), found.layout.header) == ((1, 3) if above else (0, 1))
    assert len(found.below) == len([line for line in below.splitlines() if line]) - (rows - 2)


@pytest.mark.parametrize(
    "notice",
    [
        *(
            "Copyright 2024",
            "© Us",
            "(c) Us",
            "Confidential Information",
            "Generated by Ann",
            "Filtered By: all",
            "As of 3/4",
            "Grand Total (2)",
            "Total Records: 2",
        ),
        *("Record count: 2", "Erstellt am 3.4.", "Vertrauliche Informationen", "Généré par Ann", "Generado por Ana"),
    ],
)
@pytest.mark.parametrize("written", [str, str.upper, str.lower])
def test_every_notice_is_known_however_it_is_written(tmp_path, notice, written):
    path = tmp_path / "a.csv"
    path.write_text(f"Name,Note\nA,b\n\n{written(notice)}\n", encoding="utf-8")
    assert [line.cells for line in page(path).lines] == [("A", "b")]


@pytest.mark.parametrize("total", ["Grand total", "Subtotals", "Total", "Gesamt", "Gesamtsumme", "Summe", "Total général", "Totale"])
@pytest.mark.parametrize("written", [str, str.upper, str.lower])
def test_every_total_is_known_however_it_is_written(tmp_path, total, written):
    path = tmp_path / "a.csv"
    path.write_text(f"Name,Note,Amount,Place\nA,b,2,c\n{written(total)},,2.00,\n", encoding="utf-8")
    assert [line.cells for line in page(path).lines] == [("A", "b", "2", "c")]


def test_a_last_row_that_was_cut_off_is_no_notice(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Name,Note,Amount\nA,b,2\nB\n")
    assert [line.cells for line in page(path).lines] == [("A", "b", "2"), ("B",)]


@pytest.mark.parametrize(
    "text",
    [
        '[{"Name": "Zoë", "Note": "a"}, {"Name": "B", "Owner": {"Name": "Ann"}, "Amount": 1.10, "Is": true, "Tags": ["x"]}]',
        '{"totalSize": 2, "done": true, "records": [{"Name": "Zoë", "Note": "a"}, {"Name": "B", "Owner": {"Name": "Ann"}, "Amount": 1.10, "Is": true, "Tags": ["x"]}]}',
        '{"status": 0, "result": {"records": [{"Name": "Zoë", "Note": "a"}, {"Name": "B", "Owner": {"Name": "Ann"}, "Amount": 1.10, "Is": true, "Tags": ["x"]}]}}',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_records_of_json_are_rows_with_a_column_for_each_name(tmp_path, text, encoding):
    path = tmp_path / "a.json"
    path.write_bytes(text.encode(encoding))
    found = page(path)
    assert found.layout.kind == Kind.JSON
    assert found.header == ("Name", "Note", "Owner.Name", "Amount", "Is", "Tags")
    assert [line.cells for line in found.lines] == [("Zoë", "a", "", "", "", ""), ("B", "", "Ann", Decimal("1.10"), True, '["x"]')]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"Name": "A"},\n{"Name": ', "line 2"),
        ('[{"Name": "A"},\n{"Name": NaN}]', "line 2"),
        ('[{"Name": "A"},\n 5]', "line 2.*no object"),
        ('{"Name": "A"}', "no list"),
        ('[{"Name": "\\ud800"}]', "no text"),
        ('[{"Name": ' + "[" * 5000, "not JSON"),
        ("[]", "empty"),
    ],
)
def test_what_is_no_list_of_records_is_told_with_its_line(tmp_path, text, told):
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(MappingError, match=told):
        page(path)


def test_a_web_page_saved_as_a_workbook_is_a_table(tmp_path):
    path = tmp_path / "a.xls"
    rows = "<tr><th>Name</th><th>Note</th></tr><tr><td>Zo&euml;</td><td>a<br>b</td></tr><tr><td>B&nbsp;</td></tr>"
    path.write_bytes(f'<html><head><meta charset="iso-8859-1"></head><body>é<table>{rows}</table></body></html>'.encode("latin-1"))
    assert [line.cells for line in page(path).lines] == [("Zoë", "a\nb"), ("B", "")]
    path.write_text("<html><body>No access</body></html>")
    with pytest.raises(MappingError, match="without a table"):
        page(path)


def test_an_old_workbook_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 100)
    with pytest.raises(MappingError, match="Save it without a password as .xlsx"):
        page(path)


@pytest.mark.parametrize("content", ["x" * (limits.LINE + 10), 'Name,Note\nA,"' + "x\n" * limits.CELL, json.dumps([{"Name": "x" * (limits.LINE + 10)}])])
def test_a_cell_that_would_fill_the_memory_is_refused(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_text(content)
    with pytest.raises(MappingError, match="longer than|larger than"):
        page(path)


def test_memory_stays_flat_however_long_a_file_is(tmp_path):
    peaks = []
    for rows in (5_000, 40_000):
        path = tmp_path / f"{rows}.csv"
        path.write_text("Name,Note\n" + "".join(f"{number},{'x' * 50}\n" for number in range(rows)))
        tracemalloc.start()
        assert sum(1 for _line in reading.opened(path, columns=("Name",), formats=Formats()).lines) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3
