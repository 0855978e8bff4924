"""What metrics say about the engine is what is there: real differences, waiting changes, a recount under way, closed periods."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from apps.core import periods
from apps.kpis import closing, jobs, metrics, rollup
from apps.kpis.models import Drift, Job, MeasureDay, Run
from apps.kpis.verification import nights, pieces
from apps.reps.models import Rep
from tests import make

ON = make.TODAY
MIDNIGHT = datetime(2025, 3, 14, 0, 10, tzinfo=UTC)


def told(client: Client) -> dict[tuple[str, ...], float]:
    """Scrape as a monitoring system does: each sample by its name (without ours) and the values of its labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer["Cache-Control"].startswith("max-age=0")
    families = text_string_to_metric_families(answer.content.decode())
    return {(one.name.removeprefix("kpiboard_"), *one.labels.values()): one.value for family in families for one in family.samples}


def night(at: datetime = MIDNIGHT) -> Run:
    """Compare as the nightly task does."""
    return nights.nightly(on=ON, started_at=at, finished_at=lambda: at + timedelta(seconds=90))


def spoil() -> None:
    """Make one stored array wrong by 7, past everything that would notice."""
    row = MeasureDay.objects.get(stream="events", day="2025-03-03")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_measureday SET amounts[1] = amounts[1] + 7 WHERE stream = 'events' AND day = '2025-03-03' AND rep = %s", [row.rep])
        assert cursor.rowcount == 1


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nights open one figure only, and look at the trailing weeks' last days."""
    monkeypatch.setattr(nights, "SAMPLES", 1)
    monkeypatch.setattr(pieces, "TRAILING", timedelta(days=13))


@pytest.fixture
def company(db: None) -> Rep:
    """One deal won, counted before the night."""
    alice = make.rep("Alice", team=make.team("North", region=make.region("Europe")))
    make.deal(rep=alice, won="2025-03-03", amount=100)
    rollup.drain(on=ON)
    Job.objects.update(started_at=MIDNIGHT - timedelta(hours=9), finished_at=MIDNIGHT - timedelta(hours=8))
    return alice


def test_an_empty_installation_says_what_it_knows(client: Client, db: None) -> None:
    found = told(client)
    assert found["database_up",] == found["broker_up",] == 1
    assert [found["drifts", kind] for kind in Drift.Kind.values] == [0, 0, 0]
    assert found["notes_waiting", "cells"] == found["notes_oldest_age_seconds", "cells"] == found["jobs_running",] == found["job_units", "left"] == 0
    assert not {"verification_started_timestamp_seconds", "counted_timestamp_seconds", "counted_days_behind", "job_idle_seconds"} & {name for name, *_ in found}


def test_a_clean_night_is_told_with_when_it_was(client: Client, company: Rep) -> None:
    run = night()
    found = told(client)
    assert found["verification_started_timestamp_seconds",] == MIDNIGHT.timestamp()
    assert found["verification_finished_timestamp_seconds",] == MIDNIGHT.timestamp() + found["verification_duration_seconds",] == MIDNIGHT.timestamp() + 90
    assert found["verification_differing",] == found["drifts_found_total",] == found["drifts", "days"] == found["verification_skipped",] == 0
    assert (found["verification_sums",], found["verification_figures",]) == (run.cells, run.figures) and run.cells and run.figures


def test_a_difference_is_counted_until_everything_is_counted_anew(client: Client, company: Rep) -> None:
    night()
    spoil()
    first = night()
    found = told(client)
    kinds = {kind: first.drifts.filter(kind=kind).count() for kind in Drift.Kind.values}
    assert kinds["days"] and kinds["sums"]
    assert {kind: found["drifts", kind] for kind in Drift.Kind.values} == kinds
    assert found["verification_differing",] == found["drifts_found_total",] == first.differing == sum(kinds.values())
    night()
    again = told(client)
    assert again["drifts", "days"] == kinds["days"], "the same difference is one, however many nights find it"
    assert again["drifts_found_total",] > found["drifts_found_total",]
    rollup.recount_all(on=ON)
    mended = told(client)
    assert [mended["drifts", kind] for kind in Drift.Kind.values] == [0, 0, 0]
    assert mended["drifts_found_total",] == again["drifts_found_total",]


