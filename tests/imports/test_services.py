"""What becomes of an import beside its rows: its files, its errors, what workers find to do, and what the command tells."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core import clock
from apps.imports import keeping, parsing, returning, running, selectors, services, sources, tasks
from apps.imports.keys import MappingError
from apps.imports.models import Import
from apps.opportunities.models import Opportunity
from kpiboard.celery import app
from tests import make
from tests.imports.test_importing import DEALS, HEADER

pytestmark = pytest.mark.django_db
GOOD = "1,First,Ann,Qualified,5,2025-01-01,\n"
BAD = "2,Second,Nobody,Qualified,5,2025-01-01,\n3,Third,Ann,Qualified,x,2025-01-01,\n"
MAPPING = 'title = "CRM"\n' + DEALS


@pytest.fixture(autouse=True)
def world(settings, tmp_path_factory) -> None:
    settings.STORAGES = {**settings.STORAGES, "imports": {**settings.STORAGES["imports"], "OPTIONS": {"location": tmp_path_factory.mktemp("kept")}}}
    make.organisation()
    make.stages()
    make.rep("Ann")


def asked(folder: Path, text: str = HEADER + GOOD + BAD) -> Import:
    (folder / "deals.csv").write_text(text)
    mapping = parsing.parse(MAPPING)
    return services.ask(mapping, sources.find(mapping, folder), by=None)


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("imports", *arguments, stdout=out)
    return out.getvalue()


def test_rejected_rows_come_out_of_the_kept_file_and_can_be_sent_again(tmp_path):
    this = asked(tmp_path)
    (tmp_path / "deals.csv").unlink()
    running.run(this.pk)
    path = returning.rejected(this.files.get(), tmp_path)
    assert path is not None and path.read_text("utf-8-sig") == HEADER + BAD
    path.write_text(path.read_text("utf-8-sig").replace("Nobody", "Ann").replace("x", "7"))
    mapping = parsing.parse(MAPPING)
    again = services.ask(mapping, sources.find(mapping, path), by=None)
    running.run(again.pk)
    assert selectors.counts(again).created == 2 and Opportunity.objects.count() == 3
    assert returning.rejected(again.files.get(), tmp_path) is None


def test_files_are_deleted_after_the_days_that_the_organisation_chose(tmp_path):
    make.organisation(import_files_kept_days=30)
    this = asked(tmp_path)
    running.run(this.pk)
    tasks.forget_files()
    file = this.files.get()
    assert (path := keeping.path_of(file)) and path.read_text() == HEADER + GOOD + BAD
    Import.objects.update(finished_at=clock.now() - timedelta(days=31))
    tasks.forget_files()
    file.refresh_from_db()
    assert keeping.path_of(file) is None and not path.exists() and not path.parent.exists()
    assert selectors.counts(this).created == 1 and len(file.sha256) == 64
    services.ask_to_undo(this.pk, by=None)
    assert services.undo(this.pk), "what an import did is known without its files"


def test_files_are_kept_for_ever_where_the_organisation_wants_it(tmp_path):
    make.organisation(import_files_kept_days=None)
    this = asked(tmp_path)
    running.run(this.pk)
    Import.objects.update(finished_at=clock.now() - timedelta(days=9999))
    tasks.forget_files()
    assert keeping.path_of(this.files.get())


def test_an_import_whose_file_is_gone_fails_and_says_so(tmp_path):
    this = asked(tmp_path)
    services.forget_files(this)
    with pytest.raises(MappingError, match="not kept any more"):
        running.run(this.pk)
    tasks.run(this.pk)  # a worker has nobody to raise to
    assert "not kept any more" in Import.objects.get().fault
    with pytest.raises(services.NotNow, match="Import them again"):
        services.resume(this.pk)


@pytest.fixture
def at_once() -> Iterator[None]:
    """Let tasks run as they are asked for."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_workers_find_what_waits_and_what_is_to_be_undone(tmp_path, at_once):
    this = asked(tmp_path)
    tasks.sweep()
    this.refresh_from_db()
    assert (this.state, this.rows, this.rows_done) == ("done", 3, 3)
    services.ask_to_undo(this.pk, by=None)
    assert list(selectors.under_way()) == [this]
    tasks.sweep()
    this.refresh_from_db()
    assert this.state == "undone" and not Opportunity.objects.exists()


def test_an_import_is_deleted_with_its_files_when_it_has_ended(tmp_path, django_capture_on_commit_callbacks):
    this = asked(tmp_path)
    path = keeping.path_of(this.files.get())
    with pytest.raises(services.NotNow):
        services.delete(this.pk)
    running.run(this.pk)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete(this.pk)
    assert path is not None and not path.exists()
    assert Opportunity.objects.count() == 1


def test_the_command_lists_and_undoes(tmp_path):
    this = asked(tmp_path)
    running.run(this.pk)
    assert "Done  CRM: deals.csv  read 3, created 1, rejected 2" in told()
    assert "deals.csv.errors.csv" in told("--errors", str(this.pk), "--to", str(tmp_path))
    with pytest.raises(CommandError, match="nothing to cancel"):
        told("--cancel", str(this.pk))
    make.activity(rep=make.rep(), opportunity=Opportunity.objects.get())
    with pytest.raises(CommandError, match="refers to “First”"):
        told("--undo", str(this.pk))
    Opportunity.objects.get().activities.all().delete()
    assert "Undone" in told("--undo", str(this.pk))
    with pytest.raises(CommandError, match="no import"):
        told("--undo", "0")
