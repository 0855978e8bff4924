"""Keeps the files of imports, in the storage that the settings name, for as long as they may be wanted again."""

from hashlib import sha256
from pathlib import Path

from django.core.files import File
from django.core.files.storage import storages

from apps.imports.models import Import, ImportedFile

PIECE = 1 << 20


def keep(this: Import, path: Path) -> ImportedFile:
    """Copy a file into the storage, and note its size and SHA-256."""
    with path.open("rb") as file:
        stored = storages["imports"].save(f"{this.pk}/{path.name}", File(file))
    return ImportedFile.objects.create(of=this, name=path.name, size=path.stat().st_size, sha256=summed(path), stored=stored)


def summed(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    found = sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def path_of(file: ImportedFile) -> Path | None:
    """Return where a file is kept; None where it is not any more."""
    path = Path(storages["imports"].path(file.stored)) if file.stored else None
    return path if path and path.is_file() else None


def forget(stored: str) -> None:
    """Delete a file, and its folder once that is empty."""
    storage = storages["imports"]
    storage.delete(stored)
    folder = stored.rpartition("/")[0]
    if folder and storage.exists(folder) and storage.listdir(folder) == ([], []):
        storage.delete(folder)
