"""Writes the files of a folder anew in every way in which programs export tables; what they say stays the same."""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl

Rows = list[list[str]]
NUMBERS, DAYS = {"close_value", "sales_price"}, {"engage_date", "close_date"}
FOOTER = '\n"Deals of the year"\n"Copyright (c) 2000-2018 salesforce.com, inc. All rights reserved."\n"Confidential Information - Do Not Distribute"\n'


def tables(folder: Path) -> dict[str, Rows]:
    return {path.name: list(csv.reader(path.open(newline=""))) for path in sorted(folder.glob("*.csv")) if path.name != "data_dictionary.csv"}


def changed(rows: Rows, columns: set[str], change: Callable[[str], str]) -> Rows:
    header, *body = rows
    places = [place for place, name in enumerate(header) if name in columns]
    for place in places:
        body = [[*row[:place], change(row[place]) if row[place] else "", *row[place + 1 :]] for row in body]
    return [header, *body]


def text(rows: Rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def german(number: str) -> str:
    return f"{Decimal(number):,.2f} €".translate(str.maketrans(",.", ".,"))


def day(form: str) -> Callable[[str], str]:
    return lambda written: date.fromisoformat(written).strftime(form)


def serial(written: str) -> str:
    return str((date.fromisoformat(written) - date(1899, 12, 30)).days)


def shuffled(rows: Rows) -> Rows:
    """Put columns and rows in another order, and columns among them that nobody asked for."""
    rng = random.Random(len(rows))
    order = rng.sample(range(len(rows[0])), len(rows[0]))
    header, *body = [["Größe", *(row[place] for place in order), "Our, own"] if at == 0 else ["Zoë – 5 €", *(row[place] for place in order), "a\nb"]
                     for at, row in enumerate(rows)]  # fmt: skip
    rng.shuffle(body)
    return [header, *body]


def workbook(rows: Rows, *, is_typed: bool) -> bytes:
    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Export")
    sheet.append(["Our export"])
    sheet.append([])
    sheet.append(rows[0])
    for row in rows[1:]:
        sheet.append([_typed(name, cell, is_typed=is_typed) for name, cell in zip(rows[0], row, strict=True)])
    book.save(out)
    return out.getvalue()


def _typed(name: str, cell: str, *, is_typed: bool) -> object:
    if not cell:
        return None
    if name in NUMBERS:
        return float(cell)
    if name in DAYS:
        return date.fromisoformat(cell) if is_typed else int(serial(cell))
    return cell


def records(rows: Rows) -> str:
    return json.dumps({"totalSize": len(rows) - 1, "records": [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]})


def page(rows: Rows) -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><table>{body}</table></body></html>'


def worst(rows: Rows) -> str:
    """Everything at once: other columns and order, German numbers and days, semicolons, titles above and notices below."""
    shown = changed(changed(shuffled(rows), NUMBERS, german), DAYS, day("%d.%m.%Y"))
    return '"Deals of the year"\n"Stand: 31.12.2017"\n\n' + text(shown, ";") + FOOTER


WAYS: dict[str, tuple[str, Callable[[Rows], bytes]]] = {
    "as it is": (".csv", lambda rows: text(rows).encode()),
    "semicolons and decimal comma": (".csv", lambda rows: text(changed(rows, NUMBERS, german), ";").encode()),
    "UTF-8 with a mark": (".csv", lambda rows: text(rows).encode("utf-8-sig")),
    "UTF-16": (".csv", lambda rows: text(shuffled(rows)).encode("utf-16")),
    "UTF-16 little-endian without a mark": (".csv", lambda rows: text(shuffled(rows)).encode("utf-16-le")),
    "UTF-16 big-endian without a mark": (".csv", lambda rows: text(shuffled(rows)).encode("utf-16-be")),
    "Windows-1252": (".csv", lambda rows: text(shuffled(rows), ";").encode("cp1252")),
    "tabs": (".tsv", lambda rows: text(rows, "\t").encode()),
    "bars": (".txt", lambda rows: text(rows, "|").encode()),
    "dd.mm.yyyy": (".csv", lambda rows: text(changed(rows, DAYS, day("%d.%m.%Y"))).encode()),
    "m/d/yy": (".csv", lambda rows: text(changed(rows, DAYS, day("%m/%d/%y"))).encode()),
    "instants with a zone": (".csv", lambda rows: text(changed(rows, DAYS, lambda written: f"{written}T12:09:33.000+0000")).encode()),
    "Excel's day numbers": (".csv", lambda rows: text(changed(rows, DAYS, serial)).encode()),
    "dollars in thousands": (".csv", lambda rows: text(changed(rows, NUMBERS, lambda number: f"${Decimal(number) / 1000}K")).encode()),
    "a workbook with types": (".xlsx", lambda rows: workbook(rows, is_typed=True)),
    "a workbook with day numbers": (".xlsx", lambda rows: workbook(rows, is_typed=False)),
    "JSON": (".json", lambda rows: records(rows).encode()),
    "a web page": (".xls", lambda rows: page(rows).encode()),
    "gzip": (".csv.gz", lambda rows: gzip.compress(text(rows).encode())),
    "titles and notices": (".csv", lambda rows: ('"Our report"\n\n' + text(rows) + FOOTER).encode()),
    "shuffled with other columns": (".csv", lambda rows: text(shuffled(rows)).encode()),
    "all at once": (".csv", lambda rows: worst(rows).encode("utf-16")),
}


def write(source: Path, target: Path, way: str) -> list[Path]:
    """Write every file of a folder in one way; return the new ones."""
    ending, encode = WAYS[way]
    found = []
    for name, rows in tables(source).items():
        path = target / (Path(name).stem + ending)
        path.write_bytes(encode(rows))
        found.append(path)
    return found


def pack(paths: list[Path], target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for path in paths:
            package.write(path, f"export/{path.name}")
    return target
