"""Closing periods: once, whole or not at all, by hand or on the organisation's rule; and what changes afterwards is told by its cause."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.core import periods
from apps.customers.models import Order
from apps.kpis import closing, restatements, rollup, tasks
from apps.kpis.causes import COUNTED, WORDS, Cause, counted
from apps.kpis.closing import CannotClose
from apps.kpis.models import Close, DirtyCell, Reported, ReportedRecord
from apps.kpis.verification import nights
from apps.opportunities.models import Opportunity, OpportunityVersion, Stage
from apps.reps import scopes
from apps.reps.models import Membership, Rep
from tests import make

ON, NOW = make.TODAY, datetime(2025, 3, 14, 9, tzinfo=UTC)


def february() -> periods.Window:
    return periods.calendar().parse("2025-02")


def shut(period: str = "2025-02") -> Close:
    return closing.close(periods.calendar().parse(period), on=ON, at=NOW)


def causes(row: Close, scope: scopes.Scope | None = None, kpi: str = "revenue") -> list[tuple[Cause, Decimal]]:
    rollup.drain(on=ON)
    found = restatements.explain(kpi, row, scope or scopes.company(), on=ON)
    return [(one.cause, one.difference) for changes in found for one in changes.rows]


@pytest.fixture
def alice(db: None) -> Rep:
    return make.rep("Alice", team=make.team("North", region=make.region("Europe")))


@pytest.fixture
def deal(alice: Rep) -> Opportunity:
    return make.deal(rep=alice, created="2025-01-10", won="2025-02-10", amount=100)


def test_a_period_is_closed_once(deal: Opportunity) -> None:
    first = shut()
    kept = list(Reported.objects.order_by("pk").values_list("pk", "amounts"))
    Opportunity.objects.update(amount=250)
    assert shut() == first
    assert list(Reported.objects.order_by("pk").values_list("pk", "amounts")) == kept
    assert Close.objects.count() == 1


def test_what_waits_is_counted_before(deal: Opportunity) -> None:
    Opportunity.objects.update(amount=250)
    assert DirtyCell.objects.exists()
    shut()
    reported = restatements.of_period([scopes.company()], february(), on=ON)
    assert reported is not None
    assert reported.inputs(scopes.company(), {}, 28).sums["now"]["won_amount"] == 250  # type: ignore[index]


@pytest.mark.parametrize(("period", "words"), [("2025-03", "not over"), ("2025-W08", "can be closed"), ("1999-01", "ever counted")])
def test_what_cannot_be_closed_says_why(deal: Opportunity, period: str, words: str) -> None:
    with pytest.raises(CannotClose, match=words):
        shut(period)


class Killed(BaseException):
    """What a worker that is killed never comes back from."""


@pytest.mark.django_db(transaction=True)
def test_closing_that_is_killed_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    make.deal(rep=make.rep(team=make.team()), won="2025-02-10", amount=100)

    def killed(*_args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(closing, "_is_waiting", killed)
        shut()
    assert not Close.objects.exists()
    assert not ReportedRecord.objects.exists()
    shut()
    assert ReportedRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_written_meanwhile_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    make.deal(rep=make.rep(team=make.team()), won="2025-02-10", amount=100)
    is_waiting, calls = closing._is_waiting, []

    def busy(window: periods.Window) -> bool:
        calls.append(window)
        if len(calls) == 1:
            Opportunity.objects.update(amount=300)
        return is_waiting(window)

    monkeypatch.setattr(closing, "_is_waiting", busy)
    row = shut()
    assert len(calls) == 2
    assert causes(row) in ([], [(Cause.AMOUNT, Decimal(200))])  # the write was undone with the attempt, or counted with the next


@pytest.mark.django_db(transaction=True)
def test_two_who_close_at_once_make_one_close() -> None:
    make.deal(rep=make.rep(team=make.team()), won="2025-02-10", amount=100)
    rollup.drain(on=ON)
    found = []

    def work() -> None:
        try:
            found.append(shut().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == Close.objects.count() == 1


def test_reopening_ends_it_and_closing_again_reports_anew(deal: Opportunity) -> None:
    row = shut()
    assert closing.reopen(row, at=NOW)
    assert not closing.reopen(row, at=NOW)
    assert restatements.of_period([scopes.company()], february(), on=ON) is None
    Opportunity.objects.update(amount=250)
    assert causes(shut()) == []
    assert Close.objects.count() == 2


def test_the_rule_closes_what_is_due_and_nothing_that_somebody_reopened(deal: Opportunity) -> None:
    rollup.drain(on=ON)
    assert closing.close_due(on=date(2025, 3, 10), at=NOW) == []
    make.organisation(close_after_working_days=5)
    assert [row.key for row in closing.close_due(on=date(2025, 3, 7), at=NOW)] == ["2024-12", "2024-Q4", "2024", "2025-01"][-1:]
    assert [row.key for row in closing.close_due(on=date(2025, 3, 10), at=NOW)] == ["2025-02"], "Monday to Friday of March 3 are over"
    closing.reopen(Close.objects.get(key="2025-02"), at=NOW)
    assert closing.close_due(on=date(2025, 3, 11), at=NOW) == []


def test_the_nightly_task_works_the_rule(deal: Opportunity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nights, "nightly", lambda on, **_: rollup.drain(on=on, wait=True))  # without comparing; see there
    make.organisation(close_after_working_days=0)
    tasks.nightly()
    assert "2025-02" in Close.objects.values_list("key", flat=True)


def test_the_command_closes_and_reopens(deal: Opportunity, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("close", "2025-02")
    assert "2025-02 is closed" in capsys.readouterr().out
    call_command("close", "2025-02", "--reopen")
    assert Close.objects.get().reopened_at
    with pytest.raises(CommandError, match="no period"):
        call_command("close", "soon")


def test_a_reopened_deal_says_so(deal: Opportunity) -> None:
    row = shut()
    Opportunity.objects.update(stage=Stage.objects.filter(kind="open").first(), closed_on=None)
    assert causes(row) == [(Cause.REOPENED, Decimal(-100))]


def test_a_back_dated_deal_says_so(alice: Rep, deal: Opportunity) -> None:
    row = shut()
    make.deal(rep=alice, created="2025-01-11", won="2025-02-20", amount=40)
    assert causes(row) == [(Cause.ENTERED, Decimal(40))]


def test_a_deal_dated_out_of_the_period_says_so(deal: Opportunity) -> None:
    row = shut()
    Opportunity.objects.update(closed_on=date(2025, 3, 3))
    assert causes(row) == [(Cause.MOVED, Decimal(-100))]


def test_another_amount_says_so(deal: Opportunity) -> None:
    row = shut()
    Opportunity.objects.update(amount=70)
    assert causes(row) == [(Cause.AMOUNT, Decimal(-30))]


def test_an_amount_that_became_known_says_so(alice: Rep) -> None:
    make.deal(rep=alice, created="2025-01-10", won="2025-02-10", amount=None)
    make.deal(rep=alice, created="2025-01-10", lost="2025-02-10", amount=None)
    row = shut()
    Opportunity.objects.update(amount=40)
    assert causes(row) == [(Cause.KNOWN, Decimal(40))]
    assert set(causes(row, kpi="win_rate_value")) == {(Cause.KNOWN, Decimal(40)), (Cause.COMPLETED, Decimal(40))}, "a lost deal's amount may have been 0"
    assert causes(row, kpi="deals_won") == []


def test_an_amount_that_was_nothing_changed(alice: Rep) -> None:
    make.deal(rep=alice, created="2025-01-10", won="2025-02-10", amount=0)
    row = shut()
    Opportunity.objects.update(amount=40)
    assert causes(row) == [(Cause.AMOUNT, Decimal(40))]


def test_an_open_deal_that_added_nothing_was_unknown_or_nothing(alice: Rep) -> None:
    deal = make.deal(rep=alice, created="2025-01-10", amount=None)
    row = shut()
    make.deal(rep=alice, created="2025-01-12", amount=30)
    OpportunityVersion.objects.filter(opportunity=deal).update(amount=70)
    assert causes(row, kpi="pipeline_value") == [(Cause.COMPLETED, Decimal(70)), (Cause.ENTERED, Decimal(30))]


def test_what_nothing_stored_can_tell_is_said_as_either(alice: Rep) -> None:
    make.order(rep=alice, ordered="2025-02-12", amount=None)
    row = shut()
    Order.objects.update(amount=5)
    make.order(rep=alice, ordered="2025-02-13", amount=4)
    assert set(causes(row, kpi="average_purchase_value")) >= {(Cause.ENTERED_OR_KNOWN, Decimal(5)), (Cause.ENTERED_OR_KNOWN, Decimal(4))}


def test_every_cause_is_said_of_one_record_and_of_many() -> None:
    assert set(WORDS) == set(COUNTED) == set(Cause)
    for cause in Cause:
        assert counted(cause, 1).startswith("1 ") and counted(cause, 3).startswith("3 ")
    assert (counted(Cause.AMOUNT, 1), counted(Cause.AMOUNT, 2)) == ("1 amount changed", "2 amounts changed")
    assert counted(Cause.UNRATED, 1) == "1 record whose exchange rate is missing"


def test_a_deleted_deal_says_so(deal: Opportunity) -> None:
    row = shut()
    Opportunity.objects.all().delete()
    assert causes(row) == [(Cause.DELETED, Decimal(-100))]


def test_a_rep_moved_back_in_time_restates_their_teams_and_nobody_else(alice: Rep, deal: Opportunity) -> None:
    row, north = shut(), scopes.of(Membership.objects.get().team)
    Membership.objects.all().delete()
    south = make.team("South")
    make.membership(alice, south, since="2020-01-01")
    assert causes(row, north) == [(Cause.TEAM, Decimal(-100))]
    assert causes(row, scopes.of(south)) == [(Cause.TEAM, Decimal(100))]
    assert causes(row) == []


def test_a_deal_handed_over_says_so(alice: Rep, deal: Opportunity) -> None:
    row, bea = shut(), make.rep("Bea")
    make.credit(deal, **{str(bea.pk): 100})
    assert causes(row, scopes.of(alice)) == [(Cause.HANDED_OVER, Decimal(-100))]


def test_a_customer_in_another_region_says_so(alice: Rep, deal: Opportunity) -> None:
    west = make.region("West")
    customer = make.customer(region=west)
    Opportunity.objects.update(customer=customer)
    row = shut()
    type(customer).objects.update(region=make.region("South"))
    assert causes(row, scopes.of(west)) == [(Cause.REGION, Decimal(-100))]
