"""Objectives by the API: set, told, and where they stand; and who may."""

from typing import Any

import pytest
from django.urls import reverse

from apps.core.models import Organisation
from apps.kpis import rollup
from apps.objectives.models import CheckIn, Objective, ObjectiveVersion, Step
from tests import make
from tests.api.world import faults, url
from tests.people import NAMES, People

JSON = {"content_type": "application/json"}
PARTNERS = {"name": "Partners", "measured": "number", "unit": "partners", "target": "8", "scope": "company", "start_on": "2025-01-01", "last_on": "2025-03-31"}


def post(people: People, who: str, kind: str, status: int = 201, **row: Any) -> Any:
    answer = people.client(who).post(url(kind), row, **JSON)
    assert answer.status_code == status, answer.content
    return faults(answer) if status == 400 else answer.json()


def test_a_tree_is_set_told_and_stands(people: People) -> None:
    make.deal(rep=people.alice, won="2025-03-03", amount=600)
    rollup.drain(on=make.TODAY, wait=True)
    whole = post(
        people, "bob", "objectives", **{**PARTNERS, "measured": "parts", "target": None, "scope": "team", "team": people.north.pk, "reason": "Kick-off"}
    )
    days = {name: PARTNERS[name] for name in ("start_on", "last_on")}
    revenue = {
        "name": "Revenue",
        "measured": "kpi",
        "kpi": "revenue",
        "target": "1200",
        "scope": "rep",
        "rep": people.alice.pk,
        "parent": whole["id"],
        "weight": "3",
    }
    post(people, "bob", "objectives", **revenue, **days)
    kit = post(people, "bob", "objectives", name="Kit", measured="checklist", scope="team", team=people.north.pk, parent=whole["id"], **days)
    step = post(people, "bob", "steps", objective=kit["id"], name="Slides")
    bob = people.client("bob")
    assert bob.patch(f"{url('steps')}{step['id']}/", {"done_on": "2025-03-01"}, **JSON).status_code == 200
    assert Step.objects.get().done_by == people.bob
    told = bob.get(f"{url('objectives')}{whole['id']}/standing/").json()
    assert {name: told[name] for name in ("attainment", "parts_are", "parts_met", "parts_counted", "status")} == {
        "attainment": "0.625",  # (3 × 0.5 + 1) ÷ 4
        "parts_are": "weighed",
        "parts_met": 1,
        "parts_counted": 2,
        "status": "behind",
    }
    assert ObjectiveVersion.objects.get(objective_id=whole["id"]).reason == "Kick-off"


def test_what_was_told_is_kept_with_who(people: People) -> None:
    row = make.objective("Partners", people.alice, measured="number", target=8)
    post(people, "alice", "check-ins", objective=row.pk, day="2025-03-01", value="3")
    assert CheckIn.objects.get().told_by == people.alice.user
    standing = people.client("alice").get(f"{url('objectives', row)}standing/").json()
    assert (standing["actual"], standing["attainment"], standing["target"]) == ("3", "0.375", "8")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"day": "2025-03-15", "value": "3"}, "day"),
        ({"day": "2024-12-31", "value": "3"}, "day"),
        ({"day": "2025-03-01", "value": "many"}, "value"),
        ({"day": "2025-03-01"}, "value"),
    ],
)
def test_what_cannot_be_told_names_the_field(people: People, row: dict[str, str], field: str) -> None:
    objective = make.objective("Partners", people.alice, measured="number", target=8)
    assert list(post(people, "alice", "check-ins", status=400, objective=objective.pk, **row)) == [field]


def test_nothing_is_told_of_what_is_counted_and_no_step_added_to_it(people: People) -> None:
    row = make.objective(scope=people.north, kpi="calls", target=3, set_by=people.bob)
    assert "not measured by hand" in str(post(people, "bob", "check-ins", status=400, objective=row.pk, day="2025-03-01", value="1"))
    assert list(post(people, "bob", "steps", status=400, objective=row.pk, name="Slides")) == ["objective"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"target": None}, "target"),
        ({"measured": "kpi", "kpi": ""}, "kpi"),
        ({"measured": "kpi", "kpi": "cac", "scope": "team"}, "kpi"),
        ({"baseline": "8"}, "baseline"),
        ({"weight": "0"}, "weight"),
        ({"last_on": "2024-01-01"}, "last_on"),
        ({"start_on": "1066-01-01"}, "start_on"),
        ({"scope": "rep"}, "scope"),
        ({"parent": 999_999}, "parent"),
    ],
)
def test_what_breaks_a_rule_names_the_field(people: People, changed: dict[str, object], field: str) -> None:
    assert list(post(people, "carol", "objectives", status=400, **{**PARTNERS, **changed})) == [field]
    assert not Objective.objects.exists()


