"""What the API refuses in its own manner: addresses that are none, days that cannot be."""

import pytest

from tests import make
from tests.api.world import faults
from tests.people import People


@pytest.mark.parametrize("path", ["/api/v1/nope/", "/api/v1/opportunities/abc/", "/api/v1/opportunities/%0A/", "/api/v1/%0A"])
def test_an_address_that_is_none_is_answered_in_json(people: People, path: str) -> None:
    answer = people.client("carol").get(path)
    assert (answer.status_code, faults(answer)) == (404, {})


@pytest.mark.parametrize(
    ("field", "day"), [("created_on", "9999-12-31"), ("created_on", "0001-01-01"), ("effective_on", "1850-01-01"), ("closed_on", "2025-03-15")]
)
def test_days_that_cannot_be_are_refused_at_their_field(people: People, field: str, day: str) -> None:
    deal = {"name": "Deal", "owner": people.alice.pk, "stage": make.stage().pk, "created_on": "2025-03-01"}
    answer = people.client("carol").post("/api/v1/opportunities/", {**deal, field: day}, content_type="application/json")
    assert answer.status_code == 400 and field in faults(answer)


def test_the_admin_shows_instants_in_the_organisations_zone(people: People) -> None:
    make.organisation(time_zone="Asia/Tokyo")
    user = people.users["bob"]
    type(user).objects.filter(pk=user.pk).update(last_login="2025-03-14T20:30:00Z")
    page = people.client("carol").get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
    assert "March 15, 2025, 5:30" in page
