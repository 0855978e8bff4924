"""A manager sets what their team is to reach, a rep tells how far it has come, and each sees what is theirs."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from apps.objectives.models import Objective
from tests import make
from tests.browser.conftest import Visit
from tests.people import People

Arrive = Callable[[], Visit]


def write(page: Page, **fields: str) -> None:
    """Fill in what is visible of the form, by keyboard, and send it with Enter."""
    page.get_by_label("Name").focus()
    for label, text in fields.items():
        control = page.get_by_label(label.replace("_", " "), exact=True)
        if control.evaluate("one => one.tagName") == "SELECT":
            control.focus()
            control.select_option(label=text)
        else:
            control.fill(text)
    page.get_by_role("button", name="Save").press("Enter")


def test_a_manager_grows_a_tree_and_finishing_a_part_moves_the_whole(staff: People, visit: Arrive) -> None:
    bob = visit()
    page = bob.page
    bob.sign_in("bob@kpiboard.example")
    page.get_by_role("link", name="Goals").press("Enter")
    page.get_by_role("link", name="Objectives").press("Enter")
    expect(page.get_by_text("None at this time.")).to_be_visible()
    bob.check()
    page.get_by_role("link", name="Add an objective").press("Enter")
    expect(page.get_by_label("Steps")).to_be_hidden()
    expect(page.get_by_label("KPI", exact=True)).to_be_visible()
    bob.check()
    write(page, Name="Win the north", Whose="North", Measured_by="Its parts")
    expect(page.get_by_role("heading", level=1)).to_have_text("Win the north")
    page.get_by_role("link", name="Add a part").press("Enter")
    write(page, Name="Launch kit", Measured_by="A checklist", Steps="Slides\nPrices")
    page.get_by_role("link", name="Win the north").press("Enter")
    page.get_by_role("link", name="Add a part").press("Enter")
    write(page, Name="Alice’s revenue", Whose="Alice Adler", Measured_by="A KPI", KPI="Sales revenue", Target="1600")
    bob.check()
    page.get_by_role("link", name="Win the north").press("Enter")
    expect(page.locator(".node.whole .words")).to_contain_text("25%")  # 800 of 1,600, and no step of two
    page.get_by_role("link", name="Launch kit").press("Enter")
    page.get_by_text("on another day, with a note: Slides").press("Enter")
    page.get_by_label("Note: Slides").press_sequentially("second draft")
    page.get_by_label("Note: Slides").press("Enter")
    expect(page.get_by_text("second draft")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Done.*Prices")).press("Enter")
    expect(page.get_by_text("2 of 2 steps")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Not done.*Prices")).press("Enter")
    expect(page.get_by_text("1 of 2 steps")).to_be_visible()
    bob.check()
    page.get_by_role("link", name="Win the north").press("Enter")
    expect(page.locator(".node.whole .words")).to_contain_text("50%")
    bob.check()


def test_a_rep_tells_how_far_it_has_come_and_keeps_something_personal(staff: People, visit: Arrive) -> None:
    make.objective("Sign partners", staff.alice, measured="number", unit="partners", target=8)
    alice = visit()
    page = alice.page
    alice.sign_in("alice@kpiboard.example")
    page.get_by_role("link", name="Goals").press("Enter")
    alice.check()
    page.get_by_role("link", name="Sign partners").press("Enter")
    page.get_by_label("It stands at").press_sequentially("3")
    page.get_by_label("Note").press("Enter")
    expect(page.get_by_text("3 of 8 partners")).to_be_visible()
    page.get_by_label("It stands at").press_sequentially("4")
    page.get_by_label("On", exact=True).fill("2025-03-15")
    page.get_by_label("Note").press("Enter")
    expect(page.get_by_text("This day is still to come.")).to_be_visible()
    alice.faults.clear()  # the browser notes that the form was refused
    alice.check()
    page.get_by_role("button", name="Take back").press("Enter")
    expect(page.get_by_text("taken back by Alice Adler")).to_be_visible()
    alice.open("/goals/")
    page.get_by_role("link", name="Add a personal objective").press("Enter")
    write(page, Name="Learn to say no", Measured_by="Yes or no, by hand")
    expect(page.get_by_text("nobody sees it but the rep")).to_be_visible()
    alice.check()
    personal = Objective.objects.get(is_personal=True)
    carol = visit()
    carol.sign_in("carol@kpiboard.example")
    carol.open(f"/goals/objectives/{personal.pk}/")
    expect(carol.page.get_by_role("heading", level=1)).not_to_have_text("Learn to say no")


def test_a_whole_is_split_among_teams_by_keyboard(staff: People, visit: Arrive) -> None:
    whole = make.objective("A record quarter", kpi="revenue", target=10_000)
    carol = visit()
    carol.sign_in("carol@kpiboard.example")
    carol.open(f"/goals/objectives/{whole.pk}/")
    page = carol.page
    page.get_by_label("A part for each of").select_option(label="the teams directly below")
    page.get_by_label("Their targets").select_option(label="an equal share of this target")
    page.get_by_role("button", name="Add the parts").press("Enter")
    expect(page.get_by_text("2 parts added.")).to_be_visible()
    assert sorted(whole.parts.values_list("target", flat=True)) == [5000, 5000]
    carol.check()
