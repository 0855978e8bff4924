"""Which database a request reads from: the replica only where it is known to be fit, and nothing of all this where there is none."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.accounts.models import User
from apps.core import replica
from apps.core.models import Organisation
from apps.core.replica import PAUSE, PRIMARY, REPLICA, Judge, Position, Router, Seen
from tests import make

CLUSTER = 42


class Servers:
    """How far two servers are, as tests say it, and how often the replica was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.primary, self.replica, self.cluster, self.time, self.asked = 100, 100, CLUSTER, 1000.0, 0
        self.is_up, self.is_replica = True, True
        monkeypatch.setattr(replica, "is_configured", lambda: True)
        monkeypatch.setattr(replica, "written", lambda: Position(self.primary, CLUSTER))
        monkeypatch.setattr(replica, "replayed", self.replayed)
        monkeypatch.setattr(replica, "monotonic", lambda: self.time)
        monkeypatch.setattr(replica, "judge", Judge())

    def replayed(self) -> Position | None:
        self.asked += 1
        if not self.is_up:
            raise OperationalError("nobody there")
        return Position(self.replica, self.cluster) if self.is_replica else None


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Servers:
    return Servers(monkeypatch)


def where(request: HttpRequest) -> HttpResponse:
    """A page that says where it is read from."""
    return HttpResponse(replica.alias())


class Browser:
    """Keeps one person's cookies from request to request."""

    def __init__(self, pk: int = 1) -> None:
        self.user, self.cookies = User(pk=pk), {"sessionid": "x"}

    def ask(self, view: Callable[..., Any] = where, method: str = "GET") -> str:
        request = RequestFactory().generic(method, "/")
        request.user, request.session = self.user, SimpleNamespace(accessed=True)  # type: ignore[assignment]
        request.COOKIES = dict(self.cookies)
        answer = Seen(lambda asked: replica.serve(view, asked))(request)
        self.cookies |= {name: morsel.value for name, morsel in answer.cookies.items()}
        return answer.content.decode()  # type: ignore[attr-defined]


def test_who_has_seen_nothing_yet_reads_from_the_primary_and_then_from_the_replica(servers: Servers) -> None:
    bob = Browser()
    assert [bob.ask() for _time in range(3)] == [PRIMARY, REPLICA, REPLICA]
    assert set(bob.cookies) == {"sessionid", "kpiboard-seen", "kpiboard-seen-replica"}


def test_nobody_reads_an_older_state_than_they_have_seen(servers: Servers) -> None:
    bob = Browser()
    servers.primary = 120
    assert [bob.ask(), bob.ask()] == [PRIMARY, PRIMARY], "the replica is behind what the first page showed"
    servers.replica = 120
    assert bob.ask() == REPLICA
    servers.replica = 119
    assert bob.ask() == PRIMARY, "a replica that was restored shows less than it did"


def test_who_writes_reads_what_they_wrote(servers: Servers) -> None:
    bob = Browser()
    assert [bob.ask(), bob.ask()] == [PRIMARY, REPLICA]
    servers.primary = 150
    assert bob.ask() == REPLICA, "somebody else wrote: the replica may be a little behind"
    assert bob.ask(method="POST") == PRIMARY
    assert bob.ask() == PRIMARY
    servers.replica = 150
    assert bob.ask() == REPLICA


def test_a_slow_answer_of_the_replica_does_not_take_back_what_the_primary_told(servers: Servers) -> None:
    bob = Browser()
    assert [bob.ask(), bob.ask()] == [PRIMARY, REPLICA]
    late = dict(bob.cookies)
    servers.primary = 150
    bob.ask(method="POST")
    bob.cookies["kpiboard-seen-replica"] = late["kpiboard-seen-replica"]
    assert bob.ask() == PRIMARY


@pytest.mark.parametrize("value", ["", "999999999", "100:forged", "abc"])
def test_a_cookie_that_we_did_not_write_says_nothing(servers: Servers, value: str) -> None:
    bob = Browser()
    bob.ask()
    bob.cookies |= {"kpiboard-seen": value, "kpiboard-seen-replica": value}
    assert bob.ask() == PRIMARY


def test_what_another_person_has_seen_at_this_browser_says_nothing(servers: Servers) -> None:
    bob = Browser()
    bob.ask()
    bob.user = User(pk=2)
    assert bob.ask() == PRIMARY


def test_a_replica_that_is_far_behind_is_left_alone_also_by_who_has_seen_nothing_newer(servers: Servers, settings: Any) -> None:
    settings.REPLICA_MOST_BEHIND = 10
    bob = Browser()
    assert [bob.ask(), bob.ask()] == [PRIMARY, REPLICA]
    servers.primary, servers.time = 500, servers.time + 9
    assert bob.ask() == REPLICA
    servers.time += 2
    assert bob.ask() == PRIMARY
    servers.replica = 500
    assert bob.ask() == REPLICA


