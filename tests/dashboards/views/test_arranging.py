"""People's own boards, made and kept: named, shared, copied, arranged and configured, by whoever may."""

from typing import Any

import pytest

from apps.boards import services
from apps.boards.kinds import KINDS
from apps.boards.models import Board, Home, Widget
from apps.boards.services import Placed
from apps.boards.starts import STARTS
from tests import make
from tests.dashboards.views.test_own import shown, told, url, value
from tests.people import People


# --- A board among others ----------------------------------------------------------------------------
def test_a_board_that_is_not_shared_is_not_there(furnished: People) -> None:
    board = make.board(furnished.bob, "text")
    for name in ("own", "own-arrange", "own-settings", "own-gallery"):
        assert furnished.client("alice").get(url(name, board.pk)).status_code == 404
        assert furnished.client("carol").get(url(name, board.pk)).status_code == 404  # an admin does not see what is private
    services.share(board, None, may_edit=False)
    assert furnished.client("alice").get(url("own", board.pk)).status_code == 200
    for name in ("own-arrange", "own-settings", "own-gallery"):
        answer = furnished.client("alice").get(url(name, board.pk))
        assert answer.status_code == 403 and "Make a copy" in answer.content.decode()


@pytest.mark.parametrize("action", ["own-home", "own-duplicate", "own-delete", "own-put-back"])
def test_nothing_is_done_to_a_board_that_is_not_there_for_them(furnished: People, action: str) -> None:
    board = make.board(furnished.bob, "text")
    assert furnished.client("dave").post(url(action, board.pk)).status_code == 404
    assert furnished.client("bob").get(url(action, board.pk)).status_code == 405
    assert Board.objects.count() == 1 and not Home.objects.exists()


def test_the_first_page_is_the_one_that_was_chosen_until_the_standard_is_again(furnished: People) -> None:
    board, bob = make.board(furnished.bob, "text"), furnished.client("bob")
    assert bob.get("/").url == url("board", "team", furnished.north.pk)
    bob.post(url("own-home", board.pk))
    assert bob.get("/?period=2025-02").url == url("own", board.pk, period="2025-02")
    assert "Your first page" in bob.get(url("own", board.pk)).content.decode()
    bob.post(url("boards-standard"))
    assert bob.get("/").url == url("board", "team", furnished.north.pk)


def test_a_new_board_begins_with_a_choice_and_the_list_has_it(furnished: People) -> None:
    bob = furnished.client("bob")
    answer = bob.post(url("boards"), {"start": "pipeline"})
    board = Board.objects.get()
    assert answer.url == url("own", board.pk) and board.owner == furnished.bob and board.widgets.count() == len(STARTS["pipeline"].widgets())
    page = bob.get(url("boards")).content.decode()
    assert "Yours alone" in page and page.count(url("own", board.pk)) == 2
    assert url("own", board.pk) in bob.get(url("boards-menu", now=str(board.pk))).content.decode()
    assert bob.post(url("boards"), {"start": "nothing"}).status_code == 404
    assert bob.post(url("boards"), {"start": "empty"}).url == url("own-arrange", Board.objects.latest("pk").pk)


def test_it_is_named_shared_and_deleted(furnished: People) -> None:
    board, bob = make.board(furnished.bob, "text"), furnished.client("bob")
    settings = url("own-settings", board.pk)
    assert bob.post(settings, {"rename": "1", "name": "  "}).status_code == 200
    bob.post(settings, {"rename": "1", "name": "Mondays"})
    bob.post(settings, {"share": "1", "whom": str(furnished.north.pk), "may_edit": "on"})
    assert "select a valid choice" in bob.post(settings, {"share": "1", "whom": str(furnished.south.pk)}).content.decode().lower()
    assert "Mondays" in furnished.client("alice").get(url("own-arrange", board.pk)).content.decode()
    assert furnished.client("alice").get(settings).status_code == 403  # may change it, and no more
    bob.post(settings, {"unshare": str(board.shares.get().pk)})
    assert furnished.client("alice").get(url("own", board.pk)).status_code == 404
    bob.post(url("own-delete", board.pk))
    assert not Board.objects.exists()


def test_a_copy_of_a_shared_board_is_arranged_freely(furnished: People) -> None:
    board = make.board(furnished.carol, "figure", "text", name="Weekly")
    services.share(board, None, may_edit=False)
    answer = furnished.client("alice").post(url("own-duplicate", board.pk))
    copy = Board.objects.get(owner=furnished.users["alice"])
    assert answer.url == url("own-arrange", copy.pk) and copy.name == "Copy of Weekly"
    assert furnished.client("alice").get(answer.url).status_code == 200


# --- Arranging ---------------------------------------------------------------------------------------
def kinds(board: Board) -> list[str]:
    return [row.kind for row in Widget.objects.filter(board=board)]


