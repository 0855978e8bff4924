"""A browser as small as can be: one kept connection, one session, one page at a time; and many of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from threading import Barrier, Thread
from time import perf_counter

from script.house.programs import HOST

PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """A page as it arrived. `seconds` are the visitor's, `server_seconds` those in which the server worked on it."""

    status: int
    seconds: float
    server_seconds: float
    queries: int
    tag: str
    body: bytes


class Visitor:
    """Somebody who is signed in."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = HTTPConnection(HOST, port, timeout=PATIENCE)
        self.headers = {"Cookie": f"sessionid={session}"}

    def get(self, path: str, *, tag: str = "", expected: int = 200) -> Answer:
        """Get a page; raise where the answer is not the expected one, so that no error is ever timed as a page."""
        headers = {**self.headers, **({"If-None-Match": tag} if tag else {})}
        try:
            seconds, response, body = self._ask(path, headers)
        except (RemoteDisconnected, ConnectionResetError):  # a kept connection that was idle for long: every browser asks again
            self.connection.close()
            seconds, response, body = self._ask(path, headers)
        if response.status != expected:
            raise RuntimeError(f"{path} answered {response.status} instead of {expected}: {body[:300]!r}")
        told = response.headers
        return Answer(response.status, seconds, float(told["X-Seconds"]), int(told["X-Queries"]), told.get("ETag", ""), body)

    def _ask(self, path: str, headers: dict[str, str]) -> tuple[float, HTTPResponse, bytes]:
        started = perf_counter()
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        return perf_counter() - started, response, body


def crowd(port: int, visits: Sequence[tuple[str, str]], *, times: int) -> list[float]:
    """Let everybody, by session and path, ask for their page again and again at once; return how long each answer took them."""
    begin = Barrier(len(visits))
    taken: list[list[float]] = [[] for _visit in visits]
    failed: list[BaseException] = []

    def ask(number: int, session: str, path: str) -> None:
        try:
            visitor = Visitor(port, session)
            visitor.get(path)
            begin.wait(PATIENCE)
            taken[number] = [visitor.get(path).seconds for _time in range(times)]
        except BaseException as error:
            failed.append(error)
            begin.abort()

    threads = [Thread(target=ask, args=(number, *visit)) for number, visit in enumerate(visits)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return [seconds for each in taken for seconds in each]
