"""The last quarters, latest first, with their targets."""

from decimal import Decimal

from apps.dashboards.widgets.history import history
from tests.dashboards.shapes import point, selection


def test_the_latest_quarter_comes_first_and_the_running_one_is_marked() -> None:
    points = [point("2024-10-01", 200, grain="quarter"), point("2025-01-01", 100, grain="quarter", is_running=True)]
    found = history(points, {"2024-Q4": Decimal(160)}, selection(), is_own=True)
    assert [(one.name, one.is_running, one.attained, one.is_met) for one in found.quarters] == [("Q1 2025", True, "", False), ("Q4 2024", False, "125%", True)]


def test_nothing_won_in_two_years_is_said() -> None:
    assert history([point("2025-01-01", 0, grain="quarter")], {}, selection(), is_own=True).quarters == ()
