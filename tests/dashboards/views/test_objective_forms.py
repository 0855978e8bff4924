"""What people fill in about objectives: their forms, what is told by hand, steps, splitting; what is refused says why, and nothing is lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from apps.objectives import access
from apps.objectives.models import CheckIn, Objective, ObjectiveVersion, Step
from tests import make
from tests.dashboards.views.test_objectives import ADD, FIELDS, opened, page, text
from tests.people import People


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
    assert {part.rep: (part.target, part.name, part.is_admins) for part in whole.parts.all()} == {
        people.alice: (501, "Revenue · Alice Adler", False),
        bea: (500, "Revenue · Bea", False),
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


def test_a_page_that_was_refused_leads_back_when_it_is_opened_again(people: People, tree: Objective) -> None:
    step, shop = Step.objects.first(), Objective.objects.get(name="Shop")
    told = make.check_in(shop, 1)
    assert step
    kit, bob = step.objective, people.client("bob")
    for name, pk, leads in (("tell", shop.pk, shop), ("split", tree.pk, tree), ("step", step.pk, kit), ("untell", told.pk, shop)):
        assert bob.get(reverse(f"dashboards:objective-{name}", args=[pk])).headers["Location"] == page(leads)


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


def test_moving_a_whole_does_not_move_what_others_set(people: People, tree: Objective) -> None:
    make.objective("Dave’s", people.dave, parent=tree, set_by=people.carol)
    fields = {"name": "Win the north", "measured": "parts", "whose": f"team:{people.north.pk}", "start_on": "2025-04-01", "last_on": "2025-06-30"}
    answer = people.client("bob").post(page(tree, "objective-change"), fields)
    assert (answer.status_code, "Parts that others set would move along" in answer.content.decode()) == (400, True)
    assert people.client("carol").post(page(tree, "objective-change"), fields).status_code == 302


def test_a_part_of_a_part_that_would_lie_outside_is_named(people: People, tree: Objective) -> None:
    kit = Objective.objects.get(name="Launch kit")
    make.objective("Fair", people.north, parent=kit, start="2025-03-03", last="2025-03-07", set_by=people.bob)
    fields = {"name": "Win the north", "measured": "parts", "whose": f"team:{people.north.pk}", "start_on": "2025-04-01", "last_on": "2025-06-30"}
    assert "“Fair”" in people.client("bob").post(page(tree, "objective-change"), fields).content.decode()
