"""A file is read the same in whatever encoding, delimiter or program it was saved with."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from apps.imports import reading
from apps.imports.formats import Formats
from apps.imports.keys import MappingError

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
    with pytest.raises(MappingError, match="not utf-8 text.*encoding"):
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
    path.write_text("Name,Note\n")
    with pytest.raises(MappingError, match="no Excel workbook"):
        page(path)
