"""`prepare` brings an installation up to date in one go, as often as it is called."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.accounts.models import User
from apps.kpis.models import DirtyCell
from tests import make

pytestmark = pytest.mark.django_db


def prepare(*words: str) -> str:
    out = StringIO()
    call_command("prepare", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_an_empty_installation_gets_its_first_admin_once(tmp_path: Path) -> None:
    file = tmp_path / "sign-ins.json"
    prepare("--empty", "--sign-ins", str(file))
    prepare("--empty", "--sign-ins", str(file))
    assert [person["role"] for person in json.loads(file.read_text())] == ["admin"]
    assert User.objects.count() == 1


def test_what_is_pending_is_counted_and_people_who_are_there_are_left_alone(tmp_path: Path) -> None:
    make.deal(rep=make.rep("Alice"), won="2025-03-03")
    assert DirtyCell.objects.exists()
    said = prepare("--sign-ins", str(tmp_path / "sign-ins.json"))
    assert not DirtyCell.objects.exists()
    assert "no demo company made" in said and "cells counted" in said
