"""Somebody who receives: keeps what is posted, and answers as a test wants it."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """`answers` are the statuses of the next answers, 204 where none is left; a status of 0 breaks the connection off, of 1 trickles without end."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a port of one's own until it is over."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is the protocol's
            receiver.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            receiver.headers.append({name.lower(): value for name, value in self.headers.items()})
            status = receiver.answers.pop(0) if receiver.answers else 204
            if status == 1:  # a header every now and then, without end
                with suppress(OSError):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                    while True:
                        self.wfile.write(b"x-more: yes\r\n")
                        time.sleep(0.1)
            elif status:
                self.answer(status)
            else:
                self.connection.close()

        def answer(self, status: int) -> None:
            self.send_response(status)
            if status == 302:
                self.send_header("location", receiver.url)
            self.end_headers()
            if status != 204:
                self.wfile.write(b"as you say")

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/in"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
