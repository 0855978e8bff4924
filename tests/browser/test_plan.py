"""An admin plans a year by keyboard alone, as in a spreadsheet."""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import Page, expect

from apps.core.models import Organisation
from apps.goals.models import Goal
from tests import make
from tests.browser.conftest import Visit
from tests.people import People

Arrive = Callable[[], Visit]
PEOPLE = 40
MONTHS = 12


def open_plan(visit: Arrive) -> Visit:
    carol = visit()
    carol.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    carol.sign_in("carol@kpiboard.example")
    carol.open("/goals/")
    carol.page.get_by_role("link", name="Plan a year").press("Enter")
    carol.open("/goals/year/?kpi=revenue&period=2025&by=month")
    return carol


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def test_a_block_of_forty_people_and_twelve_months_is_pasted_and_saved_by_keyboard(staff: People, visit: Arrive) -> None:
    Goal.objects.all().delete()
    crowd = make.team("Crowd")
    reps = [make.rep(f"Person {n:02}", team=crowd) for n in range(PEOPLE)]
    carol = open_plan(visit)
    page = carol.page
    page.get_by_label("Person 00, January 2025", exact=True).focus()
    paste(page, "\r\n".join("\t".join(f"{1000 + 100 * n + month:,}" for month in range(MONTHS)) for n in range(PEOPLE)))
    expect(page.locator("[data-plan-says]")).to_have_text(f"Not saved yet: {PEOPLE * MONTHS}")
    expect(page.locator("tr.team", has_text="Crowd").locator(".below").first).to_have_text("118K")
    page.get_by_label("Reason").focus()
    page.keyboard.type("Plan of 2025")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"{PEOPLE * MONTHS} targets saved")).to_be_visible()
    assert Goal.objects.count() == PEOPLE * MONTHS
    assert Goal.objects.get(rep=reps[7], start_on="2025-05-01").target == Decimal(1704)
    assert set(Goal.objects.values_list("versions__reason", flat=True)) == {"Plan of 2025"}
    carol.check()


def test_ranges_are_filled_copied_emptied_and_taken_back_by_keyboard(staff: People, visit: Arrive) -> None:
    Goal.objects.all().delete()
    carol = open_plan(visit)
    page = carol.page

    def row(name: str) -> list[str]:
        return [page.get_by_label(f"{name}, {month} 2025", exact=True).input_value() for month in ("January", "February", "March")]

    page.get_by_label("Alice Adler, January 2025", exact=True).focus()
    page.keyboard.type("100")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+r")
    assert row("Alice Adler") == ["100", "100", "100"]
    page.keyboard.press("Control+c")
    page.get_by_label("Dave Dahl, January 2025", exact=True).focus()
    page.keyboard.press("Control+v")
    assert row("Dave Dahl") == ["100", "100", "100"]
    page.keyboard.press("Control+z")
    assert row("Dave Dahl") == ["", "", ""]
    page.keyboard.press("Control+y")
    assert row("Dave Dahl") == ["100", "100", "100"]
    page.get_by_label("Alice Adler, February 2025", exact=True).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    assert row("Alice Adler") == ["100", "", ""]
    page.get_by_label("Alice Adler, January 2025", exact=True).focus()
    page.keyboard.type("7")
    page.keyboard.press("Escape")
    assert row("Alice Adler") == ["100", "", ""]
    page.keyboard.type("55")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Alice Adler, January 2025", exact=True)).to_have_attribute("title", "Before: —")
    carol.check()


def test_what_somebody_else_changed_meanwhile_is_shown_and_kept(staff: People, visit: Arrive) -> None:
    Goal.objects.all().delete()
    goal = make.goal("revenue", staff.alice, start="2025-01-01", last="2025-01-31", target=100)
    carol = open_plan(visit)
    page = carol.page
    Goal.objects.filter(pk=goal.pk).update(target=300)
    page.get_by_label("Alice Adler, January 2025", exact=True).focus()
    page.keyboard.type("200")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Save all").press("Enter")
    expect(page.get_by_text("Somebody changed this meanwhile to 300.")).to_be_visible()
    expect(page.get_by_label("Alice Adler, January 2025", exact=True)).to_have_value("200")
    goal.refresh_from_db()
    assert goal.target == 300
    carol.faults.clear()  # the browser notes that the form was refused
    carol.check()
    page.get_by_role("button", name="Save all").press("Enter")
    expect(page.get_by_text("1 target saved")).to_be_visible()
    goal.refresh_from_db()
    assert goal.target == 200


