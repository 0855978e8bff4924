"""A real replica that streams from the primary: boards are read from it, never older than seen, and not missed when it is killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.error import HTTPError

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from script.house import accounts, binaries, board_check, ports, processes, stores
from script.house.board_check import Browser
from script.house.environment import ROOT
from script.house.places import Place
from script.house.postgres import Postgres
from script.house.progress import quiet
from script.house.supervisor import Supervisor
from tests.script.waiting import until

PASSWORD = "a long enough password"
COMPANY = """
from django.core.management import call_command
from apps.core import clock
from apps.kpis import rollup
from tests import make
call_command("migrate", verbosity=0)
team = make.team("North", region=make.region("Europe"))
make.manager(team, make.user("Bob Berg", role="manager", email="bob@kpiboard.example"))
for name in ("Carol", "Erin"):
    make.user(name, role="admin", email=f"{name.lower()}@kpiboard.example")
rep = make.rep("Alice Adler", team=team)
make.stages()
for amount in (100, 250):
    make.deal(rep=rep, won=clock.today(), created=clock.today(), amount=amount)
rollup.drain(on=clock.today())
"""
PAGES = (
    "/boards/company/",
    "/boards/team/1/",
    "/boards/region/1/",
    "/boards/rep/1/",
    "/deals/at-risk/",
    "/figures/revenue/",
    "/figures/win_rate/",
    "/figures/revenue/records.csv",
    "/records/opportunity/1/",
    "/kpis/",
    "/reports/",
    "/reports/funnel/",
    "/reports/waterfall/",
    "/reports/cohorts/",
    "/reports/movement/",
    "/restatements/",
    "/goals/",
    "/goals/enter/",
    "/goals/add/",
)


@dataclass
class Running:
    """Two servers, a web server that knows both, and a browser for each person."""

    place: Place
    primary: Postgres
    replica: Postgres
    env: dict[str, str]
    base: str
    process: "subprocess.Popen[str]"
    browsers: dict[str, Browser] = field(default_factory=dict)

    def of(self, name: str) -> Browser:
        """The browser of somebody who signed in."""
        if name not in self.browsers:
            self.browsers[name] = browser = Browser(self.base)
            token = browser.get("/sign-in/")[1].token
            browser.post("/sign-in/", {"username": f"{name}@kpiboard.example", "password": PASSWORD, "csrfmiddlewaretoken": token})
        return self.browsers[name]

    def shows(self, name: str) -> Decimal | None:
        return self.of(name).get("/")[1].figures.get("revenue")

    def asks(self, name: str, path: str, **headers: str) -> tuple[int, set[str], str]:
        """The status, the database it was read from as the cookies tell, and the tag of an answer."""
        request = urllib.request.Request(self.base.rstrip("/") + path, headers={key.replace("_", "-"): value for key, value in headers.items()})
        try:
            answer = self.of(name).opener.open(request, timeout=20)
        except HTTPError as error:
            answer = error
        told = {line.split("=")[0] for line in answer.headers.get_all("Set-Cookie") or ()}
        return answer.status, told & {"kpiboard-seen", "kpiboard-seen-replica"}, answer.headers.get("ETag", "")

    def metrics(self) -> dict[str, float]:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.base}metrics", timeout=20) as answer:
            return {one.name: one.value for family in text_string_to_metric_families(answer.read().decode()) for one in family.samples}

    def win_more(self) -> None:
        """Let a deal become worth 900 more, past every browser, and count it."""
        sql(self.primary, "UPDATE opportunities_opportunity SET amount = amount + 900 WHERE id = (SELECT min(id) FROM opportunities_opportunity)")
        subprocess.run(stores.manage("drain"), env=self.env, cwd=ROOT, check=True, capture_output=True)

    def is_level(self) -> bool:
        """Whether the replica has replayed all that the primary has written."""
        written = sql(self.primary, "SELECT pg_current_wal_insert_lsn()")
        return bool(sql(self.replica, f"SELECT pg_last_wal_replay_lsn() >= '{written}'"))

    def settle(self, *names: str) -> Decimal:
        """Let people look from the replica once; return what they see."""
        for name in names:
            self.shows(name)
        assert until(self.is_level)
        seen = {self.shows(name) for name in names}
        assert until(self.is_level) and len(seen) == 1
        [one] = seen
        assert one is not None
        return one

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Keep the replica from replaying anything for a while."""
        sql(self.replica, "SELECT pg_wal_replay_pause()")
        assert until(lambda: sql(self.replica, "SELECT pg_get_wal_replay_pause_state()") == "paused")
        yield
        sql(self.replica, "SELECT pg_wal_replay_resume()")
        assert until(self.is_level)


def sql(server: Postgres, statement: str) -> object:
    with psycopg.connect(server.url(), autocommit=True) as connection:
        found = connection.execute(statement)
        row = found.fetchone() if found.description else None
        return row[0] if row else None


def follow(primary: Postgres, place: Place) -> Postgres:
    """Copy the primary as an operator does, so that the copy streams from it."""
    (place.data / "postgres-password").write_text(primary.password)
    replica = Postgres(place, is_lasting=False)
    programs = binaries.postgres(place)
    copy = [
        programs / "pg_basebackup",
        "-D",
        replica.cluster,
        "-h",
        primary.socket,
        "-U",
        "kpiboard",
        "-w",
        "-R",
        "-X",
        "stream",
        "--checkpoint=fast",
        "--no-sync",
    ]
    env = {"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": primary.password}
    made = subprocess.run(copy, env=env, cwd="/", capture_output=True, text=True, **processes.as_account(place.stores_account))
    assert made.returncode == 0, made.stderr
    return replica


