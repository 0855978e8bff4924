"""The very commands that the services of docker-compose.yml name are run here, and seen healthy."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql
from redis import Redis

from script.house import board_check, ports, processes
from script.house.environment import ROOT
from tests.script import compose
from tests.script.waiting import until

FOLDER = "/var/lib/kpiboard"  # of the image; here another folder stands in its place
BROKER = 9  # a database of the test's Valkey that nothing else uses


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(compose.read()["services"])


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a fresh, empty database."""
    given = os.environ["DATABASE_URL"]
    name = f"kpiboard_services_{os.getpid()}"
    url = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(urlsplit(given)._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield url
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    given = os.environ["REDIS_URL"]
    url = re.sub(r"(\?db=|/)\d+$", rf"\g<1>{BROKER}", given)
    assert url != given
    yield url
    with Redis.from_url(url) as connection:
        connection.flushdb()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image's data folder, with static files collected as the image has them."""
    folder = tmp_path_factory.mktemp("kpiboard")
    (folder / "beat").mkdir()
    (folder / "mail").mkdir()
    return folder


@pytest.fixture(scope="module")
def variables() -> dict[str, str]:
    """What an operator writes into .env."""
    return {"ALLOWED_HOSTS": "kpi.example.com", "SECRET_KEY": secrets.token_hex(32), "POSTGRES_PASSWORD": secrets.token_hex(16)}


@pytest.fixture(scope="module")
def environ(services: dict[str, Any], variables: dict[str, str], folder: Path, database: str, broker: str) -> Callable[[str], dict[str, str]]:
    """The environment of a service: the image's, the file's, and the test's own stores in place of the containers."""

    def of(name: str) -> dict[str, str]:
        image = {"DJANGO_SETTINGS_MODULE": "kpiboard.settings", "KPIBOARD_VAR": str(folder)}
        machine = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOSTNAME": socket.gethostname()}
        stores = {"DATABASE_URL": database, "REDIS_URL": broker}
        return machine | image | compose.environment(services[name], variables) | stores

    return of


@pytest.fixture(scope="module")
def migrated(services: dict[str, Any], variables: dict[str, str], environ: Callable[[str], dict[str, str]]) -> str:
    """The output of the migrate service."""
    command = compose.command(services["migrate"], variables)
    done = subprocess.run(command, env=environ("migrate"), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def run(services: dict[str, Any], variables: dict[str, str], environ: Callable[[str], dict[str, str]], folder: Path, tmp_path: Path) -> Callable[..., Any]:
    """Run a service's command while a block runs; its log is in `<name>.log`."""

    @contextmanager
    def running(name: str, **more: str) -> Iterator["subprocess.Popen[str]"]:
        argv = [word.replace(FOLDER, str(folder)) for word in compose.command(services[name], variables)]
        with (tmp_path / f"{name}.log").open("w") as log:
            process = processes.start(argv, env=environ(name) | more, cwd=ROOT, output=log)
        try:
            yield process
        finally:
            processes.end(process, signal.SIGTERM, patience=20)

    return running


@pytest.fixture
def is_healthy(services: dict[str, Any], variables: dict[str, str], environ: Callable[[str], dict[str, str]], folder: Path) -> Callable[..., bool]:
    """Run a service's own health check."""

    def check(name: str, *, port: int = 8000) -> bool:
        words = compose.health_check(services[name], variables)
        argv = [word.replace(FOLDER, str(folder)).replace(":8000/", f":{port}/") for word in words]
        return subprocess.run(argv, env=environ(name), cwd=ROOT, capture_output=True).returncode == 0

    return check


def status(url: str, **headers: str) -> int:
    """The first answer's status, without following redirects."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_migrate_brings_an_empty_database_up_to_date(migrated: str) -> None:
    assert "Applying kpis.0001_initial... OK" in migrated


def test_web_serves_over_https_only_and_says_when_it_is_ready(
    run: Callable[..., Any], is_healthy: Callable[..., bool], migrated: str, environ: Callable[[str], dict[str, str]], tmp_path: Path
) -> None:
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, env=environ("web"), cwd=ROOT, check=True)
    port = ports.unused()
    url = f"http://127.0.0.1:{port}/"
    with run("web", GUNICORN_CMD_ARGS=f"--bind=127.0.0.1:{port}") as web:
        assert board_check.wait_until_ready(url, patience=60, is_alive=lambda: web.poll() is None), (tmp_path / "web.log").read_text()
        assert is_healthy("web", port=port)
        assert status(f"{url}readyz") == 200
        assert status(f"{url}sign-in/", Host="kpi.example.com") == 301
        assert status(f"{url}sign-in/", **{"Host": "kpi.example.com", "X-Forwarded-Proto": "https"}) == 200
        assert status(f"{url}healthz", Host="elsewhere.example.com") == 400
    assert web.returncode == 0
    assert not is_healthy("web", port=port)


def test_worker_answers_its_health_check(run: Callable[..., Any], is_healthy: Callable[..., bool], migrated: str, tmp_path: Path) -> None:
    with run("worker") as worker:
        assert until(lambda: "ready." in (tmp_path / "worker.log").read_text()), (tmp_path / "worker.log").read_text()
        assert is_healthy("worker")
    assert worker.returncode == 0
    assert not is_healthy("worker")


def test_beat_writes_its_schedule_and_is_missed_when_it_stops(
    run: Callable[..., Any], is_healthy: Callable[..., bool], migrated: str, folder: Path, tmp_path: Path
) -> None:
    assert not is_healthy("beat")
    with run("beat") as beat:
        assert until(lambda: is_healthy("beat")), (tmp_path / "beat.log").read_text()
    assert beat.returncode == 0
    for file in (folder / "beat").iterdir():
        os.utime(file, (0, 0))
    assert not is_healthy("beat")


def test_the_settings_of_production_leave_nothing_to_warn_of(environ: Callable[[str], dict[str, str]]) -> None:
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    told = subprocess.run(check, env=environ("web"), cwd=ROOT, capture_output=True, text=True)

    assert told.returncode == 0, told.stderr
    assert "System check identified no issues (0 silenced)" in told.stdout


def test_production_does_not_start_without_a_key(environ: Callable[[str], dict[str, str]]) -> None:
    without = {name: value for name, value in environ("web").items() if name != "SECRET_KEY"}
    told = subprocess.run([sys.executable, "manage.py", "check"], env=without, cwd=ROOT, capture_output=True, text=True)

    assert told.returncode != 0
    assert "SECRET_KEY" in told.stderr
