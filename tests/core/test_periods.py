"""How periods are read and stored; `calendars` has the laws of every kind of calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.core.models import Organisation, Period, StoredCalendar
from apps.core.periods import GRAINS, Calendar, UnknownPeriod
from tests import make
from tests.core.calendars.strategies import days


@given(first=days, length=st.integers(0, 400))
def test_the_window_before_a_range_has_as_many_days(first: date, length: int) -> None:
    window = periods.custom(first, first + timedelta(days=length))
    before = Calendar().previous(window)
    assert (before.days, before.end_on) == (window.days, window.start_on)
    assert Calendar().parse(before.key) == before


@given(day=days)
def test_weeks_that_start_on_monday_are_iso_weeks(day: date) -> None:
    year, week, _weekday = day.isocalendar()
    assert Calendar().containing("week", day).key == f"{year}-W{week:02}"


def test_both_days_of_a_range_are_in_it() -> None:
    window = Calendar().parse("2017-04-01..2017-05-15")
    assert (window.start_on, window.last_on, window.end_on, window.days) == (date(2017, 4, 1), date(2017, 5, 15), date(2017, 5, 16), 45)


def test_a_fiscal_year_is_named_by_the_year_it_ends_in() -> None:
    april = Calendar(fiscal_year_start=4)
    assert april.parse("2018").start_on == date(2017, 4, 1)
    assert april.containing("quarter", date(2017, 5, 1)).key == "2018-Q1"


@pytest.mark.parametrize(
    "text", ["", "Q2", "2017-Q5", "2017-13", "2017-W54", "2018-W53", "17", "2017-04-31", "2017-05-01..2017-04-01", "2017-04-01..", "next week", "9999", "0000"]
)
def test_what_is_no_period_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UnknownPeriod, match="."):
        Calendar().parse(text)


def test_a_year_earlier_is_the_same_part_of_the_year_and_as_far() -> None:
    plan = Calendar()
    assert plan.year_before(plan.parse("2025-Q1"), date(2025, 3, 14)) == (plan.parse("2024-Q1"), date(2024, 3, 13))
    assert plan.year_before(plan.parse("2024-02"), date(2024, 2, 29)) == (plan.parse("2023-02"), date(2023, 2, 28))
    assert plan.year_before(plan.parse("2025"), date(2026, 1, 5)) == (plan.parse("2024"), date(2024, 12, 31))
    assert plan.year_before(plan.parse("2025-W11"), date(2025, 3, 12))[0] == plan.parse("2024-W11")
    spring = plan.from_to(date(2025, 3, 3), date(2025, 3, 14))
    assert plan.year_before(spring, date(2025, 3, 5)) == (plan.from_to(date(2024, 3, 4), date(2024, 3, 15)), date(2024, 3, 6))


def test_the_same_elapsed_day_of_a_shorter_month_is_its_last() -> None:
    march = Calendar().parse("2025-03")
    assert Calendar().same_elapsed(march, date(2025, 3, 30)) == (Calendar().parse("2025-02"), date(2025, 2, 28))
    assert Calendar().same_elapsed(march, date(2025, 3, 14))[1] == date(2025, 2, 14)


def test_before_a_period_begins_no_day_of_the_one_before_has_its_like() -> None:
    assert Calendar().same_elapsed(Calendar().parse("2025-03"), date(2025, 1, 20))[1] == date(2025, 1, 31)


def test_rows_are_made_once_and_cover_each_day_once(db: None) -> None:
    assert periods.ensure(date(2024, 12, 30), date(2025, 1, 2))
    assert not periods.ensure(date(2024, 1, 1), date(2025, 12, 31))
    for grain in GRAINS:
        rows = list(Period.objects.filter(grain=grain))
        assert all(a.end_on == b.start_on for a, b in zip(rows, rows[1:], strict=False)), grain


def shapes() -> list[dict[str, object]]:
    return [
        {"calendar": "445", "first_weekday": 7, "year_ends": "last"},
        {"calendar": "solar_hijri", "fiscal_year_start": 7, "first_weekday": 6},
        {"calendar": "gregorian", "fiscal_year_start": 4},
        {"first_weekday": 7},
    ]


@pytest.mark.parametrize("shape", shapes(), ids=str)
def test_a_changed_calendar_is_noticed_and_remade_over_the_same_days(db: None, shape: dict[str, object]) -> None:
    make.organisation()
    periods.ensure(date(2023, 3, 1), date(2025, 3, 1))
    assert not periods.is_stale()
    Organisation.objects.update(**shape)  # by whatever path
    assert periods.is_stale()
    periods.remake()
    assert not periods.is_stale()
    plan = periods.calendar()
    for grain in GRAINS:
        rows = list(Period.objects.filter(grain=grain))
        assert all(a.end_on == b.start_on for a, b in pairwise(rows)), grain
        assert rows[0].start_on <= date(2023, 1, 1) and rows[-1].end_on >= date(2026, 1, 1)
        assert {(row.key, row.start_on, row.end_on) for row in rows} == {(w.key, w.start_on, w.end_on) for w in (plan.parse(row.key) for row in rows)}
    assert not periods.ensure(date(2023, 3, 1), date(2025, 12, 31))


def test_the_shape_that_is_compared_is_the_calendars_own(db: None) -> None:
    make.organisation(calendar="544", fiscal_year_start=2, first_weekday=7, year_ends="last")
    periods.ensure(date(2025, 1, 1), date(2025, 1, 2))
    assert StoredCalendar.objects.get().shape == periods.calendar().shape == "544/2/7/last"
    assert not periods.is_stale()
