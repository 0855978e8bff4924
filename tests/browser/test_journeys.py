"""One journey per role, as a person makes it, each page held to accessibility with nothing excluded."""

from collections.abc import Callable
from decimal import Decimal

from playwright.sync_api import expect

from apps.core import clock, periods
from apps.goals.models import Goal
from apps.kpis import closing, rollup
from apps.opportunities.models import Opportunity
from tests import make
from tests import people as cast
from tests.browser.conftest import Visit
from tests.dashboards import world
from tests.people import People

Arrive = Callable[[], Visit]


def test_a_manager_sees_the_quarter_and_opens_a_number_into_its_records(staff: People, visit: Arrive) -> None:
    bob = visit()
    bob.sign_in_by_hand("bob@kpiboard.example")
    expect(bob.page.get_by_role("heading", level=1, name="North")).to_be_visible()
    assert bob.figure("revenue") == "800"
    expect(bob.page.get_by_text("expected by now 83%")).to_be_visible()
    bob.check()

    bob.page.locator('data[data-kpi="revenue"]').first.click()
    expect(bob.page.get_by_role("heading", level=1, name="Sales revenue")).to_be_visible()
    amounts = bob.page.locator("table.records tbody td:last-child").all_inner_texts()
    assert sum(Decimal(text.replace(",", "")) for text in amounts) == 800
    bob.check()

    bob.page.get_by_role("link", name="Orbit, first order").click()
    expect(bob.page.get_by_role("heading", level=1, name="Orbit, first order")).to_be_visible()
    expect(bob.page.get_by_role("heading", name="Every state it was in")).to_be_visible()
    bob.check()


