"""The targets of a closed period: reported figures read those of its day, whatever becomes of goals afterwards, and say so."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.goals import flat, selectors
from apps.goals.models import Goal
from apps.kpis import catalogue, closing, rollup
from apps.kpis.figures import Restatement
from apps.kpis.models import Close, ReportedTarget
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from apps.reps.models import Rep
from apps.reps.scopes import Scope
from tests import make
from tests.kpis.histories import EXAMPLES, Company, undone

ON, NOW = make.TODAY, datetime(2025, 3, 14, 9, tzinfo=UTC)
READERS = [kpi.key for kpi in catalogue.KPIS.values() if kpi.target_of]
FEBRUARY = {"start": "2025-02-01", "last": "2025-02-28"}


@pytest.fixture
def alice(db: None) -> Rep:
    rep = make.rep("Alice", team=make.team("North"))
    make.deal(rep=rep, created="2025-01-10", won="2025-02-10", amount=300)
    make.deal(rep=rep, created="2025-01-10", expected="2025-02-20", amount=100)
    return rep


def shut(period: str = "2025-02") -> Close:
    return closing.close(periods.calendar().parse(period), on=ON, at=NOW)


def figure(scope: Scope, kpi: str = "target_attainment", period: str = "2025-02") -> selectors.GoalFigure:
    rollup.drain(on=ON)
    return selectors.figures([kpi], [scope], periods.calendar().parse(period), on=ON)[kpi, scope]


def told(scope: Scope, kpi: str = "target_attainment", period: str = "2025-02") -> Restatement:
    found = figure(scope, kpi, period).figure.restatement
    assert found
    return found


def numbers(found: Restatement) -> tuple[Decimal | None, Decimal | None]:
    return found.reported, found.difference


def test_a_target_changed_afterwards_restates_and_is_named(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    shut()
    Goal.objects.update(target=600)
    found = told(scopes.of(alice))
    assert numbers(found) == (30, 20)
    assert found.because == "The target of “Sales revenue” was 1,000 when the period was closed, and is 600 now."


def test_pipeline_coverage_keeps_its_target_too(alice: Rep) -> None:
    make.goal(scope=alice, target=500, **FEBRUARY)
    shut()
    before = figure(scopes.of(alice), "pipeline_coverage").figure.value
    Goal.objects.update(target=700)
    found = told(scopes.of(alice), "pipeline_coverage")
    assert found.reported == before == Decimal(100) / 200
    assert found.difference == Decimal(100) / 400 - Decimal(100) / 200
    assert "was 500 when" in found.because


def test_a_deleted_target_is_still_the_reported_one(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    shut()
    Goal.objects.all().delete()
    found = told(scopes.of(alice))
    assert (*numbers(found), found.is_restated) == (30, None, True)
    assert found.because == "The target of “Sales revenue” was 1,000 when the period was closed; there is none now."


def test_a_target_set_afterwards_was_not_reported(alice: Rep) -> None:
    shut()
    make.goal(scope=alice, target="1000.5", **FEBRUARY)
    found = told(scopes.of(alice))
    assert (*numbers(found), found.is_restated) == (None, None, True)
    assert found.because == "“Sales revenue” had no target when the period was closed; it is 1,000.5 now."


def test_one_of_the_months_that_make_up_a_quarter_is_changed(alice: Rep) -> None:
    for start, last in (("2024-10-01", "2024-10-31"), ("2024-11-01", "2024-11-30"), ("2024-12-01", "2024-12-31")):
        make.goal(scope=alice, start=start, last=last, target=100)
    make.deal(rep=alice, created="2024-10-02", won="2024-12-03", amount=150)
    shut("2024-Q4")
    assert ReportedTarget.objects.get().target == 300
    Goal.objects.filter(start_on="2024-11-01").update(target=400)
    assert numbers(told(scopes.of(alice), period="2024-Q4")) == (50, -25)


def test_a_changed_deal_is_not_laid_to_the_target(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    shut()
    Opportunity.objects.filter(amount=300).update(amount=400)
    found = told(scopes.of(alice))
    assert (*numbers(found), found.because) == (30, 10, "")


def test_what_reads_no_target_is_not_restated_by_one(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    shut()
    Goal.objects.update(target=600)
    found = told(scopes.of(alice), "revenue")
    assert (found.is_restated, found.because) == (False, "")


def test_closing_again_takes_the_new_target(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    row = shut()
    Goal.objects.update(target=600)
    closing.reopen(row, at=NOW)
    assert figure(scopes.of(alice)).figure.restatement is None
    shut()
    found = told(scopes.of(alice))
    assert (*numbers(found), found.is_restated, found.because) == (50, 0, False, "")


def test_a_period_closed_before_targets_were_kept_reads_todays_and_says_nothing(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    shut()
    Close.objects.update(has_targets=False)
    ReportedTarget.objects.all().delete()
    Goal.objects.update(target=600)
    found = told(scopes.of(alice))
    assert (*numbers(found), found.is_restated, found.because) == (50, 0, False, "")


def test_plain_values_say_what_the_target_was(alice: Rep) -> None:
    make.goal(scope=alice, target=1000, **FEBRUARY)
    shut()
    assert flat.figure(figure(scopes.of(alice)), scope_text="a", period_text="p")["restated_because"] is None
    Goal.objects.update(target=600)
    said = flat.figure(figure(scopes.of(alice)), scope_text="a", period_text="p")
    assert (said["reported"], said["restated_by"]) == ("30", "20")
    assert said["restated_because"].startswith("The target of “Sales revenue” was 1,000")


MONTHS = [("2024-10-01", "2024-10-31"), ("2024-11-01", "2024-11-30"), ("2024-12-01", "2024-12-31"), ("2024-10-01", "2024-12-31"), ("2024-12-01", "2025-01-31")]
goals = st.dictionaries(st.tuples(st.integers(0, 99), st.sampled_from(MONTHS)), st.integers(0, 5), max_size=8)


def set_goals(company: Company, wanted: dict[tuple[int, tuple[str, str]], int]) -> None:
    Goal.objects.all().delete()
    found = {(company.scopes[n % len(company.scopes)], days): target for (n, days), target in wanted.items()}
    for (scope, (start, last)), target in found.items():
        make.goal(scope=scope, start=start, last=last, target=target * 100)


@EXAMPLES
@given(before=goals, after=goals, period=st.sampled_from(["2024-Q4", "2024-12"]))
def test_reported_is_what_was_shown_whatever_becomes_of_goals(
    calendar: periods.Calendar, company: Company, before: dict[Any, int], after: dict[Any, int], period: str
) -> None:
    window = calendar.parse(period)

    def shown() -> dict[tuple[str, Scope], selectors.GoalFigure]:
        return selectors.figures(READERS, company.scopes, window, on=ON, calendar=calendar)

    with undone():
        for rep in company.reps:
            make.deal(rep=rep, created="2024-10-05", won="2024-12-03", amount=70)
        set_goals(company, before)
        closing.close(window, on=ON, at=NOW)
        then = shown()
        set_goals(company, after)
        for key, now in shown().items():
            found, was = now.figure.restatement, then[key].figure
            assert found is not None
            assert (found.reported, found.is_restated) == (was.value, was.value != now.figure.value), key
            assert bool(found.because) == found.is_restated, key
