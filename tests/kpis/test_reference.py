"""The reference page says what the catalogue says, and its links lead somewhere."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.kpis import catalogue, reference, reference_page
from apps.kpis.management.commands import kpi_reference
from tests.oracle.formulas import FORMULAS

PAGE = Path(settings.BASE_DIR, kpi_reference.PAGE)


def test_the_page_is_up_to_date() -> None:
    call_command("kpi_reference", "--check")
    assert PAGE.read_text() == reference_page.page(kpi_reference.proofs())  # where it fails: run script/manage kpi_reference


def test_an_old_page_is_refused_with_the_command_that_makes_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    revenue = replace(catalogue.KPIS["revenue"], definition="Something else.")
    monkeypatch.setattr(catalogue, "KPIS", {**catalogue.KPIS, "revenue": revenue})
    before = PAGE.read_text()
    with pytest.raises(CommandError, match="run script/manage kpi_reference"):
        call_command("kpi_reference", "--check")
    assert PAGE.read_text() == before


@pytest.mark.parametrize("kpi", sorted(catalogue.KPIS))
def test_every_kpi_links_to_the_test_that_proves_it_and_to_what_it_recounts(kpi: str) -> None:
    block = next(block for block in PAGE.read_text().split("\n### ") if f"\n`{kpi}` — " in block)
    links = {(PAGE.parent / link).resolve(): words for words, link in re.findall(r"\[([^]]+)\]\(([^)]+)\)", block)}
    assert [path for path in links if not path.is_file()] == []
    [(file, test)] = [(path, words) for path, words in links.items() if words.startswith("test_")]
    assert f"\ndef {test}(" in file.read_text()
    proven = kpi_reference.proofs()
    recounts = {proven.formulas[kpi], *(proven.oracles[measure] for measure in catalogue.KPIS[kpi].measures)}
    assert {Path(settings.BASE_DIR, path) for path in recounts} == links.keys() - {file}
    assert all(f"(`{measure}`)" in block for measure in catalogue.KPIS[kpi].measures)


def test_what_the_page_says_of_all_kpis_links_to_tests_that_are_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE.read_text().split("\n## ", 1)[0])
    assert len(links) == 3 and [link for link in links if not (PAGE.parent / link).is_file()] == []


def test_a_kpi_that_nothing_proves_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(FORMULAS, "win_rate")
    with pytest.raises(CommandError, match="Nothing proves win_rate"):
        call_command("kpi_reference", "--check")


@pytest.mark.parametrize("kpi", sorted(catalogue.KPIS))
def test_a_formula_in_words_names_every_measure(kpi: str) -> None:
    words = reference.in_words(catalogue.KPIS[kpi])
    assert all(f"“{catalogue.MEASURES[key].name}”" in words for key in catalogue.KPIS[kpi].measures)


def test_what_a_record_adds_is_said_as_it_is_counted() -> None:
    found = reference.amount(catalogue.MEASURES["won_amount"])
    assert (found.record, found.adds, found.share) == ("opportunity", "amount", "× the rep’s credit")
    assert (found.when, found.unknown) == ("event = 'won'", "amount IS NULL")
