"""Our own scripts and sheets, written in many files, are served as one of each: a finder of static files puts them together.

`settings.BUNDLES` says what each is made of, in order. Each script is a block of its own, so that they do not meet.
"""

import tempfile
import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage


class BundleFinder(BaseFinder):
    """Finds what `settings.BUNDLES` names: for collecting in memory, for serving while developing in a folder of its own, made anew when a part has changed."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [part for parts in settings.BUNDLES.values() for part in parts if not _source(part).is_file()]
        return [Error(f"A bundle is made of {part}, which is not in static/.", id="core.E001") for part in missing]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return where a bundle is, or all such places; nothing of that name is an empty list."""
        if path not in settings.BUNDLES:
            return []
        made, text = Path(self._folder.name) / path, text_of(path)
        if not made.is_file() or made.read_text(encoding="utf-8") != text:
            fresh = made.with_name(f"{threading.get_ident()}-{path}")  # several threads may be asked at once
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(made)
        return [str(made)] if find_all or kwargs.get("all") else str(made)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path in settings.BUNDLES:
            storage = InMemoryStorage()
            storage.save(path, ContentFile(text_of(path).encode()))
            yield path, storage

    @cached_property
    def _folder(self) -> "tempfile.TemporaryDirectory[str]":
        return tempfile.TemporaryDirectory(prefix="kpiboard-bundles-")  # gone with the process


def _source(part: str) -> Path:
    return Path(settings.BASE_DIR) / "static" / part


def text_of(path: str) -> str:
    """Return a bundle's parts, one after the other."""
    return "\n".join(_source(part).read_text(encoding="utf-8") for part in settings.BUNDLES[path])
