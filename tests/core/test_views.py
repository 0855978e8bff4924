"""Alive and ready."""

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.views.defaults import server_error


def test_alive_asks_no_database(client: Client) -> None:
    """Without the `db` fixture a query would raise."""
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


def test_ready_says_that_the_database_answers_and_is_migrated(client: Client, db: None) -> None:
    response = client.get("/readyz")
    answer = response.json()
    assert (response.status_code, answer["ready"], answer["database"], answer["migrations_waiting"]) == (200, True, "ok", [])
    assert {"counted_at", "counted_to_on", "waiting"} <= answer["freshness"].keys()


def test_not_ready_while_migrations_wait(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.core.views.MigrationExecutor.migration_plan", lambda self, targets: [("reps.0003_more", False)])
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations_waiting"]) == (503, ["reps.0003_more"])


def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("no database")

    monkeypatch.setattr("apps.core.views.MigrationExecutor.__init__", refuse)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "unreachable: OperationalError")


def test_a_broker_that_is_down_is_said_but_boards_are_ready(client: Client, db: None, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["broker"].startswith("unreachable")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_allowed(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_the_page_of_an_unexpected_error_asks_no_database() -> None:
    """Without the `db` fixture a query would raise."""
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


def test_what_is_not_there_is_said_on_a_page_of_ours(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()
