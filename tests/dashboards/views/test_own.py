"""People's own boards: the same numbers as everywhere, for whoever may see them, in a fixed number of queries."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.boards import services
from apps.boards.kinds import KINDS
from apps.boards.models import Board, Widget
from apps.boards.services import Placed
from apps.boards.starts import STARTS
from apps.dashboards.own import charts, drawing
from apps.dashboards.own.drawers import Drawer
from apps.reps.models import Membership
from tests import make
from tests.conftest import Day
from tests.dashboards import world
from tests.people import BACKEND, NAMES, People

ROLES = ("alice", "bob", "carol", "erin")


def url(name: str, *args: Any, **query: str) -> str:
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"dashboards:{name}", args=args) + (f"?{text}" if text else "")


def shown(people: People, name: str, board: Board, **query: str) -> str:
    answer = people.client(name).get(url("own", board.pk, **query))
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def told(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def value(page: str, kpi: str, place: int = 0) -> str:
    return re.findall(rf'<data data-kpi="{kpi}" value="([^"]*)"', page)[place]


def everything(people: People, owner: str = "carol") -> list[Board]:
    """Boards that hold every kind of widget."""
    kinds = [*KINDS]
    return [make.board(people.users[owner], *kinds[n::3]) for n in range(3)]


# --- The numbers -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ROLES)
@pytest.mark.parametrize("start", STARTS)
def test_every_board_to_begin_with_is_drawn_for_every_role(furnished: People, name: str, start: str) -> None:
    page = shown(furnished, name, make.board(furnished.users[name], *STARTS[start].widgets()))
    assert "could not be drawn" not in page


@pytest.mark.parametrize(
    "query", [{}, {"period": "2025-03"}, {"period": "2025-02", "on": "2025-02-20"}, {"period": "2025"}, {"period": "2026-Q1"}, {"team": "today"}]
)
def test_every_kind_is_drawn_over_every_period_and_as_of_past_days(furnished: People, query: dict[str, str]) -> None:
    for board in everything(furnished):
        assert "could not be drawn" not in shown(furnished, "carol", board, **query)


@pytest.mark.parametrize("scope", ["company", "region", "north", "alice"])
def test_figures_are_those_of_the_standard_board(furnished: People, scope: str) -> None:
    key, path = {
        "company": ("company", url("company")),
        "region": (f"region:{furnished.region.pk}", url("board", "region", furnished.region.pk)),
        "north": (f"team:{furnished.north.pk}", url("board", "team", furnished.north.pk)),
        "alice": (f"rep:{furnished.alice.pk}", url("board", "rep", furnished.alice.pk)),
    }[scope]
    board = make.board(furnished.carol, "number", Placed("figure", {"kpis": ["calls"]}))
    own, standard = shown(furnished, "carol", board, scope=key), furnished.client("carol").get(path).content.decode()
    for kpi in ("revenue", "calls"):
        assert value(own, kpi) == value(standard, kpi)


def test_a_widget_looks_at_what_it_was_told_to_and_says_so(furnished: People) -> None:
    board = make.board(
        furnished.carol,
        Placed("figure", {"kpis": ["revenue"]}),
        Placed("figure", {"kpis": ["revenue"], "scope": f"team:{furnished.north.pk}"}),
        Placed("figure", {"kpis": ["revenue"], "period": "month", "scope": f"rep:{furnished.alice.pk}"}),
        Placed("figure", {"kpis": ["revenue"], "period": "last_month"}),
    )
    page = shown(furnished, "carol", board)
    assert [value(page, "revenue", n) for n in range(4)] == ["5800", "800", "600", "200"]
    captions = re.findall(r'<p class="elsewhere small">([^<]*)</p>', page)
    assert captions == ["North", "Alice Adler · March 2025", "February 2025"]


def test_one_board_serves_everybody_with_their_own_rows(furnished: People) -> None:
    board = make.board(furnished.carol, Placed("figure", {"kpis": ["revenue"]}), Placed("table", {"kpis": ["revenue", "calls"]}))
    services.share(board, None, may_edit=False)
    assert [value(shown(furnished, name, board), "revenue") for name in NAMES] == ["800", "800", "5800", "5000", "5800"]
    bobs = shown(furnished, "bob", board)
    assert "Alice Adler" in bobs and "Dave" not in bobs
    daves = shown(furnished, "dave", board)
    assert "Alice" not in daves


def test_a_rep_is_listed_once_whoever_is_listed(furnished: People) -> None:
    """Nothing is added up twice where the whole scope is one of those listed."""
    board = make.board(furnished.carol, *(Placed("pace", {"among": among}) for among in ("", "teams", "regions")))
    page = shown(furnished, "carol", board, scope=f"rep:{furnished.alice.pk}")
    assert [value(page, "revenue", n) for n in range(3)] == ["800"] * 3


def test_of_peers_of_another_day_nobody_sees_more_than_the_rank_who_may_not_open_their_boards(furnished: People) -> None:
    """Alice was in South with Dave until March; Bob, who leads North, sees Alice and not Dave."""
    Membership.objects.filter(rep=furnished.alice).update(team=furnished.south)
    make.move(furnished.alice, furnished.north, on="2025-03-01")
    world.count()
    board = make.board(furnished.bob, "leaderboard", Placed("leaderboard", {"kpis": ["calls"]}))
    query = {"scope": f"rep:{furnished.alice.pk}", "on": "2025-02-20"}
    own, standard = shown(furnished, "bob", board, **query), furnished.client("bob").get(url("board", "rep", furnished.alice.pk, on="2025-02-20"))
    for page in (own, standard.content.decode()):
        ranks = [told(row) for row in re.findall(r"<tr.*?</tr>", page[page.index('class="ranks"') :], re.DOTALL) if "Dave Dahl" in row]
        assert ranks and all(re.fullmatch(r"(\d+|— no rank) Dave Dahl", rank) for rank in ranks), ranks
        assert "you" not in re.findall(r'<span class="mark">([^<]*)</span>', page)
    for row in board.widgets.all():
        text = furnished.client("bob").get(url("own-file", board.pk, format="csv", widget=str(row.pk), **query)).content.decode()
        line = next(line for line in text.splitlines() if "Dave Dahl" in line)
        assert line.endswith("Dave Dahl,,"), line
    carols = shown(furnished, "carol", make.board(furnished.carol, "leaderboard"), **query)
    assert "Dave Dahl" in carols and url("board", "rep", furnished.dave.pk) in carols


def test_a_trend_is_compared_with_the_same_point_of_a_year_earlier(furnished: People) -> None:
    for won, amount in (("2024-03-10", 7), ("2024-03-20", 70), ("2024-02-10", 3)):
        make.deal(rep=furnished.alice, won=won, created="2024-01-10", amount=amount)
    world.count()
    trend = Placed("trend", {"kpis": ["revenue"], "grain": "month"})
    board = make.board(furnished.bob, Placed("trend", {"kpis": ["revenue"], "grain": "month", "comparison": "year"}), trend)

    def last(place: int, **query: str) -> list[str]:
        row = board.widgets.all()[place]
        text = furnished.client("bob").get(url("own-file", board.pk, format="csv", widget=str(row.pk), **query)).content.decode("utf-8-sig")
        return [text.splitlines()[0].split(",")[-1], *(line.split(",")[-1] for line in text.splitlines()[-2:])]

    assert last(0) == ["a year earlier", "3", "7"]  # by 14 March: what was won on the 20th is not there yet
    assert last(0, on="2025-03-05") == ["a year earlier", "3", "0"]
    assert last(1, compare="year") == ["a year earlier", "3", "7"]
    assert last(1)[0] == "as many before"


def test_a_point_of_the_course_opens_what_makes_it(furnished: People) -> None:
    page = shown(furnished, "bob", make.board(furnished.bob, "course"))
    found = re.findall(r'<th scope="row"><a href="([^"]*\.\.(2025-[0-9-]+))">[^<]*</a></th><td class="end">€([0-9.]+)', page)
    assert len(found) == 73 and found[-1][1:] == ("2025-03-14", "800.00")
    for address, _day, amount in (found[-1], found[50], found[30]):
        opened = furnished.client("bob").get(address.replace("&amp;", "&")).content.decode()
        assert Decimal(value(opened, "revenue")) == Decimal(amount)


def test_days_that_are_not_drawn_are_not_passed_over_in_silence(furnished: People) -> None:
    make.activity(rep=furnished.alice, done="2024-06-12", due="2024-06-12")
    world.count()
    board = make.board(furnished.bob, Placed("heat", {"kpis": ["calls"]}))
    assert "The last 14 weeks" not in shown(furnished, "bob", board)
    year = told(shown(furnished, "bob", board, period="2024-04-01..2025-03-14"))
    assert "The last 14 weeks; the period began before." in year and "Calls: 1," in year


def test_the_viewers_own_follows_the_viewer(furnished: People) -> None:
    board = make.board(furnished.carol, Placed("figure", {"kpis": ["revenue"], "scope": "own"}))
    services.share(board, None, may_edit=False)
    assert value(shown(furnished, "alice", board), "revenue") == "800"
    assert value(shown(furnished, "carol", board), "revenue") == "5800"  # who sells nothing: the board's


def test_numbers_that_are_not_theirs_stay_hidden(furnished: People) -> None:
    scopes = ("company", f"team:{furnished.south.pk}", f"rep:{furnished.dave.pk}", "rep:999999")
    board = make.board(furnished.carol, *(Placed(kind, {"scope": scope}) for scope in scopes for kind in ("figure", "pace", "leaderboard", "at_risk")[:2]))
    services.share(board, None, may_edit=False)
    page = shown(furnished, "bob", board)
    assert page.count("not yours to see") == 8
    assert "Dave" not in page and "5,000" not in page and "South" not in page
    assert shown(furnished, "carol", board).count("not yours to see") == 2


@pytest.mark.parametrize("name", ["alice", "dave"])
def test_a_rep_sees_ranks_and_names_of_peers_and_no_figure(furnished: People, name: str) -> None:
    peer = make.rep("Peer", team=furnished.north)
    make.deal(rep=peer, won="2025-03-03", amount=7654)
    world.count()
    board = make.board(furnished.users[name], *(Placed(kind, {"kpis": ["revenue"]}) for kind in ("leaderboard", "comparison", "table")), "pace")
    page = shown(furnished, name, board)
    assert ("Peer" in page) == (name == "alice") and "7,654" not in page and "7654" not in page


# --- What must stay true -----------------------------------------------------------------------------
def test_a_widget_that_fails_leaves_the_others_alone(furnished: People, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_spot: object, _source: object) -> Any:
        raise ZeroDivisionError

    monkeypatch.setitem(drawing.DRAWERS, "trend", Drawer(charts.DRAWERS["trend"].asks, fail))  # type: ignore[arg-type]
    page = shown(furnished, "bob", make.board(furnished.bob, "figure", "trend"))
    assert page.count("could not be drawn") == 1 and value(page, "revenue") == "800"
    assert "of kind trend could not be drawn" in caplog.text


def test_a_kpi_that_is_gone_says_so(furnished: People) -> None:
    board = make.board(furnished.bob, "figure", "table")
    Widget.objects.filter(kind="figure").update(kpis=["gone"])
    Widget.objects.filter(kind="table").update(kpis=["gone", "revenue"])
    page = shown(furnished, "bob", board)
    assert "no longer in the catalogue" in page and value(page, "revenue") == "800"
    assert page.count("format=csv") == 1  # what shows nothing is no file


def queries(people: People, board: Board, **query: str) -> int:
    carol, address = people.client("carol"), url("own", board.pk, **query)
    carol.get(address)
    with CaptureQueriesContext(connection) as found:
        assert carol.get(address).status_code == 200
    return len(found)


@pytest.fixture
def settled(furnished: People) -> People:
    """The same company, after years: what it is compared with is stored as well."""
    make.deal(rep=furnished.alice, won="2023-02-01", created="2023-01-10", amount=10)
    world.count()
    return furnished


STORED = [kind.key for kind in KINDS.values() if not kind.reads_records]


def test_widgets_of_stored_sums_cost_the_same_however_many(settled: People) -> None:
    few = queries(settled, make.board(settled.carol, "figure"))
    kpis = ("revenue", "win_rate", "mrr", "calls", "sales_cycle", "followers", "pipeline_value", "nrr")
    many = [Placed("figure", {"kpis": [kpi], "scope": scope}) for kpi in kpis for scope in ("", f"team:{settled.north.pk}", f"rep:{settled.dave.pk}")]
    assert queries(settled, make.board(settled.carol, *many)) == few
    kinds = [kind for kind in STORED if kind not in ("text", "parts")]
    assert queries(settled, make.board(settled.carol, *kinds, *kinds)) == few


def test_more_people_and_deals_cost_no_more_queries(settled: People) -> None:
    boards = everything(settled)
    few = [queries(settled, board) for board in boards]
    for n in range(8):
        rep = make.rep(f"Rep {n}", team=settled.north)
        for _deal in range(3):
            make.deal(rep=rep, won="2025-03-03", amount=100 + n)
    world.count()
    assert [queries(settled, board) for board in boards] == few
    assert max(few) <= 34, few


def test_an_unchanged_board_is_not_sent_again_and_any_change_of_it_is(furnished: People, django_assert_max_num_queries: Any) -> None:
    board, bob = make.board(furnished.bob, "figure", "text"), furnished.client("bob")
    address = url("own", board.pk)
    tag = bob.get(address)["ETag"]
    with django_assert_max_num_queries(8):
        assert bob.get(address, headers={"If-None-Match": tag}).status_code == 304
    services.resize(board, board.widgets.get(kind="text").pk, 1)
    assert bob.get(address, headers={"If-None-Match": tag}).status_code == 200
    tag = bob.get(address)["ETag"]
    make.deal(rep=furnished.alice, won="2025-03-04", amount=50)
    world.count()
    again = bob.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 200 and value(again.content.decode(), "revenue") == "850"


def test_the_same_link_opens_the_same_for_whoever_may_see_it(furnished: People) -> None:
    board = make.board(furnished.carol, "figure")
    services.share(board, None, may_edit=False)
    link = {"scope": f"team:{furnished.north.pk}", "period": "2025-02"}
    assert {value(shown(furnished, name, board, **link), "revenue") for name in ("bob", "carol", "erin")} == {"200"}
    assert furnished.client("dave").get(url("own", board.pk, **link)).status_code == 404
    page = shown(furnished, "bob", board, **link)
    assert f"{url('own', board.pk)}?scope=team%3A{furnished.north.pk}&amp;period=2025-01" in page  # the period before, on the same board


def test_a_range_of_days_is_asked_for_with_the_form(furnished: People) -> None:
    board = make.board(furnished.bob, "figure")
    answer = furnished.client("bob").get(url("own", board.pk, **{"from": "2025-03-01", "to": "2025-03-10"}))
    assert answer.status_code == 302 and "period=2025-03-01..2025-03-10" in answer.url and f"/boards/own/{board.pk}/" in answer.url
    assert value(furnished.client("bob").get(answer.url).content.decode(), "revenue") == "600"
    assert furnished.client("bob").get(url("own", board.pk, period="never")).status_code == 400


def test_who_sees_nobody_is_told_so(furnished: People) -> None:
    user = make.user("Newcomer")
    board = make.board(user, "figure")
    client = furnished.client("alice")
    client.force_login(user, backend=BACKEND)
    for page in (url("own", board.pk), url("own-arrange", board.pk), url("own-add", board.pk, "figure"), url("own-file", board.pk), "/"):
        assert "No board yet" in client.get(page).content.decode()
    assert client.get(url("boards")).status_code == 200


def test_the_day_after_the_same_board_shows_the_new_day(furnished: People, day: Day) -> None:
    board = make.board(furnished.bob, Placed("figure", {"kpis": ["revenue"], "period": "month"}))
    assert "March 2025" in shown(furnished, "bob", board)
    day.to("2025-04-01")
    world.count(day.today)
    page = shown(furnished, "bob", board)
    assert "April 2025" in page and Decimal(value(page, "revenue")) == 0