def test_another_database_and_a_server_that_follows_no_other_are_never_read_from(servers: Servers) -> None:
    bob = Browser()
    bob.ask()
    servers.cluster = 43
    assert bob.ask() == PRIMARY
    servers.cluster, servers.is_replica = CLUSTER, False
    assert bob.ask() == PRIMARY


def test_a_replica_that_does_not_answer_is_asked_again_after_a_pause_by_one_request(servers: Servers) -> None:
    bob = Browser()
    bob.ask()
    servers.is_up, servers.asked = False, 0
    assert [bob.ask() for _time in range(5)] == [PRIMARY] * 5
    assert servers.asked == 1
    servers.time += PAUSE + 1
    assert [bob.ask() for _time in range(5)] == [PRIMARY] * 5
    assert servers.asked == 2
    servers.is_up, servers.time = True, servers.time + PAUSE + 1
    assert bob.ask() == REPLICA


def test_while_one_request_asks_again_the_others_do_not_wait(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    bob, alice = Browser(), Browser(2)
    assert [bob.ask(), alice.ask()] == [PRIMARY, PRIMARY]
    replica.judge.pause()
    servers.time += PAUSE + 1
    told: list[str] = []
    genuine = servers.replayed

    def slow() -> Position | None:
        monkeypatch.setattr(replica, "replayed", genuine)
        told.append(alice.ask())
        return genuine()

    monkeypatch.setattr(replica, "replayed", slow)
    assert bob.ask() == REPLICA and told == [PRIMARY]


def test_a_page_during_which_the_replica_goes_away_is_made_again_from_the_primary(servers: Servers) -> None:
    bob, made = Browser(), []
    bob.ask()

    def page(request: HttpRequest) -> HttpResponse:
        made.append(replica.alias())
        if made[-1] == REPLICA:
            raise OperationalError("terminating connection")
        return HttpResponse("whole")

    assert bob.ask(page) == "whole" and made == [REPLICA, PRIMARY]
    assert bob.ask() == PRIMARY, "it is left alone for a while"
    assert replica.alias() == PRIMARY


def test_an_error_of_the_primary_stays_an_error(servers: Servers) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        raise OperationalError("no primary")

    bob = Browser()
    bob.ask()
    with pytest.raises(OperationalError):
        bob.ask(page)


def reading_from_the_replica(asked: Callable[[], Any]) -> Any:
    chosen = replica._chosen.set(REPLICA)
    try:
        return asked()
    finally:
        replica._chosen.reset(chosen)


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_everything_is_read_from_the_primary() -> None:
    def ask() -> list[str]:
        before = replica.alias()
        with transaction.atomic():
            inside = replica.alias(), Router().db_for_read(Organisation)
        return [before, *inside, replica.alias()]

    assert reading_from_the_replica(ask) == [REPLICA, PRIMARY, PRIMARY, REPLICA]


@pytest.mark.parametrize("model", ["accounts.User", "sessions.Session", "knox.AuthToken", "axes.AccessAttempt", "contenttypes.ContentType"])
def test_who_somebody_is_is_only_read_from_the_primary(model: str) -> None:
    from django.apps import apps

    assert reading_from_the_replica(lambda: Router().db_for_read(apps.get_model(model))) == PRIMARY


def test_all_writes_and_migrations_are_the_primarys() -> None:
    assert reading_from_the_replica(lambda: Router().db_for_write(Organisation)) == PRIMARY
    assert Router().allow_migrate(PRIMARY, "kpis") and not Router().allow_migrate(REPLICA, "kpis")


def test_where_there_is_no_replica_nothing_is_asked_and_nothing_told(monkeypatch: pytest.MonkeyPatch, client: Any, db: None) -> None:
    assert set(connections) == {DEFAULT_DB_ALIAS} and not replica.is_configured()
    with pytest.raises(MiddlewareNotUsed):
        Seen(lambda request: HttpResponse())
    monkeypatch.setattr(replica, "_seen", lambda request: pytest.fail("a cookie was read"))
    monkeypatch.setattr(replica, "_position", lambda *_: pytest.fail("a position was asked for"))
    client.force_login(make.user(), backend="apps.accounts.backends.EmailBackend")
    answer = client.get("/kpis/")
    assert answer.status_code == 200 and not [name for name in answer.cookies if "seen" in name]
    assert "replica" not in client.get("/readyz").json() and b"replica" not in client.get("/metrics").content
