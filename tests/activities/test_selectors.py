"""The last day somebody was active."""

from datetime import date

import pytest

from apps.activities import selectors
from tests import make

pytestmark = pytest.mark.django_db


def test_the_last_day_is_the_latest_one_done_by_then() -> None:
    alice, dave = make.rep("Alice"), make.rep("Dave")
    make.activity(rep=alice, done="2025-03-01")
    make.activity(rep=alice, done="2025-03-10")
    make.activity(rep=alice, done=None, due="2025-03-12")
    make.activity(rep=dave, done=None, due="2025-03-12")
    assert selectors.last_days([alice.pk, dave.pk], on=date(2025, 3, 14)) == {alice.pk: date(2025, 3, 10)}
    assert selectors.last_days([alice.pk], on=date(2025, 3, 5)) == {alice.pk: date(2025, 3, 1)}