def test_a_manager_changes_period_and_scope_without_a_mouse(staff: People, visit: Arrive) -> None:
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    bob.page.locator("body").press("Tab")
    expect(bob.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    period = bob.page.locator("summary", has_text="Q1 2025")
    period.focus()
    period.press("Enter")
    bob.page.get_by_role("link", name="Last month February 2025").press("Enter")
    expect(bob.page.locator(".bar")).to_contain_text("February 2025")
    assert bob.figure("revenue") == "200"
    whose = bob.page.locator("summary", has_text="North")
    whose.focus()
    whose.press("Enter")
    bob.page.get_by_label("Whose board").get_by_role("link", name="Alice Adler").press("Enter")
    expect(bob.page.get_by_role("heading", level=1, name="Alice Adler")).to_be_visible()
    bob.check()


def test_a_manager_sees_the_team_as_it_is_today_without_a_mouse(staff: People, visit: Arrive) -> None:
    make.move(staff.dave, staff.north, on="2025-03-12")
    world.count()
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    assert bob.figure("revenue") == "800"
    switch = bob.page.locator("summary", has_text="Teams as they were")
    switch.focus()
    switch.press("Enter")
    bob.page.get_by_label("Whose members count").get_by_role("link", name="Teams as they are today").press("Enter")
    expect(bob.page.locator("#grouping")).to_contain_text("As the team is today, Mar 14, 2025")
    assert bob.figure("revenue") == "5800"
    bob.check()
    bob.page.locator("#hero a", has=bob.page.locator('data[data-kpi="revenue"]')).first.press("Enter")
    expect(bob.page.locator("#grouping")).to_contain_text("As the team is today")
    expect(bob.page.get_by_role("link", name="Southern, big")).to_be_visible()
    bob.check()


def test_a_manager_reads_the_reports_and_opens_a_bar_into_its_deals(staff: People, visit: Arrive) -> None:
    make.subscription(rep=staff.alice, amount=100, started="2025-02-01")
    world.count()
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    bob.page.get_by_role("link", name="Reports", exact=True).click()
    bob.check()
    for name in ("Funnel", "Cohorts", "Recurring revenue", "Pipeline waterfall"):
        bob.page.get_by_role("link", name=name, exact=True).click()
        expect(bob.page.get_by_role("heading", level=1, name="North")).to_be_visible()
        bob.check()
    bob.page.get_by_role("link", name="All open deals").click()
    bob.page.get_by_role("row", name="Lost").get_by_role("link").click()
    expect(bob.page.get_by_role("heading", level=1, name="Lost")).to_be_visible()
    expect(bob.page.get_by_role("link", name="Verto, lost")).to_be_visible()
    expect(bob.page.locator('data[data-sum="list"]')).to_have_attribute("value", "-300")
    bob.check()


def test_a_rep_sees_how_far_it_is_and_what_to_do_today(staff: People, visit: Arrive) -> None:
    alice = visit()
    alice.sign_in("alice@kpiboard.example")
    expect(alice.page.get_by_role("heading", name="My number")).to_be_visible()
    assert alice.figure("revenue") == "800"
    expect(alice.page.get_by_text("would cover it")).to_be_visible()
    expect(alice.page.get_by_role("link", name="Write to Kestrel")).to_be_visible()
    expect(alice.page.get_by_role("row", name="Alice Adler")).to_contain_text("you")
    alice.check()
    alice.page.get_by_role("link", name="Goals").click()
    expect(alice.page.get_by_text("800 of 1,000")).to_be_visible()
    alice.check()


def test_an_admin_enters_a_target_and_both_boards_show_it_within_five_seconds(staff: People, visit: Arrive) -> None:
    bob, erin, carol = visit(), visit(), visit()
    bob.sign_in("bob@kpiboard.example")
    erin.sign_in("erin@kpiboard.example")
    carol.sign_in("carol@kpiboard.example")
    carol.check()
    carol.page.get_by_role("link", name="Goals").click()
    carol.page.get_by_role("link", name="Enter targets").click()
    carol.check()
    carol.page.get_by_label("North Team").fill("3,456")
    carol.page.get_by_role("button", name="Save all").click()
    expect(carol.page.get_by_text("1 target saved")).to_be_visible()
    expect(bob.page.locator(".hero-number")).to_contain_text("of 3,456", timeout=5000)
    expect(erin.page.get_by_role("row", name="North")).to_contain_text("3,456", timeout=5000)
    assert Goal.objects.get(team=staff.north).target == 3456
    carol.check()
    bob.check()


def test_a_viewer_looks_at_everything_and_changes_nothing(staff: People, visit: Arrive) -> None:
    erin = visit()
    erin.sign_in("erin@kpiboard.example")
    assert erin.figure("revenue") == "5800"
    erin.page.get_by_role("row", name="Europe").get_by_role("link", name="Europe").click()
    expect(erin.page.get_by_role("heading", level=1, name="Europe")).to_be_visible()
    erin.check()
    erin.page.get_by_role("link", name="KPIs").click()
    erin.check()
    erin.page.get_by_role("link", name="Goals").click()
    expect(erin.page.get_by_role("heading", level=1, name="Goals")).to_be_visible()
    assert erin.page.get_by_role("link", name="Enter targets").count() == 0
    erin.check()


def test_a_board_renews_itself_in_place(staff: People, visit: Arrive) -> None:
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    bob.page.get_by_text("Show as table").click()
    bob.page.evaluate("window.scrollTo(0, 300)")
    make.goal("deals_won", staff.north, target=7)
    expect(bob.page.locator(".at-tiles")).to_contain_text("target 7", timeout=6000)
    assert bob.page.evaluate("window.scrollY") == 300
    expect(bob.page.get_by_role("columnheader", name="By the end of")).to_be_visible()
    bob.check()


def test_a_chart_is_drawn_and_has_its_table(staff: People, visit: Arrive) -> None:
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    drawn = bob.page.wait_for_function(
        """() => { const canvas = document.querySelector("canvas[data-chart]");
            return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((part) => part > 0); }"""
    )
    assert drawn.json_value() is True
    bob.page.get_by_text("Show as table").click()
    expect(bob.page.get_by_role("row", name="Mar 14")).to_contain_text("€800.00")


def test_without_script_a_board_says_everything(staff: People, browser, live_server) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_label("E-mail").fill("bob@kpiboard.example")
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".hero-number")).to_contain_text("800")
    page.locator("summary", has_text="As of today").click()
    page.get_by_label("As it was at the end of").fill("2025-02-28")
    page.get_by_label("As it was at the end of").press("Enter")
    expect(page.locator(".hero-number")).to_contain_text("200")
    context.close()


