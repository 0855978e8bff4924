"""Boards are read as they may be opened in the browser."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.boards.models import Share
from tests import make
from tests.api.world import EVERYBODY, faults
from tests.people import People

URL = "/api/v1/boards/"


def test_a_board_is_told_with_its_widgets_to_those_who_may_open_it(people: People) -> None:
    mine = make.board(people.bob, "figure", "text", name="Mornings")
    hidden = make.board(people.carol, name="Mine alone")
    Share.objects.create(board=mine, team=people.north)
    seen = {name: {row["name"] for row in people.client(name).get(URL).json()["results"]} for name in EVERYBODY}
    assert seen == {"alice": {"Mornings"}, "bob": {"Mornings"}, "carol": {"Mornings", "Mine alone"}, "dave": set(), "erin": {"Mornings"}}
    told = people.client("bob").get(f"{URL}{mine.pk}/")
    row = told.json()
    assert [(widget["kind"], widget["kpis"]) for widget in row["widgets"]] == [("figure", ["revenue"]), ("text", [])]
    assert (row["owner"], row["is_own"], row["is_shared"], row["may_edit"], row["is_home"]) == ("Bob Berg", True, True, True, False)
    assert people.client("bob").get(f"{URL}{mine.pk}/", headers={"If-None-Match": told["ETag"]}).status_code == 304
    assert people.client("alice").get(f"{URL}{mine.pk}/").json()["may_edit"] is False
    assert people.client("bob").get(f"{URL}{hidden.pk}/").status_code == people.client("dave").get(f"{URL}{mine.pk}/").status_code == 404


def test_they_are_arranged_in_the_browser(people: People) -> None:
    answer = people.client("carol").post(URL, {"name": "Mine"}, content_type="application/json")
    assert answer.status_code == 405
    faults(answer)


def test_more_boards_cost_no_more_queries(people: People) -> None:
    def asked() -> int:
        client = people.client("carol")
        with CaptureQueriesContext(connection) as seen:
            assert client.get(URL).status_code == 200
        return len(seen)

    make.board(people.carol, "figure")
    few = asked()
    for _number in range(4):
        make.board(people.carol, "figure", "text")
    assert asked() == few
