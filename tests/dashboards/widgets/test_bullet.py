"""A bullet shows the whole truth: never cut off at the target, and always with its words."""

import pytest

from apps.dashboards.widgets.bullet import bullet
from tests.dashboards.shapes import held


def test_the_scale_reaches_a_tenth_beyond_the_target() -> None:
    one = held(62, 90)
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert (drawn.actual, drawn.target) == ("62.63", "90.91")


def test_more_than_the_target_is_drawn_in_full() -> None:
    one = held(300, 100)
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert (drawn.actual, drawn.target) == ("100.00", "33.33")
    assert "300%" in drawn.words


def test_the_words_say_what_is_drawn() -> None:
    one = held(62000, 90000)
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert drawn.words == "62K of 90K · 69% · expected 83%"


def test_where_lower_is_better_the_target_is_a_limit() -> None:
    one = held(60, 55, kpi="sales_cycle")
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert drawn.words == "60 days, at most 55 days"


def test_a_floor_where_less_is_better_says_so() -> None:
    one = held(60, 55, kpi="sales_cycle", better_is_up=True)
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert drawn.words == "60 days, at least 55 days · 109%"


def test_without_a_target_nothing_is_drawn() -> None:
    one = held(62)
    assert bullet(one.figure, one.progress) is None


@pytest.mark.parametrize("period", ["2024-Q4"])
def test_when_the_period_is_over_nothing_is_expected_any_more(period: str) -> None:
    one = held(62, 90, period=period)
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert drawn.expected == ""
    assert "expected" not in drawn.words


def test_a_rate_is_expected_in_full_from_the_first_day_and_so_has_no_second_tick() -> None:
    one = held(30, 40, kpi="win_rate")
    drawn = bullet(one.figure, one.progress)
    assert drawn is not None
    assert drawn.expected == ""
