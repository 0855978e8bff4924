"""Goals' arithmetic: curve, pace, projection and status, at their edges."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.periods import Calendar
from apps.goals import progress
from apps.goals.progress import Piece

MARCH = Piece(Decimal(2100), date(2025, 3, 1), date(2025, 4, 1))  # 21 working days
CALENDAR = Calendar()


def measure(
    actual: object, on: str, *, piece: Piece = MARCH, baseline: object = None, is_cumulative: bool = True, better_is_up: bool = True
) -> progress.Progress:
    return progress.measure(
        CALENDAR,
        (piece,),
        None if actual is None else Decimal(str(actual)),
        date.fromisoformat(on),
        baseline=None if baseline is None else Decimal(str(baseline)),
        is_cumulative=is_cumulative,
        better_is_up=better_is_up,
    )


def test_the_catalogues_formulas_in_the_middle_of_a_month() -> None:
    half = measure(900, "2025-03-14")  # 10 of 21 working days are over
    assert (half.expected, half.days_elapsed, half.days_total) == (1000, 10, 21)
    assert half.attainment == Decimal(900) / 2100
    assert half.pace == Decimal("0.9")
    assert half.projection == pytest.approx(Decimal(1890))
    assert half.remaining == 1200 and half.per_working_day == pytest.approx(Decimal(1200) / 11)
    assert half.status == "at_risk"


@pytest.mark.parametrize(
    ("actual", "on", "status"),
    [
        (0, "2025-02-20", "too_early"),
        (0, "2025-03-03", "too_early"),
        (1000, "2025-03-14", "ahead"),
        (999, "2025-03-14", "at_risk"),
        (899, "2025-03-14", "behind"),
        (2100, "2025-03-31", "met"),
        (2099, "2025-03-31", "missed"),
        (2099, "2025-05-31", "missed"),
    ],
)
def test_status_comes_from_pace_and_at_the_end_from_the_target(actual: int, on: str, status: str) -> None:
    assert measure(actual, on).status == status


def test_attainment_is_never_capped() -> None:
    assert measure(6300, "2025-03-31").attainment == 3


def test_a_window_that_is_no_calendar_period_counts_exactly_its_days() -> None:
    piece = Piece(Decimal(100), date(2013, 2, 28), date(2013, 5, 30))
    assert measure(0, "2013-02-27", piece=piece).expected == 0
    assert measure(0, "2013-05-29", piece=piece).expected == 100
    assert measure(0, "2013-02-28", piece=piece).days_elapsed == 1


def test_holidays_and_weekends_ask_for_nothing() -> None:
    calendar = Calendar(holidays=frozenset({date(2025, 3, 3)}))
    assert progress.expected(calendar, (MARCH,), date(2025, 3, 3)) == 0
    assert progress.expected(CALENDAR, (MARCH,), date(2025, 3, 2)) == 0


def test_a_window_without_a_working_day_runs_by_even_days() -> None:
    weekend = Piece(Decimal(100), date(2025, 3, 1), date(2025, 3, 3))
    assert progress.expected(CALENDAR, (weekend,), date(2025, 3, 1)) == 50


def test_a_rate_expects_its_whole_target_every_day_and_has_no_projection() -> None:
    rate = measure(45, "2025-03-14", piece=Piece(Decimal(50), MARCH.start_on, MARCH.end_on), is_cumulative=False)
    assert (rate.expected, rate.projection, rate.pace, rate.status) == (50, None, Decimal("0.9"), "at_risk")


def test_lower_is_better_counts_the_way_from_the_baseline() -> None:
    cycle = measure(50, "2025-03-14", piece=Piece(Decimal(40), MARCH.start_on, MARCH.end_on), baseline=60, is_cumulative=False, better_is_up=False)
    assert cycle.attainment == Decimal("0.5") and not cycle.is_met


def test_lower_is_better_without_a_baseline_is_met_or_not() -> None:
    piece = Piece(Decimal(40), MARCH.start_on, MARCH.end_on)
    met = measure(40, "2025-03-31", piece=piece, is_cumulative=False, better_is_up=False)
    missed = measure(41, "2025-03-31", piece=piece, is_cumulative=False, better_is_up=False)
    assert (met.attainment, met.status, missed.status) == (None, "met", "missed")


def test_an_unknown_value_has_no_pace_and_is_not_met() -> None:
    unknown = measure(None, "2025-03-14", is_cumulative=False)
    assert (unknown.attainment, unknown.pace, unknown.status, unknown.is_met) == (None, None, "no_value", False)


@given(start=st.dates(date(2020, 1, 1), date(2026, 1, 1)), length=st.integers(1, 400), target=st.decimals(1, 10**6, places=2))
def test_expected_is_nothing_before_the_target_after_and_never_falls(start: date, length: int, target: Decimal) -> None:
    piece = Piece(target, start, start + timedelta(days=length))
    curve = [progress.expected(CALENDAR, (piece,), start + timedelta(days=n)) for n in range(-1, length + 1)]
    assert curve[0] == 0 and curve[-1] == target and curve == sorted(curve)
