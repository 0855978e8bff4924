"""Unpacks gzip and zip packages into a folder, piece by piece, and refuses what would fill the disk."""

import gzip
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import ZipFile

from django.utils.translation import gettext as _

from apps.imports import kinds, limits
from apps.imports.keys import MappingError, Problem
from apps.imports.kinds import Kind
from apps.imports.sources import is_ours

PIECE = 1 << 20
DEEPEST = 2  # a package in a package is still unpacked


@contextmanager
def unpacked(paths: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    """Give the files themselves and those of packages, while the block lasts. Raises MappingError for what cannot be unpacked."""
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        yield tuple(_distinct(_plain(paths, Path(folder), DEEPEST)))


def is_package(path: Path) -> bool:
    return path.is_file() and kinds.of(path) in (Kind.ZIP, Kind.GZIP)


def _plain(paths: Iterable[Path], folder: Path, deep: int) -> Iterator[Path]:
    for path in paths:
        kind = kinds.of(path) if path.is_file() else None
        if kind not in (Kind.ZIP, Kind.GZIP):
            yield path
            continue
        if not deep:
            raise MappingError([Problem(path.name, _("It is a package in a package in a package."), _("Unpack it yourself."))])
        place = Path(tempfile.mkdtemp(dir=folder))
        try:
            members = list(_zip(path, place) if kind == Kind.ZIP else _gzip(path, place))
        except MappingError:
            raise
        except Exception as error:  # of a damaged package, Python's own reading raises whatever the damage leads to
            raise MappingError(
                [Problem(path.name, _("It cannot be unpacked: %(error)s.") % {"error": error}, _("Pack it anew, without a password."))]
            ) from error
        if not members:
            raise MappingError([Problem(path.name, _("It holds no file to import."), _("Pack the files that are to be imported."))])
        yield from _plain(members, folder, deep - 1)


def _gzip(path: Path, place: Path) -> Iterator[Path]:
    target = place / (path.stem if path.suffix.lower() == ".gz" else path.name)
    with gzip.open(path) as packed:
        _copy(packed, target, path, limits.room(path.stat().st_size))
    yield target


def _zip(path: Path, place: Path) -> Iterator[Path]:
    room = limits.room(path.stat().st_size)
    with ZipFile(path) as package:
        entries = [entry for entry in package.infolist() if not entry.is_dir()]
        if len(entries) > limits.ENTRIES:
            wrong = _("It holds %(count)s files, more than %(most)s.") % {"count": len(entries), "most": limits.ENTRIES}
            raise MappingError([Problem(path.name, wrong, _("Pack only the files that are to be imported."))])
        for entry in entries:
            name = PurePosixPath(entry.filename.replace("\\", "/"))
            if "__MACOSX" in name.parts or name.name.startswith(".") or not name.name or is_ours(Path(name.name)):
                continue
            target = place / name.name
            if target.exists():
                raise MappingError([Problem(path.name, _("It holds several files named %(name)s.") % {"name": name.name}, _("Rename all but one."))])
            with package.open(entry) as packed:
                room -= _copy(packed, target, path, room)
            yield target


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, path: Path, room: int) -> int:
    """Copy no more than there is room for; count what really comes, whatever the package says."""
    size = 0
    with target.open("wb") as file:
        while piece := packed.read(PIECE):
            size += len(piece)
            if size > room:
                raise limits.too_large(path.name, path.stat().st_size)
            file.write(piece)
    return size


def _distinct(paths: Iterable[Path]) -> list[Path]:
    """Refuse two files of one name, of which nobody could tell which is meant."""
    found: dict[str, Path] = {}
    for path in paths:
        if path.name in found and found[path.name] != path:
            raise MappingError([Problem(path.name, _("Two files have this name."), _("Rename one of them."))])
        found[path.name] = path
    return list(found.values())
