"""Targets are set all or none, over exactly one window."""

from decimal import Decimal

import pytest

from apps.core.periods import Calendar
from apps.goals import services
from apps.goals.models import Goal
from apps.goals.services import Saved
from apps.reps.scopes import Scope
from tests import make

pytestmark = pytest.mark.django_db
QUARTER = Calendar().parse("2025-Q1")
COMPANY = Scope("company", 0, "Acme")


def test_targets_are_created_changed_and_taken_away() -> None:
    team, rep = make.team("North"), make.rep("Alice")
    make.goal("revenue", team, target=5)
    make.goal("revenue", rep, target=6)
    wanted = {COMPANY: Decimal(100), Scope("team", team.pk, "North"): Decimal(7), Scope("rep", rep.pk, "Alice"): None}
    assert services.set_targets("revenue", QUARTER, wanted) == Saved(1, 1, 1)
    assert {goal.owner_name: goal.target for goal in Goal.objects.all()} == {"Company": Decimal(100), "North": Decimal(7)}


def test_saving_the_same_twice_changes_nothing() -> None:
    assert services.set_targets("revenue", QUARTER, {COMPANY: Decimal(100)}).total == 1
    assert services.set_targets("revenue", QUARTER, {COMPANY: Decimal(100)}).total == 0


def test_another_window_and_another_kpi_are_left_alone() -> None:
    make.goal("revenue", start="2025-01-01", last="2025-12-31", target=1)
    make.goal("calls", target=2)
    services.set_targets("revenue", QUARTER, {COMPANY: Decimal(3)})
    assert sorted(Goal.objects.values_list("target", flat=True)) == [1, 2, 3]
