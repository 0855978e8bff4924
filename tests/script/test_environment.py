"""The environment is made once and anew only when what it was made from has changed."""

import subprocess
from pathlib import Path

import pytest

from script.house import environment, installing
from script.house.environment import RUN, TEST


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the requirement files and an environment that looks made."""
    (tmp_path / "requirements").mkdir()
    for file in TEST.files:
        (tmp_path / file).write_text(f"# {file}\n")
    site = tmp_path / ".venv" / "lib" / f"python{environment._python_version()}" / "site-packages"
    site.mkdir(parents=True)
    (tmp_path / ".venv" / "bin").mkdir()
    (tmp_path / ".venv" / "bin" / "python").touch()
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The requirement files of every installation, which is noted instead of done."""
    noted: list[list[str]] = []
    monkeypatch.setattr(installing, "install", lambda python, files: noted.append([file.name for file in files]))
    return noted


def test_a_second_start_installs_nothing(checkout: Path, installed: list[list[str]]) -> None:
    environment.ensure(RUN, root=checkout)
    environment.ensure(RUN, root=checkout)

    assert installed == [["requirements.txt", "embedded.txt"]]


def test_the_environment_of_the_tests_serves_the_server_too(checkout: Path, installed: list[list[str]]) -> None:
    environment.ensure(TEST, root=checkout)
    environment.ensure(RUN, root=checkout)

    assert installed == [["requirements.txt", "embedded.txt", "test.txt"]]


def test_the_environment_of_the_server_does_not_serve_the_tests(checkout: Path, installed: list[list[str]]) -> None:
    environment.ensure(RUN, root=checkout)
    environment.ensure(TEST, root=checkout)

    assert len(installed) == 2


def test_a_changed_requirement_file_makes_it_stale(checkout: Path, installed: list[list[str]]) -> None:
    environment.ensure(RUN, root=checkout)
    (checkout / "requirements.txt").write_text("django==9\n")
    environment.ensure(RUN, root=checkout)

    assert len(installed) == 2


def test_a_changed_test_requirement_does_not_touch_the_server(checkout: Path, installed: list[list[str]]) -> None:
    environment.ensure(TEST, root=checkout)
    (checkout / "requirements" / "test.txt").write_text("pytest==99\n")
    environment.ensure(RUN, root=checkout)

    assert len(installed) == 1


def test_another_python_makes_it_stale(checkout: Path, installed: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    environment.ensure(RUN, root=checkout)
    monkeypatch.setattr(environment, "_python_version", lambda: "3.99")

    assert not environment.is_fresh(RUN, checkout / ".venv")


def test_a_python_that_is_gone_makes_it_stale(checkout: Path, installed: list[list[str]]) -> None:
    python = environment.ensure(RUN, root=checkout)
    python.unlink()
    python.symlink_to("/nowhere/python3")

    assert not environment.is_fresh(RUN, checkout / ".venv")


def test_an_installation_that_failed_is_not_believed_at_the_next_start(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(python: Path, files: list[Path]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(installing, "install", fail)
    with pytest.raises(KeyboardInterrupt):
        environment.ensure(RUN, root=checkout)

    assert not environment.is_fresh(RUN, checkout / ".venv")


def test_a_folder_with_a_space_gets_a_working_environment(tmp_path: Path) -> None:
    venv = tmp_path / "my checkout" / ".venv"
    environment.create(venv)

    answer = subprocess.run([environment.python_of(venv), "-c", "print(6 * 7)"], capture_output=True, text=True, check=True)

    assert answer.stdout == "42\n"


def test_what_would_make_pip_install_elsewhere_is_kept_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "file:///mirror")

    given = installing.environ({})

    assert "PIP_TARGET" not in given
    assert given["PIP_INDEX_URL"] == "file:///mirror"
