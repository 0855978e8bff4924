"""What must stay true when things break: a killed worker, a task sent twice, two workers at once, a missed night."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction

from apps.activities.models import Activity
from apps.core import periods
from apps.core.models import Period
from apps.customers.models import Customer, Subscription
from apps.kpis import carrying, layouts, locks, recounts, rollup, selectors, tasks
from apps.kpis.models import Count, DirtyCell, MeasureDay, Snapshot
from apps.opportunities.models import Opportunity, Stage
from apps.reps import scopes
from apps.reps.models import Rep
from tests import make
from tests.kpis.overlapping import at_once
from tests.script.waiting import until

ON = make.TODAY


def won(on: date = ON, period: str = "2025-Q1", scope: scopes.Scope | None = None) -> Decimal | None:
    scope = scope or scopes.company()
    return selectors.figures(["revenue"], [scope], periods.calendar().parse(period), on=on)["revenue", scope].value


def stored(row: MeasureDay | Snapshot, measure: str) -> Decimal:
    """One measure's sum out of a stored row."""
    return next(amount for key, amount, _excluded in layouts.layouts()[row.stream].amounts(row.amounts) if key == measure)


@pytest.fixture
def alice(db: None) -> Rep:
    return make.rep("Alice", team=make.team("North", region=make.region("Europe")))


def test_a_change_is_in_the_figures_once_drained(alice: Rep) -> None:
    make.deal(rep=alice, won="2025-03-03", amount=100)
    rollup.drain(on=ON)
    Opportunity.objects.update(amount=250)
    assert won() == 100
    rollup.drain(on=ON)
    assert won() == 250


def test_a_task_sent_twice_changes_nothing(alice: Rep) -> None:
    make.deal(rep=alice, won="2025-03-03", amount=100)
    tasks.drain()
    first = sorted(Snapshot.objects.values_list("kind", "scope", "grain", "start_on", "stream", "part", "amounts"))
    assert tasks.drain() == 0
    assert sorted(Snapshot.objects.values_list("kind", "scope", "grain", "start_on", "stream", "part", "amounts")) == first
    assert first


