"""A KPI has a value for the scopes that it makes sense for, and says why it has none for the others."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from apps.core import periods
from apps.goals import services
from apps.goals.models import Goal
from apps.kpis import catalogue, checks, rollup, selectors
from apps.kpis.catalogue.words import COMPANY, TEAMS
from apps.kpis.figures import Figure
from apps.reps import scopes
from apps.reps.scopes import Scope
from tests import make

WHY = "It is counted for the company as a whole only."


@pytest.fixture
def team(db: None) -> Scope:
    team = make.team("North")
    make.lead(rep=make.rep("Ann", team=team), created="2025-02-03")
    make.expense(kind="campaign", campaign=make.campaign("Fair"), amount=90, spent="2025-01-10")
    rollup.drain(on=make.TODAY)
    return scopes.of(team)


def figure(key: str, scope: Scope) -> Figure:
    return selectors.figures([key], [scope], periods.calendar().parse("2025-Q1"), on=make.TODAY)[key, scope]


def test_what_belongs_to_the_company_has_a_value_for_it_alone(team: Scope) -> None:
    assert figure("cost_per_lead", scopes.company()).value == 90
    other = figure("cost_per_lead", team)
    assert (other.value, other.numerator, other.reason) == (None, None, WHY)


def test_for_another_scope_there_are_no_records_and_no_parts_with_a_value(team: Scope) -> None:
    window = periods.calendar().parse("2025-Q1")
    assert len(selectors.records("cost_per_lead", scopes.company(), window, on=make.TODAY)) == 2
    assert selectors.records("cost_per_lead", team, window, on=make.TODAY) == []
    assert all(part.figure.value is None for part in selectors.breakdown("cost_per_lead", team, window, on=make.TODAY))
    assert [point.value for point in selectors.series("cost_per_lead", team, window, "month", on=make.TODAY)] == [None, None, None]


def test_a_goal_for_another_scope_is_refused(team: Scope) -> None:
    goal = Goal(kpi="cost_per_lead", scope="team", team_id=team.id, start_on=make.TODAY, last_on=make.TODAY, target=1)
    with pytest.raises(ValidationError, match=WHY):
        goal.full_clean()
    with pytest.raises(ValidationError, match=WHY):
        services.set_targets("cost_per_lead", periods.calendar().parse("2025-Q1"), {team: make.money(10)})
    assert services.set_targets("cost_per_lead", periods.calendar().parse("2025-Q1"), {scopes.company(): make.money(10)}).created == 1


@pytest.mark.parametrize(
    ("key", "broken", "code"),
    [
        ("revenue", {"scopes": ()}, "kpis.E010"),
        ("revenue", {"scopes": ("team", "company")}, "kpis.E010"),
        ("revenue", {"scopes": ("company", "planet")}, "kpis.E010"),
        ("cost_per_lead", {"scopes": TEAMS}, "kpis.E011"),
        ("revenue", {"scopes": COMPANY}, "kpis.E012"),
    ],
)
def test_scopes_that_make_no_sense_are_refused_at_start(monkeypatch: pytest.MonkeyPatch, key: str, broken: dict[str, object], code: str) -> None:
    monkeypatch.setattr(catalogue, "KPIS", {**catalogue.KPIS, key: replace(catalogue.KPIS[key], **broken)})
    assert code in [error.id for error in checks.catalogue_is_sound(None)]
