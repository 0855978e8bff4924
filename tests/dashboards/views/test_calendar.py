"""An admin changes the calendar: boards follow at once, say how far counting is, and show the same afterwards."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import periods
from apps.kpis import jobs, rollup
from apps.kpis.models import Job
from tests import make
from tests.dashboards.views.test_boards import figures
from tests.filling import post
from tests.people import People

pytestmark = pytest.mark.django_db
MONTH = {"period": "2025-03"}  # of 4-4-5: from 24 February on


def won(client: Client) -> tuple[str, str]:
    """Return what the company won in the month, and the whole page."""
    page = client.get(reverse("dashboards:company"), MONTH).content.decode()
    return figures(page).getlist("revenue")[0], page


def test_boards_follow_a_changed_calendar_and_say_how_far_it_is_counted(people: People) -> None:
    make.deal(rep=people.alice, won="2025-02-26", amount=100)
    make.deal(rep=people.dave, won="2025-03-05", amount=20)
    rollup.drain(on=make.TODAY)
    carol = people.client("carol")
    before, page = won(carol)
    assert before == "20" and "counted anew" not in page

    answer = post(carol, "/admin/core/organisation/1/change/", calendar="445")
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert "boards stay right meanwhile" in carol.get(answer["Location"], follow=True).content.decode()
    assert periods.calendar().parse("2025-03").start_on == make.day("2025-02-24")
    stale, page = won(carol)
    assert stale == "120" and "everything will be counted anew" in page

    assert rollup._prepare(make.TODAY) == -1  # the job is planned, and nobody has begun it
    planned, page = won(carol)
    done, parts = jobs.progress() or (0, 0)
    assert planned == "120" and parts > 0 and f"{done} of {parts} parts are done" in page
    assert f"{done} of {parts}" in carol.get("/admin/kpis/job/").content.decode()
    assert Job.objects.get(finished_at=None).reason == Job.Reason.CALENDAR

    rollup.drain(on=make.TODAY)
    after, page = won(carol)
    assert after == "120" and "counted anew" not in page
