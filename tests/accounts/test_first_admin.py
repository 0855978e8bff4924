"""The first admin of an empty installation."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.test import RequestFactory

from apps.accounts.models import Role, User
from tests import make

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("first_admin", *arguments, stdout=out)
    return out.getvalue()


def works(row: dict[str, str]) -> bool:
    return authenticate(RequestFactory().post("/"), username=row["email"], password=row["password"]) is not None


def test_it_makes_an_admin_whose_password_only_the_file_knows(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "sign-ins.json"
    said = run("--sign-ins", str(file))
    rows = json.loads(file.read_text())
    assert [(row["role"], row["name"], row["email"]) for row in rows] == [("admin", "Admin", "admin@kpiboard.example")]
    assert works(rows[0])
    assert rows[0]["password"] not in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_second_time_it_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "sign-ins.json"
    run("--sign-ins", str(file))
    before = file.read_text()
    assert run("--sign-ins", str(file)) == "There is an admin already; nothing was changed.\n"
    assert file.read_text() == before
    assert User.objects.count() == 1


def test_every_installation_gets_another_password(tmp_path: Path) -> None:
    run("--sign-ins", str(tmp_path / "one"))
    User.objects.all().delete()
    run("--sign-ins", str(tmp_path / "two"))
    passwords = [json.loads((tmp_path / name).read_text())[0]["password"] for name in ("one", "two")]
    assert len(set(passwords)) == 2
    assert all(len(password) >= 16 for password in passwords)


def test_without_a_file_the_password_is_shown_once() -> None:
    said = run("--email", "Root@Example.com")
    user = User.objects.get(email="root@example.com")
    assert user.check_password(said.split("password ")[1].split(" ")[0])


def test_sign_ins_in_the_file_that_still_work_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "sign-ins.json"
    make.user("Gus Gran")
    still = {"role": "rep", "name": "Gus Gran", "email": "gus.gran@kpiboard.example", "password": make.PASSWORD}
    file.write_text(json.dumps([still, {**still, "email": "gone@kpiboard.example"}]))
    run("--sign-ins", str(file))
    assert [row["email"] for row in json.loads(file.read_text())] == ["admin@kpiboard.example", "gus.gran@kpiboard.example"]


def test_a_file_that_is_none_of_ours_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "sign-ins.json"
    file.write_text("not json")
    file.chmod(0o644)
    run("--sign-ins", str(file))
    assert works(json.loads(file.read_text())[0])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_when_the_last_admin_was_deactivated_there_is_a_way_back(tmp_path: Path) -> None:
    make.user("Old", role=Role.ADMIN, email="admin@kpiboard.example", is_active=False)
    run("--sign-ins", str(tmp_path / "file"))
    assert works(json.loads((tmp_path / "file").read_text())[0])
