"""A manager prepares a one-to-one from the board of somebody they lead."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import Visit
from tests.dashboards import world
from tests.people import People


def test_a_one_to_one_is_prepared_by_keyboard_and_the_board_taken_out(staff: People, visit: Callable[[], Visit]) -> None:
    for name in ("Bea", "Cai"):
        make.deal(rep=make.rep(name, team=staff.north), won="2025-03-03", amount=4000)
    make.objective("Sign partners", staff.alice, measured="number", unit="partners", target=8, set_by=staff.bob)
    world.count()
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    page = bob.page
    page.get_by_role("link", name="Alice Adler").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alice Adler")
    page.get_by_role("link", name="Prepare a one-to-one").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("One-to-one: Alice Adler")
    expect(page.get_by_text("Something to gain")).to_be_visible()
    expect(page.get_by_text("0 of 8 partners")).to_be_visible()
    bob.check()
    page.get_by_role("link", name="Board: Alice Adler").press("Enter")
    with page.expect_download() as taken:
        page.get_by_role("link", name="This board as an Excel file").press("Enter")
    assert taken.value.suggested_filename == "kpiboard-alice-adler-2025-q1.xlsx"
    bob.check()
