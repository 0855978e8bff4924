"""How fresh the numbers are is told truly."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.dashboards.boards import header, state
from apps.dashboards.boards.state import State
from tests import make
from tests.dashboards import world

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
TODAY = date(2025, 3, 14)


def made(*, counted_to: date | None = TODAY, waiting: timedelta | None = None) -> State:
    return State(1, NOW - timedelta(hours=3), counted_to, NOW - waiting if waiting else None, None, 0, None)


def notice(one: State) -> str:
    return header.notice(one, TODAY, NOW, one.counted_at)


def test_numbers_that_nothing_waits_for_are_fresh_however_long_ago_they_were_counted() -> None:
    assert notice(made()) == ""


def test_changes_may_wait_for_a_moment() -> None:
    assert notice(made(waiting=timedelta(seconds=90))) == ""


def test_changes_that_wait_for_minutes_are_said() -> None:
    assert "Changes are waiting: these numbers are from 6:00" in notice(made(waiting=timedelta(minutes=3)))


def test_a_day_that_is_not_counted_is_said() -> None:
    assert "reach only to Mar 13, 2025" in notice(made(counted_to=date(2025, 3, 13)))


def test_numbers_never_counted_are_said() -> None:
    assert "Nothing has been counted yet" in notice(made(counted_to=None))


@pytest.mark.django_db
def test_the_state_is_read_in_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    user = make.user()
    with django_assert_num_queries(1):
        setting, found = state.read(user)
    assert found == State(None, None, None, None, None, 0, None)
    assert (setting.organisation.name, setting.own_rep, setting.stages) == ("KPIBoard", None, ())
    rep = make.rep(user=user)
    make.deal(rep=rep)
    setting, found = state.read(user)
    assert found.waiting_since is not None and setting.own_rep == rep.pk
    assert [name for _pk, name in setting.stages] == ["Qualified", "Proposal", "Negotiation"]
    world.count()
    _setting, found = state.read(user)
    assert (found.counted_to_on, found.waiting_since) == (make.TODAY, None)


@pytest.mark.django_db
def test_a_day_is_the_latest_when_no_deal_changes_and_nothing_is_done_after_it() -> None:
    user, deal = make.user(), make.deal(rep=make.rep(), created="2025-03-01")
    days = [date(2025, 2, 28), date(2025, 3, 1), TODAY]
    assert [state.read(user)[1].is_latest(day) for day in days] == [False, True, True]
    call = make.activity(rep=deal.owner, opportunity=deal, done="2025-03-16")
    assert not any(state.read(user)[1].is_latest(day) for day in days)
    call.delete()
    make.change(deal, on="2025-03-20", stage="Won")
    assert not any(state.read(user)[1].is_latest(day) for day in days)
    assert made().is_latest(TODAY)
