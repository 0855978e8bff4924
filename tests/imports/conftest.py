"""Imports small files that a test writes down."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.imports import importing, parsing
from apps.imports.importing import Order
from apps.imports.report import ImportReport

Import = Callable[..., ImportReport]


@pytest.fixture
def run(tmp_path: Path, db: None) -> Import:
    """Return a function that writes files into a folder (given by name) and imports them: `run(mapping, {"deals.csv": "…"})`."""

    def imported(mapping: str, files: dict[str, str | bytes], *, is_dry: bool = False) -> ImportReport:
        for name, content in files.items():
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        order = Order(mapping=parsing.parse('title = "Test"\n' + mapping), place=tmp_path, is_dry=is_dry)
        return importing.run(order, tell=lambda report: None)

    return imported
