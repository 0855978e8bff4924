"""What is shown when everything runs, and who may sign in."""

import json
from pathlib import Path

import pytest

from script.house import sign_ins
from script.house.progress import Refusal
from script.house.sign_ins import SignIn

ADMIN = SignIn("admin", "Ada", "ada@kpiboard.example", "correct-horse")
REP = SignIn("rep", "Bartholomew", "b@kpiboard.example", "battery-staple")


def test_sign_ins_are_read_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "sign-ins.json"
    file.write_text(json.dumps([vars(ADMIN), vars(REP)]))

    assert sign_ins.read(file) == [ADMIN, REP]


def test_an_installation_with_its_own_people_has_none(tmp_path: Path) -> None:
    assert sign_ins.read(tmp_path / "sign-ins.json") == []


@pytest.mark.parametrize("text", ["", "[{", '[{"role": "admin"}]', "{}x"])
def test_a_spoilt_file_is_named_with_a_remedy(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sign-ins.json"
    file.write_text(text)

    with pytest.raises(Refusal, match="sign-ins.json is not a list of sign-ins.*move it away"):
        sign_ins.read(file)


def test_the_block_shows_address_people_and_how_to_stop(tmp_path: Path) -> None:
    shown = sign_ins.block("http://127.0.0.1:8000/", [ADMIN, REP], data=tmp_path)

    assert "KPIBoard is running: http://127.0.0.1:8000/" in shown
    assert "admin  Ada          ada@kpiboard.example  correct-horse" in shown
    assert "rep    Bartholomew  b@kpiboard.example    battery-staple" in shown
    assert "Stop: Ctrl-C" in shown
    assert str(tmp_path) in shown


def test_without_sign_ins_the_block_says_so(tmp_path: Path) -> None:
    assert "Sign in with your own account" in sign_ins.block("http://127.0.0.1:8000/", [], data=tmp_path)
