"""One script at a time holds a data folder; others learn where its servers are."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from script.house import tenancy
from script.house.environment import ROOT
from script.house.progress import Refusal
from script.house.tenancy import MANAGE, SERVER, Holder, Tenancy

ADDRESSES = {"DATABASE_URL": "postgres://x", "REDIS_URL": "unix://y"}


def holding(data: Path, command: str, addresses: dict[str, str] | None = None) -> "subprocess.Popen[str]":
    """Another process that holds the folder until its standard input ends."""
    code = (
        "import sys, json\n"
        "from pathlib import Path\n"
        "from script.house import tenancy\n"
        "with tenancy.held(Path(sys.argv[1]), sys.argv[2]) as held:\n"
        "    held.announce(url='http://127.0.0.1:8000/', addresses=json.loads(sys.argv[3]))\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    argv = [sys.executable, "-c", code, str(data), command, json.dumps(addresses or {})]
    process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_free_folder_is_held_and_its_notes_are_private(tmp_path: Path) -> None:
    with tenancy.held(tmp_path, SERVER) as held:
        assert isinstance(held, Tenancy)
        assert (tmp_path / "holder").stat().st_mode & 0o777 == 0o600


def test_a_second_server_learns_who_holds_it(tmp_path: Path) -> None:
    other = holding(tmp_path, SERVER)
    with tenancy.held(tmp_path, SERVER) as held:
        assert held == Holder(other.pid, SERVER, "http://127.0.0.1:8000/", {})
    other.communicate()


def test_a_command_uses_the_servers_of_a_running_one(tmp_path: Path) -> None:
    other = holding(tmp_path, SERVER, ADDRESSES)
    with tenancy.held(tmp_path, MANAGE) as held:
        assert isinstance(held, Holder)
        assert held.addresses == ADDRESSES
    other.communicate()


@pytest.mark.parametrize("command", [SERVER, MANAGE])
def test_another_command_is_waited_for(tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = holding(tmp_path, MANAGE)
    monkeypatch.setattr("time.sleep", lambda _: other.communicate() if other.poll() is None else None)

    with tenancy.held(tmp_path, command) as held:
        assert isinstance(held, Tenancy)


def test_a_killed_holder_holds_no_more(tmp_path: Path) -> None:
    other = holding(tmp_path, SERVER, ADDRESSES)
    other.kill()
    other.communicate()

    with tenancy.held(tmp_path, SERVER) as held:
        assert isinstance(held, Tenancy)


def test_a_file_of_another_account_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr("os.open", refused)

    with pytest.raises(Refusal, match="belongs to another account"), tenancy.held(tmp_path, SERVER):
        pass