def test_an_empty_installation_is_a_page_one_can_use(transactional_db: None, visit: Arrive) -> None:
    cast.arrive()
    carol = visit()
    carol.sign_in("carol@kpiboard.example")
    expect(carol.page.get_by_text("Nothing has been counted yet")).to_be_visible()
    expect(carol.page.get_by_role("heading", level=2).first).to_have_text("Where to begin")
    assert carol.page.locator("canvas").count() == 0
    carol.check()


def test_on_a_phone_a_figure_shows_its_amounts_and_its_sum(staff: People, visit: Arrive) -> None:
    bob = visit()
    bob.page.set_viewport_size({"width": 390, "height": 844})
    bob.sign_in("bob@kpiboard.example")
    bob.open("/figures/revenue/")
    amounts = bob.page.locator("table.records tbody td.end, table.records tfoot td.end")
    assert amounts.count() == 3
    for box in (amounts.nth(n).bounding_box() for n in range(3)):
        assert box is not None
        assert box["x"] + box["width"] <= 390
    bob.check()


def test_on_a_phone_people_show_what_they_won_where_no_bar_holds_it_against_a_target(staff: People, visit: Arrive) -> None:
    Goal.objects.all().delete()
    carol = visit()
    carol.page.set_viewport_size({"width": 390, "height": 844})
    carol.sign_in("carol@kpiboard.example")
    won = carol.page.locator("table.standings td.won")
    assert won.count() > 3 and all(won.nth(n).is_visible() for n in range(won.count()))


def test_on_a_phone_a_sheet_of_targets_names_what_stands_beside_them(staff: People, visit: Arrive) -> None:
    carol = visit()
    carol.page.set_viewport_size({"width": 390, "height": 844})
    carol.sign_in("carol@kpiboard.example")
    carol.open("/goals/enter/")
    field, card = carol.page.get_by_label("North Team").bounding_box(), carol.page.locator("form.card").bounding_box()
    assert field is not None
    assert card is not None
    assert field["x"] + field["width"] < card["x"] + card["width"] - 8
    assert carol.page.locator('.entry td[data-label="Result before"]').first.is_visible()
    carol.check()


def test_a_picker_closes_on_escape_and_on_a_press_elsewhere(staff: People, visit: Arrive) -> None:
    bob = visit()
    bob.sign_in("bob@kpiboard.example")
    picker, summary = bob.page.locator('details[data-keep="period"]'), bob.page.locator("summary", has_text="Q1 2025")
    summary.click()
    expect(picker).to_have_attribute("open", "")
    bob.page.keyboard.press("Escape")
    expect(picker).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    summary.click()
    bob.page.get_by_role("heading", level=1).click()
    expect(picker).not_to_have_attribute("open", "")


def test_a_deal_of_a_closed_month_is_reopened_and_the_board_says_so_and_names_it(staff: People, visit: Arrive) -> None:
    closing.close(periods.calendar().parse("2025-02"), on=make.TODAY, at=clock.now(), by=staff.carol)
    carol = visit()
    carol.sign_in("carol@kpiboard.example")
    carol.open("/boards/company/?period=2025-02")
    expect(carol.page.locator("#hero")).to_contain_text("as reported at close")
    carol.check()

    deal = Opportunity.objects.get(name="Kestrel, try-out")
    carol.open(f"/admin/opportunities/opportunity/{deal.pk}/change/")
    carol.page.locator("select[name=stage]").select_option(label="Negotiation")
    carol.page.locator("input[name=closed_on]").fill("")
    carol.page.get_by_role("button", name="Save", exact=True).click()
    expect(carol.page.get_by_text("was changed successfully")).to_be_visible()
    rollup.drain(on=make.TODAY, wait=True)

    carol.open("/boards/company/?period=2025-02")
    expect(carol.page.locator("#hero")).to_contain_text("Restated by −200")
    carol.check()
    carol.page.locator("#hero").get_by_role("link", name="Restated by").click()
    expect(carol.page.get_by_role("row", name="Kestrel, try-out")).to_contain_text("reopened")
    assert carol.page.locator("[data-difference]").first.get_attribute("value") == "-200"
    carol.check()
    carol.page.get_by_role("link", name="Restatements").last.click()
    expect(carol.page.get_by_text("Revenue changed by −200 since it closed: 1 reopened.")).to_be_visible()
    carol.check()
