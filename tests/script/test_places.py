"""The data folder is ours, its secrets are its owner's, and nobody else's folder is taken."""

import os
from pathlib import Path

import pytest

from script.house import accounts, places
from script.house.places import Place
from script.house.progress import Refusal, quiet


def test_the_data_folder_is_where_the_person_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIBOARD_VAR", str(tmp_path / "some where"))
    monkeypatch.setattr(accounts, "for_services", lambda: None)

    place = places.lasting(quiet)

    assert place.data == tmp_path / "some where"
    assert place.data.stat().st_mode & 0o777 == 0o700


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thesis.doc").touch()
    monkeypatch.setenv("KPIBOARD_VAR", str(tmp_path))

    with pytest.raises(Refusal, match="Set KPIBOARD_VAR to a folder of its own"):
        places.lasting(quiet)


def test_a_folder_that_was_taken_before_is_taken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPIBOARD_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(accounts, "for_services", lambda: None)
    first = places.lasting(quiet)
    (first.data / "secret-key").touch()

    assert places.lasting(quiet).data == first.data


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "secret-key"

    first, second = places.secret(file), places.secret(file)

    assert first == second
    assert len(first) >= 50
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    assert places.secret(tmp_path / "a") != places.secret(tmp_path / "b")


def test_a_folder_of_somebody_else_is_refused_and_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "var"
    data.mkdir()
    monkeypatch.setenv("KPIBOARD_VAR", str(data))
    monkeypatch.setattr(os, "geteuid", lambda: data.stat().st_uid + 1)
    monkeypatch.setattr(accounts, "for_services", lambda: None)

    with pytest.raises(Refusal, match="belongs to .* Start KPIBoard as that account"):
        places.lasting(quiet)
    assert list(data.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has services that are not to lead it astray")
def test_of_root_s_folder_the_services_own_only_what_they_write(tmp_path: Path) -> None:
    account = accounts.for_services()
    place = Place(tmp_path, account, account)
    place.prepare()

    assert account
    assert {file.name: file.stat().st_uid for file in tmp_path.iterdir()} == {
        "logs": 0,
        **dict.fromkeys(("beat", "imports", "mail", "people", "static"), account.uid),
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps its data below a closed home")
def test_below_a_closed_home_the_data_goes_where_the_services_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "root"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("KPIBOARD_VAR", str(home / "var"))
    told: list[str] = []

    place = places.lasting(told.append)
    try:
        assert place.data.parent == Path("/var/tmp")
        assert home.stat().st_mode & 0o777 == 0o700
        assert any(str(place.data) in line for line in told)
    finally:
        (place.data / places.MARK).unlink(missing_ok=True)
        place.data.rmdir()
