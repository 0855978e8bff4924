"""The scripts take their arguments as people give them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from script.house import __main__ as entry
from script.house import environment
from script.house.commands import lint, lock, server
from script.house.commands import test as test_command
from script.house.environment import ROOT
from script.house.progress import Refusal


def test_developing_needs_the_packages_of_the_tests() -> None:
    assert entry.needs("server", ["--dev"]) is environment.TEST
    assert entry.needs("server", []) is environment.RUN
    assert entry.needs("manage", ["--dev"]) is environment.RUN
    assert entry.needs("test", []) is environment.TEST


@pytest.mark.parametrize("script", ["server", "test", "manage", "lint", "lock"])
def test_every_script_can_be_run_and_has_its_command(script: str) -> None:
    assert os.access(ROOT / "script" / script, os.X_OK)
    assert (ROOT / "script" / "house" / "commands" / f"{script}.py").exists()


def test_a_port_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        server._parse(["--port", "70000"])

    assert "--port takes a number from 1 to 65535" in capsys.readouterr().err


def test_an_empty_company_cannot_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        server._parse(["--empty", "--check"])

    assert "not allowed with" in capsys.readouterr().err


def test_test_files_are_named_from_where_the_person_stands(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").touch()

    assert test_command.from_root(["test_x.py::test_y[a::b]", "-k", "test_x.py or other", "-q"], tmp_path) == [
        f"{tmp_path.resolve()}/test_x.py::test_y[a::b]",
        "-k",
        "test_x.py or other",
        "-q",
    ]


def test_every_tool_of_the_lint_is_installed() -> None:
    tools = [argv[0] for _, argv in lint.steps()]

    assert tools
    assert [tool for tool in tools if not os.access(tool, os.X_OK)] == []


@pytest.mark.parametrize("file", [result for _, result, _ in lock.FILES])
def test_requirement_files_pin_by_hash_and_name_no_address(file: str) -> None:
    lines = (ROOT / file).read_text().splitlines()
    pinned = [number for number, line in enumerate(lines) if line and line[0].isalnum()]

    assert pinned
    assert [lines[number] for number in pinned if "==" not in lines[number] or "--hash=" not in lines[number + 1]] == []
    assert [line for line in lines if "://" in line] == []


def program(file: Path, text: str) -> Path:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout whose only script tells which Python runs it, on a machine without any but those a test adds to `path`."""
    (tmp_path / "path").mkdir()
    for name in ("dirname", "id"):
        found = shutil.which(name)
        assert found
        (tmp_path / "path" / name).symlink_to(found)
    start = (ROOT / "script" / "house" / "start").read_text()
    program(tmp_path / "start", start.split("\n", 1)[1].replace("/usr/", "/nowhere/").replace("/opt/", "/nowhere/"))
    (tmp_path / "__main__.py").write_text("import sys; print(sys.executable, *sys.argv[1:])")
    return tmp_path


def start(bare: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([bare / "start", *arguments], env={"PATH": str(bare / "path")} | environ, capture_output=True, text=True)


def test_a_machine_without_a_new_enough_python_is_told_what_to_install(bare: Path) -> None:
    program(bare / "path" / "python3", "exit 1")

    told = start(bare, "server")

    assert (told.returncode, told.stdout) == (1, "")
    assert "needs Python 3.11 or newer" in told.stderr
    assert "set PYTHON=/path/to/python3" in told.stderr


def test_a_named_python_that_is_too_old_is_not_silently_replaced(bare: Path) -> None:
    (bare / "path" / "python3").symlink_to(sys.executable)

    assert start(bare, "server", PYTHON=str(program(bare / "old", "exit 1"))).returncode == 1


def test_a_newer_python_is_found_behind_one_that_is_too_old(bare: Path) -> None:
    program(bare / "path" / "python3", "exit 1")
    (bare / "path" / "python3.13").symlink_to(sys.executable)

    assert start(bare, "manage", "a b", "*").stdout.endswith("python3.13 manage a b *\n")


def test_a_script_that_does_not_exist_installs_nothing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["start", "serve"])
    monkeypatch.setattr(environment, "ensure", lambda needs: pytest.fail("it installed packages"))

    with pytest.raises(Refusal, match="There is no script/serve. There are: benchmark, lint, lock, manage, screens, server, test"):
        entry.main()