def test_widgets_are_moved_resized_copied_taken_away_and_put_back(furnished: People) -> None:
    board, bob = make.board(furnished.bob, "figure", "text", "trend"), furnished.client("bob")
    figure = board.widgets.get(kind="figure").pk

    def act(action: str, **fields: str) -> Any:
        return bob.post(url("own-act", board.pk, figure, action, period="2025-02"), fields)

    assert act("step", by="1").url == url("own-arrange", board.pk, period="2025-02") and kinds(board) == ["text", "figure", "trend"]
    act("move", to="2")
    assert kinds(board) == ["text", "trend", "figure"]
    act("resize", by="2")
    assert Widget.objects.get(pk=figure).width == 5
    act("repeat")
    assert kinds(board) == ["text", "trend", "figure", "figure"]
    act("remove")
    assert kinds(board) == ["text", "trend", "figure"]
    assert "was taken away" in told(bob.get(url("own-arrange", board.pk)).content.decode())
    bob.post(url("own-put-back", board.pk))
    assert kinds(board) == ["text", "trend", "figure", "figure"]
    bob.post(url("own-put-back", board.pk))  # twice does it once
    assert len(kinds(board)) == 4
    assert "taken away meanwhile" in told(bob.post(url("own-act", board.pk, figure, "repeat"), follow=True).content.decode())


@pytest.mark.parametrize(
    ("action", "fields", "status"), [("step", {}, 400), ("move", {"to": "x"}, 400), ("resize", {"by": "99999"}, 400), ("explode", {}, 404)]
)
def test_rubbish_changes_nothing_and_says_so(furnished: People, action: str, fields: dict[str, str], status: int) -> None:
    board = make.board(furnished.bob, "figure", "text")
    row = board.widgets.get(kind="figure")
    assert furnished.client("bob").post(url("own-act", board.pk, row.pk, action), fields).status_code == status
    assert kinds(board) == ["figure", "text"] and Widget.objects.get(pk=row.pk).width == row.width


def test_a_widget_of_another_board_is_not_reached_through_this_one(furnished: People) -> None:
    mine, other = make.board(furnished.bob, "text"), make.board(furnished.carol, "figure")
    row = other.widgets.get()
    furnished.client("bob").post(url("own-act", mine.pk, row.pk, "remove"))
    assert furnished.client("bob").get(url("own-widget", mine.pk, row.pk)).status_code == 404
    assert kinds(other) == ["figure"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_configured_put_on_the_board_and_changed(furnished: People, kind: str) -> None:
    board, bob = make.board(furnished.bob), furnished.client("bob")
    add = url("own-add", board.pk, kind)
    assert bob.get(add).status_code == 200
    fields = {"width": str(KINDS[kind].width)} | {f"kpi_{n}": key for n, key in enumerate(KINDS[kind].usual, 1)}
    answer = bob.post(add, {**fields, "title": "Mine", "text": "Look <here>: https://example.com"})
    row = Widget.objects.get()
    assert answer.url == url("own-arrange", board.pk) + f"#w{row.pk}", told(answer.content.decode())
    assert (row.kind, row.title, row.position) == (kind, "Mine", 0)
    change = url("own-widget", board.pk, row.pk)
    bob.post(change, {**fields, "title": "Other", "width": "12"})
    assert (Widget.objects.get().title, Widget.objects.get().width) == ("Other", 12)


def test_what_it_looks_like_is_shown_before_it_is_kept(furnished: People) -> None:
    board, bob = make.board(furnished.bob), furnished.client("bob")
    fields = {"kpi_1": "revenue", "width": "3", "title": "Won so far", "preview": "1"}
    part = bob.post(url("own-add", board.pk, "figure"), fields, headers={"X-Preview": "1"}).content.decode()
    assert "Won so far" in part and "<html" not in part and value(part, "revenue") == "800"
    whole = bob.post(url("own-add", board.pk, "figure"), fields).content.decode()
    assert "<html" in whole and value(whole, "revenue") == "800" and not Widget.objects.exists()
    wrong = bob.post(url("own-add", board.pk, "figure"), {**fields, "kpi_1": ""}, headers={"X-Preview": "1"}).content.decode()
    assert "required" in wrong
    assert bob.get(url("own-add", board.pk, "no-such")).status_code == 404


def test_whose_numbers_somebody_else_chose_stay_as_they_are(furnished: People) -> None:
    board = make.board(furnished.carol, Placed("figure", {"scope": "company"}))
    services.share(board, furnished.north, may_edit=True)
    row = board.widgets.get()
    page = furnished.client("bob").get(url("own-widget", board.pk, row.pk)).content.decode()
    assert "not yours to see)" in page
    furnished.client("bob").post(url("own-widget", board.pk, row.pk), {"kpi_1": "calls", "width": "3", "scope": "company"})
    assert (Widget.objects.get().scope, Widget.objects.get().kpis) == ("company", ["calls"])


def test_words_are_plain_text(furnished: People) -> None:
    board = make.board(furnished.bob, Placed("text", {"title": "<b>Hi</b>", "text": "<script>alert(1)</script>\n\nSee https://example.com/a?b=1"}))
    page = shown(furnished, "bob", board)
    assert "<script>alert" not in page and "<b>Hi" not in page and "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<a href="https://example.com/a?b=1" rel="nofollow">' in page


def test_a_number_that_is_none_takes_nothing_back(furnished: People) -> None:
    board, bob = make.board(furnished.bob, "text"), furnished.client("bob")
    services.share(board, furnished.north, may_edit=False)
    for text in ("9" * 5000, "-1", "x", "", "999999"):
        assert bob.post(url("own-settings", board.pk), {"unshare": text}).status_code in (200, 302)
    assert board.shares.count() == 1
