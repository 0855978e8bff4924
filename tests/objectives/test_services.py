"""Objectives are written whole or not at all, keep their history, and split exactly."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.objectives import services
from apps.objectives.models import Objective, ObjectiveVersion
from apps.objectives.services import Split
from apps.reps import scopes
from tests import make
from tests.people import People

ON = make.TODAY


def test_every_change_is_kept_with_who_and_why(people: People) -> None:
    one = services.save(Objective(name="Partners", measured="number", target=10, scope="company", start_on=ON, last_on=ON), by=people.carol.pk, reason="Plan")
    one.target = Decimal(12)
    services.save(one, by=people.bob.pk, reason="More")
    services.delete(one, by=people.carol.pk, reason="No more")
    kept = ObjectiveVersion.objects.values_list("target", "set_by", "reason", "ended_by", "end_reason")
    assert list(kept) == [(10, people.carol.pk, "Plan", people.bob.pk, "More"), (12, people.bob.pk, "More", people.carol.pk, "No more")]


def test_steps_that_stay_keep_what_was_done(db: None) -> None:
    kit = make.objective("Kit", measured="checklist")
    services.save(kit, steps=["Deck", "Prices", "Deck"])
    services.tick(kit.steps.all()[0], ON, today=ON, note="v2")
    services.save(kit, steps=["Prices", "Deck", "Legal"])
    assert [(step.name, step.done_on, step.note) for step in kit.steps.all()] == [("Prices", None, ""), ("Deck", ON, "v2"), ("Legal", None, "")]


def test_a_step_is_not_done_tomorrow(db: None) -> None:
    step = make.step(make.objective("Kit", measured="checklist"))
    with pytest.raises(ValidationError, match="still to come"):
        services.tick(step, date(2025, 3, 15), today=ON)


@pytest.mark.parametrize(
    ("fields", "day", "value", "words"),
    [
        ({}, "2025-03-15", "1", "still to come"),
        ({}, "2024-12-31", "1", "from the first to the last of"),
        ({}, "2025-03-01", "2", "1 for yes or 0 for no"),
        ({"measured": "checklist"}, "2025-03-01", "1", "not measured by hand"),
        ({"kpi": "calls"}, "2025-03-01", "1", "not measured by hand"),
    ],
)
def test_what_cannot_be_told_is_refused_with_words(db: None, fields: dict[str, str], day: str, value: str, words: str) -> None:
    one = make.objective("Shop", **fields)
    with pytest.raises(ValidationError, match=words):
        services.tell(one, date.fromisoformat(day), Decimal(value), today=ON)
    assert not one.check_ins.exists()


def test_taking_a_whole_away_takes_its_parts(db: None) -> None:
    whole = make.objective("Win", measured="parts")
    make.objective(parent=make.objective(parent=whole, measured="parts"))
    assert services.delete(whole) == 3
    assert not Objective.objects.exists()


@pytest.mark.parametrize("part", [{"start_on": date(2024, 12, 31)}, {"last_on": date(2025, 4, 1)}, {"is_personal": True}])
def test_a_part_that_does_not_fit_its_whole_is_refused(people: People, part: dict[str, object]) -> None:
    whole = make.objective("Win", people.alice, measured="parts")
    days = {"start_on": whole.start_on, "last_on": whole.last_on}
    with pytest.raises(ValidationError, match="A part lies within the days of its whole"):
        services.save(Objective(name="Part", measured="yes_no", scope="rep", rep=people.alice, parent=whole, **{**days, **part}))


def test_a_whole_does_not_leave_its_parts_outside_and_is_no_part_of_itself(people: People) -> None:
    whole = make.objective("Win", people.alice, measured="parts")
    part = make.objective(parent=whole, measured="parts", start="2025-03-01")
    whole.start_on = date(2025, 3, 2)
    with pytest.raises(ValidationError, match="within the days of its whole"):
        services.save(whole)
    whole.refresh_from_db()
    whole.parent = part
    with pytest.raises(ValidationError, match="no part of itself"):
        services.save(whole)


def test_parts_over_the_same_days_move_along_with_their_whole(people: People) -> None:
    whole = make.objective("Win", measured="parts")
    alike = make.objective(parent=whole, measured="parts")
    make.objective(parent=alike)
    whole.start_on, whole.last_on = date(2025, 4, 1), date(2025, 6, 30)
    services.save(whole)
    assert set(Objective.objects.values_list("start_on", "last_on")) == {(date(2025, 4, 1), date(2025, 6, 30))}


def test_a_tree_has_ten_levels_at_most(people: People) -> None:
    row: Objective | None = None
    for _level in range(10):
        row = services.save(Objective(name="Deeper", measured="parts", scope="company", start_on=ON, last_on=ON, parent=row))
    with pytest.raises(ValidationError, match="ten levels"):
        services.save(Objective(name="Too deep", measured="parts", scope="company", start_on=ON, last_on=ON, parent=row))
    with pytest.raises(ValidationError, match="ten levels"):
        top = Objective.objects.get(parent=None)
        top.parent = make.objective(measured="parts", start=ON, last=ON)
        services.save(top)


def test_personal_parts_are_of_the_same_person(people: People) -> None:
    whole = make.objective("Win", people.alice, measured="parts", is_personal=True)
    for rep in (people.alice, people.dave):
        part = Objective(name="Part", measured="yes_no", scope="rep", rep=rep, parent=whole, is_personal=True, start_on=ON, last_on=ON)
        if rep == people.alice:
            services.save(part)
        else:
            with pytest.raises(ValidationError):
                services.save(part)


def test_what_was_deleted_meanwhile_does_not_come_back(people: People) -> None:
    one, kit = make.objective("Shop"), make.objective("Kit", measured="checklist")
    step, told = make.step(kit), make.check_in(one, 1)
    Objective.objects.all().delete()
    for write in (
        lambda: services.save(one),
        lambda: services.tell(one, ON, Decimal(1), today=ON),
        lambda: services.tick(step, ON, today=ON),
        lambda: services.take_back(told, by=None),
        lambda: services.split(one, Split([scopes.of(people.north)], services.PLAN)),
    ):
        with pytest.raises(ValidationError, match="deleted meanwhile"):
            write()
    assert not Objective.objects.exists()


def test_what_measures_it_does_not_change_once_something_was_told(people: People) -> None:
    one = make.objective("Partners", measured="number", target=10)
    make.check_in(one, 4)
    one.measured, one.target = "yes_no", None
    with pytest.raises(ValidationError, match="belongs to how it was measured"):
        one.full_clean()


def test_a_step_that_is_only_corrected_stays_done_and_another_one_is_not(db: None) -> None:
    kit = make.objective("Kit", measured="checklist")
    services.save(kit, steps=["Sildes for partners", "Prices"])
    services.tick(kit.steps.all()[0], ON, today=ON)
    services.save(kit, steps=["Slides for partners", "Prices"])
    assert [(step.name, step.done_on) for step in kit.steps.all()] == [("Slides for partners", ON), ("Prices", None)]
    services.save(kit, steps=["Legal review", "Prices"])
    assert [(step.name, step.done_on) for step in kit.steps.all()] == [("Legal review", None), ("Prices", None)]


def test_what_is_taken_back_is_kept_and_counts_no_more(people: People) -> None:
    told = make.check_in(make.objective("Shop"), 1)
    services.take_back(told, by=people.carol)
    told.refresh_from_db()
    assert told.taken_back_by == people.carol and told.taken_back_at
    with pytest.raises(ValidationError, match="taken back already"):
        services.take_back(told, by=people.carol)


def test_a_split_by_the_plan_has_no_targets_of_its_own_and_nobody_twice(people: People) -> None:
    whole = make.objective("Revenue", kpi="revenue", target=1000)
    teams = [scopes.of(people.north), scopes.of(people.south)]
    parts = services.split(whole, Split(teams[:1], services.PLAN))
    assert [(part.team, part.kpi, part.target, part.parent) for part in parts] == [(people.north, "revenue", None, whole)]
    assert [part.team for part in services.split(whole, Split(teams, services.PLAN))] == [people.south]
    with pytest.raises(ValidationError, match="Everybody has a part"):
        services.split(whole, Split(teams, services.PLAN))


def test_how_something_can_be_split_depends_on_whether_it_adds_up(people: People) -> None:
    told = {
        "adds up": make.objective(kpi="revenue", target=10),
        "a rate": make.objective(kpi="win_rate", target=30),
        "a limit": make.objective(kpi="revenue", target=10, stay="below"),
        "by the plan": make.objective(kpi="revenue"),
        "by hand": make.objective(measured="number", target=10),
        "a way down": make.objective(measured="number", target=40, baseline=100),
        "an answer": make.objective(),
        "personal": make.objective(scope=people.alice, kpi="revenue", target=10, is_personal=True),
    }
    plan, equally, same = services.PLAN, services.EQUALLY, services.SAME
    assert {name: services.ways(one) for name, one in told.items()} == {
        "adds up": [plan, equally, same],
        "a rate": [plan, same],
        "a limit": [plan, same],
        "by the plan": [plan],
        "by hand": [equally, same],
        "a way down": [same],
        "an answer": [],
        "personal": [],
    }
    down = services.split(told["a way down"], Split([scopes.of(people.north)], same))
    assert [(part.target, part.baseline, part.name) for part in down] == [(40, 100, "Win the north · North")]
    for one, way, words in (("a rate", equally, "cannot be split like this"), ("an answer", plan, "cannot be split like this")):
        with pytest.raises(ValidationError, match=words):
            services.split(told[one], Split([scopes.of(people.south)], way))
    with pytest.raises(ValidationError, match="too small to be split"):
        services.split(make.objective(kpi="revenue", target="0.01"), Split([scopes.of(people.north), scopes.of(people.south)], equally))


@given(st.decimals("0.01", 100_000, places=2), st.integers(1, 7))
def test_an_equal_split_adds_up_again_exactly(target: Decimal, people: int) -> None:
    found = services.equal_parts(target, people)
    assert sum(found) == target and len(found) == people and max(found) - min(found) <= 1


def test_nothing_is_told_of_what_its_parts_count(people: People) -> None:
    whole = make.objective("Partners", measured="number", unit="partners", target=8)
    part = make.objective("North", people.north, measured="number", unit="partners", target=8, parent=whole)
    with pytest.raises(ValidationError, match="tell it of them"):
        services.tell(whole, ON, Decimal(1), today=ON)
    services.tell(part, ON, Decimal(1), today=ON)


def test_what_was_taken_back_does_not_hold_what_measures_it(people: People) -> None:
    one = make.objective("Partners", measured="number", target=10)
    services.take_back(make.check_in(one, 4), by=people.carol)
    one.measured, one.target = "yes_no", None
    one.full_clean()
