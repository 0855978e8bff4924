"""What the database refuses is said in words."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from apps.core import violations
from apps.opportunities.models import Opportunity
from apps.reps.models import Region, Rep, Team
from tests import make
from tests.people import People

WRITTEN_BY_PEOPLE = ("accounts", "reps", "campaigns", "customers", "leads", "opportunities", "activities", "goals")
KEPT_BY_THE_DATABASE = {
    "state_ends_after_it_starts",
    "one_movement_a_day_and_rep",
    "one_paying_account_a_day",
    "one_version_of_a_goal_holds",
}  # of rows nobody writes


def said(write: Callable[[], object]) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        write()
    return violations.explain(caught.value)


def test_every_rule_of_what_people_write_has_words_of_its_own() -> None:
    names = {rule.name for app in WRITTEN_BY_PEOPLE for model in apps.get_app_config(app).get_models() for rule in model._meta.constraints}
    refusing = {"teams_make_a_tree", "closing_day_follows_stage", "credits_add_up"}
    assert (names | refusing) - KEPT_BY_THE_DATABASE <= violations.rules().keys()


def test_a_broken_constraint_speaks_for_itself(people: People) -> None:
    assert said(lambda: make.membership(people.alice, people.south)) == str(violations.rules()["rep_is_in_one_team_at_a_time"])
    assert said(lambda: make.membership(make.rep(), people.south, until="2019-01-01")) != ""


def test_a_trigger_speaks_for_itself(people: People) -> None:
    lower = make.team(parent=people.north)
    assert said(lambda: Team.objects.filter(pk=people.north.pk).update(parent=lower)) == str(violations.rules()["teams_make_a_tree"])
    deals = Opportunity.objects.filter(pk=make.deal(rep=people.alice).pk)
    assert said(lambda: deals.update(stage=make.stage("Won"))) == str(violations.rules()["closing_day_follows_stage"])


def test_what_is_checked_last_is_explained_too(people: People) -> None:
    def share() -> None:
        make.credit(make.deal(rep=people.alice), **{str(people.alice.pk): 60})
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert said(share) == str(violations.rules()["credits_add_up"])


def test_a_key_that_is_taken_is_named(people: People) -> None:
    assert said(lambda: make.region("Europe")) == "There is a row with this name already. Change that one, or choose another value."


def test_rows_that_refer_to_each_other_say_so(people: People) -> None:
    def cut() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DELETE FROM reps_region WHERE id = %s", [people.region.pk])

    assert said(cut).startswith("Something else refers to this")


def test_a_missing_value_names_its_column(db: None) -> None:
    assert said(lambda: Rep.objects.create(name="Gus", hired_on=None)) == "“hired on” must be filled in."


def test_a_text_that_is_too_long_says_so(db: None) -> None:
    assert said(lambda: Region.objects.create(name="x" * 500)).startswith("A value is too large to be kept.")


def test_an_error_without_a_diagnosis_keeps_its_own_words() -> None:
    assert violations.explain(DatabaseError("the disk is full")) == "the disk is full"
