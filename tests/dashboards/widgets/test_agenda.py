"""A rep's day: what is late comes first, and of the past only what was done is known."""

import pytest

from apps.activities import selectors
from apps.dashboards.widgets.agenda import agenda
from tests import make

pytestmark = pytest.mark.django_db


def test_late_due_and_done_are_told_apart() -> None:
    alice = make.rep("Alice")
    make.activity(rep=alice, subject="Late", done=None, due="2025-03-10")
    make.activity(rep=alice, subject="Due", done=None, due="2025-03-14")
    make.activity(rep=alice, subject="Done", done="2025-03-14")
    make.activity(rep=alice, subject="Next week", done=None, due="2025-03-20")
    found = agenda(selectors.agenda(alice.pk, on=make.TODAY), make.TODAY, is_now=True)
    assert [(task.subject, task.is_late, task.is_done) for task in found.tasks] == [("Late", True, False), ("Due", False, False), ("Done", False, True)]
    assert found.summary == "1 overdue · 1 due today · 1 done"


def test_a_day_gone_by_shows_only_what_was_done_on_it() -> None:
    alice = make.rep("Alice")
    make.activity(rep=alice, subject="Late", done=None, due="2025-03-10")
    make.activity(rep=alice, subject="Done", done="2025-03-12")
    found = agenda(selectors.agenda(alice.pk, on=make.day("2025-03-12")), make.day("2025-03-12"), is_now=False)  # type: ignore[arg-type]
    assert [task.subject for task in found.tasks] == ["Done"]
