"""Packages are installed by whatever pip the machine has, and how far it is can be seen."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from script.house import environment, installing
from script.house.progress import Refusal


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Python of an environment without pip, on a machine that keeps no wheel of it."""
    monkeypatch.setattr(installing, "has_ensurepip", lambda: False)
    monkeypatch.setattr(installing, "PIP_WHEELS", tmp_path / "no wheels")
    environment.create(tmp_path / "venv")
    return environment.python_of(tmp_path / "venv")


def test_without_ensurepip_this_python_s_pip_installs_into_the_environment(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())

    assert installing.pip(bare) == ([sys.executable, "-m", "pip", "--python", str(bare)], {})


def test_debian_s_wheel_is_pip_enough(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel = wheels / "pip-23.0.1-py3-none-any.whl"
    wheel.touch()
    monkeypatch.setattr(installing, "PIP_WHEELS", wheels)

    assert installing.pip(bare) == ([str(bare), "-m", "pip"], {"PYTHONPATH": str(wheel)})


def test_a_machine_without_any_pip_is_told_what_to_install(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)

    with pytest.raises(Refusal, match="apt-get install python3-venv"):
        installing.pip(bare)


def test_progress_counts_the_packages_that_were_looked_at(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    monkeypatch.setattr(installing, "say", told.append)
    monkeypatch.setattr(installing, "SECONDS_BETWEEN_LINES", -1)
    output = ["Collecting django==5\n", "  Downloading django.whl\n", "Collecting celery==5\n", "Installing collected packages: x\n"]

    assert list(installing._told(output, 2)) == [line.rstrip() for line in output]
    assert told == ["Packages: 1 of 2", "Packages: 1 of 2", "Packages: 2 of 2", "All packages are here, unpacking them"]


def test_a_failure_is_told_with_pip_s_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says_no = tmp_path / "pip"
    says_no.write_text("#!/bin/sh\necho 'ERROR: no such package'\nexit 1\n")
    says_no.chmod(0o755)
    monkeypatch.setattr(installing, "pip", lambda python: ([str(says_no)], {}))

    with pytest.raises(Refusal, match="(?s)Check the network.*no such package"):
        installing.install(Path(sys.executable), [])


def test_an_environment_without_pip_still_runs(bare: Path) -> None:
    assert subprocess.run([bare, "-c", "import pip"], capture_output=True).returncode != 0
    assert subprocess.run([bare, "-c", "pass"]).returncode == 0
