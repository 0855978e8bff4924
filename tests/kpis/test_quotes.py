"""Quotes: a quote and its revisions are one, and a deal is won with one that had been sent by then."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, reading, recordlists, rollup, selectors
from apps.opportunities.models import Opportunity, Quote
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make, oracle
from tests.kpis import quoting
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, amounts, days, snapshots, which
from tests.kpis.overlapping import at_once

MEASURES = ("quotes_sent", "quotes_accepted", "won_quoted")
DEALS = ("create", "create closed", "close", "owner", "credit", "delete by SQL", "move rep", "customer moves", "team moves")
steps = st.lists(st.tuples(st.sampled_from((*quoting.KINDS, *quoting.KINDS, *DEALS)), which, which, days, days, amounts), min_size=4, max_size=16)


@EXAMPLES
@given(history=steps, drains=st.sets(st.integers(0, 15)), period=st.sampled_from(WINDOWS))
def test_however_quotes_are_written_every_sum_is_the_oracles_and_its_records(
    calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], period: str
) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        found = reading.amounts(MEASURES, company.scopes, window, on=ON)
        for scope in company.scopes:
            for measure in MEASURES:
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, ON)
                assert found.of(scope)[measure] == expected, (measure, scope.key, period)
                records = recordlists.of_measure(catalogue.MEASURES[measure], scope, window, on=ON, limit=10_000, offset=0)
                assert (records.total, len(records.rows)) == (expected, expected), (measure, scope.key, period)
        drained = snapshots()
        rollup.recount_all(on=ON)
        assert drained == snapshots()

    play(history, drains, proof)


def read(whose: Rep | None = None, period: str = "2025-03") -> tuple[int, ...]:
    """Count what waits; return each measure's sum."""
    rollup.drain(on=ON)
    scope = scopes.of(whose) if whose else scopes.company()
    sums = reading.amounts(MEASURES, [scope], periods.calendar().parse(period), on=ON).of(scope)
    return tuple(int(sums[measure]) for measure in MEASURES)


@pytest.fixture
def alice(calendar: periods.Calendar) -> Rep:
    return make.rep("Alice")


@pytest.fixture
def deal(alice: Rep) -> Opportunity:
    return make.deal(rep=alice, created="2025-02-01")


def test_a_quote_and_its_revisions_are_one_on_the_first_day_and_the_first_reps(alice: Rep, deal: Opportunity) -> None:
    bob = make.rep("Bob")
    first = make.quote(deal, number="Q", sent="2025-02-10")
    make.quote(deal, number="Q", revision=2, rep=bob, sent="2025-03-05", accepted="2025-03-07")
    assert (read(period="2025-02"), read()) == ((1, 0, 0), (0, 1, 0))
    assert (read(alice, "2025-Q1"), read(bob, "2025-Q1")) == ((1, 0, 0), (0, 1, 0))
    first.delete()
    assert (read(period="2025-02"), read()) == ((0, 0, 0), (1, 1, 0))
    assert (read(alice, "2025-Q1"), read(bob, "2025-Q1")) == ((0, 0, 0), (1, 1, 0))


def test_of_revisions_sent_on_one_day_the_lowest_is_the_first(alice: Rep, deal: Opportunity) -> None:
    bob = make.rep("Bob")
    make.quote(deal, number="Q", revision=2, rep=bob, sent="2025-03-05")
    make.quote(deal, number="Q", revision=1, sent="2025-03-05")
    assert (read(alice), read(bob)) == ((1, 0, 0), (0, 0, 0))


def test_a_draft_is_not_sent_and_the_same_number_of_another_deal_is_another_quote(alice: Rep, deal: Opportunity) -> None:
    make.quote(deal, number="Q", sent=None)
    assert read() == (0, 0, 0)
    make.quote(deal, number="Q", revision=2, sent="2025-03-04")
    make.quote(make.deal(rep=alice), number="Q", revision=3, sent="2025-03-06")
    assert read() == (2, 0, 0)


