"""Rejected rows are written as they stood in their file, so that they can be corrected there and imported again."""

import openpyxl
import pytest

from apps.imports import importing, parsing
from apps.imports.importing import Order
from apps.opportunities.models import Product
from tests.imports.test_importing import REPS

pytestmark = pytest.mark.django_db

PRODUCTS = '[[load]]\nfile = "p.*"\nentity = "products"\n[load.fields]\nname = "Name"\nlist_price = "Price"\n'
GERMAN = PRODUCTS + '[load.formats]\ndecimal = ","\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_rows_keep_header_delimiter_quotes_and_encoding(run, tmp_path, encoding):
    text = '"Name";"Price"\r\n"Zoë ""A""";"1,50"\r\n"two\r\nlines";"x"\r\n"Last";"y"'
    run(GERMAN, {"p.csv": text.encode(encoding)})
    written = (tmp_path / "p.csv.errors.csv").read_bytes().decode(encoding)
    assert written == '"Name";"Price"\r\n"two\r\nlines";"x"\r\n"Last";"y"\n'


def test_the_reasons_stand_beside(run, tmp_path):
    run(GERMAN, {"p.csv": "Name;Price\nA;x\n"})
    reasons = (tmp_path / "p.csv.errors.txt").read_text()
    assert "Line 2, Price “x”: It is not a number." in reasons


def test_a_corrected_errors_file_is_imported_alone_for_the_file_it_came_from(run, tmp_path):
    run(GERMAN, {"p.csv": "Name;Price\nA;x\nB;1\n"})
    fixed = tmp_path / "p.csv.errors.csv"
    fixed.write_text(fixed.read_text().replace("x", "2,5"))
    report = importing.run(Order(parsing.parse('title = "T"\n' + GERMAN), fixed), tell=lambda report: None)
    assert (report.totals.created, Product.objects.get(name="A").list_price) == (1, pytest.approx(2.5))


def test_a_workbooks_rows_are_written_so_that_the_same_mapping_reads_them(run, tmp_path):
    book = openpyxl.Workbook()
    for row in (["Name", "Price"], ["A" * 201, 1.5], ["B", 2]):
        book.active.append(row)
    book.save(tmp_path / "p.xlsx")
    run(GERMAN, {})
    fixed = tmp_path / "p.xlsx.errors.csv"
    assert fixed.read_bytes().decode("utf-8-sig") == f'Name,Price\r\n{"A" * 201},"1,5"\r\n'
    fixed.write_text(fixed.read_text("utf-8-sig").replace("A" * 201, "A"))
    assert importing.run(Order(parsing.parse('title = "T"\n' + GERMAN), fixed), tell=lambda report: None).totals.created == 1


def test_what_is_no_longer_rejected_leaves_no_errors_file(run, tmp_path):
    run(GERMAN, {"p.csv": "Name;Price\nA;x\n"})
    run(GERMAN, {"p.csv": "Name;Price\nA;1\n"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.csv"]


def test_one_errors_file_holds_what_any_entity_rejected(run, tmp_path):
    teams = '[[load]]\nfile = "reps.csv"\nentity = "memberships"\n[load.fields]\nrep = "No"\nteam = "Name"\nstart_on = "Hired"\n'
    report = run(REPS + teams, {"reps.csv": "No,Name,Hired,Left\n1,Ann,x,\n2,Ben,2020-01-01,\n"})
    assert (tmp_path / "reps.csv.errors.csv").read_text() == "No,Name,Hired,Left\n1,Ann,x,\n2,Ben,2020-01-01,\n"
    assert report.errors_files == (str(tmp_path / "reps.csv.errors.csv"),)


def test_titles_above_the_header_stay_and_notices_below_do_not(run, tmp_path):
    text = '"Our prices"\n\n"Name";"Price"\n"A";"x"\n"B";"1"\n\n"Copyright (c) 2024"\n'
    assert run(GERMAN, {"p.csv": text}).totals.read == 2
    assert (tmp_path / "p.csv.errors.csv").read_text() == '"Our prices"\n\n"Name";"Price"\n"A";"x"\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.json", '{"records": [{"Name": "A", "Price": "x"},\n {"Name": "B", "Price": 1.5}]}'),
        ("p.xls", "<table><tr><th>Name</th><th>Price</th></tr>\n<tr><td>A</td><td>x</td></tr><tr><td>B</td><td>1,5</td></tr></table>"),
    ],
)
def test_rows_of_json_and_of_web_pages_are_corrected_as_csv(run, tmp_path, name, content):
    report = run(GERMAN, {name: content})
    assert [(error.column, error.value) for error in report.files[0].errors] == [("Price", "x")]
    fixed = tmp_path / f"{name}.errors.csv"
    assert fixed.read_bytes().decode("utf-8-sig").startswith("Name,Price\r\nA,x\r\n")
    fixed.write_text(fixed.read_text("utf-8-sig").replace("x", '"2,5"'))
    assert importing.run(Order(parsing.parse('title = "T"\n' + GERMAN), fixed), tell=lambda report: None).totals.created == 1
