"""The furnished company that the tests of a file stand on, when all of them do; and a tree of objectives."""

from copy import deepcopy
from typing import Any

import pytest

from apps.kpis import rollup
from apps.objectives.models import Objective
from tests import ground as grounds
from tests import make
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


@pytest.fixture
def tree(people: People) -> Objective:
    """North's whole: Alice's revenue (half of 1,200), a checklist with one of two steps done, and a yes or no."""
    make.deal(rep=people.alice, won="2025-03-03", amount=600)
    rollup.drain(on=make.TODAY, wait=True)
    bobs: dict[str, Any] = {"set_by": people.bob}
    whole = make.objective("Win the north", people.north, measured="parts", **bobs)
    make.objective("Alice’s revenue", people.alice, kpi="revenue", target=1200, parent=whole, weight=2, **bobs)
    kit = make.objective("Launch kit", people.north, measured="checklist", parent=whole, **bobs)
    make.step(kit, "Slides", done="2025-03-01")
    make.step(kit, "Prices")
    make.objective("Shop", people.north, parent=whole, **bobs)
    return whole
