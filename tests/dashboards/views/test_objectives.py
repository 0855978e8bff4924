"""Pages of objectives: trees as they are drawn, and who is let in."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.models import Organisation
from apps.objectives.models import CheckIn, Objective, Step
from tests import make
from tests.people import NAMES, People

LIST, ADD = reverse("dashboards:objectives"), reverse("dashboards:objective-add")
FIELDS = {"name": "Partners", "start_on": "2025-01-01", "last_on": "2025-03-31", "measured": "number", "unit": "partners", "target": "8", "whose": "company"}


def page(row: Objective, name: str = "objective") -> str:
    return reverse(f"dashboards:{name}", args=[row.pk])


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def opened(people: People, name: str, address: str) -> Any:
    return people.client(name).get(address)


def test_a_tree_is_drawn_with_where_everything_stands(people: People, tree: Objective) -> None:
    told = text(opened(people, "bob", LIST).content.decode())
    assert "38% · expected 62% · 0 of 3 parts reached" in told  # (2 × 50 % + 50 % + 0 %) ÷ 4
    assert "600 of 1,200 · 50% · expected 83%" in told and "counts 50% of the whole" in told
    assert "1 of 2 steps · 50% · expected 83%" in told
    assert "Not yet" in told and "Open" in told


def test_a_whole_says_what_nobody_has(people: People) -> None:
    whole = make.objective("Revenue", people.north, kpi="revenue", target=1000)
    make.objective("Alice’s", people.alice, kpi="revenue", target=900, parent=whole)
    make.objective("By the plan", people.north, kpi="calls", parent=make.objective("Other", people.north, measured="parts"))
    told = text(opened(people, "bob", LIST).content.decode())
    assert "Nobody has the last 100 (10%) of it." in told
    assert "No parts with a target yet. 1 part has no target and does not count." in told
    whole.parts.update(target=1500)
    assert "Its parts ask for 500 (50%) more." in text(opened(people, "bob", LIST).content.decode())


def test_what_is_over_says_by_how_much(people: People) -> None:
    for target, value in ((10, 12), (10, 7), (10, 10)):
        make.check_in(make.objective("Partners", people.north, measured="number", unit="partners", target=target, last="2025-02-28"), value, on="2025-02-01")
    make.objective("Shop", people.north, last="2025-02-28")
    told = text(opened(people, "bob", LIST + "?when=past").content.decode())
    for words in ("Reached, by 2 partners.", "Missed by 3 partners.", "Reached, to the point.", "Missed.", "12 of 10 partners · 120%"):
        assert words in told
    assert "None at this time." in opened(people, "bob", LIST).content.decode()


def test_parts_of_others_count_and_are_not_named(people: People) -> None:
    whole = make.objective("Ours", people.north, measured="parts")
    mine = make.objective("Alice’s secret", people.alice, parent=whole)
    make.check_in(mine, 1)
    make.objective("Dave’s secret", people.dave, parent=whole)
    seen = text(opened(people, "bob", page(whole)).content.decode())
    assert "Alice’s secret" in seen and "Dave’s secret" not in seen
    assert "and 1 part of others, which counts too" in seen and "50%" in seen


def test_who_sees_a_part_alone_is_not_told_of_the_whole(people: People, tree: Objective) -> None:
    part = Objective.objects.get(name="Alice’s revenue")
    for address in (LIST, page(part)):
        seen = opened(people, "alice", address).content.decode()
        assert "Alice’s revenue" in seen and "Win the north" not in seen
    company = make.objective("Plan of the board", measured="parts")
    tree.parent = company
    tree.save()
    assert "Plan of the board" not in opened(people, "bob", page(tree)).content.decode()
    assert opened(people, "bob", page(tree, "objective-change")).status_code == 403  # how it counts there is up to who sets the whole


@pytest.mark.parametrize(("name", "status"), [("alice", 404), ("bob", 200), ("carol", 200), ("dave", 404), ("erin", 200)])
def test_a_teams_objective_is_for_who_leads_it_and_who_sees_everybody(people: People, tree: Objective, name: str, status: int) -> None:
    assert opened(people, name, page(tree)).status_code == status


def test_every_address_is_closed_to_those_who_may_not(people: People, tree: Objective) -> None:
    step, told = Step.objects.first(), make.check_in(Objective.objects.get(name="Shop"), 1)
    assert step
    shop = told.objective
    addresses = [page(tree, f"objective-{name}") for name in ("change", "delete", "split")]
    addresses += [page(shop, "objective-tell"), reverse("dashboards:objective-step", args=[step.pk]), reverse("dashboards:objective-untell", args=[told.pk])]
    before = list(Objective.objects.values()), list(Step.objects.values()), list(CheckIn.objects.values())
    for name, status in (("alice", 404), ("dave", 404), ("erin", 403)):
        assert [people.client(name).post(address, FIELDS).status_code for address in addresses] == [status] * len(addresses), name
    assert (list(Objective.objects.values()), list(Step.objects.values()), list(CheckIn.objects.values())) == before


def test_what_is_personal_stays_with_the_rep_and_who_leads_them(people: People) -> None:
    make.check_in(make.objective("Learn to say no", people.alice, is_personal=True), 1, note="To Bob, of all people")
    row = Objective.objects.get()
    for name, status in (("alice", 200), ("bob", 200), ("carol", 404), ("dave", 404), ("erin", 404)):
        assert opened(people, name, page(row)).status_code == status, name
        seen = opened(people, name, LIST).content.decode() + opened(people, name, f"/goals/?rep={people.alice.pk}").content.decode()
        assert ("Learn to say no" in seen) == (status == 200), name
    for name in set(NAMES) - {"alice"}:
        assert people.client(name).post(page(row, "objective-delete")).status_code in (403, 404)
        assert people.client(name).post(page(row, "objective-tell"), {"value": "0", "day": "2025-03-01"}).status_code in (403, 404)
    assert row.check_ins.count() == 1


def test_a_rep_adds_a_personal_objective_and_finds_it_among_their_goals(people: People) -> None:
    alice = people.client("alice")
    assert "whose" not in alice.get(ADD + "?personal").context["form"].fields
    alice.post(ADD + "?personal", {**FIELDS, "whose": f"rep:{people.dave.pk}", "measured": "checklist", "steps": "Read\n\n Write \n"})
    row = Objective.objects.get()
    assert (row.is_personal, row.rep, [step.name for step in row.steps.all()], row.target) == (True, people.alice, ["Read", "Write"], None)
    seen = alice.get(reverse("dashboards:goals")).content.decode()
    assert "0 of 2 steps" in seen and "Add a personal objective" in seen
    assert people.client("carol").get(ADD + "?personal").status_code == 403


def test_a_manager_sets_for_their_team_and_nobody_elses(people: People) -> None:
    bob = people.client("bob")
    assert bob.post(ADD, {**FIELDS, "whose": f"team:{people.north.pk}"}).status_code == 302
    for whose in ("company", f"team:{people.south.pk}", f"rep:{people.dave.pk}", f"region:{people.region.pk}"):
        answer = bob.post(ADD, {**FIELDS, "whose": whose})
        assert answer.status_code == 400 and "Select a valid choice" in answer.content.decode()
    assert [row.team for row in Objective.objects.all()] == [people.north]
    Organisation.objects.update(managers_set="nothing")
    assert bob.post(ADD, {**FIELDS, "whose": f"team:{people.north.pk}"}).status_code == 403
    assert people.client("alice").get(ADD).status_code == 403


def test_a_kpi_that_is_gone_does_not_break_the_page(people: People) -> None:
    row = make.objective("Old", people.north, kpi="revenue", target=5)
    Objective.objects.update(kpi="no_longer_there")
    assert "This KPI is no longer there." in opened(people, "bob", page(row)).content.decode()


def test_a_window_longer_than_a_board_can_show_is_drawn_without_a_link(people: People) -> None:
    make.objective("Ever", people.north, kpi="revenue", target=5, start="2000-01-01", last="2100-12-31")
    seen = opened(people, "bob", LIST).content.decode()
    assert "Ever" in seen and "2100-12-31" not in seen


def test_what_would_be_counted_twice_is_named_to_those_who_see_it(people: People) -> None:
    whole = make.objective("Revenue", people.north, measured="parts")
    make.objective("Alice’s share", people.alice, kpi="revenue", target=10, parent=whole)
    make.objective("All of North", people.north, kpi="revenue", target=100, parent=whole)
    seen = text(opened(people, "bob", page(whole)).content.decode())
    assert "“Alice’s share” is counted in another part already, and counts once." in seen and "0 of 100" in seen


def test_history_keeps_what_it_was_of_somebody_else_to_those_who_see_them(people: People) -> None:
    row = make.objective("Dave’s last chance", people.dave)
    row.name, row.rep = "A fresh start", people.alice
    row.save()
    assert "last chance" not in opened(people, "alice", page(row)).content.decode()
    assert "last chance" in opened(people, "carol", page(row)).content.decode()


def test_what_an_admin_set_for_a_team_is_read_split_and_told_by_its_manager(people: People) -> None:
    row = make.objective("Partners", people.north, measured="number", unit="partners", target=8, set_by=people.carol)
    bob = people.client("bob")
    assert bob.get(page(row, "objective-change")).status_code == 403
    assert bob.post(page(row, "objective-delete")).status_code == 403
    assert bob.post(page(row, "objective-tell"), {"value": "3", "day": "2025-03-10"}).status_code == 302
    assert bob.post(page(row, "objective-split"), {"among": "rep", "how": "equally"}).status_code == 302
    seen = text(bob.get(page(row)).content.decode())
    assert "Note it" not in seen and "0 of 8 partners" in seen  # from now on it is what its parts reached
    assert bob.get(f"{ADD}?part_of={row.pk}").status_code == 200


def test_many_trees_are_shown_page_by_page_what_ended_last_first(people: People) -> None:
    for n in range(45):
        make.objective(f"Past {n:02}", people.north, start="2025-01-01", last=f"2025-02-{n % 28 + 1:02}")
    bob = people.client("bob")
    first = bob.get(LIST + "?when=past").content.decode()
    assert "Past 27" in first and "More objectives" in first and "Past 00" not in first
    assert "Past 00" in bob.get(LIST + "?when=past&page=2").content.decode()
    assert bob.get(LIST + "?when=past&page=999").status_code == 200


def test_many_check_ins_and_parts_cost_no_more_queries(people: People) -> None:
    def asked(row: Objective) -> int:
        bob = people.client("bob")
        with CaptureQueriesContext(connection) as found:
            assert bob.get(page(row)).status_code == 200
        return len(found)

    whole = make.objective("Partners", people.north, measured="number", target=8, set_by=people.bob)
    make.check_in(whole, 1, told_by=people.bob)
    make.objective("One", people.alice, parent=whole)
    few = asked(whole)
    for n in range(30):
        make.check_in(whole, n, told_by=people.bob)
        make.objective(f"Part {n}", people.alice, parent=whole)
    assert asked(whole) == few
