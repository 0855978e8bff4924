"""Arranging a board keeps every widget once and in one order, whoever else arranges it meanwhile."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.boards import services
from apps.boards.kinds import WIDTHS
from apps.boards.models import Board, Home, Share, Widget
from apps.boards.services import MOST, MOST_OF_RECORDS, Placed
from tests import make
from tests.kpis.overlapping import at_once
from tests.people import People


@pytest.fixture
def board(people: People) -> Board:
    return make.board(people.bob, "figure", "goal", "text", "trend")


def order(board: Board) -> list[str]:
    rows = list(Widget.objects.filter(board=board))
    assert [row.position for row in rows] == list(range(len(rows)))
    return [row.kind for row in rows]


def pk(board: Board, kind: str) -> int:
    return Widget.objects.filter(board=board, kind=kind)[0].pk


@pytest.mark.parametrize(
    ("kind", "to", "expected"),
    [
        ("trend", 0, ["trend", "figure", "goal", "text"]),
        ("figure", 2, ["goal", "text", "figure", "trend"]),
        ("figure", 99, ["goal", "text", "trend", "figure"]),
        ("goal", -5, ["goal", "figure", "text", "trend"]),
        ("goal", 1, ["figure", "goal", "text", "trend"]),
    ],
)
def test_a_widget_moves_and_the_others_close_up(board: Board, kind: str, to: int, expected: list[str]) -> None:
    services.move(board, pk(board, kind), to)
    assert order(board) == expected


def test_a_step_moves_it_by_one_and_stops_at_the_ends(board: Board) -> None:
    services.step(board, pk(board, "goal"), 1)
    assert order(board) == ["figure", "text", "goal", "trend"]
    services.step(board, pk(board, "figure"), -1)
    services.step(board, pk(board, "trend"), 1)
    assert order(board) == ["figure", "text", "goal", "trend"]


def test_it_gets_wider_and_narrower_as_far_as_the_grid_goes(board: Board) -> None:
    row = pk(board, "figure")
    for _step in range(20):
        services.resize(board, row, 1)
    assert Widget.objects.get(pk=row).width == WIDTHS[-1]
    for _step in range(20):
        services.resize(board, row, -1)
    assert Widget.objects.get(pk=row).width == WIDTHS[0]


def test_a_copy_stands_right_behind_and_what_is_removed_can_be_added_where_it_stood(board: Board) -> None:
    copy = services.repeat(board, pk(board, "figure"))
    assert order(board) == ["figure", "figure", "goal", "text", "trend"] and copy.kpis == ["revenue"]
    gone = services.remove(board, copy.pk)
    assert order(board) == ["figure", "goal", "text", "trend"]
    services.move(board, services.add(board, Widget(kind=gone.kind, width=gone.width, kpis=gone.kpis)).pk, 1)
    assert order(board) == ["figure", "figure", "goal", "text", "trend"]


def test_what_was_taken_away_meanwhile_is_said_and_nothing_happens(board: Board) -> None:
    row = pk(board, "goal")
    services.remove(board, row)
    for deed in (
        lambda: services.move(board, row, 0),
        lambda: services.resize(board, row, 1),
        lambda: services.repeat(board, row),
        lambda: services.remove(board, row),
    ):
        with pytest.raises(services.Gone, match="taken away meanwhile"):
            deed()
    board.delete()
    with pytest.raises(services.Gone, match="deleted meanwhile"):
        services.add(Board(pk=999), Widget(kind="text"))


def test_a_board_holds_so_many_and_no_more(people: People) -> None:
    board = make.board(people.bob, *["text"] * MOST)
    with pytest.raises(ValidationError, match=f"holds {MOST}"):
        services.add(board, Widget(kind="text", width=4))
    with pytest.raises(ValidationError, match=f"holds {MOST}"):
        services.repeat(board, pk(board, "text"))
    assert len(order(board)) == MOST
    with pytest.raises(ValidationError, match="which are read apart"):
        make.board(people.bob, *["at_risk"] * (MOST_OF_RECORDS + 1))
    assert Board.objects.filter(owner=people.bob).count() == 1


def test_somebody_has_so_many_boards_and_no_more(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_BOARDS", 2)
    first = make.board(people.bob)
    make.board(people.bob)
    for deed in (lambda: make.board(people.bob), lambda: services.duplicate(first, "Again", people.bob)):
        with pytest.raises(ValidationError, match="Delete one first"):
            deed()
    make.board(people.carol)


@pytest.mark.parametrize("name", ["", "   ", "n" * 81])
def test_a_board_needs_a_name(people: People, name: str) -> None:
    with pytest.raises(ValidationError):
        services.create(name, people.bob)
    assert not Board.objects.exists()


def test_a_copy_is_its_new_owners_alone(board: Board, people: People) -> None:
    services.share(board, None, may_edit=True)
    copy = services.duplicate(board, "Mine", people.carol)
    assert order(copy) == order(board) and copy.owner == people.carol and not copy.shares.exists()
    services.remove(copy, pk(copy, "text"))
    assert "text" in order(board)


def test_it_is_shared_with_everybody_once(board: Board) -> None:
    services.share(board, None, may_edit=False)
    services.share(board, None, may_edit=True)
    assert [share.may_edit for share in board.shares.all()] == [True]
    with pytest.raises(IntegrityError):
        Share.objects.create(board=board, team=None)


def test_who_goes_leaves_their_shared_boards_behind(people: People) -> None:
    user = make.user("Going")
    board = make.board(user, "text")
    services.set_home(user, board)
    user.delete()
    assert Board.objects.get(pk=board.pk).owner is None and not Home.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_arrange_at_once_lose_no_widget(people: People) -> None:
    board = make.board(people.bob, *(Placed("text", {"title": f"T{n}"}) for n in range(6)))
    rows = list(board.widgets.all())
    at_once(
        lambda: [services.move(board, rows[0].pk, place) for place in (5, 0, 3)],
        lambda: [services.repeat(board, rows[5].pk), services.remove(board, rows[4].pk), services.move(board, rows[1].pk, 4)],
    )
    assert sorted(row.title for row in Widget.objects.filter(board=board)) == ["T0", "T1", "T2", "T3", "T5", "T5"]
    assert len(order(board)) == 6
