"""When the demo company is not founded. (What it is when it is founded: `test_company`.)"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Role
from apps.core.models import Organisation
from apps.demo import company, sign_ins
from apps.opportunities.models import Opportunity
from apps.reps.models import Rep
from tests import make

pytestmark = pytest.mark.django_db


def test_a_database_with_reps_is_refused() -> None:
    make.rep("Alice")
    with pytest.raises(CommandError, match="holds data already"):
        call_command("demo", stdout=StringIO())
    assert [rep.name for rep in Rep.objects.all()] == ["Alice"]


def test_a_database_with_anything_of_the_kind_is_not_empty() -> None:
    assert company.is_database_empty()
    make.product()
    assert not company.is_database_empty()


def test_own_data_is_left_alone_and_own_sign_ins_stay(tmp_path: Path) -> None:
    path, said = tmp_path / "sign-ins.json", StringIO()
    make.rep("Alice")
    ann = make.user("Ann", role=Role.ADMIN, email="ann@company.example")
    sign_ins.write(path, [sign_ins.SignIn("admin", ann.name, ann.email, make.PASSWORD)])
    call_command("demo", if_empty=True, sign_ins=path, stdout=said)
    assert [one.name for one in sign_ins.read(path)] == ["Ann"]
    assert not Opportunity.objects.exists()


def test_where_nobody_is_to_be_listed_it_says_how_to_sign_in(tmp_path: Path) -> None:
    said = StringIO()
    make.rep("Alice")
    call_command("demo", if_empty=True, sign_ins=tmp_path / "sign-ins.json", stdout=said)
    assert "manage.py first_admin" in said.getvalue()
    assert not (tmp_path / "sign-ins.json").exists()


def test_an_organisation_that_is_there_keeps_its_name_and_its_days() -> None:
    make.organisation(name="Ours", time_zone="Asia/Tokyo", currency="JPY")
    company.establish()
    assert (Organisation.get().name, Organisation.get().time_zone, Organisation.get().currency) == ("Ours", "Asia/Tokyo", "JPY")