class Killed(BaseException):
    """What a worker that is killed never comes back from."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_recount_leaves_nothing_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = make.rep("Alice")
    make.deal(rep=alice, won="2025-03-03", amount=100)
    rollup.drain(on=ON)
    make.deal(rep=alice, won="2025-03-04", amount=50)
    notes, stored = DirtyCell.objects.count(), MeasureDay.objects.count()
    genuine = carrying.carry

    def die(*args: object, **kwargs: object) -> None:
        genuine(*args, **kwargs)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(carrying, "carry", die)
    with pytest.raises(Killed):
        rollup.drain(on=ON)
    assert (DirtyCell.objects.count(), MeasureDay.objects.count(), won()) == (notes, stored, 100)
    monkeypatch.setattr(carrying, "carry", genuine)
    rollup.drain(on=ON)
    assert won() == 150


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_only_one_worker_counts_at_a_time_and_the_other_goes_home() -> None:
    alice = make.rep("Alice")
    rollup.drain(on=ON)
    make.deal(rep=alice, won="2025-03-03", amount=100)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [locks.LOCK])
        counted: list[int] = []
        in_thread(lambda: counted.append(rollup.drain(on=ON))).join(timeout=30)
        assert counted == [0]
    assert rollup.drain(on=ON) > 0


# --- Many changes, source by source -----------------------------------------------------------------
def furnished() -> Rep:
    """Make somebody with a deal and calls, counted; then change all of it."""
    alice = make.rep("Alice", team=make.team("North"))
    make.deal(rep=alice, won="2025-03-03", created="2025-02-01", amount=100)
    for number in range(1, 9):
        make.activity(rep=alice, kind="call", done=f"2025-03-0{number}")
    rollup.drain(on=ON, wait=True)
    Opportunity.objects.update(amount=250)
    Activity.objects.update(kind="email")
    return alice


def counted() -> list[tuple[object, ...]]:
    return sorted(Snapshot.objects.values_list("kind", "scope", "grain", "start_on", "stream", "part", "amounts"))


@pytest.mark.django_db(transaction=True)
def test_two_workers_count_different_sources_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "MANY", 0)
    furnished()
    genuine, both = recounts.recount, threading.Barrier(2, timeout=20)
    met: list[str] = []

    def recount(source: str, cells: object, **kwargs: object) -> int:
        if source in ("deals", "activities") and source not in met:
            met.append(source)
            both.wait()  # neither goes on before the other has begun
        return genuine(source, cells, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(recounts, "recount", recount)
    other = in_thread(lambda: rollup.drain(on=ON, wait=True))
    rollup.drain(on=ON, wait=True)
    other.join(timeout=30)
    assert sorted(met) == ["activities", "deals"] and not DirtyCell.objects.exists() and won() == 250
    drained = counted()
    rollup.recount_all(on=ON)
    assert counted() == drained


@pytest.mark.django_db(transaction=True)
def test_a_source_that_another_counts_is_left_to_them_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "MANY", 0)
    furnished()
    left: list[set[str]] = []
    with locks.source_unit("deals") as is_ours:
        assert is_ours
        in_thread(lambda: (rollup.drain(on=ON), left.append(set(DirtyCell.objects.values_list("source", flat=True))))).join(timeout=30)
        assert left == [{"deals"}]
    assert rollup.drain(on=ON) > 0 and not DirtyCell.objects.exists() and won() == 250


@pytest.mark.django_db(transaction=True)
def test_who_is_kept_out_by_who_counts_alone_begins_anew_with_the_slowest_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "MANY", 0)
    furnished()
    genuine, batch = locks.source_unit, rollup._drain_batch
    asked: list[str] = []

    @contextmanager
    def kept_out_once(source: str) -> Iterator[bool | None]:
        asked.append(source)
        if len(asked) == 1:
            yield None
            return
        with genuine(source) as is_ours:
            yield is_ours

    def of_nothing(on: date, at: object) -> int:
        assert not DirtyCell.objects.exists()  # what can be counted source by source is not counted all at once
        return batch(on, at)  # type: ignore[arg-type]

    monkeypatch.setattr(rollup, "source_unit", kept_out_once)
    monkeypatch.setattr(rollup, "_drain_batch", of_nothing)
    rollup.drain(on=ON)
    assert asked[:3] == [rollup._slow_first()[0], *rollup._slow_first()[:2]]
    assert not DirtyCell.objects.exists() and won() == 250


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_counts_a_source_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "MANY", 0)
    furnished()
    genuine = carrying.carry

    def carry(*given: object, **named: object) -> None:
        genuine(*given, **named)  # type: ignore[arg-type]
        raise Killed

    monkeypatch.setattr(carrying, "carry", carry)
    with pytest.raises(Killed):
        rollup.drain(on=ON)
    monkeypatch.setattr(carrying, "carry", genuine)
    assert won() == 100 and DirtyCell.objects.filter(source="deals").exists()
    rollup.drain(on=ON)
    assert won() == 250


def test_many_changes_on_days_that_no_calendar_reaches_are_taken_all_the_same(alice: Rep, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "MANY", 2)
    rollup.drain(on=ON)
    for _number in range(4):
        make.activity(rep=alice, kind="call", done="2190-03-01")
    rollup.drain(on=ON, wait=True)
    assert not DirtyCell.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_write_that_commits_while_another_is_counted_is_counted_next(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = make.rep("Alice")
    rollup.drain(on=ON)
    make.deal(rep=alice, won="2025-03-03", amount=100)
    genuine = recounts.recount

    def recount(source: str, cells: object, **kwargs: object) -> int:
        count = genuine(source, cells, **kwargs)  # type: ignore[arg-type]
        if source == "deals" and Opportunity.objects.filter(amount=100).exists():
            in_thread(lambda: Opportunity.objects.update(amount=70)).join(timeout=30)
        return count

    monkeypatch.setattr(recounts, "recount", recount)
    rollup.drain(on=ON)
    assert won() == 70


def test_a_mover_takes_open_stock_along_and_leaves_nothing_behind(alice: Rep) -> None:
    north, south = scopes.parse("team:North"), scopes.of(make.team("South"))
    deal = make.deal(rep=alice, amount=100, created="2025-01-10")
    make.move(alice, make.Team.objects.get(name="South"), on="2025-02-15")
    rollup.drain(on=ON)

    def open_amount(scope: scopes.Scope, period: str) -> Decimal | None:
        return selectors.figures(["pipeline_value"], [scope], periods.calendar().parse(period), on=ON)["pipeline_value", scope].value

    assert [open_amount(north, period) for period in ("2025-01", "2025-02", "2025-Q1")] == [100, 0, 0]
    assert [open_amount(south, period) for period in ("2025-01", "2025-02", "2025-Q1")] == [0, 100, 100]
    make.change(deal, on="2025-03-01", stage="Won")
    rollup.drain(on=ON)
    assert [open_amount(scope, "2025-Q1") for scope in (north, south)] == [0, 0]
    assert won(scope=south) == 100


def test_a_shared_deal_counts_once_in_a_team_and_its_money_by_credit(alice: Rep) -> None:
    team = scopes.parse("team:North")
    ben = make.rep("Ben", team=make.Team.objects.get(name="North"))
    deal = make.deal(rep=alice, won="2025-03-03", amount=100)
    make.credit(deal, **{str(alice.pk): 60, str(ben.pk): 40})
    rollup.drain(on=ON)
    window = periods.calendar().parse("2025-03")
    found = selectors.figures(["deals_won", "revenue"], [team, scopes.of(alice), scopes.of(ben)], window, on=ON)
    assert [found["deals_won", scope].value for scope in (team, scopes.of(alice), scopes.of(ben))] == [1, 1, 1]
    assert [found["revenue", scope].value for scope in (team, scopes.of(alice), scopes.of(ben))] == [100, 60, 40]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_shared_first", [True, False])
def test_a_deal_that_is_shared_while_its_amount_changes_is_shared_at_the_new_amount(is_shared_first: bool) -> None:
    alice, ben = make.rep("Alice"), make.rep("Ben")
    deal = make.deal(rep=alice, won="2025-03-03", amount=100)
    rollup.drain(on=ON)

    def share() -> None:
        with transaction.atomic():
            make.credit(deal, **{str(alice.pk): 60, str(ben.pk): 40})

    def change() -> None:
        Opportunity.objects.filter(pk=deal.pk).update(amount=200)

    at_once(*((share, change) if is_shared_first else (change, share)))
    assert [won(scope=scopes.of(rep)) for rep in (alice, ben)] == [120, 80]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_moved_first", [True, False])
@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_written_while_its_customer_moves_is_counted_in_the_new_region(is_moved_first: bool, is_new: bool) -> None:
    alice, customer = make.rep("Alice"), make.customer(region=make.region("North"))
    deal = None if is_new else make.deal(rep=alice, customer=customer, created="2025-02-01", won="2025-03-01", amount=100)
    call = None if is_new else make.activity(rep=alice, customer=customer, done="2025-03-01")
    rollup.drain(on=ON)
    south = make.region("South")

    def write() -> None:
        if deal and call:
            Opportunity.objects.filter(pk=deal.pk).update(closed_on="2025-03-10", amount=200)
            Activity.objects.filter(pk=call.pk).update(completed_on="2025-03-10")
        else:
            make.deal(rep=alice, customer=customer, won="2025-03-10", amount=200)
            make.activity(rep=alice, customer=customer, done="2025-03-10")

    def move() -> None:
        Customer.objects.filter(pk=customer.pk).update(region=south)

    at_once(*((move, write) if is_moved_first else (write, move)))
    regions = [scopes.parse(f"region:{name}") for name in ("North", "South")]
    found = selectors.figures(["revenue", "calls"], regions, periods.calendar().parse("2025-03"), on=ON)
    assert [found[key, scope].value for key in ("revenue", "calls") for scope in regions] == [0, 200, 0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_moved_first", [True, False])
def test_a_subscription_written_while_its_customer_moves_is_counted_in_the_new_region(is_moved_first: bool) -> None:
    customer, south = make.customer(region=make.region("North")), make.region("South")
    subscription = make.subscription(rep=make.rep("Alice"), customer=customer, amount=100, started="2025-03-01")
    rollup.drain(on=ON)

    def write() -> None:
        Subscription.objects.filter(pk=subscription.pk).update(started_on="2025-03-05", amount=200)

    def move() -> None:
        Customer.objects.filter(pk=customer.pk).update(region=south)

    at_once(*((move, write) if is_moved_first else (write, move)))
    regions = [scopes.parse(f"region:{name}") for name in ("North", "South")]
    found = selectors.figures(["mrr", "subscriptions_started"], regions, periods.calendar().parse("2025-03"), on=ON)
    assert [found[key, scope].value or 0 for key in ("mrr", "subscriptions_started") for scope in regions] == [0, 200, 0, 1]


def is_waited_for() -> bool:
    """Whether another session waits for what this one has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))")
        [found] = cursor.fetchone()
    return bool(found)


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_moves_waits_for_who_writes_their_activities_and_not_the_other_way_round() -> None:
    alice, customer, south = make.rep("Alice"), make.customer(region=make.region("North")), make.region("South")
    deal = make.deal(rep=alice, customer=customer, created="2025-02-01")
    calls = [make.activity(rep=alice, customer=customer), make.activity(rep=alice, customer=customer, opportunity=deal)]
    has_begun, moved = threading.Event(), []

    def write() -> None:
        with transaction.atomic():
            Activity.objects.filter(pk=calls[0].pk).update(completed_on="2025-03-02")
            has_begun.set()
            assert until(is_waited_for)
            Activity.objects.filter(pk=calls[1].pk).update(completed_on="2025-03-02")  # its deal is written, too

    writer = in_thread(write)
    assert has_begun.wait(30)
    moved.append(Customer.objects.filter(pk=customer.pk).update(region=south))
    writer.join(30)
    assert moved == [1] and Activity.objects.filter(completed_on="2025-03-02").count() == 2


