"""Imports a file of deals as the command does, and puts the same rows into a bare table of the same indexes, for comparison."""

import csv
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from django.db import connection

from apps.customers.models import Customer
from apps.imports import parsing, preview, running, services, sources
from apps.opportunities.models import Stage
from apps.reps.models import Rep

HEADER = ("Id", "Name", "Owner", "Stage", "Amount", "Created", "Expected", "Closed", "Account")
MAPPING = """
title = "Benchmark"
[[load]]
file = "deals.csv"
entity = "opportunities"
[load.fields]
external_key = "Id"
name = "Name"
owner = { column = "Owner", by = "name" }
stage = "Stage"
amount = "Amount"
created_on = "Created"
expected_close_on = "Expected"
closed_on = "Closed"
customer = { column = "Account", by = "name" }
"""
BARE = "bare_deals"
PIECE = 1 << 16
COLUMNS = "id, name, owner_id, stage_id, amount, currency, created_on, expected_close_on, closed_on, customer_id, lost_reason, external_key"


def import_file(*, rows: int, prefix: str) -> dict[str, Any]:
    """Import a file of so many new deals; return the seconds from asking for it to its end, and those of a bare COPY of the same rows."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "deals.csv", rows, prefix)
        mapping = parsing.parse(MAPPING)
        started = perf_counter()
        this = services.ask(mapping, sources.find(mapping, Path(folder)), by=None)
        assert running.run(this.pk), "nobody else may import meanwhile"
        taken = perf_counter() - started
        part = this.parts.get()
        assert (part.created, part.rejected) == (rows, 0), f"{part.created} created, {part.rejected} rejected"
        return {"seconds": taken, "bare": bare(prefix, Path(folder) / "rows")}


def look_ahead(*, rows: int, prefix: str) -> dict[str, Any]:
    """Find out what a file of so many new deals would do, and take it back; return the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder) / "deals.csv", rows, prefix)
        found = sources.find(parsing.parse(MAPPING), Path(folder))
        started = perf_counter()
        (told,) = preview.preview(found).files
        taken = perf_counter() - started
        assert (told.counts.created, told.counts.rejected) == (rows, 0), f"{told.counts.created} created, {told.counts.rejected} rejected"
        return {"seconds": taken}


def write(path: Path, rows: int, prefix: str) -> None:
    """Write deals of two years, one in three of them still open."""
    reps, stages = unique(Rep), list(Stage.objects.order_by("position"))
    customers = unique(Customer)[:5000]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for number in range(rows):
            stage, created = stages[number * 7 % len(stages)], date(2024, 1, 1) + timedelta(days=number * 13 % 700)
            closed = created + timedelta(days=number % 90) if stage.kind != Stage.Kind.OPEN else ""
            amount = f"{number * 37 % 90_000}.50"
            expected, customer = created + timedelta(days=60), customers[number * 11 % len(customers)]
            out.writerow((f"{prefix}{number}", f"Deal {number}", reps[number % len(reps)], stage.name, amount, created, expected, closed, customer))


def unique(model: Any) -> list[str]:
    """Return names that stand for one row each."""
    names = list(model.objects.order_by("pk").values_list("name", flat=True))
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    return [name for name in names if seen[name] == 1]


def bare(prefix: str, rows: Path) -> float:
    """Copy the rows that were imported into a table with the same columns and indexes, but without triggers and references."""
    with connection.cursor() as cursor:
        with (
            rows.open("wb") as file,
            cursor.copy(f"COPY (SELECT {COLUMNS} FROM opportunities_opportunity WHERE external_key LIKE '{prefix}%') TO STDOUT") as out,
        ):
            file.writelines(out)
        cursor.execute(f"DROP TABLE IF EXISTS {BARE}")
        cursor.execute(f"CREATE TABLE {BARE} (LIKE opportunities_opportunity INCLUDING INDEXES INCLUDING DEFAULTS)")
        started = perf_counter()
        with rows.open("rb") as file, cursor.copy(f"COPY {BARE} ({COLUMNS}) FROM STDIN") as copy:
            while piece := file.read(PIECE):
                copy.write(piece)
        taken = perf_counter() - started
        cursor.execute(f"DROP TABLE {BARE}")
    return taken