def test_what_is_personal_is_the_reps_alone_to_write_and_nobody_elses_to_see(people: People) -> None:
    mine = {**PARTNERS, "scope": "rep", "rep": people.alice.pk, "is_personal": True}
    row = post(people, "alice", "objectives", **mine)
    for name in ("bob", "carol", "erin"):
        post(people, name, "objectives", status=403, **mine)
    post(people, "dave", "objectives", status=400, **mine)  # a rep he does not see
    seen = {name for name in NAMES if people.client(name).get(f"{url('objectives')}{row['id']}/").status_code == 200}
    assert seen == {"alice", "bob"}
    assert {name for name in NAMES if people.client(name).get(url("objectives")).json()["results"]} == {"alice", "bob"}
    make.check_in(Objective.objects.get(), 2)
    assert {name for name in NAMES if people.client(name).get(url("check-ins")).json()["results"]} == {"alice", "bob"}
    change = people.client("alice").patch(f"{url('objectives')}{row['id']}/", {"is_personal": False}, **JSON)
    assert (change.status_code, list(faults(change))) == (400, ["is_personal"])
    assert people.client("bob").delete(f"{url('objectives')}{row['id']}/").status_code == 403


def test_managers_set_for_their_own_teams_as_the_organisation_allows(people: People) -> None:
    ours = {**PARTNERS, "scope": "team", "team": people.north.pk}
    post(people, "bob", "objectives", **ours)
    post(people, "bob", "objectives", status=403, **PARTNERS)
    post(people, "alice", "objectives", status=403, **{**PARTNERS, "scope": "rep", "rep": people.alice.pk})
    Organisation.objects.update(managers_set="nothing")
    post(people, "bob", "objectives", status=403, **ours)


def test_a_rep_says_what_is_done_and_does_not_rewrite_the_checklist(people: People) -> None:
    step = make.step(make.objective("Kit", people.alice, measured="checklist"), "Slides")
    alice = people.client("alice")
    assert alice.patch(url("steps", step), {"done_on": "2025-03-01"}, **JSON).status_code == 200
    assert alice.patch(url("steps", step), {"name": "Less"}, **JSON).status_code == 403
    post(people, "alice", "steps", status=403, objective=step.objective_id, name="More")


def test_what_was_told_and_what_is_to_be_done_stay_with_their_objective(people: People) -> None:
    shared = make.objective("Kit", people.alice, measured="checklist", set_by=people.bob)
    own = make.objective("Mine", people.alice, measured="checklist", is_personal=True)
    number = make.objective("Mine, too", people.alice, measured="number", target=5, is_personal=True)
    step, told = make.step(shared, "The hard one"), make.check_in(number, 3, told_by=people.alice.user)
    alice, bob = people.client("alice"), people.client("bob")
    assert alice.patch(url("steps", step), {"objective": own.pk}, **JSON).status_code == 400
    assert bob.patch(url("steps", make.step(own)), {"objective": shared.pk}, **JSON).status_code in (400, 403)
    other = make.objective("Ours", people.north, measured="number", target=5, set_by=people.bob)
    assert bob.patch(url("check-ins", told), {"objective": other.pk}, **JSON).status_code in (400, 403)
    told.refresh_from_db()
    step.refresh_from_db()
    assert (told.objective, step.objective) == (number, shared)


def test_how_a_part_counts_in_its_whole_is_up_to_who_sets_the_whole(people: People) -> None:
    company = make.objective(measured="parts", set_by=people.carol)
    part = make.objective("North’s part", people.north, parent=company, set_by=people.bob)
    bob = people.client("bob")
    for change in ({"weight": "9999"}, {"parent": None}, {"name": "Other"}):
        assert bob.patch(url("objectives", part), change, **JSON).status_code == 403
    assert bob.get(url("objectives", part)).json()["parent"] is None  # it does not see that there is a whole
    assert people.client("carol").get(url("objectives", part)).json()["parent"] == company.pk
    mine = make.objective("Ours", people.north, set_by=people.bob)
    assert bob.patch(url("objectives", mine), {"parent": company.pk}, **JSON).status_code == 400  # not theirs to see
    post(people, "bob", "objectives", **{**PARTNERS, "scope": "rep", "rep": people.alice.pk, "parent": part.pk})


def test_deleting_takes_nothing_that_others_set(people: People) -> None:
    whole = make.objective("Ours", people.north, measured="parts", set_by=people.bob)
    make.objective("Dave’s", people.dave, parent=whole, set_by=people.carol)
    assert people.client("bob").delete(url("objectives", whole)).status_code == 403
    assert people.client("carol").delete(url("objectives", whole)).status_code == 204


def test_a_check_in_that_is_deleted_is_kept_as_taken_back(people: People) -> None:
    told = make.check_in(make.objective("Shop", people.alice), 1, told_by=people.alice.user)
    assert people.client("alice").delete(url("check-ins", told)).status_code == 204
    assert CheckIn.objects.get().taken_back_by == people.alice.user
    assert people.client("alice").get(url("check-ins")).json()["results"] == []


def test_a_ratio_of_many_digits_is_told(people: People) -> None:
    row = make.objective("Far", people.alice, measured="number", target="1.0001", baseline=1)
    make.check_in(row, -99999999999999)
    assert people.client("alice").get(f"{url('objectives', row)}standing/").status_code == 200


