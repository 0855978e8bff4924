"""The records behind a figure agree with what it says."""

import pytest

from apps.core import periods
from apps.kpis import rollup, selectors
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from tests import make

ON = make.TODAY


@pytest.mark.parametrize("key", ["pipeline_value", "opportunities_created"])
def test_a_mover_takes_deals_without_a_creation_day_along_in_figures_and_records(db: None, key: str) -> None:
    north, south = make.team("North"), make.team("South")
    ann = make.rep("Ann", team=north)
    Opportunity.objects.create(name="undated", owner=ann, stage=make.stage(), amount=5)
    make.move(ann, south, on="2025-02-15")
    rollup.drain(on=ON)
    january = periods.calendar().parse("2025-01")
    for team, excluded in ((north, 0), (south, 1)):
        scope = scopes.of(team)
        assert selectors.figures([key], [scope], january, on=ON)[key, scope].excluded == excluded
        assert [records.excluded for records in selectors.records(key, scope, january, on=ON)] == [excluded]