def own_place(folder: Path) -> Place:
    folder.mkdir(exist_ok=True)
    place = Place(folder, accounts.for_services(), None)
    place.prepare()
    accounts.own(folder, place.stores_account, mode=0o711)
    return place


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="kpiboard-replica-", dir="/tmp") as name, pytest.MonkeyPatch.context() as patch:
        for variable in ("DATABASE_URL", "REDIS_URL"):
            patch.delenv(variable, raising=False)
        folder = Path(name)
        folder.chmod(0o711)
        place, beside = own_place(folder / "one"), own_place(folder / "two")
        with Supervisor(place.data / "children.json", tell=quiet) as supervisor:
            env = stores.start(place, supervisor, is_lasting=False) | {"DEBUG": "1", "SECRET_KEY": "for this test only, and long enough for that"}
            subprocess.run(stores.manage("shell", "--no-imports", "-c", COMPANY), env=env, cwd=ROOT, check=True, capture_output=True)
            primary = Postgres(place, is_lasting=False)
            replica = follow(primary, beside)
            program = replica.program()
            with program.log.open("w") as log:
                process = processes.start(program.argv, env=program.env, cwd=program.cwd, account=program.account, output=log)
            try:
                assert until(lambda: is_up(replica)), program.log.read_text()
                port = ports.unused()
                both = env | {"DATABASE_REPLICA_URL": replica.url(), "DATABASE_REPLICA_MOST_BEHIND": "3600"}
                gunicorn = [str(Path(sys.executable).parent / "gunicorn"), "kpiboard.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
                with (place.data / "web.log").open("w") as log:
                    web = processes.start(gunicorn, env=both, cwd=ROOT, output=log)
                try:
                    assert board_check.wait_until_ready(f"http://127.0.0.1:{port}", patience=30, is_alive=lambda: web.poll() is None)
                    yield Running(place, primary, replica, env, f"http://127.0.0.1:{port}/", process)
                finally:
                    processes.end(web, signal.SIGTERM, patience=20)
            finally:
                processes.end(process, signal.SIGINT, patience=20)


def is_up(server: Postgres) -> bool:
    try:
        return bool(sql(server, "SELECT pg_is_in_recovery()"))
    except psycopg.OperationalError:
        return False


def test_every_page_is_read_from_the_replica_once_it_is_level(running: Running) -> None:
    assert running.settle("carol") == 350
    for path in PAGES:
        status, told, _tag = running.asks("carol", path)
        assert (path, status, told) == (path, 200, {"kpiboard-seen-replica"})
    _status, _told, tag = running.asks("carol", "/boards/company/")
    assert running.asks("carol", "/boards/company/", If_None_Match=tag)[:2] == (304, {"kpiboard-seen-replica"})
    assert running.asks("carol", "/admin/")[:2] == running.asks("carol", "/api/v1/reps/")[:2] == (200, {"kpiboard-seen"})


def test_nobody_sees_an_older_board_after_a_newer_one(running: Running) -> None:
    before = running.settle("bob", "carol")
    with running.standing_still():
        running.win_more()
        assert running.shows("bob") == before, "the replica is what he reads from, and he has seen nothing newer"
        assert [running.shows("erin") for _time in range(4)] == [before + 900] * 4, "her first look was at the primary"
        assert running.shows("bob") == before
        assert running.metrics()["kpiboard_replica_lag_bytes"] > 0
        token = running.of("carol").get("/goals/add/")[1].token
        running.of("carol").post(
            "/goals/add/",
            {"csrfmiddlewaretoken": token, "kpi": "revenue", "whose": "company", "start_on": "2026-01-01", "last_on": "2099-12-31", "target": "4321"},
        )
        assert sql(running.primary, "SELECT count(*) FROM goals_goal") == 1
        assert running.asks("carol", "/goals/")[:2] == (200, {"kpiboard-seen"}), "who has written reads what they wrote"
        assert running.shows("carol") == before + 900
    assert {running.shows(name) for name in ("bob", "erin", "carol")} == {before + 900}
    assert until(lambda: running.is_level() and running.asks("bob", "/boards/team/1/")[1] == {"kpiboard-seen-replica"})


def test_a_replica_that_is_killed_is_not_missed(running: Running) -> None:
    before = running.settle("bob")
    ready = running.metrics()
    assert ready["kpiboard_replica_up"] == 1 and ready["kpiboard_replica_lag_seconds"] >= 0
    processes.end_group(running.process)
    taken = []
    for _time in range(12):
        began = time.monotonic()
        assert running.shows("bob") == before
        taken.append(time.monotonic() - began)
    assert max(taken) < 8 and sorted(taken)[6] < 1.5, taken
    running.win_more()
    assert running.shows("bob") == before + 900
    assert board_check.is_ready(running.base.rstrip("/"))
    gone = running.metrics()
    assert gone["kpiboard_replica_up"] == 0 and "kpiboard_replica_lag_bytes" not in gone and gone["kpiboard_database_up"] == 1
