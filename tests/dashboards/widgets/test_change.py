"""A change says its size, its direction and whether that is good."""

import pytest

from apps.dashboards.widgets.change import change
from tests.dashboards.shapes import figure


@pytest.mark.parametrize(
    ("kpi", "now", "before", "text", "direction", "tone"),
    [
        ("deals_won", 187, 175, "12", "up", "ahead"),
        ("win_rate", 31.4, 33.5, "2.1 points", "down", "behind"),
        ("revenue", 104, 100, "4.0%", "up", "ahead"),
        ("revenue", 50, 100, "50%", "down", "behind"),
        ("sales_cycle", 47, 50, "3 days", "down", "ahead"),
        ("lost_opportunities", 9, 7, "2", "up", "behind"),
    ],
)
def test_a_change_is_judged_by_what_is_better(kpi: str, now: float, before: float, text: str, direction: str, tone: str) -> None:
    found = change(figure(kpi, now), figure(kpi, before), "Q4")
    assert found is not None
    assert (found.text, found.direction, found.tone) == (text, direction, tone)


def test_no_change_is_neither_good_nor_bad() -> None:
    found = change(figure(value=100), figure(value=100), "Q4")
    assert found is not None
    assert (found.direction, found.tone) == ("flat", "quiet")


def test_nothing_is_compared_with_no_value() -> None:
    assert change(figure(value=100), figure(value=None), "Q4") is None


def test_nothing_in_both_periods_is_no_change() -> None:
    assert change(figure(value=0), figure(value=0), "Q4") is None
    assert change(figure(value=5), figure(value=0), "Q4") is not None
    assert change(figure(value=None), figure(value=100), "Q4") is None
