"""The furnished company that the tests of a file stand on, when all of them do."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests import people as cast
from tests.dashboards import world
from tests.ground import laid
from tests.people import People


def furnish() -> People:
    people = cast.arrive()
    world.furnish(people)
    return people


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[People]:
    """Lay it for a file with `pytest.mark.usefixtures("ground")`: whatever order its tests come in, none finds an empty database."""
    with laid(django_db_blocker, furnish) as people:
        yield people


@pytest.fixture
def furnished(ground: People, db: None) -> People:
    """The people as they are in the database, for one test to do with as it likes."""
    return deepcopy(ground)
