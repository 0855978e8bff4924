"""An import that is killed at any row goes on where it ended, and leaves what one that was never killed leaves."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection

from apps.core import periods
from apps.imports import importing, parsing, portions, running, selectors, services, sources, tasks
from apps.imports.importing import Order
from apps.imports.keys import MappingError
from apps.imports.models import Import, Rejection, WrittenRow
from apps.kpis import rollup
from apps.kpis import selectors as kpis
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make
from tests.imports import facts
from tests.imports.test_importing import DEALS, HEADER

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 23
# Terminates its own connection when a certain row is written, as when a worker is killed: nothing can be said or done any more.
KILLER = """
CREATE FUNCTION kill_worker() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.external_key = '{key}' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$;
CREATE TRIGGER kill_worker BEFORE INSERT OR UPDATE ON opportunities_opportunity FOR EACH ROW EXECUTE FUNCTION kill_worker();
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> Path:
    monkeypatch.setattr(portions, "ROWS", 5)
    make.stages()
    make.rep("Ann"), make.rep("Ben")
    lines = [
        f"{n:02},Deal {n},{'Ann' if n % 3 else 'Ben'},{'Won' if n % 2 else 'Qualified'},{n * 10},2025-01-{n + 1:02},{'2025-03-05' if n % 2 else ''}"
        for n in range(ROWS)
    ]
    lines[7] = "07,Deal 7,Nobody,Won,70,2025-01-08,2025-03-05"  # refused: there is no such rep
    lines[8] = lines[8].replace("80", "x")  # refused: no number
    lines += [lines[2], lines[20], "03,Another,Ann,Won,1,2025-01-01,2025-03-05"]  # said again far away, and said in another way
    (tmp_path / "deals.csv").write_text(HEADER + "\n".join(lines) + "\n")
    return tmp_path


def asked(folder: Path) -> Import:
    mapping = parsing.parse('title = "Test"\n' + DEALS)
    return services.ask(mapping, sources.find(mapping, folder), by=None)


def said(this: Import) -> list[tuple[int, str, str]]:
    return list(Rejection.objects.filter(part__of=this).order_by("line", "column", "reason").values_list("line", "column", "reason"))


def changing() -> None:
    """Let some rows be there already, so that the import changes them too."""
    for number in (1, 4, 12, 21):
        make.deal(f"Old {number}", rep=Rep.objects.get(name="Ann"), external_key=f"{number:02}", created="2025-01-01")


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE opportunities_opportunity, kpis_dirtycell CASCADE")


def revenue() -> object:
    rollup.drain(on=make.TODAY, wait=True)
    window = periods.calendar().containing("month", make.TODAY)
    return kpis.figures(["revenue", "deals_won", "pipeline_value"], [scopes.company()], window, on=make.TODAY)


def killed_at(key: str, this: Import) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KILLER.format(key=key))
    try:
        with pytest.raises(DatabaseError):
            running.run(this.pk)
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION kill_worker CASCADE")


def test_killed_at_any_row_it_goes_on_to_the_same_state(folder):
    changing()
    whole = asked(folder)
    assert running.run(whole.pk)
    wanted, counted, told, figures = facts.deals(), selectors.counts(whole), said(whole), revenue()
    assert (counted.created, counted.updated, counted.merged, counted.rejected) == (16, 4, 2, 4)
    for number in range(ROWS):
        if number in (3, 7, 8):
            continue  # rows that are never written
        forget()
        changing()
        this = asked(folder)
        killed_at(f"{number:02}", this)
        assert not running.is_carried_on(this.pk), "a dead worker holds on to nothing"
        assert running.run(this.pk)
        assert (facts.deals(), selectors.counts(this), said(this)) == (wanted, counted, told), f"killed at row {number}"
        assert WrittenRow.objects.filter(part__of=this).count() == counted.created + counted.updated
        this.refresh_from_db()
        assert (this.state, this.rows, this.rows_done) == ("done", ROWS + 3, ROWS + 3)
    assert [value.value for value in revenue().values()] == [value.value for value in figures.values()]


def test_the_sweep_goes_on_with_what_a_killed_worker_left(folder, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    this = asked(folder)
    killed_at("12", this)
    assert Import.objects.get(pk=this.pk).state == "running"
    assert list(selectors.under_way()) == [this]
    tasks.run(this.pk)
    assert Import.objects.get(pk=this.pk).state == "done"
    assert not selectors.under_way()


def test_an_import_that_never_gets_further_is_given_up_and_says_so(folder):
    this = asked(folder)
    for _start in range(running.STARTS):
        killed_at("00", this)
    assert not running.run(this.pk)
    this.refresh_from_db()
    assert this.state == "failed" and "5 times" in this.fault
    services.resume(this.pk)
    assert running.run(this.pk)


def test_a_cancelled_import_stops_between_portions_and_can_go_on(folder):
    this = asked(folder)
    seen = []
    assert running.run(this.pk, seen.append)
    with pytest.raises(services.NotNow):
        services.cancel(this.pk)
    other = asked(folder)
    services.cancel(other.pk)
    assert not running.run(other.pk)
    services.resume(other.pk)
    assert running.run(other.pk)
    assert selectors.counts(other).unchanged == 20


def test_a_file_that_cannot_be_read_to_its_end_has_nothing_written(folder):
    path = folder / "deals.csv"
    path.write_text(path.read_text() + '99,"open quote,Ann,Won,1,2025-01-01,2025-02-01\n')
    this = asked(folder)
    with pytest.raises(MappingError, match="cannot be read"):
        running.run(this.pk)
    assert not Opportunity.objects.exists()
    assert Import.objects.get(pk=this.pk).state == "failed"


def test_two_who_carry_on_the_same_import_write_each_portion_once(folder):
    this = asked(folder)
    assert running.run(this.pk)
    written = selectors.counts(this)
    Import.objects.filter(pk=this.pk).update(state="running")
    assert running.run(this.pk), "all parts are done, so there is nothing left to write"
    assert selectors.counts(this) == written
    assert Opportunity.objects.count() == 20


def test_the_command_keeps_its_import(folder):
    report = importing.run(Order(parsing.parse('title = "Test"\n' + DEALS), folder), lambda told: None)
    this = Import.objects.get()
    assert selectors.report(this).totals == report.totals
    assert selectors.same_before([this.files.get().sha256], this.mapping) == this
    assert selectors.same_before(["another"], this.mapping) is None
