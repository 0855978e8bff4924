"""What is told of an import's effect is what the boards show before and after it."""

from decimal import Decimal
from pathlib import Path

import pytest

from apps.imports import effects, parsing, running, services, sources
from apps.imports.models import Import
from apps.kpis import rollup, selectors
from apps.kpis.streams import STREAMS
from apps.reps import scopes
from tests import make
from tests.imports.test_importing import DEALS, HEADER

pytestmark = pytest.mark.django_db
MAPPING = parsing.parse('title = "Test"\n' + DEALS)


@pytest.fixture
def world() -> None:
    make.organisation()
    make.stages()
    ann = make.rep("Ann")
    make.deal("First", rep=ann, external_key="1", created="2025-01-02", amount=500)
    make.deal("Second", rep=ann, external_key="2", created="2025-01-21", won="2025-03-02", amount=900)
    make.deal("Third", rep=ann, external_key="3", created="2025-02-01", lost="2025-02-09", amount=70)


def imported(folder: Path, text: str) -> Import:
    (folder / "deals.csv").write_text(HEADER + text)
    this = services.ask(MAPPING, sources.find(MAPPING, folder), by=None)
    assert running.run(this.pk)
    return this


def shown() -> dict[tuple[str, str], Decimal | None]:
    """Return the headline figures of the company as boards show them, counted to the last change."""
    rollup.drain(on=make.TODAY, wait=True)
    found = {}
    for window in effects.windows(make.TODAY):
        figures = selectors.figures(effects.HEADLINES, [scopes.company()], window, on=make.TODAY)
        found |= {(key, str(window.start_on)): figure.value for (key, _scope), figure in figures.items()}
    return found


def told(this: Import, when: str) -> dict[tuple[str, str], Decimal | None]:
    return {(each.kpi, str(each.start_on)): getattr(each, when) for each in this.effects.all()}


def same(one: dict, other: dict) -> bool:
    return {key: None if value is None else round(value, 4) for key, value in one.items()} == {
        key: None if value is None else round(value, 4) for key, value in other.items()
    }


@pytest.mark.parametrize("is_counted", [True, False])
def test_before_and_after_are_what_boards_show(world, tmp_path, is_counted):
    before = shown() if is_counted else None
    this = imported(tmp_path, "1,First,Ann,Won,800,2025-01-02,2025-03-03\n2,Second,Ann,Qualified,40,2025-01-21,\n9,New,Ann,Lost,7,2025-03-01,2025-03-04\n")
    assert before is None or same(told(this, "before"), before)
    assert same(told(this, "after"), shown())
    assert not same(told(this, "before"), told(this, "after"))


def test_the_headline_figures_are_counted_from_deals_and_their_states_alone():
    assert {STREAMS[measure.stream].model for measure in effects.MEASURES.values()} == {"opportunities.Opportunity"}


def test_what_several_reps_share_counts_once_for_the_company(world, tmp_path):
    ann, ben, cy = make.rep("Ann"), make.rep("Ben"), make.rep("Cy")
    make.credit(make.deal("Shared", rep=ben, external_key="4", created="2025-02-20", amount=100), **{str(ben.pk): 60, str(ann.pk): 40})
    make.credit(make.deal("Won", rep=cy, external_key="5", created="2025-02-20", won="2025-03-01", amount=30), **{str(cy.pk): 50, str(ann.pk): 50})
    before = shown()
    this = imported(tmp_path, "4,Shared,Ben,Qualified,150,2025-02-20,\n5,Won,Cy,Won,70,2025-02-20,2025-03-02\n")
    assert (this.parts.get().updated, this.parts.get().rejected) == (2, 0)
    assert same(told(this, "before"), before)
    assert same(told(this, "after"), shown())
    assert not same(told(this, "before"), told(this, "after"))


def test_what_is_counted_is_read_and_what_waits_is_counted_from_the_records(world, monkeypatch):
    asked = []
    real = effects.sums
    monkeypatch.setattr(effects, "sums", lambda *given: asked.append(given) or real(*given))
    assert effects.now(make.TODAY) == real(make.TODAY) and asked
    rollup.drain(on=make.TODAY, wait=True)
    asked.clear()
    assert {key: amount for key, amount in effects.now(make.TODAY).items() if amount} == {key: amount for key, amount in real(make.TODAY).items() if amount}
    assert not asked


def test_what_others_write_meanwhile_is_not_told_as_the_imports(world, tmp_path, monkeypatch):
    real = running._measure_tables
    monkeypatch.setattr(running, "_measure_tables", lambda this: (make.deal("Other", rep=make.rep("Ben"), amount=5_000, created="2025-03-01"), real(this)))
    this = imported(tmp_path, "9,New,Ann,Qualified,7,2025-03-01,\n")
    key = ("pipeline_value", "2025-03-01")
    assert (told(this, "before")[key], told(this, "after")[key]) == (500, 507)
