"""Objectives in the admin: everybody's but the personal ones."""

import pytest
from django.urls import reverse

from apps.objectives.models import CheckIn, Objective, ObjectiveVersion
from tests import make
from tests.filling import post, problems
from tests.people import People

ADD = reverse("admin:objectives_objective_add")
PARTNERS = {"name": "Partners", "measured": "number", "unit": "partners", "target": "10", "scope": "company", "start_on": "2025-01-10", "last_on": "2025-04-02"}


def test_an_objective_is_set_and_its_history_kept(people: People) -> None:
    assert post(people.client("carol"), ADD, **PARTNERS).status_code == 302
    assert (Objective.objects.get().target, ObjectiveVersion.objects.get().set_by) == (10, people.carol)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"target": ""}, "A number needs a target."),
        ({"measured": "yes_no"}, "Yes or no, checklists and what its parts measure have none"),
        ({"measured": "kpi"}, "Choose the KPI that measures it"),
        ({"measured": "kpi", "kpi": "revenue", "target": "", "stay": "above"}, "only a target is a floor or a limit"),
        ({"target": "0"}, "A target is more than zero"),
        ({"kpi": "calls"}, "Choose the KPI that measures it"),
        ({"target": "-1"}, "A target is more than zero"),
        ({"baseline": "10"}, "It starts where it is to end."),
        ({"last_on": "2025-01-09"}, "The last day cannot be before the first."),
        ({"scope": "team"}, "names that one and no other"),
        ({"weight": "0"}, "greater than or equal to 0.01"),
        ({"is_personal": "on", "start_on": "1960-01-01"}, "between 1971 and 2199"),
    ],
)
def test_what_makes_no_objective_is_refused_in_words(people: People, changes: dict[str, str], words: str) -> None:
    assert words in problems(post(people.client("carol"), ADD, **{**PARTNERS, **changes}))
    assert not Objective.objects.exists()


def test_personal_objectives_are_nowhere_in_the_admin(people: People) -> None:
    mine = make.objective("Learn to say no", people.alice, is_personal=True)
    carol = people.client("carol")
    assert "Learn to say no" not in carol.get(reverse("admin:objectives_objective_changelist")).content.decode()
    assert carol.get(reverse("admin:objectives_objective_change", args=[mine.pk])).status_code == 302
    make.check_in(mine, 1234)
    make.step(make.objective("Kit", people.alice, is_personal=True, measured="checklist"), "Read the secret book")
    told = carol.get(reverse("admin:reps_rep_delete", args=[people.alice.pk])).content.decode()
    assert not [word for word in ("Learn to say no", "1234", "secret book") if word in told]


def test_what_is_told_in_the_admin_is_of_a_past_day_and_keeps_who_told_it(people: People) -> None:
    told = {"check_ins-TOTAL_FORMS": "1", "check_ins-INITIAL_FORMS": "0", "check_ins-0-value": "3", "check_ins-0-day": "2025-03-01"}
    carol = people.client("carol")
    assert "still to come" in str(post(carol, ADD, **{**PARTNERS, **told, "check_ins-0-day": "2025-03-15"}).content.decode())
    assert post(carol, ADD, **{**PARTNERS, **told, "start_on": ""}).status_code == 200
    assert post(carol, ADD, **{**PARTNERS, **told, "reason": "Plan"}).status_code == 302
    assert (CheckIn.objects.get().told_by, Objective.objects.get().is_admins, ObjectiveVersion.objects.get().reason) == (people.carol, True, "Plan")


def test_nothing_is_told_of_what_its_parts_count(people: People) -> None:
    whole = make.objective("Partners", measured="number", unit="partners", target=8)
    make.objective("North", people.north, measured="number", unit="partners", target=8, parent=whole)
    fields = {"name": "Partners", "scope": "company", "start_on": "2025-01-01", "last_on": "2025-03-31", "weight": "1", "measured": "number"}
    told = {"check_ins-TOTAL_FORMS": 1, "check_ins-INITIAL_FORMS": 0, "check_ins-0-day": "2025-03-01", "check_ins-0-value": "3"}
    steps = {"steps-TOTAL_FORMS": 0, "steps-INITIAL_FORMS": 0}
    answer = people.client("carol").post(
        reverse("admin:objectives_objective_change", args=[whole.pk]), {**fields, "unit": "partners", "target": "8", **steps, **told}
    )
    assert (answer.status_code, "tell it of them" in answer.content.decode(), CheckIn.objects.count()) == (200, True, 0)