def test_a_baseline_where_more_is_better_is_refused(people: People) -> None:
    sent = {**PARTNERS, "measured": "kpi", "kpi": "revenue", "unit": "", "baseline": "3"}
    assert list(post(people, "carol", "objectives", status=400, **sent)) == ["baseline"]
    goal = {"kpi": "revenue", "scope": "company", "start_on": "2025-01-01", "last_on": "2025-03-31", "target": "1", "baseline": "3"}
    assert list(post(people, "carol", "goals", status=400, **goal)) == ["baseline"]


def test_the_history_of_an_objective_is_told(people: People) -> None:
    row = post(people, "bob", "objectives", **{**PARTNERS, "scope": "team", "team": people.north.pk, "reason": "Kick-off"})
    people.client("bob").patch(f"{url('objectives')}{row['id']}/", {"target": "12", "reason": "More"}, **JSON)
    told = people.client("bob").get(f"{url('objectives')}{row['id']}/history/").json()
    assert [(one["by"], one["reason"], one["target"]) for one in told] == [("Bob Berg", "More", "12.0000"), ("Bob Berg", "Kick-off", "8.0000")]


def test_a_checklist_that_an_admin_set_is_ticked_and_not_rewritten(people: People) -> None:
    step = make.step(make.objective("Kit", people.north, measured="checklist", set_by=people.carol), "Slides")
    bob = people.client("bob")
    assert bob.patch(url("steps", step), {"name": "Less"}, **JSON).status_code == 403
    assert bob.delete(url("steps", step)).status_code == 403
    post(people, "bob", "steps", status=403, objective=step.objective_id, name="More")
    assert bob.patch(url("steps", step), {"done_on": "2025-03-01"}, **JSON).status_code == 200


def test_what_somebody_told_is_not_rewritten_by_others(people: People) -> None:
    one = make.objective("Partners", people.alice, measured="number", target=8, set_by=people.carol)
    told = make.check_in(one, 3, told_by=people.alice.user)
    for name in ("bob", "carol"):
        assert people.client(name).patch(url("check-ins", told), {"value": "8"}, **JSON).status_code == 403
    assert people.client("bob").delete(url("check-ins", told)).status_code == 403  # he does not set it
    assert people.client("alice").patch(url("check-ins", told), {"value": "4"}, **JSON).status_code == 200


def test_moving_a_whole_takes_its_alike_parts_along_and_nobody_elses(people: People) -> None:
    moved = {"start_on": "2025-04-01", "last_on": "2025-06-30"}
    whole = make.objective("Ours", people.north, measured="parts", set_by=people.bob)
    part = make.objective("Alice’s", people.alice, parent=whole, set_by=people.bob)
    bob = people.client("bob")
    assert bob.patch(url("objectives", whole), moved, **JSON).status_code == 200
    part.refresh_from_db()
    assert str(part.start_on) == "2025-04-01"
    make.objective("Dave’s", people.dave, parent=whole, set_by=people.carol, start="2025-04-01", last="2025-06-30")
    assert bob.patch(url("objectives", whole), {"last_on": "2025-07-31"}, **JSON).status_code == 403
    assert people.client("carol").patch(url("objectives", whole), {"last_on": "2025-07-31"}, **JSON).status_code == 200


def test_parts_that_move_along_keep_who_moved_them_and_why(people: People) -> None:
    whole = make.objective("Ours", people.north, measured="parts", set_by=people.bob)
    part = make.objective("Alice’s", people.alice, parent=whole, set_by=people.bob)
    people.client("bob").patch(url("objectives", whole), {"start_on": "2025-04-01", "last_on": "2025-06-30", "reason": "Later"}, **JSON)
    latest = part.versions.latest("pk")
    assert (str(latest.start_on), latest.set_by, latest.reason) == ("2025-04-01", people.bob, "Later")


@pytest.mark.parametrize("sent", [{"last_on": "2024-12-31"}, {"start_on": "1066-01-01"}])
def test_days_that_cannot_be_are_refused_for_a_whole_and_its_parts(people: People, sent: dict[str, str]) -> None:
    whole = make.objective("Ours", people.north, measured="parts", set_by=people.bob)
    make.objective("Alice’s", people.alice, parent=whole, set_by=people.bob)
    assert people.client("bob").patch(url("objectives", whole), sent, **JSON).status_code == 400


def test_what_others_set_over_other_days_does_not_hold_a_whole(people: People) -> None:
    whole = make.objective("Ours", people.north, measured="parts", set_by=people.bob)
    make.objective("The admin’s week", people.alice, parent=whole, set_by=people.carol, start="2025-02-03", last="2025-02-07")
    make.objective("Alice’s", people.alice, parent=whole, set_by=people.bob)
    bob = people.client("bob")
    assert bob.patch(url("objectives", whole), {"last_on": "2025-04-30"}, **JSON).status_code == 200
    fields = {"name": "Ours", "measured": "parts", "whose": f"team:{people.north.pk}", "start_on": "2025-01-01", "last_on": "2025-05-31"}
    assert bob.post(reverse("dashboards:objective-change", args=[whole.pk]), fields).status_code == 302
