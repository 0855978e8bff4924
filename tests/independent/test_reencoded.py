"""Maven's files in every way of writing them are recognised, say the same row by row, and give the same figures.

Every eighth deal is taken, and the worst way is imported with every figure compared. `KPIBOARD_EVERY_WAY=1` takes all deals and imports every way.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from apps.core.models import Organisation
from apps.core.periods import Calendar
from apps.imports import conversion, drafts, parsing, reading, unpacking, values
from apps.imports.entities import ENTITIES
from apps.imports.mapping import Constant, Mapping
from apps.imports.recognition import recognising
from apps.imports.recognition.known import Stated
from apps.opportunities.models import Opportunity
from tests.independent import maven, reencoded
from tests.independent.test_maven import FOLDER, called, expected, is_equal

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="The Maven files are not beside this checkout (../shared/data/maven): that every way of writing them says the same is not proved.",
)
ANSWERS = {"numbers": {"*": "point"}, "currencies": {"*": "USD"}}  # amounts are written with the sign of another
IS_WHOLE = bool(os.environ.get("KPIBOARD_EVERY_WAY"))
IMPORTED = list(reencoded.WAYS) if IS_WHOLE else ["all at once"]
STEP = 1 if IS_WHOLE else 8
PERIODS = ("2017-Q2", "2017")


def proposed(paths: list[Path]) -> Mapping:
    known = Stated(currency="USD")
    first = recognising.recognise(paths, known, mappings=[parsing.read("maven")])
    answers = {group: table for group, table in ANSWERS.items() if any(question.group == group for question in first.questions)}
    proposal = recognising.recognise(paths, known, mappings=[parsing.read("maven")], answers=answers) if answers else first
    assert proposal.system.startswith("Maven")
    assert proposal.mapping, proposal.open
    return proposal.mapping


def said(mapping: Mapping, paths: list[Path]) -> list[Any]:
    """Return what files say for each load: the values of every row, references as texts."""
    found: list[Any] = []
    for load in mapping.loads:
        (path,) = (each for each in paths if each.match(load.file))
        drafted = drafts.draft(reading.opened(path, columns=load.columns, formats=load.formats, sheet=load.sheet), load)
        assert not drafted.refusals
        columns = ENTITIES[load.entity].fields
        rows = []
        for draft in drafted.drafts:
            row = {}
            for field in load.fields:
                cell, column = draft.cells[field.name], columns[field.name]
                if cell == "" or column.is_relation:
                    row[field.name] = values.text(cell, load.formats)
                else:
                    formats = load.formats.plain if isinstance(field.source, Constant) else load.formats
                    row[field.name] = conversion.value(field, column, cell, formats=formats, calendar=Calendar())
            rows.append(tuple(sorted((name, str(value)) for name, value in row.items())))
        found.append((load.entity, sorted(rows)))
    return found


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """Return a folder with Maven's files, of whose deals every so manyth is taken."""
    folder = tmp_path_factory.mktemp("maven")
    for name, rows in reencoded.tables(FOLDER).items():
        (folder / name).write_text(reencoded.text(rows if name != "sales_pipeline.csv" else [rows[0], *rows[1::STEP]]), newline="")
    return folder


@pytest.fixture(scope="module")
def original(source) -> list[Any]:
    return said(parsing.read("maven"), sorted(source.glob("*.csv")))


@pytest.mark.parametrize("way", reencoded.WAYS)
def test_every_way_of_writing_the_files_says_the_same(tmp_path, source, original, way):
    written = reencoded.write(source, tmp_path, way)
    with unpacking.unpacked(written) as paths:
        assert said(proposed(list(paths)), list(paths)) == original


@pytest.mark.django_db
@pytest.mark.parametrize("way", IMPORTED)
def test_figures_are_the_same_from_the_command_line_to_the_board(day, tmp_path, source, way):
    day.to("2017-12-31")
    Organisation.objects.update_or_create(pk=1, defaults={"currency": "EUR" if way in ("all at once", "semicolons and decimal comma") else "USD"})
    package = reencoded.pack(reencoded.write(source, tmp_path, way), tmp_path / "export.zip")
    answers = tmp_path / "answers.toml"
    answers.write_text('[numbers]\n"*" = "point"\n' if way == "dollars in thousands" else "")
    report = called("import", str(package), "--answers", str(answers))
    assert (report["totals"]["rejected"], Opportunity.objects.count()) == (0, 8800 // STEP)
    counts = [count for count in maven.recount(source) if count.period in PERIODS]
    asked = [
        *(f"--scope={scope}" for scope in dict.fromkeys(count.scope for count in counts)),
        *(f"--period={period}" for period in PERIODS),
        "--on=2017-12-31",
    ]
    shown = {(row["kpi"], row["scope"], row["period"]): row["value"] for row in called("figure", *dict.fromkeys(count.kpi for count in counts), *asked)}
    recounted = {(count.kpi, count.scope, count.period): expected(count) for count in counts}
    assert {key: (shown[key], value) for key, value in recounted.items() if not is_equal(shown[key], value)} == {}
