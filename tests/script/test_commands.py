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


@pytest.fixture
def old_python(tmp_path: Path) -> Path:
    """A Python that answers every question with no, as one that is too old does."""
    file = tmp_path / "python3"
    file.write_text("#!/bin/sh\nexit 1\n")
    file.chmod(0o755)
    return file


def start(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([ROOT / "script" / "house" / "start", *arguments], env=environ, capture_output=True, text=True)


def test_a_python_that_is_too_old_is_refused_with_a_remedy(old_python: Path) -> None:
    told = start("server", PATH=os.defpath, PYTHON=str(old_python))

    assert told.returncode == 1
    assert "needs Python 3.11 or newer" in told.stderr
    assert "set PYTHON=/path/to/python3" in told.stderr


def test_a_newer_python_is_found_behind_one_that_is_too_old(old_python: Path) -> None:
    (old_python.parent / "python3.13").symlink_to(sys.executable)
    tools = {name: shutil.which(name) for name in ("dirname", "id")}
    for name, path in tools.items():
        assert path
        (old_python.parent / name).symlink_to(path)
    told = start("no-such-command", PATH=str(old_python.parent))

    assert "needs Python 3.11" not in told.stderr
