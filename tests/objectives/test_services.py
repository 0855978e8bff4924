"""Objectives are written whole or not at all, keep their history, and split exactly."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
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


@pytest.mark.parametrize(
    "part",
    [
        {"start": "2024-12-31"},
        {"last": "2025-04-01"},
        {"is_personal": True},
    ],
)
def test_a_part_that_does_not_fit_its_whole_is_refused(people: People, part: dict[str, object]) -> None:
    whole = make.objective("Win", people.alice, measured="parts")
    with pytest.raises(IntegrityError, match="fits its whole"), transaction.atomic():
        make.objective(scope=people.alice, parent=whole, **part)  # type: ignore[arg-type]


def test_a_whole_does_not_leave_its_parts_outside_and_is_no_part_of_itself(people: People) -> None:
    whole = make.objective("Win", measured="parts")
    part = make.objective(parent=whole, measured="parts", start="2025-03-01")
    whole.start_on = date(2025, 3, 2)
    with pytest.raises(ValidationError, match="within the days of its whole"):
        services.save(whole)
    whole.refresh_from_db()
    whole.parent = part
    with pytest.raises(ValidationError, match="no part of itself"):
        services.save(whole)


def test_personal_parts_are_of_the_same_person(people: People) -> None:
    whole = make.objective("Win", people.alice, measured="parts", is_personal=True)
    make.objective(scope=people.alice, parent=whole, is_personal=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.objective(scope=people.dave, parent=whole, is_personal=True)


def test_a_split_by_the_plan_has_no_targets_of_its_own_and_nobody_twice(people: People) -> None:
    whole = make.objective("Revenue", kpi="revenue", target=1000)
    teams = [scopes.of(people.north), scopes.of(people.south)]
    parts = services.split(whole, Split(teams[:1], equally=False))
    assert [(part.team, part.kpi, part.target, part.parent) for part in parts] == [(people.north, "revenue", None, whole)]
    assert [part.team for part in services.split(whole, Split(teams, equally=False))] == [people.south]
    with pytest.raises(ValidationError, match="Everybody has a part"):
        services.split(whole, Split(teams, equally=False))


def test_what_cannot_be_split_is_refused_with_words(people: People) -> None:
    among = [scopes.of(people.north)]
    for one, equally, words in (
        (make.objective("Shop"), False, "Add the parts one by one"),
        (make.objective("Partners", measured="number", target=3), False, "split its target equally"),
        (make.objective("Revenue", kpi="revenue"), True, "target of its own"),
    ):
        with pytest.raises(ValidationError, match=words):
            services.split(one, Split(among, equally=equally))


@given(st.decimals("0.01", 100_000, places=2), st.integers(1, 7))
def test_an_equal_split_adds_up_again_exactly(target: Decimal, people: int) -> None:
    found = services.equal_parts(target, people)
    assert sum(found) == target and len(found) == people and max(found) - min(found) <= 1
