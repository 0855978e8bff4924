"""What the tests of the scripts stand on: a place of their own, and nothing said aloud."""

from pathlib import Path

import pytest

from script.house.places import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An installation in a fresh folder, everything running as who runs the tests."""
    (tmp_path / "logs").mkdir()
    return Place(tmp_path, None, None)


@pytest.fixture
def told() -> list[str]:
    """What a script would have said."""
    return []
