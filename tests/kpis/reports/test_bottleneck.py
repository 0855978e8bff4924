"""The stage that got worst against itself is named, and nothing is named where too few deals went through."""

from decimal import Decimal

from apps.kpis.reports import bottleneck
from apps.kpis.reports.funnel import Passage, Tally


def passage(stage: int, *, advanced: int, lost: int = 0, days: float | None = 5) -> Passage:
    return Passage(stage, f"Stage {stage}", advanced=Tally(advanced), lost=Tally(lost), ended=advanced + lost, median_days=days)


BEFORE = [passage(1, advanced=80, lost=20), passage(2, advanced=40, lost=40)]


def test_a_stage_that_got_slower_is_named_with_both_medians() -> None:
    found = bottleneck.find([passage(1, advanced=80, lost=20, days=8), passage(2, advanced=40, lost=40)], BEFORE)
    assert found and (found.stage, found.of, found.now, found.before, found.worse_by) == ("Stage 1", "days", 8, 5, Decimal("0.6"))


def test_a_stage_that_lets_fewer_on_is_named_with_both_shares() -> None:
    found = bottleneck.find([passage(1, advanced=80, lost=20), passage(2, advanced=10, lost=30)], BEFORE)
    assert found and (found.stage, found.of, found.now, found.before, found.worse_by) == (
        "Stage 2",
        "conversion",
        Decimal("0.25"),
        Decimal("0.5"),
        Decimal("0.5"),
    )


def test_the_slowest_stage_is_no_bottleneck_when_it_always_was_slow() -> None:
    slow = [passage(1, advanced=50, days=90), passage(2, advanced=50, days=2)]
    assert bottleneck.find(slow, slow) is None


def test_of_two_the_one_that_got_worse_by_more_is_named() -> None:
    found = bottleneck.find([passage(1, advanced=80, lost=20, days=6), passage(2, advanced=20, lost=60, days=5)], BEFORE)
    assert found and (found.stage, found.of) == ("Stage 2", "conversion")


def test_a_small_change_and_few_deals_say_nothing() -> None:
    assert bottleneck.find([passage(1, advanced=78, lost=22, days=5.5), passage(2, advanced=40, lost=40)], BEFORE) is None
    few = [passage(1, advanced=2, lost=7, days=50), passage(2, advanced=1)]
    assert bottleneck.find(few, BEFORE) is None
    assert not bottleneck.is_enough(few, BEFORE)
    assert bottleneck.is_enough(BEFORE, BEFORE)
