"""A figure narrowed to one product or campaign is what its records add up to."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.boards.kinds import KINDS
from apps.core import periods
from apps.kpis import catalogue, narrowing, selectors
from apps.opportunities.models import Opportunity, Product
from apps.reps import scopes
from apps.reps.scopes import Only, Scope, narrowed
from tests import make
from tests.dashboards import world
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


@pytest.fixture
def sold(furnished: People) -> People:
    """Alice sells two meters and a pump, one of them shared with Dave, and one lost; a campaign brought a deal and a lead."""
    meter, pump, fair = make.product("Meter"), make.product("Pump"), make.campaign("Fair")
    make.deal(rep=furnished.alice, won="2025-03-04", amount=100, product=meter, campaign=fair)
    shared = make.deal(rep=furnished.alice, won="2025-03-05", amount=300, product=meter)
    make.credit(shared, **{str(furnished.alice.pk): 60, str(furnished.dave.pk): 40})
    make.deal(rep=furnished.alice, won="2025-03-05", amount=70, product=pump)
    make.deal(rep=furnished.alice, lost="2025-03-06", amount=50, product=meter)
    make.deal(rep=furnished.alice, amount=1000, created="2025-02-01", product=meter)
    make.lead("From the fair", rep=furnished.alice, campaign=fair)
    world.count()
    return furnished


def page(people: People, kpi: str, name: str = "carol", **query: object) -> str:
    answer = people.client(name).get(reverse("dashboards:figure", args=[kpi]), {"scope": "company", "period": "2025-Q1", **query})
    assert answer.status_code == 200, answer.content
    return str(answer.content.decode())


def value(html: str, kpi: str) -> str:
    return re.findall(rf'<data data-kpi="{kpi}" value="([^"]*)"', html)[0]


def test_it_is_the_sum_of_its_records_in_every_scope(sold: People) -> None:
    meter = Product.objects.get(name="Meter").pk
    for scope, expected in (("company", "400"), (f"rep:{sold.alice.pk}", "280"), (f"rep:{sold.dave.pk}", "120"), (f"team:{sold.north.pk}", "280")):
        html = page(sold, "revenue", scope=scope, product=meter)
        assert value(html, "revenue") == expected == re.findall(r'<data value="([^"]*)" data-sum="won_amount-0"', html)[0]
    assert value(page(sold, "pipeline_value", product=meter), "pipeline_value") == "1000"
    assert value(page(sold, "win_rate", product=meter), "win_rate").startswith("66.66")
    assert value(page(sold, "average_deal_size", product=meter), "average_deal_size") == "200"


def test_the_parts_of_everything_add_up_to_the_whole(sold: People) -> None:
    calendar, window = periods.calendar(), periods.calendar().parse("2025-Q1")
    unsold = make.deal(rep=sold.alice, won="2025-03-05", amount=5)
    world.count()
    for key in ("revenue", "deals_won", "pipeline_value", "opportunities_created", "lost_opportunities"):
        whole = selectors.figures([key], [scopes.company()], window, on=make.TODAY, calendar=calendar)[key, scopes.company()].value
        parts = [selectors.figures([key], [one], window, on=make.TODAY)[key, one].value or 0 for one in map(of_product, Product.objects.all())]
        rest = sum(row.amount for one in selectors.records(key, scopes.company(), window, on=make.TODAY) for row in one.rows if _product(row.id) is None)
        assert sum(parts, Decimal(0)) + rest == whole, key
    assert unsold.product is None


def of_product(row: Product) -> Scope:
    return narrowed(scopes.company(), Only("product", row.pk))


def _product(pk: int) -> int | None:
    return Opportunity.objects.get(pk=pk).product_id


def test_lists_files_and_pages_keep_the_choice_and_goals_do_not_apply(sold: People) -> None:
    meter = Product.objects.get(name="Meter").pk
    html = page(sold, "revenue", product=meter)
    assert f"product={meter}" in html.split("records.csv")[1][:80] and f"product={meter}" in html.split("sort=")[0].rpartition("href")[2]
    assert "of target" not in html and "<option" in html and "selected>Meter" in html
    file = b"".join(sold.client("carol").get(reverse("dashboards:figure-file", args=["revenue"]), {"scope": "company", "period": "2025-Q1", "product": meter}))
    assert len(file.decode().splitlines()) == 3


def test_leads_are_narrowed_to_campaigns_and_what_has_none_is_not(sold: People) -> None:
    fair = make.Campaign.objects.get(name="Fair").pk
    assert value(page(sold, "leads_created", campaign=fair), "leads_created") == "1" and value(page(sold, "revenue", campaign=fair), "revenue") == "100"
    for kpi, query in (
        ("revenue", {"product": 999}),
        ("revenue", {"product": "x"}),
        ("revenue", {"product": 1, "campaign": fair}),
    ):
        assert sold.client("carol").get(reverse("dashboards:figure", args=[kpi]), query).status_code == 400
    assert "only-campaign" not in page(sold, "mrr") and "names no product" in page(sold, "mrr", campaign=fair)


def test_whoever_narrows_sees_no_more_than_before(sold: People) -> None:
    meter = Product.objects.get(name="Meter").pk
    address = reverse("dashboards:figure", args=["revenue"])
    assert sold.client("alice").get(address, {"scope": "company", "product": meter}).status_code == 404
    assert value(page(sold, "revenue", "alice", scope=f"rep:{sold.alice.pk}", product=meter), "revenue") == "280"


def test_what_can_be_narrowed_is_what_all_records_have() -> None:
    found = {key: narrowing.fields_of(kpi) for key, kpi in catalogue.KPIS.items()}
    assert found["revenue"] == ("product", "campaign") and found["leads_created"] == ("campaign",) and found["cost_per_lead"] == ("campaign",)
    assert not found["mrr"] and not found["target_attainment"] and not found["followers"] and not found["sales_per_rep"]


# --- Whole pages -------------------------------------------------------------------------------------
def test_a_board_shows_one_product_keeps_it_in_every_link_and_says_what_that_leaves_out(sold: People) -> None:
    meter, carol = Product.objects.get(name="Meter").pk, sold.client("carol")
    html = carol.get(reverse("dashboards:board", args=["team", sold.north.pk]), {"period": "2025-Q1", "product": meter}).content.decode()
    assert value(html, "revenue") == "280" and "Only what belongs to the product “Meter”" in html and "of target" not in html
    path = reverse("dashboards:board", args=["team", sold.north.pk])
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', html.partition("<main")[2])]
    kept = [link for link in links if "/figures/" in link or "/boards/" in link.partition("?")[0] and "period=" in link]
    assert len(kept) > 20 and {link for link in kept if f"product={meter}" not in link} <= {f"{path}?period=2025-Q1", path}
    assert "names no product" in html and "No call, e-mail" not in html
    assert "who won most first" in html and "behind their pace" not in html and "Last activity" not in html
    whole = carol.get(path, {"period": "2025-Q1"}).content.decode()
    assert "furthest behind their pace" in whole and "Last activity" in whole


@pytest.mark.parametrize("field", ["product", "campaign"])
def test_every_widget_and_report_is_drawn_narrowed_in_no_more_queries_however_many_people(sold: People, field: str) -> None:
    kinds, pk = [*KINDS], {"product": Product.objects.get(name="Meter").pk, "campaign": make.Campaign.objects.get(name="Fair").pk}[field]
    boards = [make.board(sold.carol, *kinds[n::3]) for n in range(3)]
    few = [asked(sold, reverse("dashboards:own", args=[board.pk]), field, pk) for board in boards]
    for n in range(6):
        make.deal(rep=make.rep(f"Rep {n}", team=sold.north), won="2025-03-03", amount=100 + n, **{field + "_id": pk})
    world.count()
    assert [asked(sold, reverse("dashboards:own", args=[board.pk]), field, pk) for board in boards] == few
    assert max(few) <= 37, few
    for name in ("company", "funnel", "waterfall", "cohorts", "movement", "at-risk", "board-file"):
        asked(sold, reverse(f"dashboards:{name}"), field, pk)
    movement = sold.client("carol").get(reverse("dashboards:movement"), {"scope": "company", field: pk}).content.decode()
    assert "it cannot be narrowed to one" in movement
    for name, args in (("own-file", [boards[0].pk]), ("board-file", []), ("figure-file", ["revenue"])):
        file = sold.client("carol").get(reverse(f"dashboards:{name}", args=args), {field: pk})
        assert file.status_code == 200 and f"-{field}-" in file["Content-Disposition"], "a file says what it is of"


def asked(people: People, path: str, field: str, pk: int) -> int:
    """Open a page narrowed and return how many queries that took."""
    with CaptureQueriesContext(connection) as queries:
        answer = people.client("carol").get(path, {"period": "2025-Q1", field: pk} | ({} if path == reverse("dashboards:company") else {"scope": "company"}))
    assert answer.status_code == 200 and b"could not be drawn" not in answer.content, answer.content
    return len(queries)


def test_the_menu_leads_from_a_page_to_the_same_page_narrowed(sold: People) -> None:
    meter = Product.objects.get(name="Meter").pk
    menu = sold.client("alice").get(reverse("dashboards:narrowed-menu"), {"period": "2025-Q1", "product": meter}).content.decode()
    assert f'href="?period=2025-Q1&amp;product={meter}" aria-current="true"' in menu and 'href="?period=2025-Q1"' in menu and "Fair" in menu
    Opportunity.objects.update(product=None, campaign=None)
    for row in (*Product.objects.all(), *make.Lead.objects.all(), *make.Campaign.objects.all()):
        row.delete()
    assert "no products or campaigns yet" in sold.client("alice").get(reverse("dashboards:narrowed-menu")).content.decode()


def test_a_one_to_one_and_a_rank_are_of_everything_and_of_the_same(sold: People) -> None:
    """Coaching looks at all a rep does; on a narrowed board the peers are narrowed as the rep is."""
    meter, carol = Product.objects.get(name="Meter").pk, sold.client("carol")
    assert carol.get(reverse("dashboards:coaching", args=[sold.alice.pk]), {"product": meter}).status_code == 200
    html = carol.get(reverse("dashboards:board", args=["rep", sold.alice.pk]), {"period": "2025-Q1", "product": meter}).content.decode()
    assert value(html, "revenue") == "280"
