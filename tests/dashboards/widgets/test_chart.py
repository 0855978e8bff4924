"""The chart and its table show the same numbers."""

from datetime import date, timedelta
from decimal import Decimal

from apps.dashboards.widgets.chart import MOST_POINTS, Chart, chart
from tests.dashboards.shapes import held, point, selection


def drawn(period: str = "2025-03", target: float | None = 210, on: str = "2025-03-14") -> Chart:
    one = selection(period, on)
    progress = held(100, target, period=period, on=on).progress
    days = [one.window.start_on + timedelta(days=n) for n in range(one.window.days)]
    curve = [(day, Decimal(n)) for n, day in enumerate(days, 1)] if target else []
    return chart([point(day.isoformat(), 10) for day in days if day <= date.fromisoformat(on) and day.day <= 10], curve, progress, one)


def test_what_is_won_adds_up_and_ends_today() -> None:
    actual = drawn().drawing["lines"]["actual"]
    assert actual[:3] == [10.0, 20.0, 30.0]
    assert actual[13] == 100.0
    assert actual[14:] == [None] * 17


def test_the_projection_starts_where_the_line_ends_and_follows_the_plan() -> None:
    lines = drawn().drawing["lines"]
    assert lines["projected"][13] == lines["actual"][13]
    assert lines["projected"][12] is None
    assert lines["projected"][-1] == 31 * 100 / 14


def test_the_table_has_a_row_for_every_point_drawn() -> None:
    one = drawn()
    assert len(one.rows) == len(one.drawing["labels"]) == 31
    assert one.rows[13].actual == "€100.00"
    assert one.rows[14].actual == ""


def test_every_point_that_has_come_opens_what_came_together_by_then() -> None:
    one = drawn()
    assert [row.until for row in one.rows[12:15]] == ["2025-03-13", "2025-03-14", ""]
    assert one.drawing["days"][-1] == "2025-03-14" and len(one.drawing["days"]) == 14
    assert one.drawing["opens"] == one.opens and one.opens.endswith("period=2025-03-01..")


def test_without_a_target_there_is_neither_plan_nor_projection() -> None:
    one = drawn(target=None)
    assert set(one.drawing["lines"]["plan"]) == {None}
    assert set(one.drawing["lines"]["projected"]) == {None}
    assert "no target" in one.summary


def test_a_period_to_come_without_a_target_is_told_in_words() -> None:
    one = drawn("2025-05", target=None)
    assert one.is_empty
    assert one.summary == "The period has not begun."


def test_a_long_period_is_thinned_but_keeps_its_last_day() -> None:
    one = drawn("2025", on="2025-12-31")
    assert len(one.rows) <= MOST_POINTS
    assert one.rows[-1].day == "Dec 31"
