"""Where the organisation allows it a manager sets the targets of their people and of the teams below, and nobody else's."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from apps.core import periods
from apps.core.models import Organisation
from apps.goals import drafts
from apps.goals.models import Draft, Goal
from apps.goals.services import Edit
from apps.reps import scopes
from tests import make
from tests.dashboards.views.test_plan import YEAR, fields
from tests.people import People

FILE = "/goals/year/file/?kpi=revenue&period=2025&by=month"
ENTER = "/goals/enter/?kpi=revenue&period=2025-01"
ONE = {"kpi": "revenue", "start_on": "2025-02-01", "last_on": "2025-02-28", "target": "500"}


@pytest.fixture
def allowed(people: People) -> People:
    """Bob may set targets; North has its own, and so have Alice and, in South, Dave."""
    Organisation.objects.update(managers_set="targets")
    for whose, target in ((people.north, 1500), (people.alice, 1800), (people.south, 900), (people.dave, 700)):
        make.goal("revenue", whose, start="2025-01-01", last="2025-01-31", target=target)
    return people


def targets() -> dict[str, Decimal]:
    return {goal.owner_name: goal.target for goal in Goal.objects.filter(start_on="2025-01-01")}


def test_their_plan_holds_their_people_to_be_set_and_their_team_to_be_read(allowed: People) -> None:
    html = allowed.client("bob").get(YEAR).content.decode()
    assert {name.split("=")[0].rsplit("-", 1)[0] for name in fields(html)} == {f"t-rep-{allowed.alice.pk}"}
    assert "1,500" in html and "North" in html
    for word in ("South", "Dave Dahl", "Keep as a draft", "What changed"):
        assert word not in html


def test_what_they_set_is_saved_and_what_others_set_is_refused(allowed: People) -> None:
    bob = allowed.client("bob")
    assert bob.post(YEAR, {f"t-rep-{allowed.alice.pk}-0=1800": "2000", "reason": ""}).status_code == 302
    for name in (f"t-team-{allowed.north.pk}-0=1500", f"t-team-{allowed.south.pk}-0=900", f"t-rep-{allowed.dave.pk}-0=700", "t-company-0-0="):
        assert bob.post(YEAR, {name: "1", "reason": ""}).status_code in (400, 403), name
    assert targets() == {"North": 1500, "Alice Adler": 2000, "South": 900, "Dave Dahl": 700}


def test_what_is_handed_down_from_their_team_fills_their_peoples_fields_alone(allowed: People) -> None:
    sent = {"fill": "cascade", "fill-cascade_whose": f"team-{allowed.north.pk}", "fill-cascade_to": "people", "fill-cascade_by": "equal", "fill-unit": "1"}
    html = allowed.client("bob").post(YEAR, {f"t-rep-{allowed.alice.pk}-0=1800": "1800", **sent}).content.decode()
    assert fields(html)[f"t-rep-{allowed.alice.pk}-0=1800"] == "1,500"
    up = {"fill": "rollup", "fill-rollup_whose": "all", "fill-unit": "1"}
    html = allowed.client("bob").post(YEAR, {f"t-rep-{allowed.alice.pk}-0=1800": "1800", **up}).content.decode()
    assert "0 targets filled in" in html


def test_a_draft_is_the_admins_and_outlives_what_managers_save(allowed: People) -> None:
    year, january = periods.calendar().parse("2025"), periods.calendar().parse("2025-01")
    drafts.keep("revenue", year, "month", [Edit(scopes.of(allowed.alice), january, Decimal(1800), Decimal(9999))], by=allowed.carol.pk)
    bob = allowed.client("bob")
    assert "9,999" not in bob.get(YEAR).content.decode()
    for sent in ({"draft": "keep"}, {"draft": "discard"}):
        assert bob.post(YEAR, sent).status_code == 403
    bob.post(YEAR, {f"t-rep-{allowed.alice.pk}-0=1800": "2000", "reason": ""})
    assert Draft.objects.count() == 1
    assert bob.get(reverse("dashboards:goals-year-then")).status_code == 403


def test_their_file_holds_their_lines(allowed: People) -> None:
    told = allowed.client("bob").get(FILE).content.decode()
    assert "Alice Adler" in told and "North" in told and "Dave" not in told and "South" not in told and "company" not in told


def test_they_enter_and_change_single_targets_of_their_people(allowed: People) -> None:
    bob = allowed.client("bob")
    html = bob.get(ENTER).content.decode()
    assert set(re.findall(r'name="(target-[^"]+)"', html)) == {f"target-rep-{allowed.alice.pk}"}
    bob.post(ENTER, {f"target-rep-{allowed.alice.pk}": "1900", f"was-rep-{allowed.alice.pk}": "1800", f"target-team-{allowed.north.pk}": "1", "reason": ""})
    assert (targets()["Alice Adler"], targets()["North"]) == (1900, 1500)
    add = reverse("dashboards:goal-add")
    assert bob.post(add, {**ONE, "whose": f"rep:{allowed.alice.pk}"}).status_code == 302
    assert bob.post(add, {**ONE, "whose": f"team:{allowed.north.pk}"}).status_code == 400
    for goal, status in ((Goal.objects.get(target=500), 302), (Goal.objects.get(team=allowed.north), 404), (Goal.objects.get(rep=allowed.dave), 404)):
        assert bob.post(reverse("dashboards:goal-delete", args=[goal.pk])).status_code == status
    assert Goal.objects.count() == 4


def test_the_list_offers_to_change_what_is_theirs(allowed: People) -> None:
    html = allowed.client("bob").get("/goals/?when=past").content.decode()
    mine, teams = (Goal.objects.get(start_on="2025-01-01", **whose).pk for whose in ({"rep": allowed.alice}, {"team": allowed.north}))
    assert reverse("dashboards:goal", args=[mine]) in html and reverse("dashboards:goal", args=[teams]) not in html
    assert "Plan a year" in html


def test_the_api_keeps_to_the_same(allowed: People) -> None:
    bob, json = allowed.client("bob"), {"content_type": "application/json"}
    plan = bob.get("/api/v1/plans/?kpi=revenue&period=2025&by=month").json()
    assert {line["scope"]: line["is_fixed"] for line in plan["lines"]} == {"team:North": True, "rep:Alice Adler": False}
    edit = {"period": "2025-01", "was": "1800", "target": "2000"}
    assert bob.post("/api/v1/plans/", {"kpi": "revenue", "edits": [{**edit, "scope": "rep:Alice Adler"}]}, **json).status_code == 200
    refused = bob.post("/api/v1/plans/", {"kpi": "revenue", "edits": [{**edit, "scope": "team:North", "was": "1500"}]}, **json)
    assert refused.status_code == 403 and "team:North" in str(refused.json())
    for whose, status in ((allowed.alice, 200), (allowed.north, 403), (allowed.dave, 404)):
        goal = Goal.objects.get(**{"rep" if hasattr(whose, "hired_on") else "team": whose})
        assert bob.patch(f"/api/v1/goals/{goal.pk}/", {"target": "3000"}, **json).status_code == status
    assert bob.post("/api/v1/goals/", {**ONE, "scope": "team", "team": allowed.north.pk}, **json).status_code == 403
    assert bob.post("/api/v1/goals/", {**ONE, "scope": "rep", "rep": allowed.alice.pk}, **json).status_code == 201
    assert targets() == {"North": 1500, "Alice Adler": 3000, "South": 900, "Dave Dahl": 700}


@pytest.fixture
def moved(allowed: People) -> Goal:
    """Gil was in South until March, and has a target for January."""
    gil = make.rep("Gil", team=allowed.south)
    make.move(gil, allowed.north, on="2025-03-01")
    return make.goal("revenue", gil, start="2025-01-01", last="2025-01-31", target=300)


def test_months_of_another_team_are_not_theirs_in_whatever_way(allowed: People, moved: Goal) -> None:
    bob, json, march = allowed.client("bob"), {"content_type": "application/json"}, {"start_on": "2025-03-01", "last_on": "2025-03-31"}
    form = {**ONE, "whose": f"rep:{moved.rep_id}"}
    assert bob.delete(f"/api/v1/goals/{moved.pk}/").status_code == 403
    assert bob.patch(f"/api/v1/goals/{moved.pk}/", march, **json).status_code == 403
    for name in ("goal", "goal-delete"):
        assert bob.post(reverse(f"dashboards:{name}", args=[moved.pk]), {**form, **march}).status_code == 404
    assert bob.post(reverse("dashboards:goal-add"), form).status_code == 400
    assert f"target-rep-{moved.rep_id}" not in bob.get(ENTER).content.decode()
    assert f"target-rep-{moved.rep_id}" in bob.get("/goals/enter/?kpi=revenue&period=2025-03").content.decode()
    assert bob.post(reverse("dashboards:goal-add"), {**form, **march}).status_code == 302
    assert Goal.objects.filter(pk=moved.pk, target=300, start_on="2025-01-01").exists()


def test_only_what_is_theirs_to_set_is_offered_to_be_changed(allowed: People, moved: Goal) -> None:
    theirs = make.goal("calls", allowed.alice, start="2025-01-01", last="2025-01-31", target=300)
    past = allowed.client("bob").get("/goals/?when=past").content.decode()
    assert (f"/goals/{theirs.pk}/" in past, f"/goals/{moved.pk}/" in past) == (True, False)
