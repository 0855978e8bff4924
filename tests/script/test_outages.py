"""What people see while a part of the product is down: boards answer without Valkey, and after Postgres is back as if nothing had been."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from script.house import accounts, board_check, ports, postgres, processes, stores
from script.house.board_check import Browser
from script.house.environment import ROOT
from script.house.places import Place
from script.house.postgres import Postgres
from script.house.progress import quiet
from script.house.supervisor import Supervisor
from tests.script.waiting import until

PASSWORD = "a long enough password"
COMPANY = """
from apps.core import clock
from tests import make
team = make.team("North", region=make.region("Europe"))
make.manager(team, make.user("Bob Berg", role="manager", email="bob@kpiboard.example"))
rep = make.rep("Alice Adler", team=team)
make.stages()
for amount in (100, 250):
    make.deal(rep=rep, won=clock.today(), created=clock.today(), amount=amount)
"""


@dataclass
class Running:
    """The stores, the web server and Bob's browser; `shows` is the revenue on his board."""

    place: Place
    env: dict[str, str]
    supervisor: Supervisor
    browser: Browser

    def shows(self) -> Decimal | None:
        return self.browser.get("/")[1].figures.get("revenue")

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.env["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="kpiboard-outages-", dir="/tmp") as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL"):
            patch.delenv(name, raising=False)
        Path(folder).chmod(0o711)
        place = Place(Path(folder), accounts.for_services(), None)
        place.prepare()
        with Supervisor(place.data / "children.json", tell=quiet) as supervisor:
            env = stores.start(place, supervisor) | {"DEBUG": "1", "SECRET_KEY": "for this test only, and long enough for that"}
            for words in (("migrate",), ("shell", "-c", COMPANY), ("drain",)):
                subprocess.run(stores.manage(*words), env=env, cwd=ROOT, check=True, capture_output=True)
            port = ports.choose(None)
            gunicorn = [str(Path(sys.executable).parent / "gunicorn"), "kpiboard.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
            with (place.data / "web.log").open("w") as log:
                web = processes.start(gunicorn, env=env, cwd=ROOT, output=log)
            try:
                assert board_check.wait_until_ready(f"http://127.0.0.1:{port}", patience=30, is_alive=lambda: web.poll() is None)
                browser = Browser(f"http://127.0.0.1:{port}/")
                token = browser.get("/sign-in/")[1].token
                browser.post("/sign-in/", {"username": "bob@kpiboard.example", "password": PASSWORD, "csrfmiddlewaretoken": token})
                yield Running(place, env, supervisor, browser)
            finally:
                processes.end(web, signal.SIGTERM, patience=20)


def test_boards_answer_while_valkey_is_stopped(running: Running) -> None:
    assert running.shows() == 350
    valkey = running.supervisor.runs["valkey"].process
    valkey.send_signal(signal.SIGTERM)
    valkey.wait()
    assert running.shows() == 350
    assert board_check.is_ready(running.browser.base.rstrip("/"))
    running.supervisor.look()


def test_no_page_fails_once_a_restarted_postgres_is_back(running: Running) -> None:
    assert [running.shows() for _ in range(8)] == [350] * 8  # every thread has a connection now
    server = running.supervisor.runs["postgres"].process
    server.send_signal(signal.SIGINT)
    server.wait()

    def is_back() -> bool:
        running.supervisor.look()
        return postgres.is_answering(Postgres(running.place))

    assert until(is_back)
    assert [running.shows() for _ in range(24)] == [350] * 24


def test_a_change_by_sql_is_on_the_board_while_a_worker_runs_even_one_that_replaced_a_killed_one(running: Running) -> None:
    celery = str(Path(sys.executable).parent / "celery")
    schedule = str(running.place.data / "schedule")
    programs = {"worker": [celery, "-A", "kpiboard", "worker", "--concurrency", "1"], "beat": [celery, "-A", "kpiboard", "beat", "--schedule", schedule]}

    def valkey_is_back() -> bool:
        running.supervisor.look()
        return running.supervisor.is_running("valkey")

    assert until(valkey_is_back)
    started: dict[str, subprocess.Popen[str]] = {}
    with (running.place.data / "programs.log").open("w") as log:
        try:
            for name, argv in programs.items():
                started[name] = processes.start(argv, env=running.env, cwd=ROOT, output=log)
            running.sql("UPDATE opportunities_opportunity SET amount = 1000 WHERE amount = 100")
            assert until(lambda: running.shows() == 1250)
            processes.end_group(started["worker"])
            running.sql("UPDATE opportunities_opportunity SET amount = 2000 WHERE amount = 1000")
            started["worker"] = processes.start(programs["worker"], env=running.env, cwd=ROOT, output=log)
            assert until(lambda: running.shows() == 2250)
        finally:
            for process in started.values():
                processes.end(process, signal.SIGTERM, patience=20)
