"""Who sees and who changes which board."""

from dataclasses import dataclass

import pytest

from apps.boards import access, selectors, services
from apps.boards.models import Board
from tests import make
from tests.people import NAMES, People

TODAY = make.TODAY


@dataclass
class Boards:
    own: Board
    north: Board
    all: Board
    south_edits: Board
    nobodys: Board


@pytest.fixture
def boards(people: People) -> Boards:
    """Alice's own; Bob's for North; Carol's for everybody; Dave's for South to change; one whose owner is gone."""
    found = Boards(
        make.board(people.users["alice"], name="own"),
        make.board(people.bob, name="north"),
        make.board(people.carol, name="all"),
        make.board(people.users["dave"], name="south"),
        make.board(people.bob, name="nobody"),
    )
    services.share(found.north, people.north, may_edit=False)
    services.share(found.all, None, may_edit=False)
    services.share(found.south_edits, people.south, may_edit=True)
    Board.objects.filter(pk=found.nobodys.pk).update(owner=None)
    return found


SEEN = {
    "alice": {"own", "north", "all"},
    "bob": {"north", "all"},
    "carol": {"north", "all", "south", "nobody"},
    "dave": {"all", "south"},
    "erin": {"north", "all", "south"},
}
CHANGED = {"alice": {"own"}, "bob": {"north"}, "carol": {"north", "all", "south", "nobody"}, "dave": {"south"}, "erin": set()}
OWNED = {"alice": {"own"}, "bob": {"north"}, "carol": {"north", "all", "south", "nobody"}, "dave": {"south"}, "erin": set()}


@pytest.mark.parametrize("name", NAMES)
def test_everybody_sees_their_own_and_what_is_shared_with_them(people: People, boards: Boards, name: str) -> None:
    user = people.users[name]
    assert {board.name for board in access.visible(user, TODAY)} == SEEN[name]
    assert {board.name for board in access.editable(user, TODAY)} == CHANGED[name]
    assert {board.name for board in access.owned(user)} & SEEN[name] == OWNED[name]
    listed = selectors.listed(user, TODAY)
    assert {one.board.name for one in listed} == SEEN[name]
    assert {one.board.name for one in listed if one.may_edit} == CHANGED[name]
    for board in Board.objects.all():
        laid = selectors.laid(user, board.pk, TODAY)
        assert (laid is not None) == (board.name in SEEN[name])
        assert laid is None or (laid.may_edit, laid.is_owned) == (board.name in CHANGED[name], board.name in OWNED[name])


def test_who_changes_teams_sees_the_new_teams_boards_and_no_longer_the_old_ones(people: People, boards: Boards) -> None:
    make.move(people.alice, people.south, on=TODAY)
    assert {board.name for board in access.visible(people.users["alice"], TODAY)} == {"own", "all", "south"}


def test_a_board_of_a_team_is_for_the_teams_below_and_their_managers(people: People, boards: Boards) -> None:
    below = make.team("Below", parent=people.north)
    rep, boss = make.user("Rep"), make.user("Boss", role="manager")
    make.rep("Rep", team=below, user=rep)
    make.manager(below, boss)
    for user in (rep, boss):
        assert {board.name for board in access.visible(user, TODAY)} == {"north", "all"}


def test_who_is_no_longer_active_sees_and_changes_nothing(people: People, boards: Boards) -> None:
    user = people.users["alice"]
    user.is_active = False
    user.save()
    assert not access.visible(user, TODAY) and not access.editable(user, TODAY) and not access.owned(user)


def test_reps_share_with_their_team_and_leaders_with_everybody(people: People) -> None:
    found = {name: access.circle(people.users[name], TODAY) for name in NAMES}
    assert [team.name for team in found["alice"].teams] == ["North"] and not found["alice"].everybody
    assert [team.name for team in found["bob"].teams] == ["North"] and found["bob"].everybody
    assert [team.name for team in found["erin"].teams] == ["North", "South"] and not found["erin"].everybody
    assert found["carol"].everybody


def test_a_first_page_that_is_no_longer_shared_gives_way_to_the_standard_board(people: People, boards: Boards) -> None:
    user = people.users["alice"]
    services.set_home(user, boards.north)
    assert selectors.home(user, TODAY) == boards.north
    share = boards.north.shares.get()
    services.unshare(boards.north, share.pk)
    assert selectors.home(user, TODAY) is None
    services.set_home(user, None)
    services.share(boards.north, None, may_edit=False)
    assert selectors.home(user, TODAY) is None


def test_lists_cost_a_fixed_number_of_queries(people: People, boards: Boards, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = people.users["alice"]
    for _board in range(6):
        make.board(user, "text", "figure")
    with django_assert_num_queries(2):
        assert len(selectors.listed(user, TODAY)) == 9
    with django_assert_num_queries(2):
        selectors.laid(user, boards.all.pk, TODAY)


def test_the_admin_has_what_is_shared_or_nobodys_and_hands_it_on(people: People, boards: Boards) -> None:
    carol = people.client("carol")
    page = carol.get("/admin/boards/board/").content.decode()
    assert all((f">{name}</a>" in page) == (name != "own") for name in ("own", "north", "south", "nobody"))
    assert carol.get(f"/admin/boards/board/{boards.own.pk}/change/").status_code == 302
    form = {"name": "nobody", "owner": str(people.bob.pk), "shares-TOTAL_FORMS": "0", "shares-INITIAL_FORMS": "0"}
    assert carol.post(f"/admin/boards/board/{boards.nobodys.pk}/change/", form).status_code == 302
    assert Board.objects.get(pk=boards.nobodys.pk).owner == people.bob
    assert carol.get("/admin/boards/board/add/").status_code == 403
