"""Sends one signed POST, and says how it went; it neither follows a redirect nor waits long."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException

from apps.webhooks import signatures
from apps.webhooks.models import Event, Hook

PATIENCE = 10.0  # seconds
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


class Unredirected(urllib.request.HTTPRedirectHandler):
    """A hook that has moved is corrected by an admin: what is signed for one address is not handed to another."""

    def redirect_request(self, *_args: object) -> None:
        return None


OPENER = urllib.request.build_opener(Unredirected)


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
        request = urllib.request.Request(hook.url, data=content, headers=headers, method="POST")  # noqa: S310: an admin's address
        with OPENER.open(request, timeout=PATIENCE) as response:
            status, answer = response.status, response.read(KEPT)
    except urllib.error.HTTPError as error:
        with error:
            status, answer = error.code, error.read(KEPT)
    except (OSError, HTTPException, ValueError) as error:
        problem = str(error) or type(error).__name__
    return Sent(status, answer.decode(errors="replace").replace("\0", ""), problem[:KEPT], round(time.monotonic() - began, 3))
