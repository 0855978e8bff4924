"""The calendar's laws: every day lies in exactly one period of each grain, whatever the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.core.models import Period
from apps.core.periods import GRAINS, Calendar, UnknownPeriod

calendars = st.builds(Calendar, fiscal_year_start=st.integers(1, 12), first_weekday=st.sampled_from([1, 6, 7]))
days = st.dates(date(1995, 1, 1), date(2060, 12, 31))
grains = st.sampled_from(GRAINS)


@given(calendar=calendars, grain=grains, day=days)
def test_every_day_lies_in_exactly_one_period_of_each_grain(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    assert day in window
    assert {calendar.containing(grain, other) for other in (window.start_on, window.last_on)} == {window}
    assert calendar.containing(grain, window.end_on) != window and calendar.containing(grain, window.start_on - periods.DAY) != window


@given(calendar=calendars, grain=grains, day=days)
def test_a_key_reads_back_as_its_period(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    assert calendar.parse(window.key) == window


@given(calendar=calendars, grain=grains, day=days)
def test_the_period_before_ends_where_this_one_starts(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    assert calendar.previous(window).end_on == window.start_on
    assert calendar.following(calendar.previous(window)) == window


@given(calendar=calendars, day=days)
def test_four_quarters_and_twelve_months_make_a_year(calendar: Calendar, day: date) -> None:
    year = calendar.containing("year", day)
    assert [len(list(calendar.between(grain, year.start_on, year.end_on))) for grain in ("quarter", "month")] == [4, 12]


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
