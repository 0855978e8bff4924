"""Tell whether the collected static files are still those of this code: collecting them is the slowest part of a start."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from . import environment
from .environment import ROOT
from .places import Place

MANIFEST = "staticfiles.json"  # written last, so its presence says that collecting came to its end


def are_current(place: Place, root: Path = ROOT) -> bool:
    stamp = _stamp(place)
    return (place.data / "static" / MANIFEST).exists() and stamp.exists() and stamp.read_text() == fingerprint(root)


def remember(place: Place, root: Path = ROOT) -> None:
    _stamp(place).write_text(fingerprint(root))


def fingerprint(root: Path) -> str:
    """What static files are made from: the pinned packages, the settings, and our own files by name, size and time."""
    made_from = hashlib.sha256(environment.fingerprint(environment.RUN, root).encode())
    made_from.update((root / "kpiboard" / "settings.py").read_bytes())
    for file in _own(root):
        state = file.stat()
        made_from.update(f"{file.relative_to(root)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return made_from.hexdigest()


def _own(root: Path) -> Iterator[Path]:
    for folder in (root / "static", *sorted(root.glob("apps/*/static"))):
        yield from (file for file in sorted(folder.rglob("*")) if file.is_file())


def _stamp(place: Place) -> Path:
    return place.data / "static.stamp"
