"""Status is judged from pace and always has a word."""

import pytest

from apps.dashboards.widgets.status import WHY, WORDS, status
from tests.dashboards.shapes import held


@pytest.mark.parametrize(
    ("value", "period", "key", "tone"),
    [
        (83, "2025-Q1", "ahead", "ahead"),
        (76, "2025-Q1", "at_risk", "risk"),
        (50, "2025-Q1", "behind", "behind"),
        (100, "2024-Q4", "met", "ahead"),
        (99, "2024-Q4", "missed", "behind"),
        (9, "2025", "behind", "behind"),
    ],
)
def test_a_goal_is_judged_by_its_pace(value: int, period: str, key: str, tone: str) -> None:
    found = status(held(value, 100, period=period).progress)
    assert (found.key, found.tone) == (key, tone)
    assert found.word


def test_the_start_of_a_period_is_too_early() -> None:
    assert status(held(0, 100, on="2025-01-03").progress).word == "Too early"


def test_without_a_target_it_says_so() -> None:
    found = status(None)
    assert (found.word, found.tone) == ("No target", "quiet")


def test_every_status_has_a_reason_in_words() -> None:
    assert {key for key, words in WHY.items() if str(words)} == set(WORDS)