def test_a_deal_is_won_with_a_quote_that_had_been_sent_by_then(alice: Rep) -> None:
    deal = make.deal(rep=alice, won="2025-03-10")
    assert read() == (0, 0, 0)
    late = make.quote(deal, sent="2025-03-11")
    assert read() == (1, 0, 0)
    Quote.objects.filter(pk=late.pk).update(sent_on="2025-03-10")
    assert read() == (1, 0, 1)
    make.quote(deal, sent="2025-03-09")
    assert read() == (2, 0, 1)
    Quote.objects.all().delete()
    assert read() == (0, 0, 0)


def test_a_quote_that_is_given_to_another_deal_goes_with_its_win(alice: Rep) -> None:
    one, other = make.deal(rep=alice, won="2025-03-10"), make.deal(rep=alice, won="2025-02-20")
    quote = make.quote(one, sent="2025-02-15")
    assert (read(period="2025-02"), read()) == ((1, 0, 0), (0, 0, 1))
    Quote.objects.filter(pk=quote.pk).update(opportunity=other)
    assert (read(period="2025-02"), read()) == ((1, 0, 1), (0, 0, 0))


def test_a_shared_deal_is_won_once_by_each_and_its_quote_is_its_reps(alice: Rep, deal: Opportunity) -> None:
    bob, deal = make.rep("Bob"), make.deal(rep=alice, won="2025-03-10")
    make.quote(deal, sent="2025-03-03")
    make.credit(deal, **{str(alice.pk): 60, str(bob.pk): 40})
    assert (read(alice), read(bob), read()) == ((1, 0, 1), (0, 0, 1), (1, 0, 1))


def test_a_quote_is_of_its_customers_region(alice: Rep) -> None:
    east, west = make.region("East"), make.region("West")
    customer, other = make.customer(region=east), make.customer(region=west)
    deal = make.deal(rep=alice, customer=customer)
    make.quote(deal, sent="2025-03-03")

    def sent() -> list[Decimal]:
        rollup.drain(on=ON)
        found = reading.amounts(["quotes_sent"], [scopes.of(east), scopes.of(west)], periods.calendar().parse("2025-03"), on=ON)
        return [found.of(scopes.of(region))["quotes_sent"] for region in (east, west)]

    assert sent() == [1, 0]
    Opportunity.objects.filter(pk=deal.pk).update(customer=other)
    assert sent() == [0, 1]
    other.region = east
    other.save()
    assert sent() == [1, 0]


def test_quote_to_close_is_deals_won_with_a_quote_for_every_hundred_quotes(alice: Rep) -> None:
    for won, sent in (("2025-03-10", "2025-02-20"), ("2025-03-11", "2025-03-01"), ("2025-03-12", None)):
        make.quote(make.deal(rep=alice, won=won), sent=sent)
    make.quote(make.deal(rep=alice, lost="2025-03-12"), sent="2025-03-01")
    make.quote(make.deal(rep=alice), sent="2025-03-01")
    rollup.drain(on=ON)
    company, march = scopes.company(), periods.calendar().parse("2025-03")
    found = selectors.figures(["quote_to_close", "quotes_sent"], [company], march, on=ON)
    assert (found["quote_to_close", company].numerator, found["quotes_sent", company].value) == (2, 3)
    assert round(found["quote_to_close", company].value or 0, 2) == Decimal("66.67")


@pytest.mark.django_db(transaction=True)
def test_of_two_revisions_written_at_once_the_earlier_counts() -> None:
    deal = make.deal(rep=make.rep(), created="2025-02-01")
    rollup.drain(on=ON)
    at_once(lambda: make.quote(deal, number="Q", revision=2, sent="2025-03-10"), lambda: make.quote(deal, number="Q", sent="2025-03-03"))
    assert read() == (1, 0, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_quoted_first", [True, False])
def test_a_deal_that_is_won_while_its_quote_is_written_is_won_with_it(is_quoted_first: bool) -> None:
    deal = make.deal(rep=make.rep(), created="2025-02-01")
    rollup.drain(on=ON)

    def quote() -> None:
        make.quote(deal, sent="2025-03-03")

    def win() -> None:
        Opportunity.objects.filter(pk=deal.pk).update(stage=make.stage("Won"), closed_on="2025-03-10")

    at_once(*((quote, win) if is_quoted_first else (win, quote)))
    assert read() == (1, 0, 1)
