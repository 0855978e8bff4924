"""One sheet and one script for every page, made of all that is written for it."""

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.staticfiles import finders
from django.core.checks import run_checks

from apps.core.bundles import BundleFinder, text_of

STATIC = Path(project.BASE_DIR) / "static"
APART = {"css/admin.css"}  # the admin's own


@pytest.mark.parametrize("path", project.BUNDLES)
def test_a_bundle_holds_every_part_in_order(path: str) -> None:
    text = text_of(path)
    places = [text.index((STATIC / part).read_text()) for part in project.BUNDLES[path]]
    assert places == sorted(places)
    found = finders.find(path)
    assert found and Path(found).read_text() == text
    collected = {name: storage.open(name).read().decode() for name, storage in BundleFinder().list([])}
    assert collected[path] == text


def test_nothing_that_is_written_is_left_out() -> None:
    parts = {part for parts in project.BUNDLES.values() for part in parts}
    written = {str(file.relative_to(STATIC)) for kind in ("css", "js") for file in (STATIC / kind).glob("*")}
    assert parts | APART == written


def test_a_part_that_is_missing_is_told(settings: object) -> None:
    settings.BUNDLES = {"kpiboard.js": ["js/none.js"]}  # type: ignore[attr-defined]
    assert "js/none.js" in str(run_checks())
    assert finders.find("other.js") is None


def test_scripts_are_blocks_of_their_own() -> None:
    for part in project.BUNDLES["kpiboard.js"]:
        text = re.sub(r"^/\*.*?\*/\n", "", (STATIC / part).read_text(), flags=re.S)
        assert re.match(r'"use strict";\n(page: )?\{\n', text) and text.rstrip().endswith("\n}"), part
