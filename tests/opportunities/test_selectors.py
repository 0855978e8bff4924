"""Deals that need somebody: which are at risk, which close next, what changed."""

from datetime import date

import pytest

from apps.opportunities import selectors
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from tests import make
from tests.people import People

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


def at_risk(scope: scopes.Scope | None = None, on: date = TODAY) -> dict[str, tuple[int, int, int]]:
    found = selectors.at_risk(scope or scopes.company(), on=on, limit=50)
    assert found.count == len(found.deals)
    return {deal.name: (deal.overdue_days, deal.idle_days, deal.pushes) for deal in found.deals}


def open_deal(name: str, people: People, *, expected: str = "2025-06-30", created: str = "2025-03-10", amount: int | None = 100) -> Opportunity:
    return make.deal(name, rep=people.alice, amount=amount, expected=expected, created=created)


def test_a_deal_is_at_risk_the_day_after_its_expected_close(people: People) -> None:
    open_deal("due today", people, expected="2025-03-14")
    open_deal("due yesterday", people, expected="2025-03-13")
    assert at_risk() == {"due yesterday": (1, 4, 0)}


def test_a_deal_is_idle_after_a_fortnight_without_a_sign_of_life(people: People) -> None:
    open_deal("to be excluded: changed a fortnight ago", people, created="2025-02-28")
    open_deal("to be included: older", people, created="2025-02-27")
    called = open_deal("to be excluded: called", people, created="2025-01-02")
    make.activity(rep=people.alice, opportunity=called, done="2025-03-01")
    planned = open_deal("to be included: only planned", people, created="2025-01-02")
    make.activity(rep=people.alice, opportunity=planned, done=None, due="2025-03-20")
    assert set(at_risk()) == {"to be included: older", "to be included: only planned"}


def test_where_no_activity_is_ever_recorded_no_deal_is_called_idle(people: People) -> None:
    open_deal("old", people, created="2024-01-02")
    assert at_risk() == {}


def test_a_deal_pushed_out_twice_is_at_risk_and_one_pulled_in_is_not(people: People) -> None:
    twice, once = open_deal("twice", people, created="2025-03-01"), open_deal("once", people, created="2025-03-01")
    make.change(twice, on="2025-03-05", expected_close_on=date(2025, 7, 31))
    make.change(twice, on="2025-03-10", expected_close_on=date(2025, 8, 31))
    make.change(once, on="2025-03-05", expected_close_on=date(2025, 7, 31))
    make.change(once, on="2025-03-10", expected_close_on=date(2025, 6, 1))
    assert at_risk() == {"twice": (0, 4, 2)}


def test_a_past_day_is_seen_as_it_was(people: People) -> None:
    deal = open_deal("late, then won", people, expected="2025-02-10", created="2025-02-01")
    make.change(deal, on="2025-02-20", stage="Won")
    assert at_risk() == {}
    assert at_risk(on=date(2025, 2, 15)) == {"late, then won": (5, 14, 0)}


def test_each_scope_sees_its_own(people: People) -> None:
    elsewhere = make.region("Asia")
    open_deal("Alice's", people, expected="2025-03-01")
    make.deal("Dave's", rep=people.dave, expected="2025-03-01", created="2025-03-10")
    make.deal("Alice's in Asia", rep=people.alice, expected="2025-03-01", created="2025-03-10", customer=make.customer(region=elsewhere))
    assert set(at_risk(scopes.of(people.alice))) == {"Alice's", "Alice's in Asia"}
    assert set(at_risk(scopes.of(people.south))) == {"Dave's"}
    assert set(at_risk(scopes.of(elsewhere))) == {"Alice's in Asia"}
    assert set(at_risk(scopes.of(people.region))) == {"Alice's", "Dave's"}
    assert len(at_risk()) == 3


def test_a_shared_deal_is_also_its_sharers(people: People) -> None:
    deal = make.deal("Shared", rep=people.dave, expected="2025-03-01", created="2025-03-10")
    make.credit(deal, **{str(people.dave.pk): 50, str(people.alice.pk): 50})
    assert set(at_risk(scopes.of(people.alice))) == {"Shared"}


def test_the_largest_comes_first_and_what_has_no_amount_last(people: People) -> None:
    for name, amount in (("small", 10), ("unknown", None), ("large", 90)):
        open_deal(name, people, expected="2025-03-01", amount=amount)
    found = selectors.at_risk(scopes.company(), on=TODAY, limit=2)
    assert [deal.name for deal in found.deals] == ["large", "small"]
    assert (found.count, found.amount) == (3, 100)


