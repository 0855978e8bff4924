"""Which goals a figure is held against: its exact window, goals that fill it, never one cut to fit."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core import periods
from apps.goals import flat, selectors
from apps.kpis import rollup
from apps.reps import scopes
from tests import make

ON = make.TODAY


@pytest.fixture
def alice(db: None) -> scopes.Scope:
    rep = make.rep("Alice", team=make.team("North"))
    make.deal(rep=rep, won="2025-01-15", amount=300)
    make.deal(rep=rep, won="2025-03-03", amount=600)
    make.deal(rep=rep, amount=900, created="2025-03-01", expected="2025-03-28")
    rollup.drain(on=ON)
    return scopes.of(rep)


def ask(scope: scopes.Scope, period: str, kpi: str = "revenue", on: date = ON) -> selectors.GoalFigure:
    return selectors.figures([kpi], [scope], periods.calendar().parse(period), on=on)[kpi, scope]


def test_the_goal_of_exactly_this_window_counts(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=1800)
    found = ask(alice, "2025-Q1")
    assert found.progress and (found.progress.target, found.progress.attainment) == (1800, Decimal("0.5"))


def test_three_months_make_up_a_quarter(alice: scopes.Scope) -> None:
    for start, last, target in (("2025-01-01", "2025-01-31", 500), ("2025-02-01", "2025-02-28", 500), ("2025-03-01", "2025-03-31", 800)):
        make.goal(scope=alice, start=start, last=last, target=target)
    found = ask(alice, "2025-Q1")
    assert found.progress and found.progress.target == 1800 and len(found.goals) == 3


def test_a_goal_that_only_partly_lies_in_the_window_is_never_cut_to_fit(alice: scopes.Scope) -> None:
    goal = make.goal(scope=alice, start="2025-02-15", last="2025-04-15", target=1000)
    window = periods.calendar().parse("2025-Q1")
    assert ask(alice, "2025-Q1").progress is None
    assert selectors.overlapping("revenue", alice, window, among=[goal]) == [goal]
    assert ask(alice, "2025-02-15..2025-04-15").figure.value == 600


def test_a_goal_over_any_days_counts_exactly_those(db: None) -> None:
    rep = make.rep("Bea")
    for n, day in enumerate(("2013-02-27", "2013-02-28", "2013-05-29", "2013-05-30")):
        make.deal(rep=rep, created="2013-01-01", won=day, amount=10**n)
    rollup.drain(on=ON)
    make.goal(scope=rep, start="2013-02-28", last="2013-05-29", target=1100)
    found = ask(scopes.of(rep), "2013-02-28..2013-05-29")
    assert found.figure.value == 110
    assert found.progress and (found.progress.attainment, found.progress.status) == (Decimal("0.1"), "missed")
    assert ask(scopes.of(rep), "2013-Q1").progress is None


def test_months_with_a_gap_make_no_quarter(alice: scopes.Scope) -> None:
    make.goal(scope=alice, start="2025-01-01", last="2025-01-31")
    make.goal(scope=alice, start="2025-03-01", last="2025-03-31")
    assert ask(alice, "2025-Q1").progress is None


def test_targets_of_rates_do_not_add_up(alice: scopes.Scope) -> None:
    for month, last in (("01", 31), ("02", 28), ("03", 31)):
        make.goal("win_rate", alice, start=f"2025-{month}-01", last=f"2025-{month}-{last}", target=50)
    assert ask(alice, "2025-Q1", "win_rate").progress is None
    assert ask(alice, "2025-03", "win_rate").progress is not None


def test_a_target_of_nothing_is_no_target(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=0)
    assert ask(alice, "2025-Q1").progress is None


def test_attainment_and_coverage_use_the_target_of_revenue(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=1800)
    assert ask(alice, "2025-Q1", "target_attainment").figure.value == 50
    coverage = ask(alice, "2025-Q1", "pipeline_coverage").figure
    assert (coverage.numerator, coverage.denominator, coverage.value) == (900, 900, 1)


def test_coverage_of_a_reached_target_has_no_value_and_says_so(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=900)
    figure = ask(alice, "2025-Q1", "pipeline_coverage").figure
    assert figure.value is None and "reached" in figure.reason


def test_the_curve_runs_from_nothing_to_the_target(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=1800)
    curve = selectors.curve("revenue", alice, periods.calendar().parse("2025-Q1"), on=ON)
    assert curve[0][0] == date(2025, 1, 1) and curve[-1] == (date(2025, 3, 31), Decimal(1800)) and len(curve) == 90


def test_flat_figures_are_plain_digits(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=1800)
    row = flat.figure(ask(alice, "2025-Q1"), scope_text="rep:Alice", period_text="2025-Q1")
    assert (row["value"], row["target"], row["attainment"], row["scope"], row["as_of"]) == ("900", "1800", "0.5", "rep:Alice", "2025-03-14")


@pytest.mark.parametrize(("amount", "written"), [("0E+6", "0"), ("1234567.500", "1234567.5"), ("-0.0", "0"), ("1E+3", "1000"), (None, None)])
def test_amounts_are_written_without_exponents(amount: str | None, written: str | None) -> None:
    assert flat.text(None if amount is None else Decimal(amount)) == written


def test_a_goal_may_be_a_limit_where_more_is_better(alice: scopes.Scope) -> None:
    make.goal(scope=alice, target=800, stay="below")
    found = ask(alice, "2025-Q1").progress  # 900 of at most 800
    assert found and (found.is_met, found.attainment, found.remaining, found.status) == (False, None, None, "behind")
    assert found.pace == found.expected / 900


def test_a_goal_may_be_a_floor_where_less_is_better(alice: scopes.Scope) -> None:
    make.goal("sales_cycle", alice, target=1, stay="above")
    found = ask(alice, "2025-Q1", "sales_cycle")
    assert found.progress and found.figure.value is not None
    assert (found.progress.attainment, found.progress.is_met) == (found.figure.value, found.figure.value >= 1)


def test_limits_and_targets_do_not_make_up_a_quarter_together(alice: scopes.Scope) -> None:
    months = (("2025-01-01", "2025-01-31", ""), ("2025-02-01", "2025-02-28", "below"), ("2025-03-01", "2025-03-31", ""))
    goals = [make.goal(scope=alice, start=start, last=last, stay=stay) for start, last, stay in months]
    assert ask(alice, "2025-Q1").progress is None
    for goal in goals:
        goal.stay = "below"
        goal.save()
    found = ask(alice, "2025-Q1").progress
    assert found and (found.target, found.better_is_up) == (3000, False)
