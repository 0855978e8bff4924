"""Files whose amounts are in several currencies, as CRMs export them: a column says which, beside the amount."""

from decimal import Decimal

import pytest

from apps.core.models import Rate
from apps.customers.models import Order
from apps.opportunities.models import Opportunity
from tests import make

pytestmark = pytest.mark.django_db

RATES = """
[[load]]
file = "rates.csv"
entity = "rates"
[load.fields]
currency = "Currency"
day = "Date"
rate = "Rate"
"""
ORDERS = """
[[load]]
file = "orders.csv"
entity = "orders"
[load.formats]
currency = ["$", "£"]
[load.fields]
external_key = "No"
rep = "Rep"
ordered_on = "Date"
amount = "Amount"
currency = { column = "CurrencyIsoCode", aliases = { "Pound" = "GBP" } }
"""
HEADER = "No,Rep,Date,Amount,CurrencyIsoCode\n"
DEALS = """
[[load]]
file = "deals.csv"
entity = "opportunities"
[load.fields]
external_key = "Deal - ID"
name = "Deal - Title"
owner = "Deal - Owner"
stage = "Deal - Status"
original_amount = "Deal - Value"
currency = "Deal - Currency"
created_on = "Deal - Deal created"
"""


@pytest.fixture
def ann():
    make.organisation()
    make.stages()
    return make.rep("Ann")


def kept() -> list[tuple[str, Decimal | None, str, Decimal | None]]:
    return list(Order.objects.order_by("external_key").values_list("external_key", "amount", "currency", "original_amount"))


def test_rates_come_by_file_and_are_corrected_by_the_next(run, ann):
    make.order(rep=ann, amount=100, currency="USD", ordered="2025-03-04")
    report = run(RATES, {"rates.csv": "Date,Currency,Rate\n2025-03-03,usd,0.9\n2025-03-03,GBP,1.2\n2025-03-03,EUR,1\n"})
    assert (report.totals.created, report.totals.rejected) == (2, 1)
    assert [one.reason for file in report.files for one in file.errors] == ["The reporting currency needs no rate. Choose another currency."]
    assert Order.objects.get().amount == 90
    report = run(RATES, {"rates.csv": "Date,Currency,Rate\n2025-03-03,USD,0.8\n2025-03-03,GBP,1.2\n"})
    assert (report.totals.updated, report.totals.unchanged) == (1, 1)
    assert Order.objects.get().amount == 80
    assert Rate.objects.count() == 2


def test_an_amount_is_in_the_currency_that_its_row_says(run, ann):
    make.rate("USD", "0.9", on="2025-03-03")
    lines = 'A,Ann,2025-03-03,"$1,000.00",USD\nB,Ann,2025-03-03,500,EUR\nC,Ann,2025-03-03,£70,Pound\nD,Ann,2025-03-03,80,\nE,Ann,2025-03-03,,usd\n'
    assert run(ORDERS, {"orders.csv": HEADER + lines}).totals.created == 5
    assert kept() == [("A", 900, "USD", 1000), ("B", 500, "", None), ("C", None, "GBP", 70), ("D", 80, "", None), ("E", None, "USD", None)]
    report = run(ORDERS, {"orders.csv": HEADER + lines})
    assert report.totals.unchanged == 5, "the same file again changes nothing"


def test_a_row_may_change_its_currency(run, ann):
    make.rate("USD", "0.9", on="2025-03-03")
    run(ORDERS, {"orders.csv": HEADER + "A,Ann,2025-03-03,100,USD\nB,Ann,2025-03-03,100,EUR\nC,Ann,2025-03-03,100,EUR\n"})
    run(ORDERS, {"orders.csv": HEADER + "A,Ann,2025-03-03,100,EUR\nB,Ann,2025-03-03,100,USD\nC,Ann,2025-03-03,,USD\n"})
    assert kept() == [("A", 100, "", None), ("B", 90, "USD", 100), ("C", None, "USD", None)]


def test_what_is_no_currency_is_refused(run, ann):
    report = run(ORDERS, {"orders.csv": HEADER + "A,Ann,2025-03-03,100,Dollar\n"})
    assert "no currency" in report.files[0].errors[0].reason
    assert report.files[0].errors[0].column == "CurrencyIsoCode"


def test_deals_whose_value_and_currency_stand_in_two_columns(run, ann):
    make.rate("USD", "0.9", on="2025-03-03")
    header = "Deal - ID,Deal - Title,Deal - Owner,Deal - Status,Deal - Value,Deal - Currency,Deal - Deal created\n"
    files = {"deals.csv": header + "1,Crane,Ann,Qualified,1000,USD,2025-03-03\n2,Truck,Ann,Qualified,700,EUR,2025-03-03\n"}
    run(DEALS, files)
    assert [(deal.amount, deal.original_amount, deal.currency) for deal in Opportunity.objects.order_by("external_key")] == [
        (900, 1000, "USD"),
        (700, None, ""),
    ]
    assert run(DEALS, files).totals.unchanged == 2
