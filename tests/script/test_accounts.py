"""Root's services run as an account that exists already, and get nothing of anybody else's."""

import os
import pwd
from pathlib import Path

import pytest

from script.house import accounts
from script.house.accounts import Account
from script.house.progress import Refusal

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another account")


@pytest.fixture
def nobody() -> Account:
    account = accounts.for_services()
    assert account is not None
    return account


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder of root's that every account reaches."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    return tmp_path


def test_who_is_not_root_drops_to_no_other_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 501)

    assert accounts.for_services() is None


def test_an_account_of_its_own_goes_before_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"kpiboard": 77, "nobody": 65534}
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: pwd.struct_passwd((name, "x", there[name], 1, "", "/", "/bin/false")))

    assert accounts.for_services() == Account("kpiboard", 77, 1)


def test_root_without_any_such_account_is_told_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", unknown)

    with pytest.raises(Refusal, match="Make one"):
        accounts.for_services()


@needs_root
def test_what_an_account_cannot_use_is_named(open_folder: Path, nobody: Account) -> None:
    readable, closed, program = open_folder / "a file", open_folder / "b", open_folder / "c"
    for path, mode in ((readable, 0o644), (closed, 0o600), (program, 0o644)):
        path.write_text("#!/bin/sh\n")
        path.chmod(mode)

    assert accounts.unusable(nobody, [readable, closed, open_folder / "missing"], [program]) == [closed, open_folder / "missing", program]


@needs_root
def test_a_file_below_a_closed_folder_cannot_be_used(open_folder: Path, nobody: Account) -> None:
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    file = home / "file"
    file.write_text("x")
    file.chmod(0o644)

    assert accounts.unusable(nobody, [file]) == [file]
    assert home.stat().st_mode & 0o777 == 0o700


@needs_root
def test_what_root_wrote_is_handed_over_but_never_through_a_link(tmp_path: Path, nobody: Account) -> None:
    outside = tmp_path / "outside"
    outside.write_text("root's")
    given = tmp_path / "given"
    (given / "sub").mkdir(parents=True)
    (given / "sub" / "mail").write_text("hello")
    (given / "link").symlink_to(outside)
    os.link(outside, given / "hard link")

    accounts.give(given, nobody)

    assert (given / "sub" / "mail").stat().st_uid == nobody.uid
    assert outside.stat().st_uid == 0


def test_a_folder_of_its_own_is_closed_to_others_and_its_parent_untouched(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    accounts.own(tmp_path / "a", None)

    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    assert tmp_path.stat().st_mode & 0o777 == 0o755
