"""Who is answered what, on every endpoint there is: an endpoint without a case here fails."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.api.router import LOOKED_AT, NUMBERS, ROWS, router
from tests import make
from tests.api.world import CASES, EVERYBODY, faults, url
from tests.people import People

Clients = Callable[[str], Any]
JSON = {"content_type": "application/json"}
ASKED = {
    "figures": "?kpi=revenue&scope={scope}&period=2025-Q1",
    "series": "?kpi=revenue&scope={scope}&period=2025-Q1",
    "ranking": "?kpi=revenue&scope={scope}&period=2025-Q1",
    "breakdown": "?kpi=pipeline_value&scope={scope}&period=2025-Q1",
    "records": "?kpi=revenue&scope={scope}&period=2025-Q1",
}
WRITTEN = ("plans",)  # numbers that admins write, too; who may is in test_plans
CATALOGUES = ("kpis", "scopes")  # what everybody may ask; what the scopes are is in test_views
WHO_OPENS = {
    "company": ("carol", "erin"),
    "region:Europe": ("carol", "erin"),
    "team:North": ("bob", "carol", "erin"),
    "team:South": ("carol", "erin"),
    "rep:Alice Adler": ("alice", "bob", "carol", "erin"),
    "rep:Dave Dahl": ("carol", "dave", "erin"),
}


def test_every_endpoint_has_a_case() -> None:
    registered = {prefix for prefix, _view, _name in router.registry}
    assert registered == set(CASES) | set(ASKED) | set(CATALOGUES) | set(WRITTEN) | set(LOOKED_AT)
    assert set(CASES) == set(ROWS)
    assert set(ASKED) | set(CATALOGUES) | set(WRITTEN) == set(NUMBERS)


@pytest.mark.parametrize("prefix", [*CASES, *ASKED, *CATALOGUES])
def test_nobody_is_answered_without_signing_in(prefix: str, db: None) -> None:
    answer = Client().get(url(prefix) + ASKED.get(prefix, "").format(scope="company"))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("prefix", CASES)
def test_everybody_lists_the_rows_that_are_theirs_to_see(prefix: str, people: People, client_of: Clients) -> None:
    case = CASES[prefix]
    hers, his = case.make(people, "alice"), case.make(people, "dave")
    for name in EVERYBODY:
        found = {row["id"] for row in client_of(name).get(url(prefix)).json()["results"]}
        assert (hers.pk in found) == (name in case.readers), name
        assert (his.pk in found) == (name in case.others), name


@pytest.mark.parametrize("prefix", CASES)
def test_a_row_that_is_not_theirs_is_not_found(prefix: str, people: People, client_of: Clients) -> None:
    case = CASES[prefix]
    row = case.make(people, "alice")
    for name in EVERYBODY:
        expected = 200 if name in case.readers else 404
        assert client_of(name).get(url(prefix, row)).status_code == expected, name


def refusal(prefix: str, name: str) -> int:
    """Not theirs is 404; theirs to see but not to write is 403, and so is everything for who may not write at all."""
    case = CASES[prefix]
    may_write_some = name in case.some if case.some else name == "carol" if "alice" not in case.writers else name != "erin"
    return 404 if may_write_some and name not in case.readers else 403


@pytest.mark.parametrize("prefix", CASES)
def test_only_its_writers_change_a_row(prefix: str, people: People, client_of: Clients) -> None:
    case = CASES[prefix]
    row = case.make(people, "alice")
    for name in EVERYBODY:
        answer = client_of(name).patch(url(prefix, row), case.change, **JSON)
        assert answer.status_code == (200 if name in case.writers else refusal(prefix, name)), (name, answer.content)
        if name in case.writers:
            assert {key: answer.json()[key] for key in case.change} == case.change


@pytest.mark.parametrize("prefix", CASES)
def test_a_row_read_and_written_back_whole_stays_the_same(prefix: str, people: People, client_of: Clients) -> None:
    row = CASES[prefix].make(people, "alice")
    for name in CASES[prefix].writers:
        before = client_of(name).get(url(prefix, row)).json()
        answer = client_of(name).put(url(prefix, row), before, **JSON)
        assert answer.status_code == 200, answer.content
        assert {**answer.json(), "updated_at": ""} == {**before, "updated_at": ""}


@pytest.mark.parametrize("prefix", CASES)
def test_only_its_writers_delete_a_row(prefix: str, people: People, client_of: Clients) -> None:
    case = CASES[prefix]
    row = case.make(people, "alice")
    deleters = case.deleters or case.writers
    for name in (name for name in EVERYBODY if name not in deleters):
        assert client_of(name).delete(url(prefix, row)).status_code == refusal(prefix, name), name
    for position, name in enumerate(deleters):
        answer = client_of(name).delete(url(prefix, case.make(people, "alice") if position else row))
        assert answer.status_code in (204, 400), name  # 400: something else still needs it, and says what
        assert answer.status_code == 204 or "needs it" in str(answer.json()) or "need it" in str(answer.json())


@pytest.mark.parametrize("prefix", [prefix for prefix in CASES if "alice" in CASES[prefix].writers and prefix not in ("check-ins", "steps")])
def test_nobody_gives_a_row_to_a_rep_they_do_not_see(prefix: str, people: People, client_of: Clients) -> None:
    row = CASES[prefix].make(people, "alice")
    field = "owner" if hasattr(row, "owner") else "rep"
    for name in ("alice", "bob"):
        answer = client_of(name).patch(url(prefix, row), {field: people.dave.pk}, **JSON)
        assert answer.status_code == 400
        assert field in faults(answer)
    row.refresh_from_db()
    assert getattr(row, field) == people.alice


@pytest.mark.parametrize("prefix", ASKED)
@pytest.mark.parametrize("scope", WHO_OPENS)
def test_numbers_are_answered_for_the_scopes_that_are_theirs(prefix: str, scope: str, people: People, client_of: Clients) -> None:
    for name in EVERYBODY:
        answer = client_of(name).get(url(prefix) + ASKED[prefix].format(scope=scope))
        assert answer.status_code == (200 if name in WHO_OPENS[scope] else 404), (name, answer.content)


@pytest.mark.parametrize("prefix", CATALOGUES)
def test_everybody_reads_the_catalogues(prefix: str, client_of: Clients) -> None:
    assert [client_of(name).get(url(prefix)).status_code for name in EVERYBODY] == [200] * 5


@pytest.mark.parametrize("prefix", [*ASKED, *CATALOGUES])
def test_numbers_are_not_written(prefix: str, client_of: Clients) -> None:
    assert client_of("carol").post(url(prefix), {}, **JSON).status_code == 405


def test_a_closed_sign_in_is_refused_at_once(people: People) -> None:
    client = people.client("bob")
    people.bob.is_active = False
    people.bob.save()
    assert client.get(url("leads")).status_code == 401


def test_a_manager_loses_the_rows_of_a_team_on_the_day_they_no_longer_lead_it(people: People, client_of: Clients) -> None:
    lead = make.lead(rep=people.alice)
    people.north.managers.update(end_on=make.TODAY)
    assert client_of("bob").get(url("leads", lead)).status_code == 404