def test_nothing_to_divide_by_is_no_value_and_a_reason(alice: Rep) -> None:
    scope = scopes.of(alice)
    rollup.drain(on=ON)
    figure = selectors.figures(["win_rate"], [scope], periods.calendar().parse("2025-01"), on=ON)["win_rate", scope]
    assert figure.value is None and figure.reason


def test_deals_without_an_amount_are_left_out_and_counted(alice: Rep) -> None:
    make.deal(rep=alice, won="2025-03-03", amount=100)
    make.deal(rep=alice, won="2025-03-03", amount=None)
    rollup.drain(on=ON)
    scope = scopes.company()
    found = selectors.figures(["revenue", "average_deal_size", "deals_won"], [scope], periods.calendar().parse("2025-03"), on=ON)
    assert [(found[key, scope].value, found[key, scope].excluded) for key in ("revenue", "average_deal_size", "deals_won")] == [(100, 1), (100, 1), (2, 0)]


def test_a_missed_night_is_caught_up_by_the_next_drain(alice: Rep) -> None:
    make.deal(rep=alice, amount=100, created="2025-03-10")
    rollup.drain(on=ON)
    later = date(2025, 5, 2)
    rollup.drain(on=later)
    scope = scopes.company()
    for period in ("2025-04", "2025-05", "2025-Q2"):
        assert selectors.figures(["pipeline_value"], [scope], periods.calendar().parse(period), on=later)["pipeline_value", scope].value == 100
    assert Count.objects.get().counted_to_on == later


