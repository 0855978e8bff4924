"""An embedded PostgreSQL: a cluster in the data folder, reached through a private socket with a password."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from . import accounts, binaries, places, processes, sockets, strays
from .places import Place
from .progress import Refusal
from .supervisor import Program

NAME = "kpiboard"  # of the role and of the database
CONNECTIONS = 100
# For data that dies with the test run: no waiting for the disk.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# For data that lasts: what is looked up again and again stays at hand, and much that is written at once does not have everything flushed every few seconds.
LEAST_BUFFERS, MOST_BUFFERS = 128, 1024  # MB
LASTING = ("max_wal_size=2GB",)


@dataclass(frozen=True)
class Postgres:
    """One cluster of one place."""

    place: Place
    is_lasting: bool = True

    @property
    def cluster(self) -> Path:
        return self.place.data / "postgres"

    @property
    def socket(self) -> Path:
        return sockets.folder(self.place.data, "pg", self.place.stores_account)

    @property
    def password(self) -> str:
        return places.secret(self.place.data / "postgres-password")

    def url(self, database: str = NAME) -> str:
        return f"postgres://{NAME}:{quote(self.password)}@/{database}?{urlencode({'host': str(self.socket)}, safe='/')}"

    def program(self) -> Program:
        """Make the cluster if there is none, and say how to run it."""
        programs = binaries.postgres(self.place)
        self._refuse_other_major(binaries.major(programs))
        if not (self.cluster / "PG_VERSION").exists():
            self._make(programs)
        self._remove_stale_locks()
        settings = [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            f"max_connections={CONNECTIONS}",
            "timezone=UTC",
            "log_timezone=UTC",
        ]
        settings += [f"shared_buffers={buffers()}MB", *LASTING] if self.is_lasting else CARELESS
        return Program(
            name="postgres",
            argv=(programs / "postgres", "-D", self.cluster, "-k", self.socket, *(part for each in settings for part in ("-c", each))),
            env=_environ(),
            cwd=Path("/"),
            log=self.place.logs / "postgres.log",
            account=self.place.stores_account,
            stop_with=signal.SIGINT,  # "fast": open connections are ended, nothing is lost
            dies_with=signal.SIGINT,
            is_store=True,
        )

    def _refuse_other_major(self, present: int) -> None:
        file = self.cluster / "PG_VERSION"
        made_by = int(file.read_text()) if file.exists() else present
        if made_by != present:
            raise Refusal(
                f"The data in {self.cluster} was made by PostgreSQL {made_by}, and the PostgreSQL here is {present}. Nothing was changed. "
                f"Name the folder of a PostgreSQL {made_by} in KPIBOARD_POSTGRES_BIN to go on with it; to move to {present}, "
                "see docs/how-to/run-in-production.md, “A new major version of PostgreSQL”."
            )

    def _make(self, programs: Path) -> None:
        """Make the cluster beside its final place, so that a half-made one is never taken for whole."""
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        accounts.own(draft, self.place.stores_account)
        with tempfile.NamedTemporaryFile("w", dir="/tmp") as password:
            password.write(self.password)
            password.flush()
            if account := self.place.stores_account:
                os.chown(password.name, account.uid, account.gid)
            access = ("-U", NAME, "--auth=scram-sha-256", f"--pwfile={password.name}")
            haste = () if self.is_lasting else ("--no-sync",)
            made = subprocess.run(
                [programs / "initdb", "-D", draft, "-E", "UTF8", *access, *locale(binaries.major(programs)), *haste],
                env=_environ(),
                cwd="/",
                capture_output=True,
                text=True,
                **processes.as_account(self.place.stores_account),
            )
        if made.returncode != 0:
            raise Refusal(f"PostgreSQL could not make its data folder:\n{made.stdout}{made.stderr}")
        draft.rename(self.cluster)

    def _remove_stale_locks(self) -> None:
        """Remove locks that no server of ours holds: after a container's restart their number may be another program's."""
        for lock in (self.cluster / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            if not lock.exists():
                continue
            number = re.match(r"\d+", lock.read_text())
            if number and str(self.cluster) in processes.command_line(int(number[0])):
                strays.end_one(int(number[0]), signal.SIGINT)
            lock.unlink(missing_ok=True)


def buffers() -> int:
    """Return how many MB the server keeps of its tables: a sixteenth of the machine's memory, within bounds; others use the machine, too."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(LEAST_BUFFERS, min(memory // 16, MOST_BUFFERS))


def locale(major: int) -> list[str]:
    """Order text the same on every system; production's POSTGRES_INITDB_ARGS says the same."""
    return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"] if major >= 17 else ["--locale=C"]


def _environ() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def is_answering(server: Postgres) -> bool:
    import psycopg  # only inside the environment

    try:
        psycopg.connect(server.url("postgres"), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def ensure_database(server: Postgres) -> None:
    """Make the product's database in a new cluster."""
    import psycopg.sql  # only inside the environment

    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
            connection.execute(psycopg.sql.SQL("create database {}").format(psycopg.sql.Identifier(NAME)))


def is_blank(url: str) -> bool:
    """Say whether nobody has made the product's tables yet."""
    import psycopg  # only inside the environment

    with psycopg.connect(url) as connection:
        found = connection.execute("select to_regclass('django_migrations')").fetchone()
    return found is None or found[0] is None
