"""What is drawn once says the same as if it were drawn each time, to whoever it is shown."""

import pytest
from django.template import Context, Template
from django.utils import translation

from apps.accounts.models import Role, User

PAGE = Template("{% load widgets %}{% navigation %}")


def entries(section: str, *, is_staff: bool = False) -> str:
    return PAGE.render(Context({"section": section, "user": User(role=Role.ADMIN if is_staff else Role.REP)}))


@pytest.mark.parametrize(("section", "word"), [("board", "Board"), ("goals", "Goals"), ("kpis", "KPIs")])
def test_the_top_bar_marks_where_somebody_is(section: str, word: str) -> None:
    for _again in range(2):
        drawn = entries(section)
        assert drawn.count('aria-current="page"') == 1 and f'aria-current="page">{word}<' in drawn


def test_the_admin_is_shown_to_its_own_alone() -> None:
    assert ["/admin/" in entries("board", is_staff=is_staff) for is_staff in (False, True, False)] == [False, True, False]


def test_each_language_has_its_own() -> None:
    with translation.override("de"):
        there = entries("board")
    assert "<nav" in there and "&lt;" not in there
