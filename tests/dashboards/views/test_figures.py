"""Every figure opens into what it means and into the records that add up to it."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from apps.core.models import RecordLink
from apps.kpis import catalogue
from apps.kpis.declarations import Basis, Inputs, Sum
from apps.opportunities.models import Opportunity
from tests import make
from tests.dashboards import world
from tests.people import People

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


def opened(people: People, name: str, kpi: str, **query: Any) -> str:
    answer = people.client(name).get(reverse("dashboards:figure", args=[kpi]), query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def sums(page: str) -> dict[str, Decimal]:
    return {key.rsplit("-", 1)[0]: Decimal(value) for value, key in re.findall(r'<data value="([^"]*)" data-sum="([^"]*)"', page)}


def exported(people: People, name: str, kpi: str, **query: Any) -> list[dict[str, str]]:
    answer = people.client(name).get(reverse("dashboards:figure-file", args=[kpi]), query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_figure_says_what_it_means_and_what_was_left_out(furnished: People) -> None:
    make.deal("Free trial", rep=furnished.alice, amount=None, won="2025-03-04")
    world.count()
    page = opened(furnished, "bob", "revenue", scope=f"team:{furnished.north.pk}")
    assert "The amounts of the deals won in the period." in page
    assert "The day the deal was closed." in page
    assert "Here: 1." in page
    assert "left out" in page


def test_the_records_add_up_to_the_figure(furnished: People) -> None:
    page = opened(furnished, "bob", "revenue", scope=f"team:{furnished.north.pk}")
    assert sums(page) == {"won_amount": Decimal(800)}
    assert "Orbit, first order" in page
    rows = exported(furnished, "bob", "revenue", scope=f"team:{furnished.north.pk}")
    assert sum(Decimal(row["amount"]) for row in rows) == 800


@pytest.mark.parametrize("key", catalogue.KPIS)
def test_every_kpi_opens_and_what_is_a_sum_equals_its_records(furnished: People, key: str) -> None:
    for scope in ("company", f"region:{furnished.region.pk}", f"team:{furnished.north.pk}", f"rep:{furnished.alice.pk}"):
        page = opened(furnished, "carol", key, scope=scope)
        found = re.search(rf'<data data-kpi="{key}" value="([^"]*)"', page)
        if isinstance(catalogue.KPIS[key].formula, Sum):
            assert found is not None
            assert set(sums(page)) == set(catalogue.KPIS[key].measures)
            assert catalogue.KPIS[key].formula.numerator.compute(Inputs({Basis.NOW: sums(page)})) == Decimal(found[1])


def test_offers_made_open_into_quotes_and_those_into_their_deal(furnished: People) -> None:
    page = opened(furnished, "alice", "quotes_sent", period="2025-Q1")
    assert sums(page) == {"quotes_sent": 1}
    quote = furnished.client("alice").get(re.search(r"/[^\"]*records/quote/\d+/", page)[0]).content.decode()  # type: ignore[index]
    assert all(text in quote for text in ("Orbit, first order", "Q-7", "Feb 3, 2025", "€650.00"))
    deal = furnished.client("alice").get(re.search(r"/[^\"]*records/opportunity/\d+/", quote)[0]).content.decode()  # type: ignore[index]
    table = deal.split("Quotes</h2>")[1].split("</table>")[0]
    assert table.count("/records/quote/") == 2
    assert all(text in table for text in ("Feb 3, 2025", "Feb 24, 2025", "Mar 3, 2025", "€650.00", "€600.00"))
    assert sums(opened(furnished, "alice", "quote_to_close", period="2025-Q1")) == {"won_quoted": 1, "quotes_sent": 1}


def test_whoever_has_a_deal_may_open_its_quotes(furnished: People) -> None:
    deal = make.deal("Handed on", rep=furnished.dave)
    url = reverse("dashboards:record", args=["quote", make.quote(deal).pk])
    assert furnished.client("alice").get(url).status_code == 404
    make.change(deal, on="2025-03-14", owner=furnished.alice)
    assert furnished.client("alice").get(url).status_code == 200


def test_a_ratio_shows_both_its_parts(furnished: People) -> None:
    page = opened(furnished, "alice", "win_rate")
    assert "2 ÷ 3" in page
    assert sums(page) == {"won_count": 2, "lost_count": 1}


def test_the_median_stands_beside_an_average_of_records(furnished: People) -> None:
    make.deal("Quickly won", rep=furnished.alice, won="2025-03-04", created="2025-03-01")
    world.count()
    page = opened(furnished, "alice", "sales_cycle", period="2025-Q1")  # 42, 36 and 3 days
    assert re.findall(r'data-kpi="sales_cycle" value="([^"]*)"', page) == ["27"]
    assert re.findall(r'<data value="([^"]*)" data-median="sales_cycle"><strong title="36 days">36 days<', page) == ["36"]
    assert "of the one in the middle of the same records" in page
    assert re.findall(r'<data value="([^"]*)" data-median', opened(furnished, "alice", "sales_cycle", period="2025-02")) == ["36"]
    assert "data-median" not in opened(furnished, "alice", "sales_cycle", period="2024-Q1")
    assert "data-median" not in opened(furnished, "alice", "win_rate", period="2025-Q1")


def test_no_value_gives_its_reason_and_never_zero(furnished: People) -> None:
    page = opened(furnished, "carol", "win_rate", period="2024-Q1")
    assert "There is nothing to divide by." in page
    assert 'data-kpi="win_rate"' not in page


def test_a_record_that_its_reader_may_not_open_is_no_link(furnished: People) -> None:
    make.move(furnished.alice, furnished.south, on="2025-03-10")  # her deals stay in North's figure, she does not
    world.count()
    page = opened(furnished, "bob", "revenue", scope=f"team:{furnished.north.pk}")
    assert "Orbit, first order" in page
    assert "/records/opportunity/" not in page


def test_a_deal_shows_every_state_it_was_in(furnished: People) -> None:
    stages = make.stages()
    deal = make.deal("Long way", rep=furnished.alice, amount=100, created="2025-02-01")
    make.change(deal, on="2025-02-10", stage=stages["Negotiation"].name, amount=150)
    page = furnished.client("alice").get(reverse("dashboards:record", args=["opportunity", deal.pk])).content.decode()
    assert all(text in page for text in ("Feb 1, 2025", "Feb 10, 2025", "Qualified", "Negotiation", "€100.00", "€150.00"))
    assert "Change in the admin" not in page
    assert "Change in the admin" in furnished.client("carol").get(reverse("dashboards:record", args=["opportunity", deal.pk])).content.decode()


def test_whoever_shares_a_deal_may_open_it(furnished: People) -> None:
    deal = make.deal("Shared", rep=furnished.dave, amount=100, won="2025-03-03")
    url = reverse("dashboards:record", args=["opportunity", deal.pk])
    assert furnished.client("alice").get(url).status_code == 404
    make.credit(deal, **{str(furnished.dave.pk): 60, str(furnished.alice.pk): 40})
    assert furnished.client("alice").get(url).status_code == 200
    assert "40.0%" in furnished.client("alice").get(url).content.decode()


def test_the_catalogue_lists_every_kpi(furnished: People) -> None:
    page = furnished.client("alice").get(reverse("dashboards:kpis")).content.decode()
    assert re.findall(r'<section class="card w4" id="(\w+)">', page) == list(catalogue.KPIS)
    assert {key for key in catalogue.MEASURES if str(catalogue.MEASURES[key].name) not in page} <= unread()


def unread() -> set[str]:
    """Measures that no KPI reads."""
    return set(catalogue.MEASURES) - {measure for kpi in catalogue.KPIS.values() for measure in kpi.measures}


def test_all_deals_at_risk_are_listed_with_their_reasons(furnished: People) -> None:
    page = furnished.client("bob").get(reverse("dashboards:at-risk")).content.decode()
    assert "Halden, renewal" in page
    assert "expected close 9 days ago" in page
    assert "nothing happened for 22 days" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"scope": "team"}, "Write company, region:NUMBER, team:NUMBER or rep:NUMBER"),
        ({"scope": "team:1x"}, "is no scope"),
        ({"page": "0"}, "is no page"),
        ({"page": "-1"}, "is no page"),
        ({"period": "never"}, "is no period"),
    ],
)
def test_an_unreadable_question_says_what_to_write(furnished: People, query: dict[str, str], words: str) -> None:
    answer = furnished.client("carol").get(reverse("dashboards:figure", args=["revenue"]), query)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_page_past_the_end_shows_the_last_one(furnished: People) -> None:
    bob = furnished.client("bob")
    first = bob.get(reverse("dashboards:at-risk")).content.decode()
    past = bob.get(reverse("dashboards:at-risk") + "?page=999").content.decode()
    assert "Halden, renewal" in first
    assert "Halden, renewal" in past
    assert "No open deal" not in past


def test_the_open_rate_stands_there_for_each_campaign_and_for_what_has_none(furnished: People) -> None:
    ads, fair = make.campaign("Ads"), make.campaign("Trade fair")
    make.campaign("Never used")
    for campaign, is_opened in ((fair, True), (fair, False), (ads, True), (None, False)):
        make.activity(rep=furnished.alice, kind="email", campaign=campaign, is_delivered=True, is_opened=is_opened)
    world.count()
    page = opened(furnished, "bob", "email_open_rate", scope=f"team:{furnished.north.pk}")
    found = re.findall(r'<tr><th scope="row">([^<]*)</th><td class="end"><span title="[^"]*">([^<]*)</span>', page)
    assert found == [("Ads", "100.0%"), ("Trade fair", "50.0%"), ("Without a campaign", "0.0%")]
    assert sums(page) == {"emails_opened": 2, "emails_delivered": 4}
    assert "privacy proxies" in page


def test_who_is_untested_stands_beside_what_reps_know(furnished: People) -> None:
    page = opened(furnished, "carol", "product_expertise", scope="company")
    table = page.split("<h2>Untested for a quarter</h2>")[1].split("</section>")[0]
    assert "Dave" in table and "never" in table and "Alice" not in table
    assert "75.0%" in page
    assert "Untested for a quarter" not in opened(furnished, "carol", "profile_strength", scope="company")


def test_a_profile_stands_as_it_was_last_read(furnished: People) -> None:
    page = opened(furnished, "alice", "followers")
    assert sums(page) == {"followers": 130}
    assert page.count("/records/reading/") == 1
    page = opened(furnished, "alice", "follower_growth", period="2025-03")
    assert "30 ÷ 100" in page
    reading = furnished.client("alice").get(re.search(r"/[^\"]*records/reading/\d+/", page)[0]).content.decode()  # type: ignore[index]
    assert "Followers" in reading and "130" in reading


def test_the_benchmark_of_personalised_outreach_is_said_where_it_is_explained(furnished: People) -> None:
    for page in (opened(furnished, "alice", "personalized_outreach"), furnished.client("alice").get(reverse("dashboards:kpis")).content.decode()):
        assert "50 a month for each rep" in page


def test_what_was_agreed_in_another_currency_stands_beside_what_it_adds(furnished: People) -> None:
    make.rate("USD", "0.5", on="2025-03-03")
    deal = make.deal("Abroad", rep=furnished.alice, amount=1000, currency="USD", created="2025-02-04", won="2025-03-05")
    waits = make.deal("Waits", rep=furnished.alice, amount=700, currency="GBP", created="2025-02-04", won="2025-03-05")
    world.count()
    assert "$1,000.00" in opened(furnished, "carol", "revenue", scope="company")
    rows = {row["record"]: row for row in exported(furnished, "carol", "revenue", scope="company")}
    assert [rows["Abroad"][name] for name in ("amount", "currency", "original amount", "left out")] == ["500", "USD", "1000", ""]
    assert [rows["Waits"][name] for name in ("currency", "original amount", "left out")] == ["GBP", "700", "yes"]
    for row, text in ((deal, "500.00 ($1,000.00)"), (waits, "no exchange rate (£700.00)")):
        assert text in furnished.client("carol").get(reverse("dashboards:record", args=["opportunity", row.pk])).content.decode()


def test_records_are_sorted_as_one_asks(furnished: People) -> None:
    carol, address = furnished.client("carol"), reverse("dashboards:figure", args=["revenue"])

    def names(**query: str) -> list[str]:
        page = carol.get(address, {"scope": "company", "period": "2025-Q1", **query}).content.decode()
        return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a></th><td class="day">', page)

    largest = ["Southern, big", "Orbit, first order", "Kestrel, try-out"]
    assert names() == names(sort="-amount") == largest and names(sort="amount") == largest[::-1]
    assert names(sort="day") == ["Kestrel, try-out", "Orbit, first order", "Southern, big"] and names(sort="-day") == names(sort="day")[::-1]
    assert names(sort="rep")[-1] == names(sort="-rep")[0] == "Southern, big"
    page = carol.get(address, {"scope": "company", "period": "2025-Q1", "sort": "day"}).content.decode()
    assert 'aria-sort="ascending"' in page and "sort=-day" in page
    refused = carol.get(address, {"scope": "company", "sort": "colour"})
    assert refused.status_code == 400 and "-amount" in refused.content.decode()


def test_records_lead_to_the_crm_where_an_address_is_set(furnished: People) -> None:
    deal = Opportunity.objects.get(name="Orbit, first order")
    Opportunity.objects.filter(pk=deal.pk).update(external_key="006/1 A&B")
    carol, figure = furnished.client("carol"), reverse("dashboards:figure", args=["revenue"]) + "?scope=company&period=2025-Q1"
    assert "Open in the CRM" not in carol.get(figure).content.decode()
    RecordLink.objects.create(record="opportunity", address="https://crm.example/d/{key}?v=1")
    there = "https://crm.example/d/006%2F1%20A%26B?v=1"
    for address in (figure, reverse("dashboards:record", args=["opportunity", deal.pk])):
        page = carol.get(address).content.decode()
        assert page.count(f'href="{there}"') == 1, address
    for wrong in ("javascript:alert(1)//{key}", "https://crm.example/d", "/d/{key}", "crm.example/{key}"):
        with pytest.raises(ValidationError):
            RecordLink(record="lead", address=wrong).full_clean()
