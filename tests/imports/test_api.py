"""Imports for programs: asked for by a mapping, looked at, undone; for admins, and tokens that may."""

import base64
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.api import issuing
from apps.imports import running, services
from apps.imports.models import Import, SavedMapping
from apps.opportunities.models import Opportunity
from tests import make
from tests.api.world import faults
from tests.imports.feeds.test_feeds import MAPPING, NOW, ROWS
from tests.people import People

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"content_type": "application/json"}
URL = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def _kept(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "imports": {**settings.STORAGES["imports"], "OPTIONS": {"location": tmp_path / "kept", "base_url": None}}}


@pytest.fixture
def admin(people: People) -> Client:
    SavedMapping.objects.create(name="Accounts", text=MAPPING, saved_at=NOW)
    client: Client = people.client("carol")
    return client


def ask(client: Client, *files: dict[str, str], mapping: str = "Accounts") -> Any:
    return client.post(URL, {"mapping": mapping, "files": files}, **JSON)


def test_files_are_imported_by_a_mapping_looked_at_and_undone(admin: Client) -> None:
    answer = ask(admin, {"name": "accounts-1.csv", "content": ROWS})
    assert answer.status_code == 201 and answer.json()["state"] == "waiting", answer.content
    pk = answer.json()["id"]
    running.run(pk)
    told = admin.get(f"{URL}{pk}/").json()
    assert (told["state"], told["by"], told["parts"][0]["created"], told["rejections"]) == ("done", "Carol Costa", 2, [])
    assert [row["id"] for row in admin.get(URL, {"state": "done"}).json()["results"]] == [pk]
    assert admin.post(f"{URL}{pk}/cancel/").status_code == 409 == admin.post(f"{URL}{pk}/resume/").status_code
    assert admin.post(f"{URL}{pk}/undo/").json()["state"] == "undoing" and services.undo(pk)
    assert admin.get(f"{URL}{pk}/").json()["state"] == "undone"


def test_packages_are_sent_as_bytes_and_rejections_say_why(admin: Client) -> None:
    make.stages()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("accounts-2.csv", "id,name\nA1,Orbit\nA2,\n")
    pk = ask(admin, {"name": "all.zip", "base64": base64.b64encode(packed.getvalue()).decode()}).json()["id"]
    running.run(pk)
    told = admin.get(f"{URL}{pk}/").json()
    assert told["parts"][0]["created"] == 1 and [(one["line"], one["column"]) for one in told["rejections"]] == [(3, "name")]


def test_what_cannot_be_imported_is_refused_in_words(admin: Client) -> None:
    good = {"name": "accounts.csv", "content": ROWS}
    for files, mapping, field in (
        ((good,), "None such", "mapping"),
        ((), "Accounts", "files"),
        (({"name": "deals.csv", "content": "x"},), "Accounts", "files"),
        (({"name": "accounts.csv", "content": "x,y\n1,2\n"},), "Accounts", "files"),
        (({"name": "accounts.csv"},), "Accounts", "files"),
        (({"name": "accounts.csv", "base64": "?"},), "Accounts", "files"),
        (({"name": "../../accounts.csv", "content": "\0"},), "Accounts", "files"),
    ):
        answer = ask(admin, *files, mapping=mapping)
        assert answer.status_code == 400 and any(name.startswith(field) for name in faults(answer)), (files, answer.content)
    assert not Import.objects.exists() and not Opportunity.objects.exists()


def test_it_is_for_admins_and_for_tokens_that_may(admin: Client, people: People) -> None:
    for name in ("alice", "bob", "erin"):
        assert people.client(name).get(URL).status_code == 403 == ask(people.client(name), {"name": "accounts.csv", "content": ROWS}).status_code
    assert Client().get(URL).status_code == 401
    for grants, read, write in (([], 200, 201), (["read:imports"], 200, 403), (["write:imports"], 200, 201), (["write:leads"], 403, 403)):
        client = Client(headers={"authorization": f"Token {issuing.make_token(people.carol, grants=grants)}"})
        assert client.get(URL).status_code == read
        assert ask(client, {"name": "accounts.csv", "content": ROWS}).status_code == write, grants
