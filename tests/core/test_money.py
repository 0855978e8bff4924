"""Money of other currencies: one rule however it is written, the rate of the day, and rates that convert anew what they stand for."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods, violations, waiting
from apps.core.models import Organisation, Rate
from apps.customers.models import Order
from apps.kpis import rollup, selectors
from apps.kpis.causes import Cause
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make
from tests.filling import post, problems
from tests.kpis.test_closing import causes, shut
from tests.oracle.money import Rates
from tests.people import People

DAY = date(2025, 3, 3)


@pytest.fixture
def rep(db: None) -> Rep:
    make.organisation()
    return make.rep()


def amounts() -> list[Decimal | None]:
    return list(Order.objects.order_by("pk").values_list("amount", flat=True))


# --- The function and its plain twin ------------------------------------------------------------------
days = st.integers(0, 25).map(lambda n: date(2025, 3, 1 + n))
values = st.decimals("0.000001", 5000, places=6)
stored = st.dictionaries(st.tuples(st.sampled_from(["USD", "GBP", "JPY"]), days), values, max_size=12)


@pytest.mark.django_db
@given(rates=stored, amount=st.decimals(-99999, 99999, places=2), currency=st.sampled_from(["USD", "GBP"]), day=days)
def test_the_database_converts_as_the_plain_twin_does(rates: dict[tuple[str, date], Decimal], amount: Decimal, currency: str, day: date) -> None:
    make.organisation()
    Rate.objects.all().delete()
    rows = Rate.objects.bulk_create([Rate(currency=code, day=on, rate=rate) for (code, on), rate in rates.items()])
    order = Order(currency=currency, original_amount=amount)
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_company_money(%s, %s, %s)", [amount, currency, day])
        assert cursor.fetchone()[0] == Rates(rows).money(order, day)


@pytest.mark.parametrize(("days_later", "amount"), [(0, 90), (1, 90), (7, 90), (8, None), (-1, None)])
def test_a_rate_stands_for_its_day_and_a_week(rep: Rep, days_later: int, amount: int | None) -> None:
    make.rate("USD", "0.9", on=DAY)
    ordered = date.fromordinal(DAY.toordinal() + days_later)
    assert make.order(rep=rep, amount=100, currency="USD", ordered=ordered).amount == amount


def test_half_a_cent_is_rounded_away_from_nothing(rep: Rep) -> None:
    make.rate("USD", "0.5", on=DAY)
    found = [make.order(rep=rep, amount=amount, currency="USD", ordered=DAY).amount for amount in ("0.01", "-0.01", "0.03")]
    assert found == [Decimal("0.01"), Decimal("-0.01"), Decimal("0.02")]


# --- What was entered ---------------------------------------------------------------------------------
def test_the_companys_own_currency_is_no_other_one(rep: Rep) -> None:
    order = make.order(rep=rep, amount=100, cost=40, currency="EUR")
    assert (order.currency, order.amount, order.cost, order.original_amount, order.original_cost) == ("", 100, 40, None, None)


def test_what_is_written_to_the_amount_beside_an_original_one_does_not_matter(rep: Rep) -> None:
    make.rate("USD", "0.9", on=DAY)
    make.order(rep=rep, amount=100, currency="USD", ordered=DAY)
    Order.objects.update(amount=7)
    assert amounts() == [90]


def test_what_was_agreed_may_change_or_be_forgotten(rep: Rep) -> None:
    make.rate("USD", "0.9", on=DAY)
    make.order(rep=rep, amount=100, currency="USD", ordered=DAY)
    Order.objects.update(original_amount=200)
    assert amounts() == [180]
    Order.objects.update(original_amount=None)
    assert amounts() == [None]
    Order.objects.update(currency="", amount=50)
    assert amounts() == [50]


def test_an_amount_in_another_currency_without_an_original_one_is_refused(rep: Rep) -> None:
    order = make.order(rep=rep, amount=100)
    for write in (
        lambda: Order.objects.update(currency="USD"),
        lambda: Order.objects.create(rep=rep, ordered_on=DAY, currency="USD", amount=5),
        lambda: Order.objects.filter(pk=order.pk).update(currency=Lower(Value("USD")), original_amount=5),
    ):
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            write()
        assert violations.explain(caught.value) in map(str, violations.rules().values())
    assert amounts() == [100]


def test_an_order_dated_anew_has_the_rate_of_its_new_day(rep: Rep) -> None:
    make.rate("USD", "0.9", on=DAY)
    make.rate("USD", "0.8", on="2025-03-10")
    make.order(rep=rep, amount=100, currency="USD", ordered=DAY)
    Order.objects.update(ordered_on=date(2025, 3, 11))
    assert amounts() == [80]


# --- Rates that come, change and go -------------------------------------------------------------------
def test_a_rate_converts_the_days_it_stands_for_and_no_others(rep: Rep) -> None:
    for day in ("2025-03-02", "2025-03-03", "2025-03-10", "2025-03-11"):
        make.order(rep=rep, amount=100, currency="USD", ordered=day)
    make.order(rep=rep, amount=100, currency="GBP", ordered=DAY)
    assert amounts() == [None] * 5
    rate = make.rate("USD", "0.9", on=DAY)
    assert amounts() == [None, 90, 90, None, None]
    make.rate("USD", "0.7", on="2025-03-10")
    assert amounts() == [None, 90, 70, 70, None]
    Rate.objects.filter(pk=rate.pk).update(day=date(2025, 3, 2), rate=Decimal("0.5"))
    assert amounts() == [50, 50, 70, 70, None]
    Rate.objects.all().delete()
    assert amounts() == [None] * 5


@pytest.mark.django_db(transaction=True)
def test_an_order_and_its_rate_written_at_once_find_each_other() -> None:
    make.organisation()
    rep = make.rep()
    written, waiting = threading.Event(), threading.Event()

    def rate() -> None:
        try:
            written.wait(10)
            waiting.set()
            make.rate("USD", "0.9", on=DAY)  # waits for the order
        finally:
            connection.close()

    thread = threading.Thread(target=rate)
    thread.start()
    with transaction.atomic():
        Order.objects.create(rep=rep, ordered_on=DAY, currency="USD", original_amount=100)
        written.set()
        waiting.wait(10)
        thread.join(0.5)
        assert thread.is_alive(), "the rate waits"
    thread.join(10)
    assert amounts() == [90]


def test_a_corrected_rate_restates_a_closed_period(rep: Rep) -> None:
    rate = make.rate("USD", "0.9", on="2025-02-10")
    make.order(rep=rep, amount=100, currency="USD", ordered="2025-02-12")
    row = shut()
    assert causes(row, kpi="average_purchase_value") == []
    rate.rate = Decimal("0.8")
    rate.save()
    assert causes(row, kpi="average_purchase_value") == [(Cause.RATE, Decimal(-10))]
    rate.delete()
    assert (Cause.UNRATED, Decimal(-90)) in causes(row, kpi="average_purchase_value")


def test_a_missing_rate_excludes_and_is_counted(rep: Rep) -> None:
    make.order(rep=rep, amount=100, ordered=DAY)
    make.order(rep=rep, amount=100, currency="USD", ordered=DAY)
    rollup.drain(on=make.TODAY)
    window = periods.calendar().parse("2025-03")
    figure = selectors.figures(["average_purchase_value"], [scopes.company()], window, on=make.TODAY)["average_purchase_value", scopes.company()]
    assert (figure.value, figure.excluded) == (100, 1)
    make.rate("USD", "0.5", on=DAY)
    rollup.drain(on=make.TODAY)
    figure = selectors.figures(["average_purchase_value"], [scopes.company()], window, on=make.TODAY)["average_purchase_value", scopes.company()]
    assert (figure.value, figure.excluded) == (75, 0)


# --- What waits for a rate --------------------------------------------------------------------------------
def test_what_waits_is_listed_by_currency_and_days_and_opens(people: People) -> None:
    make.organisation()
    for day in ("2025-01-03", "2025-01-10", "2025-02-20"):
        make.order(rep=people.alice, amount=100, currency="GBP", ordered=day)
    make.order(rep=people.alice, amount=None, currency="GBP", ordered="2025-01-04")
    make.rate("SEK", "0.1", on="2025-01-03")
    make.order(rep=people.alice, amount=None, cost=50, currency="SEK", ordered="2025-01-04")  # nothing is agreed but the cost, and that is known
    make.order(rep=people.alice, amount=100)
    make.subscription(rep=people.alice, amount=100, currency="USD", started="2025-01-07")
    make.expense(amount=100, currency="USD", spent="2025-01-08")
    deal = make.deal(rep=people.alice, amount=100, currency="USD", created="2025-01-09")
    make.quote(deal, amount=100, currency="USD", sent=None)
    make.quote(deal, amount=100, currency="USD", sent="2025-01-11")
    found = [(one.currency, str(one.first), str(one.last), one.facts, one.kind) for one in waiting.missing()]
    assert found == [
        ("GBP", "2025-02-20", "2025-02-20", 1, "order"),
        ("USD", "2025-01-11", "2025-01-11", 1, "quote"),
        ("USD", "2025-01-09", "2025-01-09", 1, "opportunity"),
        ("USD", "2025-01-08", "2025-01-08", 1, "expense"),
        ("USD", "2025-01-07", "2025-01-07", 1, "subscription"),
        ("GBP", "2025-01-03", "2025-01-10", 2, "orders"),
    ]
    client = people.client("carol")
    assert "2 orders" in client.get("/admin/core/rate/").content.decode()
    for one in waiting.missing():
        page = client.get(one.url)
        assert (page.status_code, page.context["cl"].result_count) == (200, one.facts), one
    assert client.get("/admin/customers/order/?rate=missing").context["cl"].result_count == 3
    for nonsense in ("nonsense", "%00.2025-01-01.2025-02-01", "GBP.2025-01-01.2025-13-01"):
        assert client.get(f"/admin/customers/order/?rate={nonsense}").context["cl"].result_count == 0
    make.rate("USD", 1, on="2025-01-06")
    assert {one.currency for one in waiting.missing()} == {"GBP"}


def test_a_deal_waits_while_any_state_it_was_in_does(rep: Rep) -> None:
    deal = make.deal(rep=rep, amount=100, currency="USD", created="2025-01-09")
    make.rate("USD", 1, on="2025-03-03")
    make.change(deal, on="2025-03-05", stage="Proposal")
    assert [(str(one.first), one.facts) for one in waiting.missing()] == [("2025-01-09", 1)]


def test_a_form_takes_what_was_agreed_and_refuses_what_would_be_forgotten(people: People) -> None:
    make.organisation()
    make.rate("USD", "0.9", on=DAY)
    order, client = make.order(rep=people.alice, amount=100, ordered=DAY), people.client("carol")
    path = f"/admin/customers/order/{order.pk}/change/"
    assert "written as the original amount" in problems(post(client, path, currency="USD"))
    assert post(client, path, currency="usd", original_amount="200").status_code == 302
    assert amounts() == [180]
    assert "follows from the original one" in problems(post(client, path, amount="5"))
    assert "follows from the original one" in problems(post(client, path, amount="5", original_amount="300"))
    assert "follows from the original one" in problems(post(client, path, amount="5", original_amount="300", currency=""))
    assert post(client, path, amount="200", original_amount="200", currency="").status_code == 302  # the same, said twice
    assert post(client, path, currency="", original_amount="", amount="5").status_code == 302
    assert amounts() == [5]


# --- Guards ---------------------------------------------------------------------------------------------
def test_the_reporting_currency_stays_once_there_is_money(rep: Rep) -> None:
    make.organisation(currency="USD")
    make.order(rep=rep, amount=None)
    make.organisation(currency="EUR")
    make.order(rep=rep, amount=1)
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        Organisation.objects.update(currency="USD")
    assert "can no longer be changed" in violations.explain(caught.value)
    make.organisation(name="Another name")


@pytest.mark.parametrize("write", [lambda: make.rate("GBP", 1), make.goal, lambda: make.product(list_price=1)], ids=["rate", "target", "list price"])
def test_the_reporting_currency_stays_once_something_is_said_in_it(db: None, write: Callable[[], object]) -> None:
    make.organisation(currency="USD")
    make.product()
    make.organisation(currency="EUR")
    write()
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        Organisation.objects.update(currency="USD")
    assert "targets, prices or rates" in violations.explain(caught.value)


@pytest.mark.parametrize(("currency", "rate", "words"), [("EUR", 1, "needs no rate"), ("US", 1, "three capital letters"), ("USD", 0, "more than 0")])
def test_a_rate_that_makes_no_sense_is_refused(rep: Rep, currency: str, rate: int, words: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        make.rate(currency, rate)
    assert words in violations.explain(caught.value)
