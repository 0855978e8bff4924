"""A Chromium is found where systems keep one, and one that does not run is not believed."""

import os
from pathlib import Path

import pytest

from script.house import chromium


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose programs are those in one folder, without a browser."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("KPIBOARD_CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "MAC_APPLICATIONS", ())
    return tmp_path


def program(folder: Path, name: str, text: str = "echo Chromium 156") -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


def test_one_on_the_path_is_found(machine: Path) -> None:
    browser = program(machine, "chromium-browser")

    assert chromium.find() == str(browser)


def test_one_that_the_person_names_goes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(machine, "chromium")
    own = program(machine, "my own")
    monkeypatch.setenv("KPIBOARD_CHROMIUM", str(own))

    assert chromium.find() == str(own)


def test_one_that_does_not_run_is_passed_over(machine: Path) -> None:
    program(machine, "chromium", "exit 1")
    works = program(machine, "google-chrome")

    assert chromium.find() == str(works)


def test_root_with_apt_installs_one(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(machine, "apt-get", f'if [ "$1" = install ]; then /bin/cp "{machine}/source" "{machine}/chromium"; fi')
    program(machine, "source")

    assert chromium.ensure() == str(machine / "chromium")


def test_apt_that_fails_leaves_us_without_one(machine: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    program(machine, "apt-get", "exit 100")

    assert not chromium.install(told.append)
    assert told[-1] == "apt-get update failed; going on without Chromium"


def test_who_is_not_root_installs_nothing(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 501)
    program(machine, "apt-get", "exit 0")

    assert chromium.ensure() == ""