def test_a_year_is_split_handed_down_and_ramped_by_keyboard(staff: People, visit: Arrive) -> None:
    Goal.objects.all().delete()
    late = make.rep("Late Larsen", team=staff.north, hired="2025-07-01")
    carol = open_plan(visit)
    page = carol.page

    def fill(button: str, **said: str) -> None:
        page.locator("details.fill summary").press("Enter")
        for label, text in said.items():
            control = page.locator(f"[name=fill-{label}]")
            if control.evaluate("one => one.tagName") == "SELECT":
                control.focus()
                control.select_option(label=text)
            else:
                control.press_sequentially(text)
        page.get_by_role("button", name=button).press("Enter")
        expect(page.get_by_text("filled in. Check")).to_be_visible()

    fill("Split over the year", spread_amount="120000", spread_whose="North")
    expect(page.get_by_label("North, January 2025", exact=True)).to_have_value("10,000")
    carol.check()
    fill("Hand down", cascade_whose="North", cascade_to="its people")
    expect(page.get_by_label("Late Larsen, July 2025", exact=True)).to_have_value("5,000")
    fill("Lower the first months", ramp_whose="Late Larsen")
    expect(page.get_by_label("Late Larsen, July 2025", exact=True)).to_have_value("1,250")
    assert not Goal.objects.exists()
    page.get_by_role("button", name="Save all").last.press("Enter")
    expect(page.get_by_text("targets saved")).to_be_visible()
    ramped = Goal.objects.filter(rep=late).order_by("start_on").values_list("target", flat=True)
    assert list(ramped) == [1250, 2500, 3750, 5000, 5000, 5000]


def test_a_reps_goals_say_what_today_asks(staff: People, visit: Arrive) -> None:
    alice = visit()
    alice.sign_in("alice@kpiboard.example")
    alice.page.get_by_role("link", name="Goals").press("Enter")
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("My goals")
    expect(alice.page.locator(".goal-card").first).to_contain_text("working days left")
    alice.check()


def test_a_plan_is_set_beside_what_it_was_and_its_locked_months_are_read(staff: People, visit: Arrive) -> None:
    make.goal("revenue", staff.alice, start="2025-01-01", last="2025-01-31", target=100)
    Organisation.objects.update_or_create(pk=1, defaults={"targets_locked_until": "2025-01-31"})
    carol = open_plan(visit)
    expect(carol.page.get_by_label("Alice Adler, January 2025", exact=True)).to_have_count(0)
    expect(carol.page.locator("td.locked", has_text="100").first).to_be_visible()
    carol.check()
    carol.page.get_by_role("link", name="What changed").press("Enter")
    expect(carol.page.get_by_role("heading", level=1)).to_contain_text("What changed since")
    carol.check()


def test_only_what_is_a_number_is_read_as_one_and_who_is_not_there_empties_nobody(staff: People, visit: Arrive) -> None:
    Goal.objects.all().delete()
    make.rep("Late Larsen", team=staff.north, hired="2025-03-01")
    carol = open_plan(visit)
    page = carol.page
    page.get_by_label("Alice Adler, January 2025", exact=True).focus()
    paste(page, "120k\t(1,234)\t1.234,56\t12,34\tJan 2026\t$1,200.50\t1,234\t2.5")
    months = ("January", "February", "March", "April", "May", "June", "July", "August")
    assert [page.get_by_label(f"Alice Adler, {month} 2025", exact=True).input_value() for month in months] == [
        *("120k", "(1,234)", "1.234,56", "12,34", "Jan 2026", "1200.50", "1234", "2.5")
    ]
    page.get_by_label("Late Larsen, March 2025", exact=True).focus()
    page.keyboard.type("7")
    page.keyboard.press("ArrowUp")  # and back: the whole field is chosen then
    page.keyboard.press("ArrowDown")
    for _time in range(2):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+r")
    assert page.get_by_label("Late Larsen, May 2025", exact=True).input_value() == "7"
    page.locator("details.fill summary").press("Enter")
    page.locator("[name=fill-spread_amount]").press_sequentially("1200")
    page.locator("[name=fill-spread_amount]").press("Enter")
    expect(page.get_by_text("Nothing is changed.")).to_be_visible()  # what is no number is told first
    assert not Goal.objects.exists()
