"""Sockets get a folder whose path the system does not cut."""

import os
from pathlib import Path

import pytest

from script.house import sockets
from script.house.progress import Refusal


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of /tmp."""
    folder = tmp_path_factory.mktemp("s")
    monkeypatch.setattr(sockets, "SHORT", folder)
    return folder


def test_a_short_path_stays_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MOST_BYTES", len(str(tmp_path)) + 40)

    folder = sockets.folder(tmp_path, "pg", None)

    assert folder == tmp_path / "run" / "pg"
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["x" * 120, "with space", "50%", "ünï"])
def test_a_long_or_awkward_path_is_replaced_by_a_short_one(tmp_path: Path, short: Path, name: str) -> None:
    data = tmp_path / name
    data.mkdir()

    folder = sockets.folder(data, "pg", None)

    assert folder.parent.parent == short
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(folder.name)) + len("kpiboard-4294967295-0123456789//tmp") + sockets.LONGEST_NAME <= sockets.MOST_BYTES


def test_the_same_data_folder_gets_the_same_short_one(tmp_path: Path, short: Path) -> None:
    data, other = tmp_path / "a b", tmp_path / "c d"
    data.mkdir()
    other.mkdir()

    assert sockets.folder(data, "pg", None) == sockets.folder(data, "pg", None)
    assert sockets.folder(data, "pg", None) != sockets.folder(other, "pg", None)


def test_a_link_that_somebody_put_there_is_refused(tmp_path: Path, short: Path) -> None:
    data = tmp_path / "a b"
    data.mkdir()
    taken = sockets.folder(data, "pg", None).parent
    taken.rename(short / "moved")
    taken.symlink_to(short / "moved")

    with pytest.raises(Refusal, match="exists and is not yours"):
        sockets.folder(data, "pg", None)
