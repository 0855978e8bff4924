"""An admin lets programs in, and out again, without a command line."""

from typing import Any

import pytest
from django.test import Client

from apps.api.models import Integration
from tests import make
from tests.api.world import url
from tests.people import People

ADD = "/admin/api/integration/add/"


def shown(answer: Any) -> str:
    """The token on the page that shows it this once."""
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"], answer.content
    return str(answer.content.decode().split("<code>")[1].split("</code>")[0])


def asks(token: str) -> int:
    return Client(headers={"Authorization": f"Token {token}"}).get(url("leads")).status_code


def test_an_integration_gets_its_token_and_another_and_loses_them_all(people: People) -> None:
    carol = people.client("carol")
    first = shown(carol.post(ADD, {"name": "CRM", "person": people.bob.pk, "token_name": "Leads", "grants": ["read:leads"]}))
    made = Integration.objects.get()
    assert (made.acts_as, made.made_by, made.has_own_sign_in) == (people.bob, people.carol, False)
    second = shown(carol.post(f"/admin/api/integration/{made.pk}/change/", {"name": "The CRM", "another": "on", "grants": ["write:goals"]}))
    assert (asks(first), asks(second)) == (200, 403)
    listed = carol.get("/admin/knox/authtoken/").content.decode()
    assert "The CRM · Leads" in listed and "write:goals" in listed and first not in listed
    assert carol.post(f"/admin/api/integration/{made.pk}/change/", {"name": "CRM"}).status_code == 302
    carol.post(f"/admin/api/integration/{made.pk}/delete/", {"post": "yes"})
    assert (asks(first), asks(second), Integration.objects.count()) == (401, 401, 0)


def test_one_by_a_role_has_its_own_sign_in(people: People) -> None:
    token = shown(people.client("carol").post(ADD, {"name": "CRM", "role": "viewer"}))
    assert asks(token) == 200
    assert Integration.objects.get().acts_as.role == "viewer"


@pytest.mark.parametrize(
    "fields", [{}, {"person": "bob", "role": "viewer"}, {"role": "viewer", "expiry_0": "2020-01-01", "expiry_1": "10:00"}, {"role": "rep"}]
)
def test_what_makes_no_sense_is_shown_on_the_form(people: People, fields: dict[str, str]) -> None:
    named = {name: people.bob.pk if value == "bob" else value for name, value in fields.items()}
    answer = people.client("carol").post(ADD, {"name": "CRM", **named})
    assert answer.status_code == 200 and "error" in answer.content.decode()
    assert not Integration.objects.exists()


def test_a_token_without_terms_is_listed_and_revoked(people: People) -> None:
    token = make.token(people.bob)
    carol = people.client("carol")
    assert "whatever its owner may" in carol.get("/admin/knox/authtoken/").content.decode()
    row = people.bob.auth_token_set.get()
    carol.post(f"/admin/knox/authtoken/{row.pk}/delete/", {"post": "yes"})
    assert asks(token) == 401