def test_a_recount_of_some_explains_no_difference(client: Client, company: Rep) -> None:
    spoil()
    night()
    Job.objects.create(reason=Job.Reason.STANDING, on=ON, finished_at=Now())
    assert told(client)["drifts", "days"] > 0


def test_a_night_that_was_cut_off_is_seen_by_its_beginning(client: Client, company: Rep) -> None:
    Run.objects.create(started_at=MIDNIGHT - timedelta(days=1), finished_at=MIDNIGHT - timedelta(hours=23))
    Run.objects.create(started_at=MIDNIGHT)
    found = told(client)
    assert found["verification_started_timestamp_seconds",] > found["verification_finished_timestamp_seconds",]


def test_changes_that_wait_are_counted_with_the_age_of_the_oldest(client: Client, company: Rep) -> None:
    assert told(client)["notes_waiting", "cells"] == 0
    make.deal(rep=company, won="2025-03-04", amount=50)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_dirtycell SET noted_at = clock_timestamp() - interval '90 seconds' WHERE id = (SELECT min(id) FROM kpis_dirtycell)")
        cursor.execute("SELECT count(*) FROM kpis_dirtycell")
        [count] = cursor.fetchone()
    found = told(client)
    assert found["notes_waiting", "cells"] == count > 0
    assert 90 <= found["notes_oldest_age_seconds", "cells"] < 150
    make.move(company, make.team("South"), on="2025-03-10")
    assert told(client)["notes_waiting", "standing"] > 0


def test_a_day_that_is_not_opened_is_counted(client: Client, company: Rep, day: Any) -> None:
    assert told(client)["counted_days_behind",] == 0
    day.to("2025-03-16")
    assert told(client)["counted_days_behind",] == 2


def test_a_recount_is_told_with_the_units_that_are_left(client: Client, company: Rep) -> None:
    rollup.count_everything(Job.Reason.ASKED, ON)
    units = Job.objects.get(finished_at=None).units.count()
    found = told(client)
    assert (found["jobs_running",], found["job_units", "left"], found["job_units", "done"]) == (1, units, 0) and units
    assert jobs._take_one() == "worked"
    Job.objects.filter(finished_at=None).update(started_at=Now() - timedelta(hours=1))
    found = told(client)
    assert (found["job_units", "left"], found["job_units", "done"]) == (units - 1, 1)
    assert found["job_age_seconds",] >= 3600 and found["job_idle_seconds",] < 60
    rollup.drain(on=ON)
    assert told(client)["jobs_running",] == 0


def test_the_last_closed_period_of_each_kind_is_told(client: Client, company: Rep) -> None:
    at = datetime(2025, 3, 5, 6, tzinfo=UTC)
    row = closing.close(periods.calendar().parse("2025-02"), on=ON, at=at)
    found = told(client)
    assert found["closed_timestamp_seconds", "month"] == at.timestamp() and ("closed_timestamp_seconds", "quarter") not in found
    closing.reopen(row, at=at)
    assert ("closed_timestamp_seconds", "month") not in told(client)


def test_a_database_that_is_away_is_said_and_the_rest_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("no database")

    monkeypatch.setattr(metrics, "_read", refuse)
    found = told(client)
    assert found["database_up",] == 0 and found["broker_up",] == 1 and ("jobs_running",) not in found


def test_a_scrape_is_one_query(company: Rep, django_assert_num_queries: Any, client: Client) -> None:
    with django_assert_num_queries(1):  # beside the organisation's day, which tests know
        told(client)
