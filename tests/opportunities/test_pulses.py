"""The pulse of open deals is what their states and activities say, and deals at risk are the same on any day as when counted one by one."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.activities.models import Activity
from apps.core import periods
from apps.opportunities import pulses, selectors
from apps.opportunities.models import Opportunity
from apps.reps.scopes import Scope
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, ON, Company, Play, calendar, days, play, steps

__all__ = ["calendar", "play"]  # fixtures

Row = tuple[int, int, int, int, int, Decimal | None]


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(cursor.fetchall(), key=repr)


def touch(doings: list[tuple[int, date, date | None]]) -> None:
    """Do something about deals, then move some of it to another day or another deal, and take some back."""
    deals = list(Opportunity.objects.order_by("pk"))
    for n, day, other in doings:
        if not deals:
            return
        one = make.activity(rep=deals[n % len(deals)].owner, opportunity=deals[n % len(deals)], done=None if n % 5 == 4 else day, due=day)
        if other is None:
            one.delete()
        elif n % 3:
            Activity.objects.filter(pk=one.pk).update(completed_on=other, opportunity=deals[(n + 1) % len(deals)])


def endangered(world: oracle.World, scope: Scope, on: date) -> set[Row]:
    """Go through every deal: open on the day, and overdue, or pushed out twice, or without a sign of life for a fortnight."""
    done = [activity for activity in Activity.objects.all() if activity.completed_on and activity.completed_on <= on]
    found = set()
    for deal in world.deals:
        state = world.state(deal, on)
        region = deal.customer.region_id if deal.customer else None
        if not state or state.stage.kind != "open":
            continue
        credited = scope.kind == "rep" and any(row.rep_id == scope.id for row in deal.credits.all())
        if not (world.holds(scope, state.owner_id, region, on) or credited):
            continue
        expected = [one.expected_close_on for one in world.versions[deal.pk] if one.valid_from <= on]
        pushed = sum(bool(before and after and after > before) for before, after in pairwise(expected))
        overdue = max((on - state.expected_close_on).days, 0) if state.expected_close_on else 0
        idle = (on - max([state.valid_from, *(one.completed_on for one in done if one.opportunity_id == deal.pk and one.completed_on)])).days
        if overdue or pushed >= 2 or (done and idle > 14):
            found.add((deal.pk, state.stage_id, overdue, idle, pushed, state.amount))
    return found


@EXAMPLES
@given(history=steps, doings=st.lists(st.tuples(st.integers(0, 20), days, st.one_of(st.none(), days)), max_size=6), on=days)
def test_pulses_are_what_states_and_activities_say(calendar: periods.Calendar, play: Play, history: list[Any], doings: list[Any], on: date) -> None:
    def proof(company: Company) -> None:
        touch(doings)
        assert rows(f"SELECT {pulses.COLUMNS} FROM {pulses.PULSE}") == rows(pulses.rows(pulses.VERSION))
        world, stages = oracle.World(), {stage.name: stage.pk for stage in company.stages.values()}
        [(last,)] = rows(f"SELECT greatest((SELECT max(valid_from) FROM {pulses.VERSION}), (SELECT max(completed_on) FROM {pulses.ACTIVITY}))")
        for day in (ON, on):
            for scope in company.scopes:
                found = selectors.at_risk(scope, on=day, limit=100)
                told = {(deal.id, stages[deal.stage], deal.overdue_days, deal.idle_days, deal.pushes, deal.amount) for deal in found.deals}
                assert told == endangered(world, scope, day), (scope.key, day)
                assert found.amount == sum(deal.amount or 0 for deal in found.deals)
                if last is None or last <= day:
                    assert selectors.attention(scope, on=day, since=day, at_risk=100, changes=1, is_latest=True).at_risk == found

    play(history, set(), proof)


@pytest.mark.django_db
def test_a_state_that_sql_moves_to_another_deal_takes_its_pulse_along() -> None:
    one, other = (make.deal(rep=make.rep(), created="2025-01-02") for _number in range(2))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM opportunities_opportunityversion WHERE opportunity_id = %s", [other.pk])
        cursor.execute("UPDATE opportunities_opportunityversion SET opportunity_id = %s", [other.pk])
    assert rows(f"SELECT opportunity_id FROM {pulses.PULSE}") == [(other.pk,)]


@pytest.mark.django_db
def test_a_deal_that_is_expected_on_the_last_of_all_days_has_its_pulse() -> None:
    deal = make.deal(rep=make.rep(), created="2025-01-02", expected="9999-12-31", amount=None)
    assert (deal.pulse.expected_close_on, deal.pulse.risky_on) == (date.max, date(2025, 1, 17))
