"""Who comes for the first time is shown around, by their role, and may leave it."""

import re

import pytest
from django.urls import reverse

from apps.accounts.models import User
from tests.people import NAMES, People


def stops(page: str) -> list[str]:
    return re.findall(r'"title": "([^"]*)"', page.split('id="tour-steps"')[1].split("</script>")[0]) if 'id="tour-steps"' in page else []


def board(people: People, name: str, query: str = "") -> str:
    client = people.client(name)
    return str(client.get(client.get("/" + query)["Location"]).content.decode())


@pytest.mark.parametrize("name", NAMES)
def test_at_the_first_look_and_when_asked_and_else_not(furnished: People, name: str) -> None:
    assert stops(board(furnished, name)) == []
    asked = stops(board(furnished, name, "?tour"))
    assert asked[0] == "The one number" and len(asked) >= 5
    User.objects.update(toured_at=None)
    assert stops(board(furnished, name)) == asked
    assert furnished.client(name).post(reverse("dashboards:tour-done")).status_code == 204
    assert stops(board(furnished, name)) == []


def test_each_role_is_shown_what_it_works_with(furnished: People) -> None:
    shown = {name: stops(board(furnished, name, "?tour")) for name in NAMES}
    assert "Today" in shown["alice"] and "Who needs help" in shown["bob"] and "What is missing" in shown["carol"]
    assert "What is missing" not in shown["erin"]


def test_every_stop_is_on_the_page(furnished: People) -> None:
    for name in NAMES:
        page = board(furnished, name, "?tour")
        for at in re.findall(r'"at": "((?:[^"\\]|\\.)*)"', page):
            first = at.encode().decode("unicode_escape").split(",")[0]
            wanted = {"#": r'id="{}"', "[": "{}"}[first[0]] if first[0] in "#[" else ""
            if wanted:
                assert re.search(wanted.format(re.escape(first.strip("#[]"))), page), (name, first)
