"""Programs have names, tokens of their own and no more rights than were given to them."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.api.router import router
from tests import make
from tests.api.world import CASES, faults, url
from tests.people import People

JSON = {"content_type": "application/json"}
URL = "/api/v1/integrations/"


def signed(token: str) -> Client:
    return Client(headers={"Authorization": f"Token {token}"})


def integration(people: People, **fields: Any) -> dict[str, Any]:
    answer = people.client("carol").post(URL, {"name": "CRM", **fields}, **JSON)
    assert answer.status_code == 201, answer.content
    return answer.json()


def token(people: People, made: dict[str, Any], **terms: Any) -> Client:
    answer = people.client("carol").post(f"{URL}{made['id']}/tokens/", terms, **JSON)
    assert answer.status_code == 201, answer.content
    assert answer["Cache-Control"] == "no-store"
    return signed(answer.json()["token"])


def test_one_that_acts_as_a_person_sees_what_that_person_sees(people: People) -> None:
    mine, his = make.lead(rep=people.alice), make.lead(rep=people.dave)
    client = token(people, integration(people, acts_as="bob@kpiboard.example"))
    assert client.get(url("leads", mine)).status_code == 200
    assert client.get(url("leads", his)).status_code == 404


@pytest.mark.parametrize(("role", "written"), [("admin", 201), ("viewer", 403)])
def test_one_with_a_role_has_a_sign_in_of_its_own_and_no_password(people: People, role: str, written: int) -> None:
    made = integration(people, role=role)
    client = token(people, made)
    assert (made["has_own_sign_in"], made["acting_role"]) == (True, role)
    assert client.post(url("products"), {"name": "Mill"}, **JSON).status_code == written
    assert not User.objects.get(email=made["acts_as"]).has_usable_password()


@pytest.mark.parametrize("wanted", [{}, {"acts_as": "bob@kpiboard.example", "role": "admin"}, {"role": "manager"}, {"role": "rep"}])
def test_whose_rights_it_has_is_said_once_and_makes_sense(people: People, wanted: dict[str, str]) -> None:
    answer = people.client("carol").post(URL, {"name": "CRM", **wanted}, **JSON)
    assert answer.status_code == 400 and set(faults(answer)) == {"role"}


def test_a_name_is_there_once_and_a_person_signs_in(people: People) -> None:
    integration(people, role="viewer")
    answer = people.client("carol").post(URL, {"name": "CRM", "acts_as": "nobody@kpiboard.example"}, **JSON)
    assert answer.status_code == 400 and set(faults(answer)) == {"name", "acts_as"}


@pytest.mark.parametrize("name", ["alice", "bob", "dave", "erin"])
def test_only_admins_look_after_them(people: People, name: str) -> None:
    made = integration(people, role="viewer")
    client = people.client(name)
    assert client.get(URL).status_code == client.delete(f"{URL}{made['id']}/").status_code == 403
    assert client.post(URL, {"name": "Mine", "role": "admin"}, **JSON).status_code == client.post(f"{URL}{made['id']}/tokens/", {}, **JSON).status_code == 403


def test_it_is_listed_with_its_tokens_by_key_and_ends_with_them(people: People) -> None:
    carol, made = people.client("carol"), integration(people, role="admin")
    client, other = token(people, made, name="Leads", grants=["write:leads", "read:*"]), token(people, made)
    assert client.get(url("leads")).status_code == 200
    tokens = {row["name"]: row for row in carol.get(f"{URL}{made['id']}/").json()["tokens"]}
    assert tokens["Leads"]["grants"] == ["write:leads", "read:*"]
    assert tokens["Leads"]["last_used_at"] == "2025-03-14T09:00:00Z" and tokens[""]["last_used_at"] is None
    assert carol.delete(f"{URL}{made['id']}/tokens/{tokens['']['key']}/").status_code == 204
    assert (client.get(url("leads")).status_code, other.get(url("leads")).status_code) == (200, 401)
    assert carol.delete(f"{URL}{made['id']}/").status_code == 204
    assert client.get(url("leads")).status_code == 401
    assert not User.objects.get(email=made["acts_as"]).is_active


def test_the_tokens_of_an_integration_are_not_the_persons_to_look_after(people: People) -> None:
    token(people, integration(people, acts_as="bob@kpiboard.example"))
    assert people.client("bob").get("/api/v1/tokens/").json() == []


@pytest.mark.parametrize("prefix", sorted(prefix for prefix, _view, _name in router.registry))
def test_a_token_reads_nothing_that_was_not_granted(people: People, prefix: str) -> None:
    made = integration(people, role="admin")
    other = "regions" if prefix != "regions" else "teams"
    assert token(people, made, grants=[f"read:{other}"]).get(url(prefix)).status_code == 403
    for grants in ([f"read:{prefix}"], [f"write:{prefix}"], ["read:*"], ["write:*"]):
        assert token(people, made, grants=grants).get(url(prefix)).status_code in (200, 400)


@pytest.mark.parametrize("prefix", CASES)
def test_a_token_writes_nothing_that_was_not_granted(people: People, prefix: str) -> None:
    made, row = integration(people, acts_as="carol@kpiboard.example"), CASES[prefix].make(people, "alice")
    reader, writer = token(people, made, grants=[f"read:{prefix}", "read:*"]), token(people, made, grants=[f"write:{prefix}"])
    for method in ("post", "put", "patch", "delete"):
        address = url(prefix, None if method == "post" else row)
        answer = getattr(reader, method)(address, {}, **JSON)
        assert answer.status_code == 403 and "This token may not" in answer.json()["detail"], method
    answer = writer.patch(url(prefix, row), {}, **JSON)
    assert answer.status_code == 200 or "This token" not in answer.json()["detail"]


def test_a_token_with_grants_makes_no_other(people: People) -> None:
    client = token(people, integration(people, acts_as="carol@kpiboard.example"), grants=["write:*"])
    assert client.post(URL, {"name": "Mine", "role": "admin"}, **JSON).status_code == 403
    assert client.get("/api/v1/tokens/").status_code == 403
    assert client.delete("/api/v1/tokens/").status_code == 204


def test_a_token_ends_at_its_expiry(people: People, day: Any) -> None:
    made = integration(people, role="viewer")
    answer = people.client("carol").post(f"{URL}{made['id']}/tokens/", {"expiry": "2025-03-14T08:59:59Z"}, **JSON)
    assert answer.status_code == 400 and set(faults(answer)) == {"expiry"}
    assert token(people, made, expiry="2099-01-01T00:00:00Z").get(url("leads")).status_code == 200
    assert token(people, made, expiry="2025-03-14T09:00:01Z").get(url("leads")).status_code == 401


@pytest.mark.parametrize("grant", ["", "read", "leads", "read:", "read:nothing", "delete:leads", "read:leads:write"])
def test_what_is_no_grant_is_refused_with_those_that_are(people: People, grant: str) -> None:
    made = integration(people, role="viewer")
    answer = people.client("carol").post(f"{URL}{made['id']}/tokens/", {"grants": [grant]}, **JSON)
    assert answer.status_code == 400 and set(faults(answer)) == {"grants"}


def test_a_token_from_before_grants_does_what_its_owner_may(people: People) -> None:
    client = signed(make.token(people.carol))
    assert client.post(url("products"), {"name": "Mill"}, **JSON).status_code == 201
    assert client.get(URL).status_code == 200
    assert people.client("carol").get("/api/v1/tokens/").json()[0]["last_used_at"] == "2025-03-14T09:00:00Z"
