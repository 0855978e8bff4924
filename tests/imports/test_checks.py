"""Check constraints asked in Python give the database's own answer."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import models
from django.db.models import F, Q, Value
from hypothesis import given
from hypothesis import strategies as st

from apps.goals.models import Goal
from apps.imports import checks
from apps.imports.entities import ENTITIES
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep

DAYS = st.none() | st.dates(date(2024, 1, 1), date(2024, 1, 4))
SHARES = st.none() | st.decimals(-1, 101, places=0)


def names(row: models.Model) -> set[str]:
    return {constraint.name for constraint in checks.broken(row)}


@pytest.mark.django_db
@given(created=DAYS, closed=DAYS, probability=SHARES)
def test_a_deal_is_judged_as_by_the_database(created, closed, probability):
    row = Opportunity(created_on=created, closed_on=closed, probability=probability)
    assert names(row) == {each.name for each in Opportunity._meta.constraints if not holds_in_database(each, row)}


def holds_in_database(constraint: models.CheckConstraint, row: models.Model) -> bool:
    used = [row._meta.get_field(name) for name in checks.fields(constraint)]
    values = {field.name: Value(getattr(row, field.attname), output_field=field) for field in used}
    return constraint.condition.check(values)


def test_an_unknown_breaks_nothing_and_a_contradiction_breaks_its_rule():
    assert names(Rep(hired_on=date(2024, 1, 2), left_on=None)) == set()
    assert names(Rep(hired_on=date(2024, 1, 2), left_on=date(2024, 1, 1))) == {"rep_leaves_after_being_hired"}


@pytest.mark.parametrize(
    ("scope", "owner", "is_fine"), [("company", {}, True), ("rep", {"rep_id": 1}, True), ("rep", {}, False), ("team", {"rep_id": 1}, False)]
)
def test_a_goal_must_name_whose_it_is(scope, owner, is_fine):
    row = Goal(scope=scope, start_on=date(2024, 1, 1), last_on=date(2024, 1, 31), target=Decimal(1), **owner)
    assert ("goal_names_whose_it_is" in names(row)) is not is_fine


def test_a_condition_that_needs_the_database_is_left_to_it():
    constraint = models.CheckConstraint(condition=Q(name__iregex="^x"), name="starts_with_x")
    with pytest.raises(checks.Unknown):
        checks.rule(constraint.condition, Rep)


def test_the_fields_of_a_rule_are_named_those_at_fault_first():
    constraint = models.CheckConstraint(condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")), name="x")
    assert checks.fields(constraint) == ("left_on", "hired_on")


def test_no_check_of_any_entity_is_left_to_the_database():
    for entity in ENTITIES.values():
        for constraint in entity.model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                assert checks.rule(constraint.condition, entity.model), f"{entity.model._meta.label}: {constraint.name}"
