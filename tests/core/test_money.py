"""Money of other currencies: one rule however it is written, the rate of the day, and rates that convert anew what they stand for."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Lower
from hypothesis import given
from hypothesis import strategies as st

from apps.core import violations
from apps.core.models import Organisation, Rate
from apps.customers.models import Order
from apps.kpis import rollup
from apps.kpis.explaining import Cause
from apps.reps.models import Rep
from tests import make
from tests.kpis.test_closing import causes, shut
from tests.oracle.money import Rates

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
    assert causes(row, kpi="average_purchase_value") == [(Cause.AMOUNT, Decimal(-10))]


def test_a_missing_rate_excludes_and_is_counted(rep: Rep) -> None:
    from apps.core import periods
    from apps.kpis import selectors
    from apps.reps import scopes

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


@pytest.mark.parametrize(("currency", "rate", "words"), [("EUR", 1, "needs no rate"), ("US", 1, "three capital letters"), ("USD", 0, "more than 0")])
def test_a_rate_that_makes_no_sense_is_refused(rep: Rep, currency: str, rate: int, words: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        make.rate(currency, rate)
    assert words in violations.explain(caught.value)
