"""A board of one's own, by mouse and by keyboard."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from apps.accounts.models import User
from apps.boards import guests, services
from apps.boards.models import Board, Widget
from apps.boards.services import Placed
from apps.core import clock
from tests import make
from tests.browser.conftest import Visit
from tests.dashboards import world
from tests.people import People


def order(board: Board) -> list[str]:
    return [row.kind for row in Widget.objects.filter(board=board)]


def test_a_manager_makes_a_board_by_mouse_and_has_it_first(staff: People, visit: Callable[[], Visit]) -> None:
    bob = visit()
    page = bob.page
    bob.sign_in("bob@kpiboard.example")
    page.locator("summary", has_text="Standard board").click()
    page.get_by_role("link", name="All boards, and new ones").click()
    bob.check()
    page.get_by_role("button", name="Empty board").click()
    expect(page.get_by_role("heading", name="Nothing stands on this board yet")).to_be_visible()
    for kind in ("Trend", "Table", "Heat map"):
        page.get_by_role("link", name="Add a widget").first.click()
        if kind == "Trend":
            bob.check()
        page.get_by_role("link", name=kind, exact=True).click()
        if kind == "Trend":
            page.get_by_label("KPI", exact=True).select_option("deals_won")
            expect(page.locator("#preview h2")).to_have_text("Deals won")
            page.get_by_label("Title").fill("Wins")
            page.get_by_label("Compared with").focus()
            expect(page.locator("#preview h2")).to_have_text("Wins")
            bob.check()
        page.get_by_role("button", name="Put it on the board").click()
    board = Board.objects.get()
    assert order(board) == ["trend", "table", "heat"]
    bob.check()
    handle, target = page.get_by_role("button", name=re.compile("Move Wins")), page.get_by_role("button", name=re.compile("Move Table"))
    handle.hover()
    page.mouse.down()
    box = target.bounding_box() or {"x": 0, "y": 0}
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.up()
    expect(page.get_by_role("button", name=re.compile("Move Wins: place 2 of 3"))).to_be_visible()
    assert order(board) == ["table", "trend", "heat"]
    page.get_by_role("button", name="Take away: Heat map: Calls").click()
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_role("button", name="Take away: Heat map: Calls")).to_be_visible()
    page.get_by_role("link", name="Done").click()
    page.get_by_role("button", name="Make it my first page").click()
    bob.open("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Empty board")
    page.get_by_role("button", name="Deals won").first.click()
    assert page.locator("table.matrix [aria-sort]").count() == 1
    bob.check()


def test_a_rep_arranges_by_keyboard_alone(staff: People, visit: Callable[[], Visit]) -> None:
    alice = visit()
    page = alice.page
    board = make.board(staff.users["alice"], "figure", "text", "goal", name="Mine")
    alice.sign_in("alice@kpiboard.example")
    alice.open(f"/boards/own/{board.pk}/arrange/")
    handle = page.locator("[data-handle]").first
    handle.focus()
    for _press in range(2):  # faster than the server answers
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-arrange-says]")).to_contain_text("place 3 of 3")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-arrange-says]")).to_contain_text("place 2 of 3")
    assert order(board) == ["text", "figure", "goal"]
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-arrange-says]")).to_contain_text("4 of 12 wide")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-arrange-says]")).to_contain_text("place 3 of 3")
    assert order(board) == ["text", "goal", "figure"] and Widget.objects.get(kind="figure").width == 4
    page.keyboard.press("Tab")  # on to what else can be done with it
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Move Figure: Sales revenue: place 2 of 3"))).to_be_visible()
    assert order(board) == ["text", "figure", "goal"]
    page.get_by_role("link", name="Settings: Figure: Sales revenue").focus()
    page.keyboard.press("Enter")
    page.get_by_label("KPI", exact=True).focus()
    page.keyboard.type("Win rate")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("Move Figure: Win rate"))).to_be_visible()
    alice.check()


def test_a_shared_board_is_everybodys_own_and_fresh(staff: People, visit: Callable[[], Visit]) -> None:
    board = make.board(staff.carol, Placed("figure", {"title": "W" * 80}), "course", "parts", "distribution", "waterfall", "cohorts", "pace", name="All of us")
    services.share(board, None, may_edit=False)
    bob = visit()
    page = bob.page
    bob.sign_in("bob@kpiboard.example")
    page.locator("summary", has_text="Standard board").click()
    page.get_by_role("link", name="All of us").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All of us")
    assert bob.figure("revenue") == "800" and page.get_by_role("link", name="Arrange").count() == 0
    bob.check()
    make.deal(rep=staff.alice, won="2025-03-13", amount=70)
    world.count()
    expect(page.locator('data[data-kpi="revenue"]').first).to_have_attribute("value", "870", timeout=10_000)
    page.get_by_role("button", name="Make a copy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Copy of All of us")


def test_a_card_is_taken_along_as_a_picture_and_as_files(staff: People, visit: Callable[[], Visit]) -> None:
    board = make.board(staff.bob, "number", "trend", "table", name="Mine")
    bob = visit()
    page = bob.page
    bob.sign_in("bob@kpiboard.example")
    bob.open(f"/boards/own/{board.pk}/")
    for name, suffix in (("Save as a picture", ".png"), ("CSV", ".csv"), ("Excel", ".xlsx")):
        page.locator("summary", has_text="Take it with you: Trend").click()
        with page.expect_download() as taken:
            page.get_by_text(name, exact=True).locator("visible=true").click()
        assert taken.value.suggested_filename.endswith(suffix)
        content = taken.value.path().read_bytes()
        assert content.startswith({".png": b"\x89PNG", ".csv": b"\xef\xbb\xbf", ".xlsx": b"PK"}[suffix]) and len(content) > 200
        if suffix == ".png":  # as wide as it is drawn, twice, and not one colour
            width, height = (int.from_bytes(content[n : n + 4]) for n in (16, 20))
            assert width > 1000 and height > 400 and len(content) > 10_000
        page.keyboard.press("Escape")
    bob.open("/")
    page.locator("summary", has_text="Take it with you: Won against target").click()
    with page.expect_download() as taken:
        page.get_by_text("Save as a picture").locator("visible=true").click()
    assert taken.value.suggested_filename == "kpiboard-won-against-target.png"
    bob.check()


def test_a_board_is_narrowed_by_keyboard_and_says_when_no_server_answers(staff: People, visit: Callable[[], Visit]) -> None:
    make.deal(rep=staff.alice, won="2025-03-04", amount=77, product=make.product("Meter"))
    world.count()
    bob = visit()
    page = bob.page
    page.clock.install()
    bob.sign_in("bob@kpiboard.example")
    page.locator("summary", has_text="All products").press("Enter")
    page.get_by_role("searchbox", name="Search").fill("met")
    page.keyboard.press("Enter")
    expect(page.locator("#narrowing")).to_contain_text("“Meter”")
    assert bob.figure("revenue") == "77"
    bob.check()
    page.get_by_role("link", name="Show everything").click()
    expect(page.locator("#narrowing")).to_have_count(0)
    page.context.set_offline(True)
    page.clock.run_for(21_000)
    expect(page.get_by_text("No connection since")).to_be_visible()
    assert page.locator(".is-stale .card").count() > 5
    page.context.set_offline(False)
    page.clock.run_for(5_000)
    expect(page.get_by_text("No connection since")).to_be_hidden()
    assert page.locator(".is-stale").count() == 0


def test_who_comes_for_the_first_time_is_shown_around_once(staff: People, visit: Callable[[], Visit]) -> None:
    User.objects.update(toured_at=None)
    bob = visit()
    page = bob.page
    bob.sign_in("bob@kpiboard.example")
    guide = page.get_by_role("dialog")
    expect(guide).to_contain_text("Welcome")
    bob.check()
    guide.get_by_role("button", name="Show me").press("Enter")
    expect(guide).to_contain_text("The one number")
    assert page.locator("#hero.is-toured").count() == 1
    guide.get_by_role("button", name="Next").click()
    expect(guide).to_contain_text("Who needs help")
    guide.get_by_role("button", name="Back").click()
    with page.expect_response("**/boards/toured/"):
        page.keyboard.press("Escape")
    expect(guide).to_have_count(0)
    page.reload()
    expect(page.locator("#hero")).to_be_visible()
    assert page.get_by_role("dialog").count() == 0


def test_pages_around_a_board_are_accessible(staff: People, visit: Callable[[], Visit]) -> None:
    board = make.board(staff.carol, "figure", "table", name="All of us")
    services.share(board, staff.north, may_edit=False)
    screen = guests.pair(guests.ticket(clock.now()).code, staff.carol, clock.now(), name="Floor")
    carol = visit()
    carol.sign_in("carol@kpiboard.example")
    for path in (f"/boards/own/{board.pk}/settings/", f"/boards/own/{board.pk}/links/", f"/screens/{screen.pk}/"):
        carol.open(path)
        carol.check()
    carol.open(f"/boards/own/{board.pk}/links/")
    carol.page.get_by_label("For", exact=True).fill("Intranet")
    carol.page.get_by_role("button", name="Make it").click()
    address = carol.page.get_by_label("Address").input_value()
    guest = visit()
    guest.page.goto(address)
    expect(guest.page.get_by_role("heading", level=1)).to_contain_text("All of us")
    guest.check()


def test_every_component_is_accessible_in_every_state(staff: People, visit: Callable[[], Visit]) -> None:
    alice = visit()
    alice.sign_in("alice@kpiboard.example")
    alice.open("/design/")
    expect(alice.page.locator("canvas").first).to_be_visible()
    alice.check()
