"""An embedded Valkey: broker and cache on a private socket, kept on disk by its append-only file."""

import os
from dataclasses import dataclass
from pathlib import Path

from . import accounts, binaries, sockets
from .places import Place
from .supervisor import Program


@dataclass(frozen=True)
class Valkey:
    """One Valkey of one place."""

    place: Place
    is_lasting: bool = True

    @property
    def socket(self) -> Path:
        # Its programs' account talks to it, and so it runs as that account.
        return sockets.folder(self.place.data, "vk", self.place.stores_account) / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def program(self) -> Program:
        account = self.place.stores_account
        folder = accounts.own(self.place.data / "valkey", account)
        settings: dict[str, str | Path] = {
            "--port": "0",
            "--unixsocket": self.socket,
            "--unixsocketperm": "700",
            "--dir": folder,
            "--appendonly": "yes" if self.is_lasting else "no",
            "--appendfsync": "everysec",
            "--save": "",
            "--maxmemory-policy": "noeviction",
            "--loglevel": "warning",
        }
        return Program(
            name="valkey",
            argv=(binaries.valkey(self.place), *(part for setting in settings.items() for part in setting)),
            env={"PATH": os.defpath, "LC_ALL": "C"},
            cwd=Path("/"),
            log=self.place.logs / "valkey.log",
            account=account,
            is_store=True,
        )


def is_answering(server: Valkey) -> bool:
    from redis import Redis, RedisError  # only inside the environment

    try:
        with Redis(unix_socket_path=str(server.socket), socket_timeout=2) as connection:
            return bool(connection.ping())
    except RedisError:
        return False
