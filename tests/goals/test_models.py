"""What the database and every face refuse of a goal."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.goals.models import validate_kpi
from tests import make
from tests.api.world import faults
from tests.people import People


def test_a_negative_target_is_refused_by_the_database(db: None) -> None:
    with pytest.raises(IntegrityError, match="goal_target_is_not_negative"):
        make.goal(target=-1)


@pytest.mark.parametrize("kpi", ["income", "stage_conversion", "target_attainment"])
def test_what_cannot_have_a_goal_is_refused(kpi: str) -> None:
    with pytest.raises(ValidationError, match=kpi):
        validate_kpi(kpi)


@pytest.mark.parametrize(("changes", "field"), [({"target": "-5"}, "target"), ({"kpi": "target_attainment"}, "kpi"), ({"last_on": "9999-12-31"}, "last_on")])
def test_the_api_refuses_it_at_its_field(people: People, changes: dict[str, str], field: str) -> None:
    goal = {"kpi": "revenue", "scope": "company", "start_on": "2025-01-01", "last_on": "2025-03-31", "target": "100"}
    answer = people.client("carol").post("/api/v1/goals/", {**goal, **changes}, content_type="application/json")
    assert answer.status_code == 400 and field in faults(answer)
