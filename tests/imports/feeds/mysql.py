"""A server that speaks MySQL's protocol and answers every SELECT with rows that it was given; a real one is not at hand everywhere."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mysql_mimic import IdentityProvider, MysqlServer, NativePasswordAuthPlugin, Session, User

USER, PASSWORD = "crm", "pa#zz:wörd"


@dataclass
class Answers:
    """What it answers, and what it was asked."""

    names: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    asked: list[str] = field(default_factory=list)
    port: int = 0


class OneUser(IdentityProvider):
    def get_plugins(self) -> Any:
        return [NativePasswordAuthPlugin()]

    async def get_user(self, username: str) -> Any:
        secret = NativePasswordAuthPlugin.create_auth_string(PASSWORD)
        return User(name=username, auth_string=secret, auth_plugin=NativePasswordAuthPlugin.name) if username == USER else None


@contextmanager
def serving(answers: Answers) -> Iterator[Answers]:
    """Serve on a port of its own of this machine, in a thread."""

    class Answering(Session):
        async def query(self, expression: Any, sql: str, attrs: Any) -> Any:
            is_read_only = self.variables.get("transaction_read_only")
            answers.asked.append(f"{sql} · {'reading' if is_read_only else 'writing'}")
            return answers.rows, answers.names

    loop, ready = asyncio.new_event_loop(), threading.Event()
    server = MysqlServer(session_factory=Answering, identity_provider=OneUser())

    async def serve() -> None:
        await server.start_server(host="127.0.0.1", port=0)
        answers.port = server._server.sockets[0].getsockname()[1]  # the one that was free
        ready.set()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(serve(), loop)
    assert ready.wait(10)
    try:
        yield answers
    finally:
        server.close()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
