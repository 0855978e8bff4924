"""The day of an instant is the organisation's, decided as the row is written."""

from datetime import date

import pytest

from apps.leads.models import Lead
from tests import make


@pytest.fixture
def lead(db: None) -> Lead:
    make.organisation(time_zone="Asia/Tokyo")
    return make.lead(rep=make.rep(), created="2025-03-01", created_at="2025-03-03 20:00")


def test_the_day_follows_from_the_instant_in_the_organisations_zone(lead: Lead) -> None:
    lead.refresh_from_db()
    assert lead.created_on == date(2025, 3, 4)
    Lead.objects.filter(pk=lead.pk).update(created_at=make.instant("2025-03-02 10:00"))
    lead.refresh_from_db()
    assert lead.created_on == date(2025, 3, 2)


def test_a_day_that_is_changed_alone_takes_the_instant_away(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(created_on=date(2025, 3, 9))
    lead.refresh_from_db()
    assert (lead.created_on, lead.created_at) == (date(2025, 3, 9), None)
