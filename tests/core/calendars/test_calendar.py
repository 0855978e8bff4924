"""What is true of every kind of calendar, and what only one of them has."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.calendars.calendar import GREGORIAN, SOLAR_HIJRI, Calendar, Place
from apps.core.calendars.months import LAST, NEAREST, PATTERNS
from apps.core.calendars.windows import DAY, GRAINS, UnknownPeriod
from tests.core.calendars.strategies import calendars, days, grains

KINDS = (GREGORIAN, SOLAR_HIJRI, *PATTERNS)


@given(calendar=calendars, grain=grains, day=days)
def test_every_day_lies_in_exactly_one_period_of_each_grain(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    assert day in window
    assert {calendar.containing(grain, other) for other in (window.start_on, window.last_on)} == {window}
    assert calendar.containing(grain, window.end_on) != window and calendar.containing(grain, window.start_on - DAY) != window


@given(calendar=calendars, grain=grains, day=days)
def test_periods_follow_one_another_without_a_gap_and_no_two_share_a_key(calendar: Calendar, grain: str, day: date) -> None:
    found = list(calendar.between(grain, day, day + timedelta(days=800)))
    assert all(one.end_on == other.start_on for one, other in pairwise(found))
    assert len({window.key for window in found}) == len(found)
    assert sorted(window.key for window in found) == [window.key for window in found]


@given(calendar=calendars, grain=grains, day=days)
def test_a_key_reads_back_as_its_period(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    assert calendar.parse(window.key) == window


@given(then=calendars, now=calendars, grain=grains, day=days)
def test_a_calendar_knows_the_periods_whose_names_mean_the_same_days_in_it(then: Calendar, now: Calendar, grain: str, day: date) -> None:
    window = then.containing(grain, day)
    try:
        means_the_same = now.parse(window.key) == window
    except UnknownPeriod:  # a 53rd week
        means_the_same = False
    assert now.knows(window) == means_the_same and then.knows(window)
    assert now.knows(now.from_to(day, day + timedelta(days=9)))


@given(calendar=calendars, grain=grains, day=days)
def test_before_and_after_are_each_others_opposite(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    assert calendar.previous(window).end_on == window.start_on and calendar.following(window).start_on == window.end_on
    assert calendar.following(calendar.previous(window)) == calendar.previous(calendar.following(window)) == window


@given(calendar=calendars, day=days)
def test_years_are_made_of_whole_quarters_and_quarters_of_whole_months(calendar: Calendar, day: date) -> None:
    year = calendar.containing("year", day)
    quarters = list(calendar.between("quarter", year.start_on, year.end_on))
    months = list(calendar.between("month", year.start_on, year.end_on))
    assert (len(quarters), len(months)) == (4, 12)
    for whole, parts in ((year, quarters), (year, months), *((quarter, months[3 * n : 3 * n + 3]) for n, quarter in enumerate(quarters))):
        assert (whole.start_on, whole.end_on) == (parts[0].start_on, parts[-1].end_on)
    assert [quarter.key for quarter in quarters] == [f"{year.key}-Q{n}" for n in (1, 2, 3, 4)]


@given(calendar=calendars, grain=grains, day=days)
def test_a_range_of_days_that_is_a_period_is_found_to_be_one(calendar: Calendar, grain: str, day: date) -> None:
    window = calendar.containing(grain, day)
    found = calendar.from_to(window.start_on, window.last_on)
    assert (found.start_on, found.end_on) == (window.start_on, window.end_on)
    assert GRAINS.index(found.grain or "") >= GRAINS.index(grain)


@given(calendar=calendars.filter(lambda one: one.kind in PATTERNS), day=days)
def test_in_a_calendar_of_weeks_every_period_is_whole_weeks(calendar: Calendar, day: date) -> None:
    year = calendar.containing("year", day)
    lengths = [month.days / 7 for month in calendar.between("month", year.start_on, year.end_on)]
    assert year.start_on.isoweekday() == calendar.first_weekday
    assert lengths[:11] == (list(PATTERNS[calendar.kind]) * 4)[:11]
    assert lengths[11] - PATTERNS[calendar.kind][2] == year.days // 7 - 52 and year.days // 7 in (52, 53)
    assert [week.key for week in calendar.between("week", year.start_on, year.end_on)] == [f"{year.key}-W{n:02}" for n in range(1, year.days // 7 + 1)]


@given(calendar=calendars.filter(lambda one: one.kind in PATTERNS), day=days)
def test_a_year_of_weeks_ends_where_it_was_told_to(calendar: Calendar, day: date) -> None:
    year = calendar.containing("year", day)
    month_ends_on = date(int(year.key) - (calendar.fiscal_year_start > 1), calendar.fiscal_year_start, 1) - DAY
    late = ((year.start_on - DAY) - month_ends_on).days
    assert -6 <= late <= 0 if calendar.year_ends == LAST else -3 <= late <= 3


@pytest.mark.parametrize(
    ("ends", "year", "first", "last"),
    [  # a year ends on the Saturday nearest to, or the last of, January: the National Retail Federation's, and its 53 weeks of 2023
        (NEAREST, "2024", date(2023, 1, 29), date(2024, 2, 3)),
        (NEAREST, "2025", date(2024, 2, 4), date(2025, 2, 1)),
        (LAST, "2024", date(2023, 1, 29), date(2024, 1, 27)),
        (LAST, "2025", date(2024, 1, 28), date(2025, 1, 25)),
    ],
)
def test_a_retailers_years_begin_on_known_days(ends: str, year: str, first: date, last: date) -> None:
    calendar = Calendar(kind="454", fiscal_year_start=2, first_weekday=7, year_ends=ends)
    window = calendar.parse(year)
    assert (window.start_on, window.last_on) == (first, last)


def test_the_fifty_third_week_belongs_to_the_twelfth_period() -> None:
    calendar = Calendar(kind="445")
    year = calendar.parse("2026")  # begins on Monday, 29 December 2025
    assert (year.start_on, year.days) == (date(2025, 12, 29), 53 * 7)
    assert (calendar.parse("2026-12").days, calendar.parse("2026-Q4").days, calendar.parse("2025-12").days) == (6 * 7, 14 * 7, 5 * 7)
    assert calendar.parse("2026-W53") in [calendar.containing("week", date(2026, 12, 31))]


@pytest.mark.parametrize(
    ("year", "new_year"),
    [
        ("1399", date(2020, 3, 20)),
        ("1400", date(2021, 3, 21)),
        ("1403", date(2024, 3, 20)),
        ("1404", date(2025, 3, 21)),
        ("1405", date(2026, 3, 21)),
        ("1408", date(2029, 3, 20)),
        ("1409", date(2030, 3, 21)),
    ],
)
def test_a_solar_hijri_year_begins_on_the_known_day(year: str, new_year: date) -> None:
    assert Calendar(kind=SOLAR_HIJRI).parse(year).start_on == new_year


def test_esfand_has_thirty_days_in_leap_years_alone() -> None:
    calendar = Calendar(kind=SOLAR_HIJRI)
    assert {year for year in range(1395, 1412) if calendar.parse(f"{year}-12").days == 30} == {1395, 1399, 1403, 1408}
    assert [calendar.parse(f"1404-{n:02}").days for n in range(1, 13)] == [31] * 6 + [30] * 5 + [29]


def test_a_fiscal_year_of_solar_hijri_months_is_named_by_the_year_it_ends_in() -> None:
    calendar = Calendar(kind=SOLAR_HIJRI, fiscal_year_start=7)
    assert calendar.parse("1404").start_on == date(2024, 9, 22)  # 1 Mehr 1403
    assert calendar.containing("quarter", date(2024, 10, 1)).key == "1404-Q1"
    assert calendar.containing("month", date(2024, 10, 1)).key == "1403-07"


# --- Working days --------------------------------------------------------------------------------
SUNDAY_TO_THURSDAY = Place(frozenset({7, 1, 2, 3, 4}), off=frozenset({date(2025, 3, 20)}), worked=frozenset({date(2025, 3, 21)}))
ELSEWHERE = Calendar(holidays=frozenset({date(2025, 3, 10)}), places=((4, SUNDAY_TO_THURSDAY),))


def test_a_place_has_its_own_week_and_days_beside_the_organisations_holidays() -> None:
    there, march = ELSEWHERE.at(4), Calendar().parse("2025-03")
    assert [there.is_working(date(2025, 3, day)) for day in (9, 10, 14, 20, 21)] == [True, False, False, False, True]
    assert (ELSEWHERE.working_days(march.start_on, march.end_on), there.working_days(march.start_on, march.end_on)) == (20, 21)


def test_a_place_without_days_of_its_own_works_when_the_organisation_does() -> None:
    assert ELSEWHERE.at(5) == ELSEWHERE and ELSEWHERE.at(4).at(5) == ELSEWHERE


def test_the_working_day_before_is_the_places() -> None:
    assert ELSEWHERE.working_day_before(date(2025, 3, 10)) == date(2025, 3, 7)
    assert ELSEWHERE.at(4).working_day_before(date(2025, 3, 10)) == date(2025, 3, 9)


@given(calendar=calendars, day=days, length=st.integers(0, 60), cut=st.integers(0, 60))
def test_working_days_add_up(calendar: Calendar, day: date, length: int, cut: int) -> None:
    middle, end = day + timedelta(days=min(cut, length)), day + timedelta(days=length)
    assert calendar.working_days(day, end) == calendar.working_days(day, middle) + calendar.working_days(middle, end)
