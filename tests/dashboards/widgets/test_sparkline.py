"""Small lines break where there is no value, and the running step is drawn apart."""

from apps.dashboards.widgets.sparkline import sparkline
from tests.dashboards.shapes import point


def test_the_running_month_is_dashed_and_not_part_of_the_line() -> None:
    line = sparkline([point("2025-01-01", 1, grain="month"), point("2025-02-01", 2, grain="month"), point("2025-03-01", 1, grain="month", is_running=True)])
    assert line is not None
    assert line.lines == ("4.0,28.0 50.0,4.0",)
    assert line.running == "50.0,4.0 96.0,28.0"


def test_a_month_without_a_value_breaks_the_line() -> None:
    line = sparkline([point(f"2025-0{n}-01", value, grain="month") for n, value in enumerate([1, 2, None, 2, 1], 1)])
    assert line is not None
    assert len(line.lines) == 2


def test_a_year_of_nothing_is_no_line() -> None:
    assert sparkline([point("2025-01-01", 0, grain="month"), point("2025-02-01", 0, grain="month")]) is None


def test_one_value_is_no_line() -> None:
    assert sparkline([point("2025-01-01", 1, grain="month"), point("2025-02-01", None, grain="month")]) is None
