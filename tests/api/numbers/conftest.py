"""The deals that all tests of numbers stand on."""

from copy import deepcopy

import pytest

from apps.kpis import rollup
from tests import ground as grounds
from tests import make
from tests import people as cast
from tests.people import People


def deals() -> People:
    """Alice has won 300 of 1000 in the quarter, Dave 500; Alice has lost one, and one has no amount."""
    people = cast.arrive()
    make.deal("Mill", rep=people.alice, won="2025-02-03", amount=200)
    make.deal("Barn", rep=people.alice, won="2025-03-04", amount=100)
    make.deal("Silo", rep=people.alice, won="2025-03-05", amount=None)
    make.deal("Shed", rep=people.alice, lost="2025-03-06", amount=70)
    make.deal("Dock", rep=people.dave, won="2025-03-07", amount=500)
    make.deal("Quay", rep=people.alice, amount=40, stage="Proposal", created="2025-03-01")
    make.goal(scope=people.alice)
    rollup.drain(on=make.TODAY)
    return people


ground = grounds.ground(deals)


@pytest.fixture
def people(ground: People, db: None) -> People:
    return deepcopy(ground)
