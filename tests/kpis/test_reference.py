"""The reference page says what the catalogue says, and its links lead somewhere."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.kpis import catalogue, reference
from apps.kpis.management.commands import kpi_reference

PAGE = Path(settings.BASE_DIR, kpi_reference.PAGE)


def test_the_page_is_up_to_date() -> None:
    call_command("kpi_reference", "--check")  # where it fails: run script/manage kpi_reference


def test_an_old_page_is_refused_with_the_command_that_makes_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    revenue = replace(catalogue.KPIS["revenue"], definition="Something else.")
    monkeypatch.setattr(catalogue, "KPIS", {**catalogue.KPIS, "revenue": revenue})
    before = PAGE.read_text()
    with pytest.raises(CommandError, match="run script/manage kpi_reference"):
        call_command("kpi_reference", "--check")
    assert PAGE.read_text() == before


@pytest.mark.parametrize("kpi", sorted(catalogue.KPIS))
def test_every_kpi_links_to_what_proves_it(kpi: str) -> None:
    block = next(block for block in PAGE.read_text().split("\n### ") if f"\n`{kpi}` — " in block)
    paths = [(PAGE.parent / link).resolve() for link in re.findall(r"\]\(([^)]+)\)", block)]
    assert [path for path in paths if not path.is_file()] == []
    proven = kpi_reference.oracles()
    assert {Path(settings.BASE_DIR, proven[measure]) for measure in catalogue.KPIS[kpi].measures} <= set(paths)
    assert all(f"(`{measure}`)" in block for measure in catalogue.KPIS[kpi].measures)


@pytest.mark.parametrize("kpi", sorted(catalogue.KPIS))
def test_a_formula_in_words_names_every_measure(kpi: str) -> None:
    words = reference.in_words(catalogue.KPIS[kpi])
    assert all(f"“{catalogue.MEASURES[key].name}”" in words for key in catalogue.KPIS[kpi].measures)


def test_what_a_record_adds_is_said_as_it_is_counted() -> None:
    found = reference.amount(catalogue.MEASURES["won_amount"])
    assert (found.record, found.adds, found.share) == ("opportunity", "amount", "× the rep’s credit")
    assert (found.when, found.unknown) == ("event = 'won'", "amount IS NULL")
