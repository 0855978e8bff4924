"""Signing programs in."""

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from tests import make
from tests.api.world import faults
from tests.people import People

URL = "/api/v1/tokens/"
ME = {"email": "bob@kpiboard.example", "password": make.PASSWORD}
JSON = {"content_type": "application/json"}


def ask(client: Client | None = None, **changes: Any) -> Any:
    return (client or Client()).post(URL, {**ME, **changes}, **JSON)


def signed(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Token {token}"}}


def test_a_token_signs_its_owner_in(people: People) -> None:
    answer = ask(name="Nightly export")
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    found = Client().get("/api/v1/scopes/", **signed(answer.json()["token"])).json()
    assert [row["scope"] for row in found] == ["team:North", "rep:Alice Adler"]


def test_the_list_names_ones_own_tokens_and_never_shows_them(people: People) -> None:
    token = ask(name="Nightly export").json()["token"]
    ask()
    ask(email="carol@kpiboard.example", name="Hers")
    rows = Client().get(URL, **signed(token)).json()
    assert [row["name"] for row in rows] == ["", "Nightly export"]
    assert rows[1]["key"] == token[:15]
    assert "token" not in rows[1]


def test_the_email_is_read_in_any_case(people: People) -> None:
    assert ask(email=" BOB@kpiboard.example ").status_code == 201


@pytest.mark.parametrize("changes", [{"password": "wrong"}, {"email": "nobody@kpiboard.example"}])
def test_a_wrong_password_and_an_unknown_person_are_answered_alike(changes: dict[str, str], people: People) -> None:
    answer = ask(**changes)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The e-mail or the password is wrong, or this sign-in has been closed. Check both, or ask an admin."


def test_what_is_not_filled_in_is_named(people: People) -> None:
    assert set(faults(Client().post(URL, {}, **JSON))) == {"email", "password"}


def test_a_closed_sign_in_gets_no_token_and_its_old_ones_stop(people: People) -> None:
    token = ask().json()["token"]
    people.bob.is_active = False
    people.bob.save()
    assert ask().status_code == 401
    assert Client().get(URL, **signed(token)).status_code == 401


def test_too_many_wrong_passwords_shut_the_door_for_a_while_in_whatever_case_the_email_is_written(people: People) -> None:
    for number in range(8):
        answer = ask(password="wrong", email="Bob@kpiboard.example" if number % 2 else "bob@kpiboard.example")
    assert answer.status_code == 429
    answer = ask()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 900
    assert answer.json()["detail"].startswith("Too many wrong passwords.")


def test_the_right_password_forgets_the_wrong_ones(people: People) -> None:
    for _number in range(5):
        ask(password="wrong")
    assert AccessAttempt.objects.exists()
    ask()
    assert not AccessAttempt.objects.exists()
    people.bob.refresh_from_db()
    assert people.bob.last_login is not None


def test_a_token_is_given_up(people: People) -> None:
    token = ask().json()["token"]
    assert Client().delete(URL, **signed(token)).status_code == 204
    assert Client().get(URL, **signed(token)).status_code == 401


def test_one_of_ones_own_tokens_is_revoked_by_its_key_and_nobody_elses(people: People) -> None:
    mine, hers = ask().json()["token"], ask(email="carol@kpiboard.example").json()["token"]
    client = people.client("bob")
    assert client.delete(f"{URL}{hers[:15]}/").status_code == 404
    assert client.delete(f"{URL}{mine[:15]}/").status_code == 204
    assert Client().get(URL, **signed(mine)).status_code == 401
    assert Client().get(URL, **signed(hers)).status_code == 200


def test_a_session_has_no_token_to_give_up(people: People) -> None:
    answer = people.client("bob").delete(URL)
    assert answer.status_code == 400
    assert "DELETE /api/v1/tokens/KEY/" in answer.json()["detail"]


@pytest.mark.parametrize("token", ["nonsense", "a b", "", "é", "%00", "\udcff"])
def test_what_is_no_token_is_refused_and_breaks_nothing(token: str, db: None) -> None:
    header = f"Token {token}".encode("utf-8", "surrogateescape").decode("latin-1")
    assert Client().get(URL, headers={"Authorization": header}).status_code == 401


def test_a_session_writes_only_with_its_csrf_token(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.carol, backend="apps.accounts.backends.EmailBackend")
    assert client.post("/api/v1/regions/", {"name": "Asia"}, **JSON).status_code == 403


def test_a_token_needs_no_csrf_token_and_a_session_beside_it_changes_nothing(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.erin, backend="apps.accounts.backends.EmailBackend")
    token = ask(client, email="carol@kpiboard.example").json()["token"]
    assert client.post("/api/v1/regions/", {"name": "Asia"}, **JSON, **signed(token)).status_code == 201
