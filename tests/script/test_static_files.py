"""Static files are collected again exactly when something they are made from has changed."""

from pathlib import Path

import pytest

from script.house import environment, static_files
from script.house.places import Place


@pytest.fixture
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("checkout")
    for file in (*environment.RUN.files, "kpiboard/settings.py", "static/board.css", "apps/dashboards/static/x.js"):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("1")
    return root


@pytest.fixture
def collected(place: Place, checkout: Path) -> Place:
    (place.data / "static").mkdir()
    (place.data / "static" / static_files.MANIFEST).touch()
    static_files.remember(place, checkout)
    return place


def test_files_of_the_same_code_are_current(collected: Place, checkout: Path) -> None:
    assert static_files.are_current(collected, checkout)


@pytest.mark.parametrize("file", ["requirements.txt", "kpiboard/settings.py", "static/board.css", "apps/dashboards/static/x.js", "static/new.css"])
def test_any_change_makes_them_stale(collected: Place, checkout: Path, file: str) -> None:
    (checkout / file).write_text("other")

    assert not static_files.are_current(collected, checkout)


def test_files_that_were_not_collected_to_the_end_are_not_current(collected: Place, checkout: Path) -> None:
    (collected.data / "static" / static_files.MANIFEST).unlink()

    assert not static_files.are_current(collected, checkout)


def test_a_new_installation_has_none(place: Place, checkout: Path) -> None:
    assert not static_files.are_current(place, checkout)
