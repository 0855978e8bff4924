"""Another calendar: everything is summed anew by it, and no figure is wrong before, while or after that happens."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from apps.core import periods
from apps.core.models import Organisation, Period
from apps.core.periods import Window
from apps.kpis import books, catalogue, jobs, reading, rollup, selectors
from apps.kpis.models import DirtyCell, Job, Unit
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from tests import make, oracle
from tests.kpis.histories import FIRST, Company, snapshots, write

ON = make.TODAY
CHANGES = (
    {"calendar": "445", "first_weekday": 6},
    {"calendar": "solar_hijri", "fiscal_year_start": 7},
    {"calendar": "gregorian", "first_weekday": 7},
)
A, B = date(2024, 12, 29), date(2025, 2, 11)
HISTORY = (
    ("create", 0, 0, A, B, 100),
    ("create", 1, 1, B, date(2025, 3, 28), 70),
    ("create closed", 0, 1, date(2025, 1, 3), date(2025, 1, 28), 50),
    ("create closed", 2, 3, B, date(2025, 3, 2), 35),
    ("create closed", 1, 2, A, date(2025, 3, 20), 20),
    ("create undated", 0, 2, A, B, 5),
    ("credit", 1, 1, A, B, None),
    ("stage", 0, 1, date(2025, 1, 29), date(2025, 2, 20), None),
    ("amount", 0, 0, date(2025, 2, 28), B, 140),
    ("close", 1, 1, date(2025, 3, 9), B, None),
    ("lead", 1, 1, A, date(2025, 3, 1), None),
    ("activity", 0, 0, date(2025, 3, 3), A, None),
    ("order", 0, 0, B, A, 12),
    ("customer", 1, 1, date(2025, 1, 31), A, None),
    ("move rep", 1, 0, date(2025, 2, 3), A, None),
)


class Killed(BaseException):
    """What a worker that is killed never comes back from."""


@pytest.fixture
def company(db: None) -> Company:
    make.organisation()
    company = Company()
    rollup.drain(on=FIRST)
    for step in HISTORY:
        write(company, step)  # type: ignore[arg-type]
    rollup.drain(on=ON)
    return company


def windows() -> Iterator[Window]:
    """The running periods, and those before."""
    plan = periods.calendar()
    for grain in ("week", "month", "quarter"):
        running = plan.containing(grain, ON)
        yield from (running, plan.previous(running))
    yield plan.containing("year", ON)


def prove(company: Company) -> None:
    """Sums are the oracle's over periods of every grain: a measure of each stream and kind (they are stored together), in a scope of each kind."""
    world = oracle.World()
    measures = {(one.stream, one.kind): key for key, one in catalogue.MEASURES.items()}.values()
    asked = [scopes.company(), *(scopes.of(rows[0]) for rows in (company.regions, company.teams, company.reps))]
    for window in windows():
        found = reading.amounts(measures, asked, window, on=ON)
        for scope in asked:
            sums = found.of(scope)
            for measure in measures:
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, ON)
                assert round(sums[measure], 4) == round(expected, 4), (measure, scope.key, window.key)


def prove_recounted() -> None:
    """What is stored is what a count from nothing stores."""
    stored = snapshots()
    rollup.recount_all(on=ON)
    assert {key for key, amounts in snapshots().items() if stored.get(key) != amounts} == set() == stored.keys() - snapshots().keys()


def test_after_every_change_every_figure_is_the_oracles(company: Company) -> None:
    prove(company)
    for change in CHANGES:
        Organisation.objects.update(**change)
        prove(company)  # before anybody counts, too
        rollup.drain(on=ON)
        assert not periods.is_stale() and not jobs.is_open()
        assert set(Period.objects.filter(start_on__lte=ON, end_on__gt=ON).values_list("key", flat=True)) == {
            periods.calendar().containing(grain, ON).key for grain in periods.GRAINS
        }
        prove(company)
    prove_recounted()


def test_the_periods_are_read_from_what_is_stored_again_once_everything_is_counted(company: Company) -> None:
    Organisation.objects.update(calendar="445")
    assert not is_stored()
    rollup.drain(on=ON)
    assert is_stored()


def is_stored() -> bool:
    """Whether stored sums answer what was won in the running month."""
    plan, whole = periods.calendar(), scopes.company()
    (question, _scopes), *_others = books.questions([catalogue.MEASURES["won_amount"]], [whole], plan.containing("month", ON), ON, plan)
    return question.answer(books.open_book([]).state) is not None


def interrupt(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let a worker be killed in the middle of a unit."""
    genuine, done = jobs._do, []

    def killed(job: Job, unit: Unit) -> None:
        genuine(job, unit)
        done.append(unit)
        if len(done) > after:
            raise Killed

    monkeypatch.setattr(jobs, "_do", killed)


@pytest.mark.parametrize("after", [0, 6])
def test_a_worker_killed_half_way_leaves_figures_right_and_the_rest_to_the_next(company: Company, after: int) -> None:
    Organisation.objects.update(calendar="solar_hijri", first_weekday=6)
    with pytest.MonkeyPatch.context() as patch:
        interrupt(patch, after)
        with pytest.raises(Killed):
            rollup.drain(on=ON)
    assert jobs.progress() is not None and jobs.progress()[0] == after  # type: ignore[index]
    prove(company)
    rollup.drain(on=ON)
    prove(company)
    prove_recounted()


def test_facts_written_meanwhile_are_not_lost(company: Company) -> None:
    make.deal(rep=company.reps[0], won="2025-03-04", amount=11)  # before anybody counts
    Organisation.objects.update(calendar="445", fiscal_year_start=4)
    with pytest.MonkeyPatch.context() as patch:
        interrupt(patch, 3)
        with pytest.raises(Killed):
            rollup.drain(on=ON)
    Opportunity.objects.filter(amount=50).update(amount=51)
    make.deal(rep=company.reps[1], created="2025-03-01", expected_close_on="2025-03-30", amount=13)
    assert DirtyCell.objects.exists()
    rollup.drain(on=ON)
    prove(company)
    prove_recounted()


def test_a_calendar_changed_again_while_it_is_followed_is_followed_too(company: Company) -> None:
    Organisation.objects.update(calendar="445")
    with pytest.MonkeyPatch.context() as patch:
        interrupt(patch, 2)
        with pytest.raises(Killed):
            rollup.drain(on=ON)
    Organisation.objects.update(calendar="gregorian", fiscal_year_start=4)
    prove(company)
    rollup.drain(on=ON)
    prove(company)
    prove_recounted()


def test_the_next_day_may_begin_before_the_calendar_is_followed(company: Company) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_organisation SET calendar = '454'")
    tomorrow = date(2025, 3, 15)
    rollup.drain(on=tomorrow)
    whole, month = scopes.company(), periods.calendar().containing("month", tomorrow)
    found = selectors.figures(["revenue"], [whole], month, on=tomorrow)["revenue", whole].value
    assert found == oracle.amount(oracle.World(), "won_amount", whole, month.start_on, month.end_on, tomorrow)
    stored = snapshots()
    rollup.recount_all(on=tomorrow)
    assert stored == snapshots()


def test_the_job_says_why_and_sums_without_counting_days_again(company: Company) -> None:
    Organisation.objects.update(calendar="445")
    rollup.drain(on=ON)
    job = Job.objects.first()
    assert job is not None and job.reason == Job.Reason.CALENDAR and job.finished_at is not None
    counted = set(job.units.filter(is_sum=False).values_list("stream", flat=True))
    assert counted == {layout.key for layout in rollup.layouts.windowed()}