def test_growth_compares_with_the_same_elapsed_days_of_the_period_before(alice: Rep) -> None:
    make.deal(rep=alice, won="2025-01-10", amount=100)
    make.deal(rep=alice, won="2025-02-14", amount=40)  # inside the same 14 days of February
    make.deal(rep=alice, won="2025-02-20", amount=999)  # later than day 14: not yet comparable
    make.deal(rep=alice, won="2025-03-14", amount=50)
    rollup.drain(on=ON)
    scope = scopes.company()
    figure = selectors.figures(["sales_growth"], [scope], periods.calendar().parse("2025-03"), on=ON)["sales_growth", scope]
    assert (figure.numerator, figure.denominator, figure.value) == (10, 40, 25)


def test_writes_by_plain_sql_are_counted_too(alice: Rep) -> None:
    make.deal(rep=alice, won="2025-03-03", amount=100)
    rollup.drain(on=ON)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE opportunities_opportunity SET closed_on = '2025-02-03', amount = 30")
    rollup.drain(on=ON)
    assert (won(period="2025-03"), won(period="2025-02"), won(period="2025-Q1")) == (0, 30, 30)


def pipeline(period: str) -> Decimal | None:
    return selectors.figures(["pipeline_value"], [scopes.company()], periods.calendar().parse(period), on=ON)["pipeline_value", scopes.company()].value


