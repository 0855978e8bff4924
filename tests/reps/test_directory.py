"""Several scopes at once: each as it is asked for alone, in one query."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.calendars.calendar import Calendar
from apps.reps import directory, scopes
from tests import make
from tests.people import People

TODAY = make.TODAY


@pytest.fixture
def moved(people: People) -> People:
    """Below North stands a team; somebody moved there from South, and somebody left."""
    below = make.team("Below", parent=people.north)
    mover = make.rep("Mo", team=people.south)
    make.move(mover, below, on="2025-02-10")
    make.rep("Gone", team=people.north, left="2025-02-01")
    return people


@pytest.mark.parametrize("members_on", [None, TODAY])
def test_each_is_as_if_it_were_asked_for_alone(moved: People, members_on: date | None) -> None:
    company, calendar = scopes.company(), Calendar()
    asked = [
        (scope, calendar.parse(period))
        for scope in (company, scopes.of(moved.region), scopes.of(moved.north), scopes.of(moved.south), scopes.of(moved.alice))
        for period in ("2025-Q1", "2025-01", "2025-03")
    ]
    with CaptureQueriesContext(connection) as found:
        several = directory.inside(asked, on=TODAY, today=TODAY, own=moved.alice.pk, members_on=members_on)
    assert len(found) == 1
    for scope, window in asked:
        is_own = scope.id == moved.alice.pk and scope.kind == "rep"
        alone = directory.read(moved.carol, TODAY, scope.kind, scope.id, window, on=TODAY, company=company, is_own=is_own, members_on=members_on)
        if scope.kind == "rep":  # what stands beneath a rep is left out: nobody does
            alone = replace(alone, members=(), branches=(), regions=())
        elif scope.kind != "company":
            alone = replace(alone, regions=())
        assert several[scope, window] == replace(alone, allowed=()), (scope, window)


def test_nothing_asked_is_nothing_read(people: People) -> None:
    with CaptureQueriesContext(connection) as found:
        assert directory.inside([], on=TODAY, today=TODAY) == {}
    assert not len(found)
