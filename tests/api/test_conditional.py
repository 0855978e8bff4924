"""What is known already is not sent again; what somebody else changed is not written over."""

import pytest

from tests import make
from tests.api.world import faults, url
from tests.people import People

JSON = {"content_type": "application/json"}


@pytest.mark.parametrize("address", [url("leads"), "/api/v1/kpis/", "/api/v1/scopes/", "/api/v1/figures/?kpi=revenue&scope=company&period=2025"])
def test_an_answer_that_is_known_is_not_sent_again(people: People, address: str) -> None:
    client = people.client("carol")
    first = client.get(address)
    assert first.status_code == 200
    assert "Authorization" in first["Vary"] and first["Cache-Control"] == "private, no-cache"
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_list_that_changed_is_sent(people: People) -> None:
    client = people.client("carol")
    before = client.get(url("leads"))["ETag"]
    make.lead(rep=people.alice)
    assert client.get(url("leads"), headers={"If-None-Match": before}).status_code == 200


def test_a_row_is_told_with_the_etag_of_its_state_whatever_way_it_is_told(people: People) -> None:
    client = people.client("carol")
    made = client.post(url("products"), {"name": "Mill"}, **JSON)
    address = f"{url('products')}{made.json()['id']}/"
    assert made["ETag"] == client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": made["ETag"]}).status_code == 304
    changed = client.patch(address, {"family": "Tools"}, **JSON)
    assert changed["ETag"] == client.get(address)["ETag"] != made["ETag"]


def test_a_change_of_what_somebody_else_changed_is_refused(people: People) -> None:
    client, row = people.client("carol"), make.product("Mill")
    seen = client.get(url("products", row))["ETag"]
    row.family = "Tools"
    row.save()
    for method in ("patch", "put", "delete"):
        answer = getattr(client, method)(url("products", row), {"name": "Barn"}, **JSON, headers={"If-Match": seen})
        assert answer.status_code == 412, method
        assert faults(answer) == {} and "ETag" in answer.json()["detail"]
    row.refresh_from_db()
    assert row.name == "Mill"
    now = client.get(url("products", row))["ETag"]
    assert client.patch(url("products", row), {"name": "Barn"}, **JSON, headers={"If-Match": f'"other", {now}'}).status_code == 200
    assert client.delete(url("products", row), headers={"If-Match": "*"}).status_code == 204


def test_a_page_of_ours_keeps_its_own_etag(people: People) -> None:
    assert "Authorization" not in people.client("carol").get("/sign-in/").headers["Vary"]
