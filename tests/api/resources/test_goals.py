"""Goals by the API: who set them and why is kept, and told."""

from decimal import Decimal

from apps.goals.models import Goal
from tests import make
from tests.api.world import faults, url
from tests.people import People

JSON = {"content_type": "application/json"}
QUARTER = {"kpi": "revenue", "scope": "company", "start_on": "2025-01-01", "last_on": "2025-03-31"}


def test_every_change_is_told_with_its_reason(people: People) -> None:
    carol = people.client("carol")
    answer = carol.post(url("goals"), {**QUARTER, "target": "100.0000", "reason": "Budget"}, **JSON)
    assert answer.status_code == 201, answer.content
    assert "reason" not in answer.json()
    goal = Goal.objects.get()
    assert carol.patch(url("goals", goal), {"target": "150", "reason": "A new product"}, **JSON).status_code == 200
    assert carol.patch(url("goals", goal), {"note": "kick-off"}, **JSON).status_code == 200
    told = carol.get(f"{url('goals', goal)}history/")
    assert told.status_code == 200, told.content
    assert [(one["by"], one["reason"], one["before"], one["after"]) for one in told.json()] == [
        ("Carol Costa", "", "150.0000", "150.0000"),
        ("Carol Costa", "A new product", "100.0000", "150.0000"),
        ("Carol Costa", "Budget", None, "100.0000"),
    ]


def test_the_history_of_a_goal_is_told_to_those_who_see_it(people: People) -> None:
    goal = make.goal("revenue", people.alice, target=Decimal(5))
    seen = {name: people.client(name).get(f"{url('goals', goal)}history/").status_code for name in ("alice", "bob", "dave")}
    assert seen == {"alice": 200, "bob": 200, "dave": 404}


def test_a_reason_that_is_too_long_is_refused(people: People) -> None:
    answer = people.client("carol").post(url("goals"), {**QUARTER, "target": "1", "reason": "x" * 201}, **JSON)
    assert (answer.status_code, list(faults(answer))) == (400, ["reason"])
