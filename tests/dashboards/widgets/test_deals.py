"""Deals say why they need somebody, and how much of the gap they would cover."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from apps.dashboards.widgets import deals
from apps.opportunities.selectors import Change, Changes, DealList, OpenDeal
from tests.dashboards.shapes import selection


def deal(pk: int = 1, amount: int | None = 100, *, expected: str = "2025-03-20", overdue: int = 0, idle: int = 0, pushes: int = 0) -> OpenDeal:
    price = None if amount is None else Decimal(amount)
    return OpenDeal(pk, f"Deal {pk}", "Orbit Foods", "Alice", "Proposal", price, date.fromisoformat(expected), overdue, idle, pushes)


def listed(*found: OpenDeal) -> DealList:
    return DealList(found, len(found), sum((one.amount or Decimal(0) for one in found), Decimal(0)))


def test_every_reason_is_named() -> None:
    found = deals.reasons(deal(overdue=6, idle=15, pushes=3), date(2025, 3, 14))
    assert found == ["expected close 6 days ago", "nothing happened for 15 days", "close pushed out 3 times"]


def test_deals_are_listed_until_the_gap_is_covered() -> None:
    found = deals.closing(listed(deal(1), deal(2), deal(3)), Decimal(150), selection(), is_own=True)
    assert [item.covered for item in found.items] == ["67%", "100%"]
    assert "would cover it" in found.summary


def test_too_few_deals_say_that_new_ones_are_needed() -> None:
    found = deals.closing(listed(deal(1)), Decimal(150), selection(), is_own=True)
    assert "New ones are needed" in found.summary


def test_a_deal_without_an_amount_covers_nothing() -> None:
    found = deals.closing(listed(deal(1, None)), Decimal(150), selection(), is_own=True)
    assert (found.items[0].amount, found.items[0].covered) == ("no amount", "0%")


def test_a_reached_target_leaves_nothing_to_cover() -> None:
    found = deals.closing(listed(deal(1), deal(2)), Decimal(-5), selection(), is_own=True)
    assert len(found.items) == 2
    assert "on top" in found.summary


def change(kind: str, amount: int, pk: int = 1) -> Change:
    return Change(kind, pk, f"Deal {pk}", "", "Alice", Decimal(amount), date(2025, 3, 14))


def test_single_changes_stand_in_their_order_and_the_others_are_summed_up() -> None:
    others = {"created": (2, Decimal(50)), "won": (3, Decimal(60))}
    found = deals.changed(Changes((change("won", 20), change("lost", 30)), others), date(2025, 3, 13), selection())
    assert [item.kind for item in found.items] == ["won", "lost"]
    assert found.rest == "3 more won, 60 · 2 new deals, 50"
    assert found.title == "Since yesterday"


def test_a_deal_without_an_exchange_rate_says_so() -> None:
    found = deals.closing(listed(replace(deal(1, None), is_unrated=True)), Decimal(150), selection(), is_own=True)
    assert found.items[0].amount == "no exchange rate"
