"""Waterfalls stand on the ground, or on a scale that says where it begins."""

from decimal import Decimal

import pytest

from apps.dashboards.reports.bars import Step, bars


def made(*amounts: int) -> list[Step]:
    return [Step(str(n), str(n), Decimal(amount), n in (0, len(amounts) - 1), "") for n, amount in enumerate(amounts)]


def test_a_part_floats_where_the_one_before_ended() -> None:
    drawn = bars("a", "A", made(10, 5, -12, 3), "EUR").drawing["bars"]
    assert [(bar["from"], bar["to"]) for bar in drawn] == [(0, 10), (10, 15), (15, 3), (0, 3)]


@pytest.mark.parametrize(
    ("amounts", "begin"), [((1000, 20, -10, 1010), 980), ((1000, 300, 1300), 0), ((0, 10, 10), 0), ((100, -200, -100), 0), ((500, 500), 490)]
)
def test_the_scale_begins_near_levels_that_lie_close_together(amounts: tuple[int, ...], begin: int) -> None:
    found = bars("a", "A", made(*amounts), "EUR")
    assert found.drawing["begin"] == begin
    assert bool(found.begins) == bool(begin)
    assert found.drawing["bars"][0]["from"] == begin
