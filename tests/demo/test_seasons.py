"""The rhythm of the demo company's year."""

from datetime import date
from random import Random

import pytest

from apps.demo import seasons


@pytest.mark.parametrize("day", ["2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2285-03-22"])
def test_easter_is_on_the_day_the_church_says(day: str) -> None:
    assert seasons.easter(date.fromisoformat(day).year).isoformat() == day


@pytest.mark.parametrize(("on", "start"), [("2024-02-29", "2022-02-01"), ("2026-01-01", "2024-01-01"), ("2025-12-31", "2023-12-01")])
def test_the_history_begins_24_months_before_this_month(on: str, start: str) -> None:
    assert seasons.history_start(date.fromisoformat(on)).isoformat() == start


def test_customers_sign_before_the_year_ends() -> None:
    rng = Random(1)
    moved = [seasons.signing_day(rng, date(2026, 1, 10)) for _number in range(200)]
    assert 60 < sum(day.year == 2025 for day in moved) < 140


def test_customers_ask_for_less_in_august_and_on_fridays() -> None:
    start_on = date(2025, 1, 1)
    assert seasons.demand(date(2025, 8, 5), start_on=start_on) < seasons.demand(date(2025, 6, 3), start_on=start_on)
    assert seasons.demand(date(2025, 6, 6), start_on=start_on) < seasons.demand(date(2025, 6, 3), start_on=start_on)