def test_a_year_that_the_calendar_reaches_later_holds_what_stood_open_in_it(alice: Rep) -> None:
    make.deal(rep=alice, amount=500, created="2017-02-01")
    rollup.drain(on=ON)
    make.activity(rep=alice, done="2020-02-01")
    rollup.drain(on=ON)
    assert Period.objects.filter(grain="quarter", start_on="2020-01-01").exists()
    assert pipeline("2020-Q1") == 500


def test_years_that_no_worker_ran_in_are_there_afterwards(alice: Rep) -> None:
    make.deal(rep=alice, amount=500, created="2025-02-01")
    rollup.drain(on=ON)
    rollup.drain(on=date(2029, 1, 1))
    assert stored(Snapshot.objects.get(kind="company", grain="quarter", start_on="2028-01-01", stream="stages"), "open_amount") == 500


def test_a_deal_from_before_the_calendar_stands_open_until_it_closes(alice: Rep) -> None:
    make.deal(rep=alice, amount=500, created="1970-01-01")
    rollup.drain(on=ON)
    assert pipeline("2025-Q1") == 500
    Opportunity.objects.update(stage=make.stage("Won"), closed_on="2025-02-01")
    rollup.drain(on=ON)
    assert (pipeline("2025-01"), pipeline("2025-Q1")) == (500, 0)


def test_a_deal_that_closes_in_the_future_is_not_won_so_far(alice: Rep) -> None:
    make.deal(rep=alice, created="2025-02-01", won="2025-03-20")

    def won_so_far(on: date) -> Decimal | None:
        rollup.drain(on=on)
        return selectors.figures(["win_rate_created"], [scopes.company()], periods.calendar().parse("2025-Q1"), on=on)[
            "win_rate_created", scopes.company()
        ].value

    assert (won_so_far(ON), won_so_far(date(2025, 3, 19)), won_so_far(date(2025, 3, 20))) == (0, 0, 100)


def test_a_stage_that_changes_its_kind_takes_the_deals_that_were_in_it_along(alice: Rep) -> None:
    make.change(make.deal(rep=alice, amount=5, created="2025-01-05"), on="2025-02-10", stage="Proposal")
    company, calendar = scopes.company(), periods.calendar()

    def open_amounts() -> list[Decimal | None]:
        months = (calendar.parse(text) for text in ("2025-01", "2025-02"))
        return [selectors.figures(["pipeline_value"], [company], month, on=ON)["pipeline_value", company].value for month in months]

    rollup.drain(on=ON)
    assert open_amounts() == [5, 5]
    Stage.objects.filter(pk=make.stage().pk).update(kind="lost")
    rollup.drain(on=ON)
    assert open_amounts() == [0, 5]


def test_a_close_expected_beyond_the_calendar_is_counted_once_the_calendar_reaches_it(alice: Rep) -> None:
    make.deal(rep=alice, amount=500, created="2025-03-01", expected="2031-03-10")
    rollup.drain(on=ON)
    for day in (date(2029, 6, 1), date(2031, 1, 2)):
        rollup.drain(on=day)
    scope = scopes.company()
    found = selectors.figures(["pipeline_coverage"], [scope], periods.calendar().parse("2031-Q1"), on=date(2031, 1, 2))["pipeline_coverage", scope]
    assert found.numerator == 500
