"""Windows and days are named as people name them."""

from datetime import date

import pytest

from apps.core import dates
from apps.core.periods import Calendar

PLAN = Calendar()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026", "2026"),
        ("2026-Q4", "Q4 2026"),
        ("2026-11", "November 2026"),
        ("2026-W47", "Week 47 of 2026"),
        ("2026-11-20", "Nov 20, 2026"),
    ],
)
def test_a_period_is_named(text: str, name: str) -> None:
    assert dates.window_name(PLAN.parse(text)) == name


def test_a_fiscal_year_keeps_its_own_name() -> None:
    assert dates.window_name(Calendar(fiscal_year_start=7).containing("quarter", date(2026, 7, 1))) == "Q1 2027"


def test_a_period_of_another_calendar_is_named_with_its_days() -> None:
    assert dates.name_of_then(PLAN.parse("2026-Q3")).replace("\u2009", " ") == "Q3 2026 (Jul 1 – Sep 30, 2026)"
    assert dates.name_of_then(PLAN.parse("2026-07")).replace("\u2009", " ") == "Jul 1 – 31, 2026", "months of a calendar of weeks have these names too"


def test_a_range_names_both_its_days() -> None:
    assert dates.window_name(PLAN.parse("2017-04-01..2017-05-15")).replace("\u2009", " ") == "Apr 1 – May 15, 2017"


@pytest.mark.parametrize(("day", "text"), [(14, "today"), (13, "yesterday"), (10, "4 days ago")])
def test_a_day_lately_is_told_by_how_long_ago_it_was(day: int, text: str) -> None:
    assert dates.ago(date(2025, 3, day), date(2025, 3, 14)) == text


def test_a_day_long_ago_is_told_by_its_date() -> None:
    assert dates.ago(date(2024, 1, 2), date(2025, 3, 14)) == "Jan 2, 2024"


def test_the_working_day_before_a_monday_is_a_friday() -> None:
    assert PLAN.working_day_before(date(2025, 3, 17)) == date(2025, 3, 14)


def test_a_range_that_is_a_period_is_that_period() -> None:
    assert PLAN.from_to(date(2025, 1, 1), date(2025, 3, 31)).key == "2025-Q1"
    assert PLAN.from_to(date(2025, 1, 2), date(2025, 3, 31)).grain is None
