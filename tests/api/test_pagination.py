"""Pages go on after the last row of the one before, in every order, forwards and backwards."""

from typing import Any

import pytest
from django.test import Client

from apps.api.router import ROWS
from tests import make
from tests.api.world import CASES, faults, url
from tests.people import People

ORDERS = [
    *("", "name", "-name", "created_on", "-created_on", "qualified_on", "-qualified_on", "qualified_on,-name", "-qualified_on,name"),
    "first_touch_on,company,-created_on",
]


def walked(client: Client, address: str | None, way: str = "next") -> list[list[int]]:
    """The numbers of the rows on each page, on and on."""
    pages = []
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        pages.append([row["id"] for row in answer.json()["results"]])
        address = answer.json()[way]
    return pages


@pytest.fixture
def leads(people: People) -> People:
    """Leads that share names and days; some have none."""
    for number in range(11):
        day = f"2025-03-{1 + number % 4:02}"
        make.lead(f"Lead {number % 3}", rep=people.alice, created=day, qualified=day if number % 2 else None)
    return people


@pytest.mark.parametrize("order", ORDERS)
def test_pages_hold_every_row_once_in_the_order_of_the_whole_list(leads: People, order: str) -> None:
    client = leads.client("carol")
    asked = f"?ordering={order}&" if order else "?"
    whole = walked(client, f"{url('leads')}{asked}page_size=1000")
    for size in (1, 4, 11):
        pages = walked(client, f"{url('leads')}{asked}page_size={size}")
        assert [pk for page in pages for pk in page] == whole[0]
        assert {len(page) for page in pages[:-1]} <= {size}


@pytest.mark.parametrize("order", ORDERS)
def test_the_way_back_is_the_way_there(leads: People, order: str) -> None:
    client = leads.client("carol")
    address = f"{url('leads')}?page_size=4" + (f"&ordering={order}" if order else "")
    there = walked(client, address)
    last = address
    while following := client.get(last).json()["next"]:
        last = following
    assert walked(client, last, "previous") == there[::-1]


def test_a_row_that_comes_meanwhile_moves_no_other(leads: People) -> None:
    client = leads.client("carol")
    first = client.get(f"{url('leads')}?ordering=name&page_size=5").json()
    make.lead("A lead before all", rep=leads.alice)
    second = client.get(first["next"]).json()
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    assert len(second["results"]) == 5


@pytest.mark.parametrize("prefix", ROWS)
def test_every_order_of_every_list_goes_on(prefix: str, people: People) -> None:
    for name in ("alice", "dave"):
        CASES[prefix].make(people, name)
    client = people.client("carol")
    for field in ["", *ROWS[prefix].ordering_fields, *(f"-{field}" for field in ROWS[prefix].ordering_fields)]:
        asked = f"ordering={field}&" if field else ""
        found = [pk for page in walked(client, f"{url(prefix)}?{asked}page_size=1") for pk in page]
        assert found == [pk for page in walked(client, f"{url(prefix)}?{asked}page_size=1000") for pk in page]


@pytest.mark.parametrize(
    "asked",
    [
        {"page_size": "0"},
        {"page_size": "1001"},
        {"page_size": "x"},
        {"page_size": "²"},
        {"cursor": "x"},
        {"cursor": ""},
        {"page": "2"},
        {"ordering": "name,-nonsense"},
    ],
)
def test_what_is_no_page_is_refused(asked: dict[str, Any], people: People) -> None:
    answer = people.client("carol").get(url("leads"), asked)
    assert answer.status_code == 400 and set(faults(answer)) == set(asked)


def test_a_cursor_of_another_order_is_refused(leads: People) -> None:
    client = leads.client("carol")
    following = client.get(f"{url('leads')}?ordering=name&page_size=5").json()["next"]
    answer = client.get(following.replace("ordering=name", "ordering=-name"))
    assert answer.status_code == 400 and "another order" in faults(answer)["cursor"][0]
