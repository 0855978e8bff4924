"""Pages of objectives: trees, what is told by hand, splitting, and who is let in."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.models import Organisation
from apps.kpis import rollup
from apps.objectives import access
from apps.objectives.models import CheckIn, Objective, ObjectiveVersion, Step
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


@pytest.fixture
def tree(people: People) -> Objective:
    """North's whole: Alice's revenue (half of 1,200), a checklist with one of two steps done, and a yes or no."""
    make.deal(rep=people.alice, won="2025-03-03", amount=600)
    rollup.drain(on=make.TODAY, wait=True)
    bobs: dict[str, Any] = {"set_by": people.bob}
    whole = make.objective("Win the north", people.north, measured="parts", **bobs)
    make.objective("Alice’s revenue", people.alice, kpi="revenue", target=1200, parent=whole, weight=2, **bobs)
    kit = make.objective("Launch kit", people.north, measured="checklist", parent=whole, **bobs)
    make.step(kit, "Slides", done="2025-03-01")
    make.step(kit, "Prices")
    make.objective("Shop", people.north, parent=whole, **bobs)
    return whole


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


def test_a_part_begins_with_what_its_whole_is(people: People, tree: Objective) -> None:
    bob = people.client("bob")
    address = f"{ADD}?part_of={tree.pk}"
    form = bob.get(address).context["form"]
    assert (form.initial["start_on"], form["whose"].initial) == (date(2025, 1, 1), f"team:{people.north.pk}")
    bob.post(address, {**FIELDS, "whose": f"rep:{people.alice.pk}", "weight": "2,5".replace(",", ".")})
    part = Objective.objects.get(name="Partners")
    assert (part.parent, part.rep, part.weight) == (tree, people.alice, Decimal("2.5"))
    early = bob.post(address, {**FIELDS, "whose": f"rep:{people.alice.pk}", "start_on": "2024-12-31"})
    assert "What it is a part of begins later: on Jan 1, 2025." in early.content.decode()


@pytest.mark.parametrize("part_of", ["x", "-1", "9" * 30, "²", ""])
def test_an_address_that_cannot_be_read_says_so(people: People, part_of: str) -> None:
    assert people.client("carol").get(ADD, {"part_of": part_of}).status_code == 400


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "This field is required."),
        ({"target": ""}, "Write what is to be reached."),
        ({"target": "a lot"}, "Enter a number."),
        ({"target": "-5"}, "A target is more than zero"),
        ({"baseline": "8"}, "It starts where it is to end."),
        ({"last_on": "2024-12-31"}, "The last day cannot be before the first."),
        ({"start_on": "1066-01-01"}, "between 1971 and 2199"),
        ({"measured": "kpi"}, "Choose the KPI that measures it."),
        ({"measured": "kpi", "kpi": "revenue", "baseline": "3"}, "only for KPIs where lower is better"),
        ({"measured": "kpi", "kpi": "cac", "whose": "team:%(north)s"}, "cannot have this goal"),
        ({"measured": "checklist", "steps": "\n".join(map(str, range(101)))}, "at most 100 steps"),
        ({"measured": "magic"}, "Select a valid choice."),
        ({"whose": "team:999"}, "Select a valid choice."),
    ],
)
def test_a_wrong_objective_is_refused_with_words(people: People, changed: dict[str, str], words: str) -> None:
    sent = {**FIELDS, **{name: value % {"north": people.north.pk} for name, value in changed.items()}}
    answer = people.client("carol").post(ADD, sent)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Objective.objects.exists()


def test_what_does_not_belong_to_what_measures_it_is_dropped(people: People) -> None:
    people.client("carol").post(ADD, {**FIELDS, "measured": "yes_no", "kpi": "calls", "target": "rubbish", "stay": "above", "steps": "a\nb"})
    row = Objective.objects.get()
    assert (row.kpi, row.unit, row.target, row.stay, row.steps.count()) == ("", "", None, "", 0)


def test_a_change_keeps_its_history_and_nothing_unseen_is_written_over(people: People) -> None:
    carol = people.client("carol")
    carol.post(ADD, {**FIELDS, "reason": "Kick-off"})
    row = Objective.objects.get()
    seen = carol.get(page(row, "objective-change")).context["form"].seen
    assert carol.post(page(row, "objective-change"), {**FIELDS, "seen": seen, "target": "12", "reason": "More shops"}).status_code == 302
    answer = carol.post(page(row, "objective-change"), {**FIELDS, "seen": seen, "target": "9"})
    assert (answer.status_code, Objective.objects.get().target) == (400, 12)
    assert "Somebody changed this meanwhile" in answer.content.decode()
    history = text(carol.get(page(row)).content.decode())
    assert "Target: 8 → became 12 More shops" in history and "Kick-off" in history
    assert set(ObjectiveVersion.objects.values_list("set_by", flat=True)) == {people.carol.pk}


def test_what_is_told_is_kept_with_day_note_and_who_and_can_be_taken_back(people: People) -> None:
    row = make.objective("Partners", people.alice, measured="number", unit="partners", target=8)
    alice = people.client("alice")
    assert alice.post(page(row, "objective-tell"), {"value": "3", "day": "2025-03-10", "note": "Valencia"}).status_code == 302
    told = CheckIn.objects.get()
    assert (told.value, told.day, told.note, told.told_by) == (3, date(2025, 3, 10), "Valencia", people.alice.user)
    assert "3 partners Mar 10, 2025 Valencia Alice Adler" in text(alice.get(page(row)).content.decode())
    assert alice.post(reverse("dashboards:objective-untell", args=[told.pk])).status_code == 302
    assert CheckIn.objects.get().taken_back_by == people.alice.user
    seen = text(alice.get(page(row)).content.decode())
    assert "taken back by Alice Adler" in seen and "0 of 8 partners" in seen
    assert alice.post(reverse("dashboards:objective-untell", args=[told.pk])).status_code == 403  # once is enough
    assert alice.post(reverse("dashboards:objective-untell", args=[999_999])).status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"value": "3", "day": "2025-03-15"}, "still to come"),
        ({"value": "3", "day": "2024-12-31"}, "from the first to the last"),
        ({"value": "", "day": "2025-03-10"}, "This field is required."),
        ({"value": "three", "day": "2025-03-10"}, "Enter a number."),
        ({"value": "1" * 30, "day": "2025-03-10"}, "no more than"),
        ({"value": "3", "day": "soon"}, "Enter a valid date."),
    ],
)
def test_what_cannot_be_told_stays_on_the_page_with_words(people: People, sent: dict[str, str], words: str) -> None:
    row = make.objective("Partners", people.alice, measured="number", target=8)
    answer = people.client("bob").post(page(row, "objective-tell"), {**sent, "note": "Valencia"})
    assert answer.status_code == 400
    assert words in answer.content.decode() and 'value="Valencia"' in answer.content.decode()
    assert not CheckIn.objects.exists()


def test_a_step_is_ticked_and_unticked(people: People) -> None:
    kit = make.objective("Kit", people.alice, measured="checklist")
    step, alice = make.step(kit, "Slides"), people.client("alice")
    address = reverse("dashboards:objective-step", args=[step.pk])
    assert alice.post(address, {"done_on": "2025-03-10", "note": "v2"}).status_code == 302
    assert "Slides done on Mar 10, 2025 · Alice Adler v2" in text(alice.get(page(kit)).content.decode())
    assert alice.post(address, {"not_yet": ""}).status_code == 302
    step.refresh_from_db()
    assert (step.done_on, step.done_by) == (None, None)
    refused = alice.post(address, {"done_on": "2025-03-15"})
    assert refused.status_code == 400 and "still to come" in refused.content.decode()


def test_a_whole_is_split_among_teams_and_people(people: People) -> None:
    whole = make.objective("Revenue", people.north, kpi="revenue", target=1001)
    bea = make.rep("Bea", team=people.north)
    bob = people.client("bob")
    assert bob.post(page(whole, "objective-split"), {"among": "rep", "how": "equally"}).status_code == 302
    assert {part.rep: (part.target, part.name, part.set_by) for part in whole.parts.all()} == {
        people.alice: (501, "Revenue · Alice Adler", people.bob),
        bea: (500, "Revenue · Bea", people.bob),
    }
    again = bob.post(page(whole, "objective-split"), {"among": "rep", "how": "plan"})
    assert again.status_code == 400 and "Everybody has a part of it already." in again.content.decode()
    company = make.objective("All", kpi="revenue")
    assert people.client("carol").post(page(company, "objective-split"), {"among": "team", "how": "plan"}).status_code == 302
    assert {part.team for part in company.parts.all()} == {people.north, people.south}


def test_nobody_below_is_nobody_to_split_among(people: People) -> None:
    single = make.objective("Shops", people.alice, measured="number", target=3)
    assert "Split it" not in opened(people, "bob", page(single)).content.decode()
    assert people.client("bob").post(page(single, "objective-split"), {"among": "rep", "how": "equally"}).status_code == 400


def test_deleting_takes_the_parts_and_leads_to_the_whole(people: People, tree: Objective) -> None:
    bob, kit = people.client("bob"), Objective.objects.get(name="Launch kit")
    assert "The 3 parts below it go with it." in bob.get(page(tree, "objective-change")).content.decode()
    assert bob.post(page(kit, "objective-delete"), {"reason": "No budget"}).headers["Location"] == page(tree)
    assert ObjectiveVersion.objects.get(objective_id=kit.pk).end_reason == "No budget"
    bob.post(page(tree, "objective-delete"))
    assert not Objective.objects.exists()


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


def test_a_page_that_was_refused_leads_back_when_it_is_opened_again(people: People, tree: Objective) -> None:
    step, shop = Step.objects.first(), Objective.objects.get(name="Shop")
    told = make.check_in(shop, 1)
    assert step
    kit, bob = step.objective, people.client("bob")
    for name, pk, leads in (("tell", shop.pk, shop), ("split", tree.pk, tree), ("step", step.pk, kit), ("untell", told.pk, shop)):
        assert bob.get(reverse(f"dashboards:objective-{name}", args=[pk])).headers["Location"] == page(leads)


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


def test_moving_a_whole_moves_its_alike_parts_and_names_those_that_would_lie_outside(people: People, tree: Objective) -> None:
    bob, fields = people.client("bob"), {"name": "Win the north", "measured": "parts", "whose": f"team:{people.north.pk}"}
    other = make.objective("Fair", people.north, parent=tree, start="2025-03-03", last="2025-03-07", set_by=people.bob)
    moved = {"start_on": "2025-04-01", "last_on": "2025-06-30"}
    answer = bob.post(page(tree, "objective-change"), {**fields, **moved})
    assert (answer.status_code, "These parts would lie outside: “Fair”." in answer.content.decode()) == (400, True)
    other.delete()
    assert bob.post(page(tree, "objective-change"), {**fields, **moved}).status_code == 302
    assert set(Objective.objects.values_list("start_on", flat=True)) == {date(2025, 4, 1)}


def test_steps_that_somebody_added_meanwhile_are_not_lost(people: People) -> None:
    kit = make.objective("Kit", people.alice, measured="checklist", set_by=people.bob)
    make.step(kit, "Slides")
    bob = people.client("bob")
    sent = {"name": "Kit", "measured": "checklist", "whose": f"rep:{people.alice.pk}", "start_on": "2025-01-01", "last_on": "2025-03-31", "steps": "Slides"}
    sent["seen"] = bob.get(page(kit, "objective-change")).context["form"].seen
    make.step(kit, "Prices", done="2025-03-01")
    assert bob.post(page(kit, "objective-change"), sent).status_code == 400
    assert kit.steps.count() == 2


def test_many_trees_are_shown_page_by_page_what_ended_last_first(people: People) -> None:
    for n in range(45):
        make.objective(f"Past {n:02}", people.north, start="2025-01-01", last=f"2025-02-{n % 28 + 1:02}")
    bob = people.client("bob")
    first = bob.get(LIST + "?when=past").content.decode()
    assert "Past 27" in first and "More objectives" in first and "Past 00" not in first
    assert "Past 00" in bob.get(LIST + "?when=past&page=2").content.decode()
    assert bob.get(LIST + "?when=past&page=999").status_code == 200


def test_an_objective_that_is_deleted_while_it_is_told_says_so(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    row = make.objective("Partners", people.alice, measured="number", target=8)
    before = access.may_tell

    def gone(*args: Any) -> bool:
        answer = before(*args)
        Objective.objects.filter(pk=row.pk).delete()
        return answer

    monkeypatch.setattr(access, "may_tell", gone)
    answer = people.client("alice").post(page(row, "objective-tell"), {"value": "3", "day": "2025-03-10"})
    assert answer.status_code == 404


def test_a_zero_byte_in_a_reason_is_no_fault(people: People) -> None:
    row = make.objective("Shop", people.north, set_by=people.bob)
    assert people.client("bob").post(page(row, "objective-delete"), {"reason": "a\0b"}).status_code == 302
    assert ObjectiveVersion.objects.get().end_reason == "ab"


def test_thousands_that_do_not_stand_in_threes_are_no_number(people: People) -> None:
    answer = people.client("carol").post(ADD, {**FIELDS, "target": "1,5"})
    assert answer.status_code == 400 and "Write a number, such as 1200 or 1,200.50." in answer.content.decode()


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
