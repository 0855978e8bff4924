"""Packages are unpacked file by file, and those that would fill the disk or hide a path are not."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from apps.imports import limits, unpacking
from apps.imports.keys import MappingError


def package(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(name, content)
    return path


def names(*paths: Path) -> dict[str, bytes]:
    with unpacking.unpacked(paths) as found:
        return {path.name: path.read_bytes() for path in found}


def test_the_files_of_packages_are_given_and_plain_ones_stay_where_they_are(tmp_path):
    plain = tmp_path / "a.csv"
    plain.write_bytes(b"a")
    packed = tmp_path / "b.csv.gz"
    packed.write_bytes(gzip.compress(b"b"))
    outer = package(
        tmp_path / "c.zip", {"folder/c.csv": b"c", "__MACOSX/._c.csv": b"x", ".hidden": b"x", "d.csv.gz": gzip.compress(b"d"), "c.csv.errors.csv": b"x"}
    )
    assert names(plain, packed, outer) == {"a.csv": b"a", "b.csv": b"b", "c.csv": b"c", "d.csv": b"d"}


def test_nothing_is_left_behind_and_nothing_leaves_the_folder(tmp_path):
    outer = package(tmp_path / "a.zip", {"../../evil.csv": b"x", "C:\\\\evil2.csv": b"y"})
    with unpacking.unpacked([outer]) as found:
        places = [path.parent for path in found]
        assert sorted(path.name for path in found) == ["evil.csv", "evil2.csv"]
    assert not any(place.exists() for place in places)
    assert not (tmp_path.parent / "evil.csv").exists()


@pytest.mark.parametrize("ending", ["zip", "gz"])
def test_a_package_that_holds_far_more_than_it_weighs_is_refused(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(limits, "ALWAYS", 1_000_000)
    path = tmp_path / f"a.{ending}"
    content = b"0" * 5_000_000
    path.write_bytes(gzip.compress(content)) if ending == "gz" else package(path, {"a.csv": content})
    with pytest.raises(MappingError, match="Unpacked it is larger than"):
        names(path)


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "ENTRIES", 3)
    with pytest.raises(MappingError, match="4 files, more than 3"):
        names(package(tmp_path / "a.zip", {f"{number}.csv": b"x" for number in range(4)}))


def test_packages_in_packages_end_somewhere(tmp_path):
    content = b"Name\nA\n"
    for _depth in range(3):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as into:
            into.writestr("inner.zip", content)
        content = out.getvalue()
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(MappingError, match="package in a package"):
        names(tmp_path / "a.zip")


def test_two_files_of_one_name_are_refused(tmp_path):
    with pytest.raises(MappingError, match="several files named a.csv"):
        names(package(tmp_path / "a.zip", {"x/a.csv": b"1", "y/a.csv": b"2"}))
    (tmp_path / "a.csv").write_bytes(b"1")
    with pytest.raises(MappingError, match="Two files have this name"):
        names(tmp_path / "a.csv", package(tmp_path / "b.zip", {"a.csv": b"2"}))


def test_what_is_broken_is_told(tmp_path):
    path = package(tmp_path / "a.zip", {"a.csv": b"Name\n" * 1000})
    path.write_bytes(path.read_bytes()[:40] + b"\x00\xff" + path.read_bytes()[42:])
    with pytest.raises(MappingError, match="a.zip: It cannot be unpacked"):
        names(path)


@pytest.mark.parametrize("files", [{}, {".hidden": b"x", "__MACOSX/._a.csv": b"x", "a.csv.errors.csv": b"x"}])
def test_a_package_that_holds_nothing_to_import_is_told(tmp_path, files):
    with pytest.raises(MappingError, match="a.zip: It holds no file to import"):
        names(package(tmp_path / "a.zip", files))


def test_an_entry_without_a_name_is_told(tmp_path):
    path = package(tmp_path / "a.zip", {"n": b"Name\n"})
    path.write_bytes(path.read_bytes().replace(b"n", b"\x00"))
    with pytest.raises(MappingError, match="a.zip: It cannot be unpacked"):
        names(path)
