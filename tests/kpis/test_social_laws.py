"""The engine's laws where profiles are read, posts written and assessments taken: a reading ends the one before it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, reading, recordlists, rollup, selectors
from apps.reps import scopes
from tests import make, oracle
from tests.kpis import social
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, days, snapshots, which
from tests.kpis.overlapping import at_once

MEASURES = [key for key, measure in catalogue.MEASURES.items() if measure.stream in ("activities", "readings", "posts", "assessments")]
steps = st.lists(st.tuples(st.sampled_from((*social.KINDS, "readings", "readings", "move rep")), which, which, days, days, st.none()), min_size=4, max_size=16)


@pytest.mark.django_db
@EXAMPLES
@given(history=steps, drains=st.sets(st.integers(0, 15)), period=st.sampled_from(WINDOWS))
def test_however_profiles_posts_and_tests_are_written_every_sum_is_the_oracles(
    calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], period: str
) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        found = reading.amounts(MEASURES, company.scopes, window, on=ON)
        for scope in company.scopes:
            sums = found.of(scope)
            for measure in MEASURES:
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, ON)
                assert round(sums[measure], 4) == round(expected, 4), (measure, scope.key, period)
                records = recordlists.of_measure(catalogue.MEASURES[measure], scope, window, on=ON, limit=10_000, offset=0)
                assert round(records.total, 4) == round(expected, 4), (measure, scope.key, period)
        drained = snapshots()
        rollup.recount_all(on=ON)
        assert drained == snapshots()

    play(history, drains, proof)


@pytest.mark.django_db(transaction=True)
def test_of_two_readings_written_at_once_the_later_ends_the_earlier() -> None:
    rep = make.rep()
    rollup.drain(on=ON)
    at_once(lambda: make.reading(rep=rep, read="2025-03-10", followers=120), lambda: make.reading(rep=rep, read="2025-03-03", followers=100))
    assert selectors.figures(["followers"], [scopes.company()], periods.calendar().parse("2025-03"), on=ON)["followers", scopes.company()].value == 120
