"""What changes while somebody develops is noticed once."""

import os
from pathlib import Path

from script.house.changes import Changes


def test_a_written_an_added_and_a_removed_file_are_noticed_by_their_kind(tmp_path: Path) -> None:
    for name in ("a.py", "b.html", "c.txt"):
        (tmp_path / name).touch()
    changes = Changes([tmp_path, tmp_path / "missing"])
    assert changes.since_last() == set()

    os.utime(tmp_path / "a.py", (1, 1))
    assert changes.since_last() == {".py"}
    (tmp_path / "b.html").unlink()
    assert changes.since_last() == {".html"}
    (tmp_path / "d.py").touch()
    os.utime(tmp_path / "c.txt", (1, 1))
    assert changes.since_last() == {".py"}
    assert changes.since_last() == set()
