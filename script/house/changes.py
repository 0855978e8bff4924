"""Notice which files of the code have changed, for `script/server --dev`."""

from collections.abc import Iterable
from pathlib import Path

WATCHED = (".py", ".html", ".toml", ".mo")


class Changes:
    """What has changed below some folders since one last asked."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = [folder for folder in folders if folder.exists()]
        self.known = self._state()

    def since_last(self) -> set[str]:
        """The suffixes of the files that were written, added or removed since the last call."""
        before, self.known = self.known, self._state()
        return {path.suffix for path, _ in before.items() ^ self.known.items()}

    def _state(self) -> dict[Path, int]:
        found: dict[Path, int] = {}
        for folder in self.folders:
            for path in folder.rglob("*"):
                if path.suffix in WATCHED and path.exists():  # editors rename while we look
                    found[path] = path.stat().st_mtime_ns
        return found
