"""Sends one signed POST, and says how it went; it neither follows a redirect nor waits longer than some seconds in all."""

import json
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from apps.webhooks import signatures
from apps.webhooks.models import Event, Hook

PATIENCE = 10.0  # seconds, for all of it: who trickles an answer does not get more
KEPT = 500  # bytes of an answer


@dataclass(frozen=True)
class Sent:
    """What was answered, or what went wrong."""

    status: int | None
    answer: str
    problem: str
    seconds: float

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def body(event: Event) -> bytes:
    """Return an event as it is sent."""
    told = {"id": str(event.pk), "type": event.kind, "timestamp": event.happened_at.isoformat(), "data": event.data}
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


def send(hook: Hook, event: Event, *, at: datetime) -> Sent:
    """Post an event to a hook."""
    content = body(event)
    headers = {"content-type": "application/json", "user-agent": "KPIBoard", **signatures.headers(hook.secret, str(event.pk), at, content)}
    began = time.monotonic()
    status, answer, problem = None, b"", ""
    try:
        status, answer = _post(hook.url, content, headers)
    except (OSError, HTTPException, ValueError) as error:
        is_late = time.monotonic() - began >= PATIENCE
        problem = f"no answer within {PATIENCE:.0f} seconds" if is_late else str(error) or type(error).__name__
    return Sent(status, answer.decode(errors="replace").replace("\0", ""), problem[:KEPT], round(time.monotonic() - began, 3))


def _post(url: str, content: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    is_late = threading.Event()
    end = threading.Timer(PATIENCE, _cut, [connection, is_late])
    end.daemon = True
    end.start()
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), content, headers)
        response = connection.getresponse()
        answer = response.status, response.read(KEPT)
        if is_late.is_set():  # what was cut off looks like an answer that ended
            raise TimeoutError
        return answer
    finally:
        end.cancel()
        connection.close()


def _cut(connection: HTTPConnection, is_late: threading.Event) -> None:
    """Break a connection off, whoever waits for it; say so first."""
    is_late.set()
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
