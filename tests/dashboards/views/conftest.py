"""The furnished company that the tests of a file stand on, when all of them do."""

from copy import deepcopy

import pytest

from tests import ground as grounds
from tests import people as cast
from tests.dashboards import world
from tests.people import People


def furnish() -> People:
    people = cast.arrive()
    world.furnish(people)
    return people


ground = grounds.ground(furnish)


@pytest.fixture
def furnished(ground: People, db: None) -> People:
    """The people as they are in the database, for one test to do with as it likes."""
    return deepcopy(ground)
