"""A year's plan by the API: read whole, written together, never over what somebody else wrote meanwhile."""

from decimal import Decimal
from typing import Any

import pytest

from apps.core.models import Organisation
from apps.goals.models import Goal, GoalVersion
from tests import make
from tests.api.world import faults
from tests.people import People

pytestmark = pytest.mark.django_db
PLANS = "/api/v1/plans/"


def read(people: People, query: str = "?kpi=revenue&period=2025&by=month", status: int = 200, name: str = "carol") -> Any:
    answer = people.client(name).get(PLANS + query)
    assert answer.status_code == status, answer.content
    return faults(answer) if status == 400 else answer.json()


def write(people: People, *edits: dict[str, Any], status: int = 200, name: str = "carol", **more: Any) -> Any:
    answer = people.client(name).post(PLANS, {"kpi": "revenue", "edits": list(edits), **more}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return faults(answer) if status == 400 else answer.json()


def edit(scope: str, period: str, was: str | None, target: str | None) -> dict[str, Any]:
    return {"scope": scope, "period": period, "was": was, "target": target}


@pytest.fixture
def planned(people: People) -> People:
    Goal.objects.all().delete()
    make.goal("revenue", people.north, start="2025-01-01", last="2025-01-31", target=150)
    make.goal("revenue", people.alice, start="2025-01-01", last="2025-01-31", target="180.5")
    return people


def test_a_plan_is_told_line_by_line(planned: People) -> None:
    plan = read(planned)
    assert [column["period"] for column in plan["columns"]][:2] == ["2025-01", "2025-02"] and len(plan["columns"]) == 12
    lines = {line["scope"]: line for line in plan["lines"]}
    assert lines["team:North"]["targets"][:2] == ["150", None]
    assert lines["team:North"]["below"][:2] == ["180.5", None]
    assert lines["rep:Alice Adler"]["targets"][0] == "180.5" and lines["rep:Alice Adler"]["below"] == []


def test_targets_are_written_together_with_their_reason(planned: People) -> None:
    edits = [
        edit("team:North", "2025-01", "150", "200"),
        edit("rep:Alice Adler", "2025-01", "180.5", None),
        edit("company", "2025-02-10..2025-02-20", None, "7"),
    ]
    assert write(planned, *edits, reason="Plan") == {"created": 1, "changed": 1, "deleted": 1}
    assert sorted(Goal.objects.values_list("target", flat=True)) == [7, 200]
    assert set(GoalVersion.objects.filter(ended_on=None).values_list("reason", "set_by")) == {("Plan", planned.carol.pk)}


def test_what_somebody_else_changed_is_told_and_nothing_is_saved(planned: People) -> None:
    told = write(planned, edit("team:North", "2025-01", "140", "200"), edit("company", "2025-02", None, "7"), status=409)
    assert told["clashes"] == [{"scope": "team:North", "period": "2025-01", "target": "150"}]
    assert sorted(Goal.objects.values_list("target", flat=True)) == [150, Decimal("180.5")]


def test_locked_days_are_told_and_refused(planned: People) -> None:
    Organisation.objects.update_or_create(pk=1, defaults={"targets_locked_until": "2025-01-31"})
    assert [column["is_locked"] for column in read(planned)["columns"]][:2] == [True, False]
    assert "locked" in write(planned, edit("team:North", "2025-01", "150", "200"), status=400)["edits"][0]


@pytest.mark.parametrize(
    ("edits", "field"),
    [
        ([], "edits"),
        ([edit("team:Nowhere", "2025-01", None, "1")], None),
        ([edit("team:North", "soon", None, "1")], "edits"),
        ([edit("team:North", "2025-01", None, "0")], "edits"),
        ([edit("team:North", "2025-01", None, "x")], "edits"),
        ([{"scope": "company", "period": "2025-01", "target": "1"}], "edits"),
        ([edit("team:North", "2025-01", None, "1"), edit("team:North", "2025-01", None, "2")], "edits"),
    ],
)
def test_what_cannot_be_read_is_refused_and_named(people: People, edits: list[dict[str, Any]], field: str | None) -> None:
    before = list(Goal.objects.values_list("pk", "target"))
    told = write(people, *edits, status=400 if field else 404)
    assert field is None or field in told or isinstance(told, list)
    assert list(Goal.objects.values_list("pk", "target")) == before


@pytest.mark.parametrize(
    "query",
    [
        "?period=2025",
        "?kpi=revenue",
        "?kpi=nonsense&period=2025",
        "?kpi=target_attainment&period=2025",
        "?kpi=revenue&period=2025&by=week",
        "?kpi=revenue&period=2025&when=now",
    ],
)
def test_a_question_that_cannot_be_read_says_what_can(people: People, query: str) -> None:
    assert read(people, query, status=400)


def test_plans_are_for_admins(planned: People) -> None:
    for name in ("alice", "bob", "erin"):
        read(planned, status=403, name=name)
        write(planned, edit("company", "2025-02", None, "7"), status=403, name=name)
    assert Goal.objects.count() == 2
