"""The file with the demo people's passwords."""

import json
import stat
from pathlib import Path

import pytest

from apps.accounts.models import Role
from apps.demo import sign_ins
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new folder" / "sign-ins.json"


def test_nobody_else_can_read_the_file(path: Path) -> None:
    sign_ins.write(path, [sign_ins.SignIn("admin", "Ann", "ann@kpiboard.example", "secret")])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == [{"role": "admin", "name": "Ann", "email": "ann@kpiboard.example", "password": "secret"}]
    assert list(path.parent.iterdir()) == [path]


def test_a_lost_file_is_written_anew_with_new_passwords(path: Path) -> None:
    user = make.user("Ann", role=Role.ADMIN)
    make.user("Gone", is_active=False)
    make.user("Own", email="own@company.example")
    found = sign_ins.keep(path)
    user.refresh_from_db()
    assert [one.name for one in found] == ["Ann"] == [one.name for one in sign_ins.read(path)]
    assert user.check_password(found[0].password) and not user.check_password(make.PASSWORD)


def test_a_file_that_works_is_left_as_it_is(path: Path) -> None:
    make.user("Ann")
    sign_ins.write(path, [sign_ins.SignIn("rep", "Ann", "ann@kpiboard.example", make.PASSWORD)])
    before = path.stat().st_mtime_ns
    assert [one.name for one in sign_ins.keep(path)] == ["Ann"]
    assert path.stat().st_mtime_ns == before


def test_a_password_that_its_owner_changed_stays_and_is_no_longer_listed(path: Path) -> None:
    ann, bea = make.user("Ann"), make.user("Bea")
    sign_ins.write(path, [sign_ins.SignIn("rep", one.name, one.email, make.PASSWORD) for one in (ann, bea)])
    bea.set_password("a password of her own")
    bea.save()
    assert [one.name for one in sign_ins.keep(path)] == ["Ann"] == [one.name for one in sign_ins.read(path)]
    bea.refresh_from_db()
    assert bea.check_password("a password of her own")


@pytest.mark.parametrize("text", ["", "no json", '{"role": "rep"}', '[{"name": "Ann"}]', "[1]"])
def test_a_file_that_is_damaged_counts_as_lost(path: Path, text: str) -> None:
    make.user("Ann")
    path.parent.mkdir()
    path.write_text(text)
    assert [one.name for one in sign_ins.keep(path)] == ["Ann"]


def test_where_nobody_of_the_demo_company_is_nothing_is_listed(path: Path) -> None:
    user = make.user("Own", email="own@company.example")
    assert sign_ins.keep(path) == []
    user.refresh_from_db()
    assert user.check_password(make.PASSWORD)


def test_passwords_are_long_and_never_the_same() -> None:
    found = {sign_ins.password() for _number in range(200)}
    assert len(found) == 200 and {len(one) for one in found} == {19}
