"""A preview says what the import then does, writes nothing, and keeps nobody waiting."""

from pathlib import Path

import pytest
from django.db import connection

from apps.imports import parsing, portions, preview, running, selectors, services, sources
from apps.imports.models import Import
from apps.imports.preview import Preview
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make
from tests.imports import facts
from tests.imports.test_importing import DEALS, HEADER, REPS

pytestmark = pytest.mark.django_db
FILES = {
    "reps.csv": "No,Name,Hired,Left\nzoe,Zoe,2024-01-01,\n",
    "deals.csv": HEADER
    + "1,First,Ann,Closed,800,2025-01-02,2025-03-03\n"  # was open with 500
    + "2,Second,Ann,Won,900,2025-01-21,2025-02-20\n"  # stays as it is
    + "3,Third,zoe,Qualified,60,2025-03-02,\n4,Fourth,zoe,Lost,10,2025-01-01,2025-03-04\n"
    + "5,Fifth,Nobody,Won,1,2025-01-01,2025-03-01\n6,Sixth,Ann,Won,x,2025-01-01,2025-03-01\n",
}


@pytest.fixture(params=[2, 5_000])
def found(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[sources.Source]:
    monkeypatch.setattr(portions, "ROWS", request.param)
    make.organisation()
    make.stages()
    ann = make.rep("Ann")
    make.deal("First", rep=ann, external_key="1", created="2025-01-02", amount=500)
    make.deal("Second", rep=ann, external_key="2", created="2025-01-21", won="2025-02-20", amount=900)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return sources.find(parsed(), tmp_path)


MAPPING = parsing.parse('title = "Test"\n' + REPS + DEALS)


def parsed():
    return MAPPING


def imported(found: list[sources.Source]) -> Import:
    this = services.ask(parsed(), found, by=None)
    assert running.run(this.pk)
    return this


def moved(seen: Preview) -> dict:
    return {(each.kpi, each.window.grain): (each.before, each.after) for each in seen.effects}


def test_it_says_what_the_import_then_does(found):
    before = facts.everything()
    seen = preview.preview(found, with_errors=True)
    assert facts.everything() == before and not Import.objects.exists()
    this = imported(found)
    assert tuple(each.report for each in seen.files) == selectors.report(this).files
    assert [vars(each.counts) for each in seen.files][1] | {"read": 6, "created": 2, "updated": 1, "unchanged": 1, "rejected": 2} == vars(seen.files[1].counts)
    kept = {(each.kpi, each.start_on, each.last_on): (each.before, each.after) for each in this.effects.all()}
    assert {(each.kpi, each.window.start_on, each.window.last_on): tuple(map(rounded, (each.before, each.after))) for each in seen.effects} == {
        key: tuple(map(rounded, pair)) for key, pair in kept.items()
    }


def rounded(value):
    return None if value is None else round(value, 4)


def test_it_shows_old_and_new_values(found):
    (changed,) = preview.preview(found).files[1].changed
    assert (changed.line, changed.row) == (2, "1")
    assert {each.field: (str(each.old), str(each.new)) for each in changed.differences if each.field in ("amount", "closed_on")} == {
        "amount": ("500.00", "800.00"),
        "closed_on": ("None", "2025-03-03"),
    }


def test_it_shows_what_happens_to_this_month_and_quarter(found):
    told = moved(preview.preview(found))
    assert told["revenue", "month"] == (0, 800)
    assert told["revenue", "quarter"] == (900, 1700)
    assert told["deals_won", "month"] == (0, 1)
    assert told["pipeline_value", "month"] == (500, 60)
    assert told["win_rate", "month"] == (None, 50)
    assert told["win_rate", "quarter"][0] == 100


@pytest.mark.django_db(transaction=True)
def test_rows_that_were_tried_are_let_go_of_before_it_ends(found):
    seen = []
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"

    def look(_report) -> None:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("UPDATE opportunities_opportunity SET name = name WHERE external_key = '1'")
                cursor.execute(waiting)
                seen.append(cursor.fetchone()[0])
        finally:
            other.close()

    preview.preview(found, look)
    assert len(seen) == 2
    assert Opportunity.objects.count() == 2 and Rep.objects.count() == 1
