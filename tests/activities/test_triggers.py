"""The database keeps a lead's first touch, whatever writes the activities or the lead."""

from decimal import Decimal
from importlib import import_module

import pgtrigger
import pytest
from django.db import connection

from apps.activities.models import Activity
from apps.leads.models import Lead
from apps.reps.models import Rep
from tests import make

CAME = "2025-03-03 09:00"


@pytest.fixture
def ann(db: None) -> Rep:
    return make.rep("Ann")


@pytest.fixture
def lead(ann: Rep) -> Lead:
    return make.lead(rep=ann, created="2025-03-03", created_at=CAME)


def touch(lead: Lead, rep: Rep, at: str | None, day: str = "2025-03-03", **fields: object) -> Activity:
    return make.activity(rep=rep, lead=lead, done=day, at=at, **fields)


def kept(lead: Lead) -> tuple[str | None, Decimal | None]:
    lead.refresh_from_db()
    return str(lead.first_touch_by) if lead.first_touch_by else None, lead.response_minutes


def test_the_first_touch_is_the_earliest_and_belongs_to_who_made_it(lead: Lead, ann: Rep) -> None:
    assert kept(lead) == (None, None)
    touch(lead, ann, "2025-03-03 11:00")
    touch(lead, make.rep("Ben"), "2025-03-03 09:20")
    assert kept(lead) == ("Ben", 20)


@pytest.mark.parametrize(
    "fields",
    [
        {"direction": "in"},
        {"is_automatic": True},
        {"at": "2025-03-03 08:59"},
        {"at": None, "done": "2025-03-02"},
        {"at": None, "done": None, "due": "2025-03-04"},
    ],
    ids=["from the lead", "by a machine", "before the lead", "on a day before", "planned"],
)
def test_what_is_no_answer_is_no_touch(lead: Lead, ann: Rep, fields: dict[str, object]) -> None:
    make.activity(rep=ann, lead=lead, **{"done": "2025-03-03", "at": "2025-03-03 09:05", **fields})
    assert kept(lead) == (None, None)


def test_without_a_known_time_a_touch_is_known_and_its_minutes_are_not(lead: Lead, ann: Rep) -> None:
    touch(lead, ann, "2025-03-03 09:20")
    touch(lead, ann, None)
    assert kept(lead) == ("Ann", None)
    assert lead.first_touch_on == make.day("2025-03-03")


def test_a_touch_deleted_moved_or_made_at_another_time_is_followed(lead: Lead, ann: Rep) -> None:
    other = make.lead(rep=ann, created="2025-03-01", created_at="2025-03-01 09:00")
    first, later = touch(lead, ann, "2025-03-03 09:10"), touch(lead, ann, "2025-03-03 10:00")
    Activity.objects.filter(pk=later.pk).update(completed_at=make.instant("2025-03-03 09:05"))
    assert kept(lead) == ("Ann", 5)
    Activity.objects.filter(pk=later.pk).update(lead=other)
    assert (kept(lead), kept(other)) == (("Ann", 10), ("Ann", 2 * 24 * 60 + 5))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM activities_activity WHERE id = %s", [first.pk])
    assert kept(lead) == (None, None)


def test_a_lead_that_came_at_another_time_is_followed(lead: Lead, ann: Rep) -> None:
    touch(lead, ann, "2025-03-03 09:20")
    Lead.objects.filter(pk=lead.pk).update(created_at=make.instant("2025-03-03 09:15"))
    assert kept(lead) == ("Ann", 5)
    Lead.objects.filter(pk=lead.pk).update(created_at=None)
    assert kept(lead) == ("Ann", None)
    Lead.objects.filter(pk=lead.pk).update(created_on=make.day("2025-03-04"))
    assert kept(lead) == (None, None)


def test_a_lead_saved_from_an_old_copy_keeps_its_touch(lead: Lead, ann: Rep) -> None:
    touch(lead, ann, "2025-03-03 09:20")
    lead.company = "Adler & Sons"
    lead.save()
    assert kept(lead) == ("Ann", 20)
    Lead.objects.create(name="Made up", owner=ann, created_on=make.TODAY, response_minutes=1)
    assert not Lead.objects.filter(response_minutes=1).exists()


def test_many_leads_are_kept_in_one_write(ann: Rep) -> None:
    leads = [make.lead(rep=ann, created="2025-03-03", created_at=CAME) for _ in range(3)]
    at = make.instant("2025-03-03 09:30")
    Activity.objects.bulk_create([Activity(rep=ann, kind="call", lead=lead, completed_at=at) for lead in leads])
    assert [kept(lead) for lead in leads] == [("Ann", 30)] * 3


def test_the_touches_of_activities_from_before_are_found(ann: Rep) -> None:
    first, second, third = (make.lead(rep=ann, created="2025-03-03") for _ in range(3))
    with pgtrigger.ignore("activities.Activity:keep_first_touch_after_insert"):
        for lead, days in ((first, ("2025-03-05", "2025-03-04", "2025-03-02")), (second, ("2025-03-01",))):
            for day in days:
                touch(lead, ann, None, day)
    with connection.cursor() as cursor:
        cursor.execute(import_module("apps.activities.migrations.0003_instants").FIRST_TOUCHES)
    assert [kept(lead) for lead in (first, second, third)] == [("Ann", None), (None, None), (None, None)]
    assert first.first_touch_on == make.day("2025-03-04")
