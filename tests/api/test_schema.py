"""The description of the API."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from tests.people import People


def test_the_description_is_made_without_a_warning(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=StringIO())
    assert "Warning" not in capsys.readouterr().err


def test_the_description_is_served(people: People) -> None:
    answer = people.client("erin").get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    described = answer.json()
    assert "/api/v1/figures/" in described["paths"]
    assert described["components"]["securitySchemes"]["token"]["name"] == "Authorization"


def test_the_page_holds_no_script_or_style_of_its_own_and_names_no_other_host(db: None) -> None:
    answer = Client().get("/api/v1/docs/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<style" not in html
    assert "http" not in html.replace('charset="utf-8"', "")
    assert html.count("<script") == html.count("<script src=") == 3


def test_the_pages_script_is_served_as_one(db: None) -> None:
    answer = Client().get("/api/v1/docs/?script=")
    assert answer["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in answer.content


def test_the_root_lists_every_endpoint(people: People) -> None:
    assert {"figures", "opportunities", "goals"} <= set(people.client("erin").get("/api/v1/").json())
