"""Reading from a replica: which requests do, and never from an older state than the same person has seen before.

Every answer tells the browser, in signed cookies, how far the log of the database was that it was read from. A page is read from the replica
only when that has replayed as much, and all that the primary had some seconds ago; else, and whenever the replica does not answer, from
the primary. What the primary and what the replica showed is kept apart, so that a slow answer of one does not take back what the other told.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.utils import CursorWrapper
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from apps.core import prepared

PRIMARY, REPLICA = "default", "replica"
ONLY_PRIMARY = frozenset({"accounts", "admin", "api", "auth", "axes", "contenttypes", "knox", "sessions"})  # who somebody is
COOKIES = {PRIMARY: "kpiboard-seen", REPLICA: "kpiboard-seen-replica"}
PAUSE = 10.0  # seconds before a replica that did not answer is asked again
UNREACHABLE = (OperationalError, InterfaceError)
# The end of what is written, whether or not it has reached the disk yet: nobody can have seen more.
WRITTEN, REPLAYED = "pg_current_wal_insert_lsn()", "pg_last_wal_replay_lsn()"
READ = "SELECT pg_wal_lsn_diff({place}, '0/0')::bigint, (SELECT system_identifier FROM pg_control_system())"
_chosen: ContextVar[str] = ContextVar("the database that this request reads from", default=PRIMARY)


def is_configured() -> bool:
    return REPLICA in settings.DATABASES


def alias() -> str:
    """Return the database to read from now: inside a transaction the primary, which alone knows what that wrote."""
    chosen = _chosen.get()
    return PRIMARY if chosen == REPLICA and connections[PRIMARY].in_atomic_block else chosen


class Reading:
    """Stands for `django.db.connection` where SQL only reads: leads to the database that the request reads from."""

    def cursor(self) -> CursorWrapper:
        return connections[alias()].cursor()

    def prepared(self) -> CursorWrapper:
        """A cursor for a question that every page asks in the same words."""
        return prepared.cursor(connections[alias()])


connection = Reading()


class Router:
    """Reads go where the request reads from, but for who somebody is; all writes go to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return PRIMARY if model._meta.app_label in ONLY_PRIMARY else alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == PRIMARY


# --- How far the databases are ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Position:
    """How far a database's log is, in bytes since it was made; only positions of one cluster can be compared."""

    bytes: int
    cluster: int


def written() -> Position:
    """Return how far the primary is: everything that anybody can have seen lies before."""
    return _position(PRIMARY, WRITTEN)  # type: ignore[return-value]


def replayed() -> Position | None:
    """Return how far the replica is, None for a server that is none (any more); raise one of UNREACHABLE."""
    return _position(REPLICA, REPLAYED)


def _position(alias: str, place: str) -> Position | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(READ.format(place=place if alias == PRIMARY else f"CASE WHEN pg_is_in_recovery() THEN {place} END"))
        found, cluster = cursor.fetchone()
    return None if found is None else Position(found, cluster)


class Judge:
    """What a process knows of the replica: since when not to ask it, and how far the primary was lately."""

    def __init__(self) -> None:
        self.paused_until = 0.0
        self.sampled: tuple[float, Position] | None = None

    def is_fit(self, seen: int) -> bool:
        """Say whether the replica answers, and shows what somebody has seen and what the primary had some seconds ago."""
        if monotonic() < self.paused_until:
            return False
        if self.paused_until:
            self.pause()  # one request tries again, not all at once
        try:
            found = replayed()
        except UNREACHABLE:
            self.pause()
            return False
        self.paused_until = 0.0
        lately = self.lately()
        return found is not None and found.cluster == lately.cluster and found.bytes >= max(seen, lately.bytes)

    def lately(self) -> Position:
        """Return how far the primary was at some time in the last seconds; that is asked once for all requests of these."""
        if self.sampled is None or monotonic() - self.sampled[0] > settings.REPLICA_MOST_BEHIND:
            self.sampled = monotonic(), written()
        return self.sampled[1]

    def pause(self) -> None:
        self.paused_until = monotonic() + PAUSE


judge = Judge()


# --- Requests --------------------------------------------------------------------------------------------
def serve(view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Answer a page from the replica where it is fit for this person, else from the primary; also when it goes away meanwhile."""
    if is_configured() and request.method in ("GET", "HEAD"):
        seen = _seen(request)
        if seen is not None and judge.is_fit(seen):
            chosen = _chosen.set(REPLICA)
            try:
                response = view(request, *args, **kwargs)
                request.read_to = replayed()  # type: ignore[attr-defined]
                return response
            except UNREACHABLE:
                judge.pause()
            finally:
                _chosen.reset(chosen)
    return view(request, *args, **kwargs)


def _seen(request: HttpRequest) -> int | None:
    """Return the furthest position that this person has seen; None when that is not known."""
    found = [request.get_signed_cookie(name, default=None, salt=_salt(request)) for name in COOKIES.values()]
    return max((int(place) for place in found if place), default=None)


def _salt(request: HttpRequest) -> str:
    """Bind a cookie to the person: what one has seen says nothing of another at the same browser."""
    return f"{__name__}:{request.user.pk}"


class Seen:
    """Tells the browser how far the database was that an answer to a person was read from, or that they wrote to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not is_configured():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.accessed and request.user.is_authenticated:
            found = getattr(request, "read_to", None)
            self.tell(request, response, REPLICA if found else PRIMARY, (found or written()).bytes)
        return response

    def tell(self, request: HttpRequest, response: HttpResponseBase, alias: str, place: int) -> None:
        response.set_signed_cookie(
            COOKIES[alias],
            str(place),
            salt=_salt(request),
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


# --- Health ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Health:
    """How the replica is, and how far behind the primary, in bytes of the log and in seconds; None when that is not known."""

    state: str
    behind_bytes: int | None = None
    behind_seconds: float | None = None


def health() -> Health:
    """Ask both databases now."""
    try:
        first = written()
        with connections[REPLICA].cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8")
            [age] = cursor.fetchone()
        found = replayed()
    except DatabaseError as error:
        return Health(f"unreachable: {type(error).__name__}")
    if found is None or found.cluster != first.cluster:
        return Health("not a replica of this database")
    behind = max(0, first.bytes - found.bytes)
    return Health("ok", behind, max(0.0, age or 0.0) if behind else 0.0)
