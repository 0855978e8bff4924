"""Bars beneath each other: the best first, and no rate of a few records before one of many."""

from decimal import Decimal

from apps.core import periods
from apps.dashboards.selection import Selection
from apps.dashboards.widgets import comparison
from apps.goals.selectors import GoalFigure
from apps.kpis import catalogue
from apps.kpis.figures import Figure
from apps.reps.scopes import Scope
from tests import make

RATE = catalogue.KPIS["win_rate"]


def rate(name: str, value: int | None, of: int) -> GoalFigure:
    window = periods.Calendar().parse("2025-Q1")
    figure = Figure(RATE, Scope("rep", of, name), window, make.TODAY, None if value is None else Decimal(value), Decimal(1), Decimal(of), 0, "")
    return GoalFigure(figure, None, ())


def test_rates_of_few_records_come_after_those_of_many_and_say_so() -> None:
    calendar = periods.Calendar()
    look = Selection(Scope("company", 0, "Acme"), calendar.parse("2025-Q1"), make.TODAY, make.TODAY, calendar, "EUR")
    few, many = RATE.minimum_volume - 1, RATE.minimum_volume
    assert few > 0
    drawn = comparison.among([rate("Lucky", 100, few), rate("Steady", 40, many), rate("Idle", None, 0), rate("Good", 60, many + 1)], RATE, "Person", look)
    assert [(bar.name, bar.is_thin) for bar in drawn.bars] == [("Good", False), ("Steady", False), ("Lucky", True), ("Idle", False)]
    assert f"fewer than {RATE.minimum_volume} records" in drawn.caption
    assert not comparison.among([rate("Steady", 40, many)], RATE, "Person", look).caption
