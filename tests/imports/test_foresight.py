"""What was seen of a portion before it is written holds only while nobody has written its rows since, and the database is asked by who writes alone."""

import threading
from pathlib import Path

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.imports import foresight, parsing, portions, running, services, sources
from apps.imports.models import Import
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity
from tests import make
from tests.imports.test_importing import DEALS, HEADER

pytestmark = pytest.mark.django_db
LEADS = """
title = "Test"
[[load]]
file = "leads.csv"
entity = "leads"
[load.fields]
external_key = "No"
name = "No"
created_at = "At"
created_on = "On"
owner = "Rep"
"""


def asked(folder: Path, mapping: str, name: str, text: str) -> Import:
    (folder / name).write_text(text)
    parsed = parsing.parse(mapping)
    return services.ask(parsed, sources.find(parsed, folder), by=None)


def deals(folder: Path, rows: int) -> Import:
    lines = "".join(f"{number},Deal {number},Ann,Qualified,{number},2025-01-02,\n" for number in range(rows))
    return asked(folder, 'title = "Test"\n' + DEALS, "deals.csv", HEADER + lines)


@pytest.fixture(autouse=True)
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "ROWS", 10)
    make.organisation(time_zone="Europe/Berlin")
    make.stages()
    make.rep("Ann")


def test_the_thread_that_looks_ahead_never_asks_the_database(tmp_path, monkeypatch):
    asking = set()
    real = BaseDatabaseWrapper.ensure_connection
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", lambda self: asking.add(threading.current_thread()) or real(self))
    assert running.run(deals(tmp_path, 45).pk)
    rows = "".join(f"{number},2025-03-01T23:30:00Z,2025-03-01,Ann\n" for number in range(25))  # in Berlin it is the next day
    this = asked(tmp_path, LEADS, "leads.csv", "No,At,On,Rep\n" + rows + "99,2025-03-01T12:00:00Z,2025-03-01,Nobody\n100,2025-03-01T12:00:00Z,2025-03-01,Ann\n")
    assert running.run(this.pk)
    assert asking == {threading.main_thread()}
    assert (Opportunity.objects.count(), Lead.objects.count(), this.parts.get().rejected) == (45, 1, 26)


@pytest.mark.parametrize("change", ["add", "change", "delete"])
def test_rows_that_somebody_writes_meanwhile_are_seen_anew(tmp_path, monkeypatch, change):
    """The third portion is seen while the second is written; then somebody else adds, changes or deletes one of its deals."""
    if change != "add":
        make.deal("Deal 25", rep=make.rep("Ben"), external_key="25", amount=1)
    real, seen = foresight.Foresight.is_current, []

    def is_current(self, desk):
        if "25" in self.keys:
            found = Opportunity.objects.filter(external_key="25")
            if change == "add":
                make.deal("Deal 25", rep=make.rep("Ben"), external_key="25", amount=1)
            elif change == "change":
                found.update(name="Another", owner=make.rep("Cleo"))
            else:
                found.delete()
        seen.append(real(self, desk))
        return seen[-1]

    monkeypatch.setattr(foresight.Foresight, "is_current", is_current)
    this = deals(tmp_path, 45)
    assert running.run(this.pk)
    assert seen == [True, True, False, True, True]
    row = Opportunity.objects.get(external_key="25")
    assert (row.name, row.owner.name, row.amount) == ("Deal 25", "Ann", 25)
    part = this.parts.get()
    assert (part.created, part.updated, part.rejected) == ((45, 0, 0) if change == "delete" else (44, 1, 0))


def test_keys_far_apart_are_found_below_a_title_that_says_the_keys_name(tmp_path):
    titles = '"Report","","","","","",""\nNo,not equal to,"(blank)",,,,\n'
    lines = [f"{number},Deal {number},Ann,Qualified,{number},2025-01-02,\n" for number in range(25)]
    this = asked(tmp_path, 'title = "Test"\n' + DEALS, "deals.csv", titles + HEADER + "".join([*lines, "3,Deal 3,Ann,Qualified,99,2025-01-02,\n", lines[4]]))
    assert running.run(this.pk)
    part = this.parts.get()
    assert (part.created, part.updated, part.rejected, part.merged) == (24, 0, 2, 1)  # two that contradict each other, and one that is said twice
