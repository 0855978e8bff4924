"""A wall display in a real browser: paired by its code, in turn, fresh, celebrating, and patient while no server answers."""

from collections.abc import Callable

from playwright.sync_api import expect

from apps.boards.models import Screen
from tests import make
from tests.browser.conftest import Visit
from tests.dashboards import world
from tests.people import People


def test_a_display_is_paired_shows_what_changes_and_survives(staff: People, visit: Callable[[], Visit]) -> None:
    board = make.board(staff.bob, "figure", "trend", name="Second")
    display, bob = visit(), visit()
    wall = display.page
    wall.clock.install()

    def after(seconds: int) -> None:
        wall.clock.fast_forward(seconds * 1000)

    display.open("/wall/")
    display.check()
    code = display.page.locator(".code").inner_text()
    bob.sign_in("bob@kpiboard.example")
    bob.open("/screens/")
    page = bob.page
    page.get_by_label("Code").fill(code)
    page.get_by_label("Name").fill("Sales floor")
    page.get_by_role("checkbox", name="Second").check()
    page.get_by_label("Seconds for each").fill("5")
    page.get_by_label("Celebrate deals from").fill("100")
    bob.check()
    page.get_by_role("button", name="Pair").click()
    expect(page.get_by_text("Sales floor").first).to_be_visible()

    after(4)
    expect(wall.locator("[data-shown] h1")).to_have_text("North")
    figure = wall.locator('#stage data[data-kpi="revenue"]').first
    expect(figure).to_have_attribute("value", "800")
    display.check()
    make.deal(rep=staff.alice, won=make.TODAY, amount=150, name="Giant")
    world.count()
    after(5)
    after(5)
    expect(wall.locator("#party")).to_contain_text("Won: €150.00")
    expect(wall.locator("#party")).to_contain_text("Giant, by Alice Adler")
    for _turn in range(8):  # screen by screen, until the next board
        after(6)
        wall.wait_for_timeout(300)
        if "Second" in wall.locator("[data-shown] h1").inner_text():
            break
    expect(wall.locator("#party")).to_be_hidden()
    expect(wall.locator('#stage data[data-kpi="revenue"]').first).to_have_attribute("value", "950")

    wall.context.set_offline(True)  # no server answers: the board stays, and says of when it is
    after(120)
    expect(wall.locator("#old")).to_be_visible()
    expect(wall.locator("#old")).to_contain_text("No connection since")
    expect(wall.locator("#stage data").first).to_be_visible()
    wall.context.set_offline(False)
    after(6)
    expect(wall.locator("#old")).to_be_hidden()
    Screen.objects.get().delete()
    after(6)
    expect(wall.locator(".code")).to_be_visible()
    assert board.pk