def test_what_closes_next_comes_in_order_and_leaves_out_what_lies_beyond(people: People) -> None:
    for name, expected in (("overdue", "2025-03-01"), ("last day", "2025-03-31"), ("soon", "2025-03-20"), ("to be excluded", "2025-04-01")):
        open_deal(name, people, expected=expected)
    found = selectors.closing_next(scopes.of(people.alice), on=TODAY, before=date(2025, 4, 1), limit=10)
    assert [deal.name for deal in found.deals] == ["overdue", "soon", "last day"]


def test_changes_are_told_by_what_happened(people: People) -> None:
    make.deal("won", rep=people.alice, won="2025-03-14", created="2025-01-01")
    make.deal("lost", rep=people.alice, lost="2025-03-13", created="2025-01-01")
    make.deal("to be excluded: won before", rep=people.alice, won="2025-03-12", created="2025-01-01")
    make.deal("new", rep=people.alice, created="2025-03-14")
    reopened = make.deal("reopened", rep=people.alice, won="2025-03-01", created="2025-01-01")
    make.change(reopened, on="2025-03-14", stage="Proposal")
    moved = make.deal("to be excluded: only moved", rep=people.alice, created="2025-01-01")
    make.change(moved, on="2025-03-14", stage="Proposal")
    found = selectors.changes(scopes.of(people.north), since=date(2025, 3, 13), on=TODAY, limit=6)
    assert [(change.name, change.kind) for change in found.single] == [("won", "won"), ("lost", "lost"), ("reopened", "reopened")]
    assert found.others == {"created": (1, 100)}


def test_changes_beyond_the_first_are_summed_up(people: People) -> None:
    for name, amount in (("small", 10), ("large", 90), ("middle", 50)):
        make.deal(name, rep=people.alice, won="2025-03-14", created="2025-01-01", amount=amount)
    make.deal("lost", rep=people.alice, lost="2025-03-14", created="2025-01-01", amount=None)
    found = selectors.changes(scopes.of(people.alice), since=date(2025, 3, 13), on=TODAY, limit=2)
    assert [change.name for change in found.single] == ["large", "middle"]
    assert found.others == {"won": (1, 10), "lost": (1, 0)}


def test_a_board_asks_for_both_at_once(people: People) -> None:
    for name, amount in (("late", 10), ("later", 90)):
        open_deal(name, people, expected="2025-03-01", amount=amount)
    make.deal("won", rep=people.alice, won="2025-03-14", created="2025-01-01")
    scope, since = scopes.of(people.north), date(2025, 3, 10)
    found = selectors.attention(scope, on=TODAY, since=since, at_risk=1, changes=5)
    assert found.at_risk == selectors.at_risk(scope, on=TODAY, limit=1) and found.at_risk.count == 2
    assert found.changes == selectors.changes(scope, since=since, on=TODAY, limit=5) and found.changes.single


@pytest.mark.parametrize("whose", ["company", "region", "north", "alice"])
def test_today_is_read_without_the_past_and_says_the_same(people: People, whose: str) -> None:
    late = open_deal("late", people, expected="2025-03-01", created="2025-01-02", amount=90)
    make.change(late, on="2025-03-05", expected_close_on=date(2025, 3, 10))
    make.activity(rep=people.alice, opportunity=late, done="2025-03-13")
    open_deal("pushed", people, expected="2025-04-01", created="2025-01-02", amount=80)
    for day in ("2025-03-02", "2025-03-03"):
        make.change(Opportunity.objects.get(name="pushed"), on=day, expected_close_on=date(2025, 5, int(day[-1])))
    open_deal("idle", people, expected="2025-05-01", created="2025-02-01", amount=70)
    open_deal("new", people, expected="2025-05-01", created="2025-03-01", amount=60)
    make.credit(make.deal("shared", rep=people.dave, expected="2025-03-02", created="2025-03-01"), **{str(people.dave.pk): 50, str(people.alice.pk): 50})
    make.deal("won", rep=people.alice, won="2025-03-14", created="2025-01-01", expected="2025-03-01")
    scope = scopes.company() if whose == "company" else scopes.of(getattr(people, whose))
    plain, latest = (selectors.attention(scope, on=TODAY, since=date(2025, 3, 10), at_risk=5, changes=5, is_latest=is_latest) for is_latest in (False, True))
    assert plain == latest and latest.at_risk.deals
    closing = [selectors.closing_next(scope, on=TODAY, before=date(2025, 4, 1), limit=5, is_latest=is_latest) for is_latest in (False, True)]
    assert closing[0] == closing[1] and closing[1].deals
