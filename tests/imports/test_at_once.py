"""Two imports of overlapping files at once lose nothing and double nothing."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import close_old_connections, connection, connections

from apps.core import periods
from apps.imports import parsing, portions, running, selectors, services, sources
from apps.imports.models import Import, WrittenRow
from apps.kpis import rollup
from apps.kpis import selectors as kpis
from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.reps import scopes
from tests import make
from tests.imports.test_importing import DEALS, HEADER

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, SHARED = 60, 40


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "ROWS", 7)
    make.stages()
    make.rep("Ann")


def line(number: int, amount: int) -> str:
    return f"{number:03},Deal {number},Ann,Won,{amount},2025-01-01,2025-03-03\n"


def asked(folder: Path, name: str, numbers: range, amount: int) -> Import:
    (folder / name).write_text(HEADER + "".join(line(number, amount) for number in numbers))
    mapping = parsing.parse('title = "Test"\n' + DEALS.replace("deals.csv", name))
    return services.ask(mapping, sources.find(mapping, folder / name), by=None)


def carried_on(pk: int) -> bool:
    close_old_connections()
    try:
        return running.run(pk)
    finally:
        connections.close_all()


def test_overlapping_files_at_once_leave_each_row_once(tmp_path):
    one = asked(tmp_path, "one.csv", range(ROWS), 10)
    other = asked(tmp_path, "other.csv", range(ROWS - SHARED, 2 * ROWS - SHARED), 20)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(carried_on, [one.pk, other.pk])) == [True, True]
    found = dict(Opportunity.objects.values_list("external_key", "amount"))
    assert sorted(found) == [f"{number:03}" for number in range(2 * ROWS - SHARED)]
    assert {found[f"{n:03}"] for n in range(ROWS - SHARED)} == {10} and {found[f"{n:03}"] for n in range(ROWS, 2 * ROWS - SHARED)} == {20}
    assert OpportunityVersion.objects.count() == 2 * len(found)
    counts = [selectors.counts(each) for each in (one, other)]
    assert sum(each.created for each in counts) == len(found)
    assert all(each.created + each.updated == ROWS for each in counts)
    rollup.drain(on=make.TODAY, wait=True)
    month = periods.calendar().containing("month", make.TODAY)
    won = kpis.figures(["revenue", "deals_won"], [scopes.company()], month, on=make.TODAY)
    assert {figure.value for figure in won.values()} == {sum(found.values()), len(found)}


def test_the_same_import_carried_on_by_two_at_once_is_written_once(tmp_path):
    this = asked(tmp_path, "one.csv", range(ROWS), 10)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(carried_on, [this.pk, this.pk])) in ([False, True], [True, True])  # whoever comes last may find it done
    assert Opportunity.objects.count() == ROWS == WrittenRow.objects.filter(part__of=this).count()
    assert selectors.counts(this).created == ROWS


def test_what_another_program_adds_meanwhile_is_found_or_refused_never_doubled(tmp_path):
    this = asked(tmp_path, "one.csv", range(ROWS), 10)

    def add(_pk: int) -> int:
        close_old_connections()
        try:
            with connection.cursor() as cursor:
                added = 0
                for number in range(ROWS):
                    cursor.execute(
                        """INSERT INTO opportunities_opportunity (name, owner_id, stage_id, amount, currency, lost_reason, created_on, closed_on, external_key)
                        SELECT 'By hand', (SELECT id FROM reps_rep), (SELECT id FROM opportunities_stage WHERE kind = 'won' LIMIT 1), 5, '', '',
                            DATE '2025-01-01', DATE '2025-03-03', %s ON CONFLICT DO NOTHING""",
                        [f"{number:03}"],
                    )
                    added += cursor.rowcount
                return added
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        theirs, ours = pool.submit(add, 0), pool.submit(carried_on, this.pk)
        added = theirs.result()
        assert ours.result()
    counts = selectors.counts(this)
    assert Opportunity.objects.count() == ROWS
    assert counts.created + added == ROWS and counts.created + counts.updated + counts.unchanged + counts.rejected == ROWS
