"""The page about the API names what there is."""

import re
from pathlib import Path

from django.conf import settings

from apps.api.bulk import views, writing
from apps.api.numbers import asking
from apps.api.pagination import Cursors
from apps.api.problems import NAMES
from apps.api.router import LOOKED_AT, NUMBERS, ROWS

PAGE = Path(settings.BASE_DIR, "docs", "reference", "api.md").read_text()


def test_every_kind_of_row_and_of_number_is_described() -> None:
    assert [prefix for prefix in [*ROWS, *LOOKED_AT] if f"`{prefix}`" not in PAGE] == []
    assert [prefix for prefix in NUMBERS if f"`GET /{prefix}/`" not in PAGE] == []


def test_nothing_is_described_that_there_is_not() -> None:
    assert set(re.findall(r"`GET /(\w+)/`", PAGE)) - {"tokens", "integrations"} == set(NUMBERS)


def test_the_limits_are_those_that_hold() -> None:
    for most in (asking.MOST_FIGURES, asking.MOST_PERIODS, asking.MOST_POINTS, Cursors.max_page_size, views.MOST_ROWS, writing.MOST_REFUSALS):
        assert f"{most:,}" in PAGE


def test_every_kind_of_problem_is_described() -> None:
    assert [name for code, name in NAMES.items() if f"`{name}`" not in PAGE or str(code) not in PAGE] == []
