"""Targets of locked days stay as they are, whatever way somebody tries."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from apps.core import periods, violations
from apps.core.models import Organisation
from apps.goals import grids, services
from apps.goals.models import Goal
from apps.goals.services import Edit
from apps.kpis import catalogue
from apps.reps import scopes
from tests import make
from tests.api.world import url
from tests.dashboards.views.test_fill import Plan
from tests.dashboards.views.test_plan import YEAR, fields
from tests.people import People

pytestmark = pytest.mark.django_db
WORDS = "Targets that begin on these days are locked."
JANUARY, MARCH = ({"start": f"2025-{month}-01", "last": f"2025-{month}-31"} for month in ("01", "03"))


def lock(day: str | None = "2025-02-28") -> None:
    organisation = Organisation.get()
    organisation.targets_locked_until = day and date.fromisoformat(day)
    organisation.save()


@pytest.fixture
def locked(people: People) -> Goal:
    goal = make.goal("revenue", people.alice, **JANUARY, target=100)
    lock()
    return goal


@pytest.mark.parametrize(
    "sql", ["UPDATE goals_goal SET target = 5", "DELETE FROM goals_goal", "UPDATE goals_goal SET start_on = '2025-03-01', last_on = '2025-03-31'"]
)
def test_plain_sql_cannot_change_a_locked_target(locked: Goal, sql: str) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert violations.explain(caught.value).startswith(WORDS)


def test_a_target_cannot_be_moved_or_written_into_locked_days(locked: Goal) -> None:
    free = make.goal(**MARCH, target=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Goal.objects.filter(pk=free.pk).update(start_on="2025-02-01")
    with pytest.raises(IntegrityError), transaction.atomic():
        make.goal(**JANUARY, target=1)


def test_what_is_not_a_target_may_still_be_written_and_what_is_unlocked_all(locked: Goal) -> None:
    Goal.objects.update(external_key="A-1")
    lock(None)
    assert Goal.objects.update(target=5) == 1


def test_services_refuse_before_they_write(locked: Goal) -> None:
    calendar, company = periods.calendar(), scopes.company()
    with pytest.raises(ValidationError, match="locked"):
        services.set_targets("revenue", calendar.parse("2025-Q1"), {company: Decimal(5)})
    march, january = calendar.parse("2025-03"), calendar.parse("2025-01")
    with pytest.raises(ValidationError, match="locked"):
        services.save_edits("revenue", [Edit(company, march, None, Decimal(1)), Edit(company, january, None, Decimal(1))])
    assert services.save_edits("revenue", [Edit(company, march, None, Decimal(1))]).created == 1


def test_the_plan_shows_locked_columns_and_fills_the_others(people: People, locked: Goal) -> None:
    assert grids.read(catalogue.KPIS["revenue"], periods.calendar().parse("2025"), "month", periods.calendar()).is_locked[:3] == (True, True, False)
    plan = Plan(people)
    assert not [name for name in fields(plan.html) if name.partition("=")[0].endswith(("-0", "-1"))]
    assert 'data-value="100"' in plan.html
    plan.fill("spread", spread_whose="company-0", spread_amount="1000")
    assert plan.row("company")[:4] == ["·", "·", "100", "100"]


def test_a_field_of_a_locked_column_is_refused_with_words(people: People, locked: Goal) -> None:
    answer = people.client("carol").post(YEAR, {"t-company-0-0=": "5"})
    assert answer.status_code == 400
    assert WORDS in answer.content.decode()


def test_forms_say_that_days_are_locked(people: People, locked: Goal) -> None:
    carol = people.client("carol")
    form = {"kpi": "revenue", "whose": f"rep:{people.alice.pk}", "start_on": "2025-01-01", "last_on": "2025-01-31", "target": "5"}
    for path in (f"/goals/{locked.pk}/", "/goals/add/"):
        answer = carol.post(path, form)
        assert (answer.status_code, WORDS in answer.content.decode()) == (400, True)
    sheet = carol.post("/goals/enter/?kpi=revenue&period=2025-01", {f"target-rep-{people.alice.pk}": "5", f"was-rep-{people.alice.pk}": "100"})
    assert (sheet.status_code, WORDS in sheet.content.decode()) == (400, True)
    assert WORDS in carol.post(f"/goals/{locked.pk}/delete/", follow=True).content.decode()
    assert Goal.objects.get().target == 100


def test_the_api_says_that_days_are_locked(people: People, locked: Goal) -> None:
    carol = people.client("carol")
    patched = carol.patch(url("goals", locked), {"target": "5"}, content_type="application/json")
    assert (patched.status_code, WORDS in patched.content.decode()) == (400, True)
    deleted = carol.delete(url("goals", locked))
    assert (deleted.status_code, WORDS in deleted.content.decode()) == (400, True)
