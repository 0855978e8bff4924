"""The last day somebody was active or tested."""

from datetime import date

import pytest

from apps.activities import selectors
from apps.reps import scopes
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


def test_untested_is_who_has_worked_for_a_quarter_and_took_no_test_in_it() -> None:
    on, north = date(2025, 3, 14), make.team("North")
    tested, long_ago, never = (make.rep(name, team=north) for name in ("Ann", "Ben", "Cas"))
    make.rep("New", team=north, hired="2025-01-10")
    make.rep("Gone", team=north, left="2025-03-14")
    make.rep("Elsewhere", team=make.team("South"))
    make.assessment(rep=tested, taken="2024-12-14")  # 90 days before
    make.assessment(rep=long_ago, taken="2024-12-13")  # 91 days before
    make.assessment(rep=never, taken="2025-03-15")  # on the next day
    found = selectors.untested(scopes.of(north), on=on)
    assert [(one.rep.name, one.last_on) for one in found] == [("Cas", None), ("Ben", date(2024, 12, 13))]
    assert [one.rep.name for one in selectors.untested(scopes.of(never), on=on)] == ["Cas"]
