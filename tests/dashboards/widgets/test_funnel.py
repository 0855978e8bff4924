"""The funnel marks its weakest step and says what was lost."""

from decimal import Decimal

from apps.dashboards.widgets.funnel import Passage, funnel
from tests.dashboards.shapes import selection


def passage(stage: str, entered: int, advanced: int, lost: int = 0, days: int = 0) -> Passage:
    numbers = (entered, entered * 100, advanced, lost, 0, advanced + lost, days, 0)
    return Passage(stage, *map(Decimal, numbers))


def test_bars_are_as_long_as_the_deals_that_entered() -> None:
    found = funnel([passage("Qualified", 40, 20), passage("Proposal", 10, 8)], selection())
    assert [step.width for step in found.steps] == ["100.00", "25.00"]


def test_the_smallest_share_that_went_on_is_the_weakest_step() -> None:
    found = funnel([passage("Qualified", 40, 30), passage("Proposal", 30, 10), passage("Negotiation", 10, 8)], selection())
    assert [step.is_weakest for step in found.steps] == [False, True, False]
    assert found.steps[1].conversion == "33%"


def test_a_stage_that_few_deals_entered_is_not_judged() -> None:
    found = funnel([passage("Qualified", 40, 30), passage("Proposal", 2, 0)], selection())
    assert not any(step.is_weakest for step in found.steps)


def test_lost_deals_are_said() -> None:
    found = funnel([passage("Qualified", 40, 20, lost=12), passage("Proposal", 20, 10, lost=1)], selection())
    assert found.lost == "13 deals were lost on the way"


def test_an_empty_funnel_says_so() -> None:
    found = funnel([passage("Qualified", 0, 0)], selection())
    assert found.steps == ()
    assert found.empty
