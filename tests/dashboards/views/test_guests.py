"""Wall displays and links: boards without a sign-in, with somebody's rights and without ways out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.boards import guests, services
from apps.boards.models import Link, Screen
from apps.boards.services import Placed
from apps.core import clock
from apps.dashboards.own.milestones import milestones
from apps.dashboards.selection import Selection
from apps.reps import scopes
from apps.reps.models import Membership
from tests import make
from tests.dashboards import world
from tests.dashboards.shapes import PLAN
from tests.dashboards.views.test_own import told, url, value
from tests.people import People


def code(client: Client) -> str:
    page = client.get(url("wall")).content.decode()
    return re.findall(r'<p class="code"[^>]*>([A-Z0-9 ]{7})</p>', page)[0]


def paired(people: People, name: str = "bob", **fields: Any) -> tuple[Client, Screen]:
    """Let a display come that somebody paired in the browser."""
    display = Client()
    form = {"code": code(display), "name": "Floor", "seconds": "20", "has_standard": "on", **fields}
    answer = people.client(name).post(url("screens"), form)
    assert answer.status_code == 302, told(answer.content.decode())
    return display, Screen.objects.latest("pk")


def test_a_display_shows_a_code_until_it_is_paired_and_then_boards(furnished: People) -> None:
    display = Client()
    first = code(display)
    assert code(display) == first, "the code stays while it can be typed"
    assert display.get(url("wall-state")).json() == {"paired": False} and display.get(url("wall-board")).status_code == 403
    board = make.board(furnished.bob, "figure", name="Team")
    furnished.client("bob").post(
        url("screens"), {"code": first, "name": "Floor", "seconds": "20", "has_standard": "on", "boards": [str(board.pk)], "celebrated_from": "500"}
    )
    state = display.get(url("wall-state")).json()
    assert (state["paired"], state["boards"], state["seconds"]) == (True, 2, 20)
    page = display.get(url("wall")).content.decode()
    assert "data-wall" in page and "Full screen" in page
    standard, own = (display.get(url("wall-board", n=str(n))).content.decode() for n in (0, 1))
    assert value(standard, "revenue") == value(own, "revenue") == "800" and "North" in standard and "Team" in own


def test_it_has_no_ways_out_and_no_session(furnished: People) -> None:
    display, _screen = paired(furnished)
    page = display.get(url("wall-board")).content.decode()
    assert "href=" not in page and "<form" not in page
    assert "-drawing" in page and '"opens"' not in page and "/figures/" not in page, "what a chart is drawn from leads nowhere either"
    assert set(display.cookies) <= {guests.__name__, "kpiboard_wall", "kpiboard-seen", "kpiboard-seen-replica"}
    assert display.get("/").status_code == 302 and "/sign-in/" in display.get("/").url
    cookie = display.cookies["kpiboard_wall"]
    assert cookie["httponly"] and cookie["path"] == "/wall/" and cookie["max-age"] > 300 * 24 * 3600


def test_what_has_not_changed_is_not_sent_again(furnished: People) -> None:
    display, _screen = paired(furnished)
    tag = display.get(url("wall-board", n="0"))["ETag"]
    assert display.get(url("wall-board", n="0"), headers={"If-None-Match": tag}).status_code == 304
    make.deal(rep=furnished.alice, won="2025-03-13", amount=1)
    world.count()
    assert display.get(url("wall-board", n="0"), headers={"If-None-Match": tag}).status_code == 200


def test_unpaired_it_shows_a_code_again(furnished: People) -> None:
    display, screen = paired(furnished)
    for name in ("alice", "dave", "erin"):
        assert furnished.client(name).post(url("screen-unpair", screen.pk)).status_code == 404
        assert furnished.client(name).get(url("screen", screen.pk)).status_code == 404
    furnished.client("carol").post(url("screen-unpair", screen.pk))
    assert display.get(url("wall-state")).json() == {"paired": False} and display.get(url("wall-board")).status_code == 403
    assert code(display)


def test_it_shows_what_who_paired_it_may_see(furnished: People) -> None:
    south = make.board(furnished.carol, "figure", name="Not his")
    display, screen = paired(furnished, scope=f"team:{furnished.north.pk}")
    screen.boards.add(south)
    assert display.get(url("wall-state")).json()["boards"] == 1
    Screen.objects.update(scope=f"team:{furnished.south.pk}")
    answer = display.get(url("wall-board"))
    assert answer.status_code == 200 and "There is nothing to show" in answer.content.decode()  # and is asked for again in a few seconds
    page = furnished.client("bob").get(url("screen", screen.pk)).content.decode()
    assert "not there any more" in page


def test_what_it_shows_is_changed_and_checked(furnished: People) -> None:
    _display, screen = paired(furnished)
    board = make.board(furnished.bob, "figure", name="Mine")
    form = {"name": "Lobby", "seconds": "60", "scope": f"rep:{furnished.alice.pk}", "celebrated_from": "1,000.50", "boards": [str(board.pk)]}
    bob = furnished.client("bob")
    assert bob.post(url("screen", screen.pk), form).status_code == 302
    screen.refresh_from_db()
    assert (screen.name, screen.seconds, str(screen.celebrated_from), screen.has_standard) == ("Lobby", 60, "1000.50", False)
    for wrong in ({"seconds": "1"}, {"scope": f"team:{furnished.south.pk}"}, {"name": ""}, {"celebrated_from": "-5"}, {"boards": []}):
        assert bob.post(url("screen", screen.pk), {**form, **wrong}).status_code == 200
    assert bob.post(url("screens"), {"code": "???", "name": "X", "seconds": "20"}).status_code == 200
    assert Screen.objects.count() == 1
    assert "· Mine" in bob.get(url("screens")).content.decode()
    assert "Lobby" in bob.get(url("screens")).content.decode() and "Lobby" not in furnished.client("alice").get(url("screens")).content.decode()


def test_when_its_boards_are_gone_it_shows_nothing_and_never_more_than_was_chosen(furnished: People) -> None:
    board = make.board(furnished.carol, "figure", name="Shared")
    services.share(board, None, may_edit=False)
    display, screen = paired(furnished, has_standard="", boards=[str(board.pk)])
    assert value(display.get(url("wall-board")).content.decode(), "revenue") == "800"
    services.unshare(board, board.shares.get().pk)
    page = display.get(url("wall-board", n="0")).content.decode()
    assert "There is nothing to show" in page and "data-kpi" not in page
    assert display.get(url("wall-state")).json()["boards"] == 0
    page = furnished.client("bob").get(url("screens")).content.decode()
    assert "nothing, at the moment" in page and "Shared" not in page
    services.share(board, None, may_edit=False)
    assert value(display.get(url("wall-board")).content.decode(), "revenue") == "800"


@pytest.mark.parametrize("place", ["-1", "x", "9" * 5000, "1"])
def test_any_place_is_a_board(furnished: People, place: str) -> None:
    display, _screen = paired(furnished)
    assert value(display.get(url("wall-board", n=place)).content.decode(), "revenue") == "800"


def look(people: People, scope: Any = None) -> Selection:
    return Selection(scope or scopes.company(), PLAN.parse("2025-Q1"), make.TODAY, make.TODAY, PLAN, "EUR")


def test_a_large_deal_and_a_reached_goal_are_celebrated_once(furnished: People) -> None:
    display, _screen = paired(furnished, "carol", celebrated_from="500")
    keys = {one["key"] for one in display.get(url("wall-state")).json()["milestones"]}
    assert keys == {f"goal:revenue:rep:{furnished.dave.pk}:2025-Q1"}  # 5,000 of 4,000
    big = make.deal(rep=furnished.alice, won=make.TODAY, amount=500, name="Big")
    make.deal(rep=furnished.alice, won=make.TODAY, amount=499, name="Small")
    make.deal(rep=furnished.alice, won="2025-03-13", amount=9000, name="Yesterday")
    world.count()
    found = display.get(url("wall-state")).json()["milestones"]
    assert {one["key"] for one in found} - keys == {
        f"deal:{big.pk}:2025-03-14",
        f"goal:revenue:rep:{furnished.alice.pk}:2025-Q1",
        f"goal:revenue:team:{furnished.north.pk}:2025-Q1",
    }
    deal = next(one for one in found if one["key"].startswith("deal"))
    assert (deal["what"], deal["about"]) == ("Won: €500.00", "Big, by Alice Adler")


def test_without_an_amount_nothing_is_celebrated(furnished: People) -> None:
    display, _screen = paired(furnished, "carol")
    assert display.get(url("wall-state")).json()["milestones"] == []


def test_celebrating_costs_the_same_with_many_people(furnished: People, django_assert_num_queries: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(6):
        rep = make.rep(f"Rep {n}", team=furnished.north)
        make.goal("revenue", rep, target=1)
        make.deal(rep=rep, won="2025-03-03", amount=100 + n)
    world.count()
    with django_assert_max_num_queries(8):
        assert len(milestones(look(furnished), make.Decimal(1))) == 7


# --- Links -------------------------------------------------------------------------------------------
def link(people: People, name: str = "carol", *widgets: Any, **fields: str) -> tuple[str, Link]:
    board = make.board(people.users[name], *(widgets or ("figure", "trend", "table")), name="For guests")
    page = people.client(name).post(url("own-links", board.pk), {"name": "Intranet", "days": "30", **fields}).content.decode()
    return re.findall(r'value="http://testserver(/shared/[^/]+/)"', page)[0], Link.objects.latest("pk")


def test_a_link_shows_a_board_to_whoever_has_it_also_in_a_frame(furnished: People) -> None:
    address, _link = link(furnished, scope=f"team:{furnished.north.pk}", period="last_month")
    answer = Client().get(address)
    page = answer.content.decode()
    assert answer.status_code == 200 and value(page, "revenue") == "200" and "February 2025" in page
    assert (
        "X-Frame-Options" not in answer
        and "frame-ancestors *" in answer["Content-Security-Policy"]
        and "script-src 'self'" in answer["Content-Security-Policy"]
    )
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert re.findall(r'<a [^>]*href="([^"]*)"', page) == ["/"]  # the brand alone
    assert Client().get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    own = furnished.client("carol").get(url("company"))
    assert own["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in own["Content-Security-Policy"]


def test_it_ends_by_hand_by_day_and_when_nobody_may_make_such(furnished: People, monkeypatch: pytest.MonkeyPatch) -> None:
    address, made = link(furnished)
    make.organisation(links_by="nobody")
    assert Client().get(address).status_code == 404
    make.organisation(links_by="admins")
    assert Client().get(address).status_code == 200
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr("apps.core.clock.now", lambda: later)
    ended = Client().get(address)
    assert ended.status_code == 404 and "This link has ended" in ended.content.decode()
    assert "has ended" in furnished.client("carol").get(url("own-links", made.board_id)).content.decode()
    furnished.client("carol").post(url("own-link-end", made.board_id, made.pk))
    assert not Link.objects.exists()


def test_it_shows_no_more_than_its_maker_may_see(furnished: People) -> None:
    make.organisation(links_by="managers")
    address, _link = link(furnished, "bob", Placed("figure", {"kpis": ["revenue"]}), Placed("figure", {"kpis": ["revenue"], "scope": "company"}))
    page = Client().get(address + f"?scope=team:{furnished.south.pk}&period=2025").content.decode()
    assert value(page, "revenue") == "800" and page.count("not yours to see") == 1  # what the address adds is not heard


def test_it_ends_when_its_maker_may_no_longer_open_the_board_or_see_whose_numbers_it_shows(furnished: People) -> None:
    make.organisation(links_by="managers")
    board, bob = make.board(furnished.carol, "figure"), furnished.client("bob")
    services.share(board, None, may_edit=False)
    page = bob.post(url("own-links", board.pk), {"name": "Intranet", "days": "30", "scope": f"rep:{furnished.alice.pk}"}).content.decode()
    address = re.findall(r'value="http://testserver(/shared/[^/]+/)"', page)[0]
    assert value(Client().get(address).content.decode(), "revenue") == "800"
    services.unshare(board, board.shares.get().pk)
    ended = Client().get(address)
    assert ended.status_code == 404 and "This link has ended" in ended.content.decode()
    services.share(board, None, may_edit=False)
    assert Client().get(address).status_code == 200
    Membership.objects.filter(rep=furnished.alice).update(team=furnished.south)
    ended = Client().get(address)
    assert ended.status_code == 404 and "This link has ended" in ended.content.decode()


def test_only_who_may_make_links_does_and_ends_their_own(furnished: People) -> None:
    _address, made = link(furnished)
    alices = make.board(furnished.users["alice"], "text")
    assert furnished.client("alice").get(url("own-links", alices.pk)).status_code == 403
    assert furnished.client("bob").post(url("own-link-end", made.board_id, made.pk)).status_code == 404
    carol = furnished.client("carol")
    for wrong in ({"days": "0"}, {"days": "400"}, {"name": ""}, {"scope": "rep:999999"}, {"period": "never"}):
        assert carol.post(url("own-links", made.board_id), {"name": "X", "days": "30", **wrong}).status_code == 200
    assert Link.objects.count() == 1
