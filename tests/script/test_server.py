"""script/server as people meet it: it starts, refuses a second one, survives, stops, and leaves nothing behind."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from script.house import board_check, ports, processes, sockets
from script.house.environment import ROOT
from tests.script.waiting import gone, said, until

PARTS = {"postgres", "valkey", "web", "worker", "beat"}


@pytest.fixture(scope="module")
def environ() -> Iterator[dict[str, str]]:
    """The environment of somebody who has set nothing but the data folder."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="kpiboard server ", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield {**kept, "KPIBOARD_VAR": f"{folder}/data"}
        shutil.rmtree(sockets.folder(Path(folder) / "data", "pg", None).parent)  # the space in the path has made it a short one


@pytest.fixture
def data(environ: dict[str, str]) -> Path:
    return Path(environ["KPIBOARD_VAR"])


@pytest.fixture
def script(environ: dict[str, str]) -> Callable[..., list[str]]:
    """The words of a script, inside the environment that runs the tests."""

    def words(*arguments: str) -> list[str]:
        return [sys.executable, str(ROOT / "script" / "house" / "__main__.py"), "--inside", *arguments]

    return words


@pytest.fixture
def call(environ: dict[str, str], script: Callable[..., list[str]], tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(script(*arguments), env=environ, cwd=tmp_path, capture_output=True, text=True)

    return run


@pytest.fixture
def server(environ: dict[str, str], script: Callable[..., list[str]], tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start a server of an empty company and wait until it has said where it is."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int) -> "subprocess.Popen[str]":
        log = tmp_path / f"server-{port}.log"
        with log.open("w") as output:
            argv = script("server", "--empty", "--port", str(port))
            started.append(processes.start(argv, env=environ, cwd=tmp_path, output=output, dies_with=signal.SIGTERM))
        assert until(lambda: "KPIBoard is running" in log.read_text() or started[-1].poll() is not None)
        said(log, f"http://127.0.0.1:{port}/")
        return started[-1]

    yield start
    for process in started:
        processes.end(process, signal.SIGTERM, patience=30)


def children(data: Path) -> list[int]:
    return [child["pid"] for child in json.loads((data / "children.json").read_text())]


def test_a_command_before_the_first_start_finds_tables_and_prints_nothing_of_ours(call: Callable[..., "subprocess.CompletedProcess[str]"]) -> None:
    told = call("manage", "shell", "--verbosity", "0", "-c", "from apps.accounts.models import User; print(User.objects.count())")

    assert (told.stdout, told.returncode) == ("0\n", 0), told.stderr


def test_it_runs_every_part_and_its_first_admin_can_sign_in(
    server: Callable[..., "subprocess.Popen[str]"], call: Callable[..., "subprocess.CompletedProcess[str]"], data: Path, tmp_path: Path
) -> None:
    port = ports.unused()
    process = server(port)
    url = f"http://127.0.0.1:{port}/"
    admin = json.loads((data / "people" / "sign-ins.json").read_text())[0]
    pids = children(data)

    assert len(pids) == len(PARTS)
    assert board_check.is_ready(url)
    assert (data / "people" / "sign-ins.json").stat().st_mode & 0o777 == 0o600
    assert admin["password"] in (tmp_path / f"server-{port}.log").read_text()

    second = call("server", "--empty")
    assert second.returncode == 1
    assert re.search(rf"already running here: {url} \(process {process.pid}\)", second.stderr)

    beside = call("manage", "shell", "--verbosity", "0", "-c", "from apps.accounts.models import User; print(User.objects.get().email)")
    assert (beside.stdout, beside.returncode) == (f"{admin['email']}\n", 0), beside.stderr

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert [pid for pid in pids if processes.birth(pid)] == []
    assert not (data / "children.json").exists()


def test_after_a_kill_nothing_is_left_and_the_next_start_goes_on_with_the_data(server: Callable[..., "subprocess.Popen[str]"], data: Path) -> None:
    before = (data / "people" / "sign-ins.json").read_text()
    first = server(ports.unused())
    pids = children(data)
    first.kill()
    first.wait()
    if processes.IS_LINUX:
        assert [pid for pid in pids if not gone(pid)] == []

    port = ports.unused()
    server(port)

    assert board_check.is_ready(f"http://127.0.0.1:{port}/")
    assert [pid for pid in pids if processes.birth(pid)] == []
    assert (data / "people" / "sign-ins.json").read_text() == before


def test_a_check_that_is_interrupted_has_not_passed(environ: dict[str, str], script: Callable[..., list[str]], data: Path, tmp_path: Path) -> None:
    log = tmp_path / "check.log"
    with log.open("w") as output:
        process = processes.start(script("server", "--check"), env=environ, cwd=tmp_path, output=output)
    said(log, "Bringing the database up to date")
    process.send_signal(signal.SIGINT)

    assert process.wait(60) == 130
    assert not (data / "children.json").exists()


def test_who_starts_it_with_nohup_may_close_the_terminal() -> None:
    asks = "import os, signal; from script.house import signals; signals.interrupt_on_stop(); os.kill(os.getpid(), signal.SIGHUP); print('lives')"
    ignoring = ["/bin/sh", "-c", 'trap "" HUP; exec "$0" -c "$1"', sys.executable, asks]

    assert subprocess.run(ignoring, cwd=ROOT, capture_output=True, text=True).stdout == "lives\n"


def test_a_port_in_use_is_refused_before_anything_is_started(
    server: Callable[..., "subprocess.Popen[str]"], call: Callable[..., "subprocess.CompletedProcess[str]"], data: Path
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        told = call("server", "--empty", "--port", str(listener.getsockname()[1]))

    assert told.returncode == 1
    assert "is in use. Choose another, or leave out --port" in told.stderr
    assert not (data / "children.json").exists()
