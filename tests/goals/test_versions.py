"""Every version of a goal is kept, and a day is held against the targets of that day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from apps.core import authorship, periods
from apps.core.models import Organisation
from apps.goals import rows, selectors, services, versions
from apps.goals.models import Goal, GoalVersion
from apps.goals.rows import Span
from apps.kpis import rollup
from apps.reps import scopes
from tests import make
from tests.conftest import Day
from tests.kpis.histories import EXAMPLES, undone
from tests.people import People

FIRST, LAST = date(2025, 1, 1), date(2025, 3, 31)
DAYS = [date(2025, 3, 25) + timedelta(days=n) for n in range(14)]
QUARTER = "2025-Q1"


def hold_against(how: str) -> None:
    organisation = Organisation.get()
    organisation.targets_as = how
    organisation.save()


def targets(on: date) -> list[Decimal]:
    return [row.target for row in rows.read(Span([scopes.company(Organisation.get())], FIRST, LAST), on=on)]


# --- What is kept ---------------------------------------------------------------------------------------
def test_every_change_keeps_who_when_from_what_to_what_and_why(people: People, day: Day) -> None:
    day.to("2025-03-10")
    with authorship.written(by=people.carol.pk, reason="Budget"):
        goal = make.goal(target=100)
    with authorship.written(by=people.erin.pk, reason="New product"):
        Goal.objects.update(target=150)
    with authorship.written(by=people.carol.pk, reason="Merged"):
        Goal.objects.all().delete()
    found = [(one.by, one.reason, one.before, one.after) for one in versions.history(goal)]
    carol, erin = str(people.carol), str(people.erin)
    assert found == [(carol, "Merged", Decimal(150), None), (erin, "New product", Decimal(100), Decimal(150)), (carol, "Budget", None, Decimal(100))]


def test_what_plain_sql_writes_is_kept_too_and_nobody_is_named(db: None) -> None:
    make.goal(target=100)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE goals_goal SET target = 200; DELETE FROM goals_goal")
    kept = GoalVersion.objects.values_list("target", "set_by", "reason", "ended_by")
    assert list(kept) == [(100, None, "", None), (200, None, "", None)]
    assert not GoalVersion.objects.filter(ended_on=None).exists()


def test_saving_a_goal_as_it_is_makes_no_version(db: None) -> None:
    make.goal(target=100).save()
    assert GoalVersion.objects.count() == 1


def test_nothing_is_kept_of_what_was_rolled_back(db: None) -> None:
    with pytest.raises(KeyError), transaction.atomic():
        make.goal(target=100)
        raise KeyError
    assert not GoalVersion.objects.exists()


def test_who_writes_is_told_for_one_transaction_only(people: People) -> None:
    with authorship.written(by=people.carol.pk, reason="outer"):
        with authorship.written(by=people.erin.pk, reason="inner"):
            make.goal(start="2025-01-01", target=1)
        make.goal(start="2025-01-02", target=2)
    make.goal(start="2025-01-03", target=3)
    kept = GoalVersion.objects.order_by("target").values_list("set_by", "reason")
    assert list(kept) == [(people.erin.pk, "inner"), (people.carol.pk, "outer"), (None, "")]


def test_targets_set_together_keep_one_reason(people: People) -> None:
    window = periods.calendar().parse(QUARTER)
    services.set_targets("revenue", window, {scopes.company(): Decimal(5), scopes.of(people.north): Decimal(3)}, by=people.carol.pk, reason="Plan of the year")
    assert set(GoalVersion.objects.values_list("set_by", "reason")) == {(people.carol.pk, "Plan of the year")}


# --- What counts ------------------------------------------------------------------------------------------
def test_looking_back_shows_the_target_of_that_day(db: None, day: Day) -> None:
    day.to("2025-02-01")
    make.goal(target=100)
    day.to("2025-03-01")
    Goal.objects.update(target=300)
    day.to("2025-04-20")
    assert [targets(date(2025, month, 15)) for month in (1, 2, 3, 4)] == [[100], [100], [300], [300]]


def test_a_past_result_is_held_against_what_the_admin_chose(db: None, day: Day) -> None:
    alice = make.rep("Alice")
    make.deal(rep=alice, won="2025-03-03", amount=90)
    day.to("2025-02-01")
    make.goal(scope=alice, target=100)
    on = day.to("2025-04-20")
    Goal.objects.update(target=300)
    rollup.drain(on=on)
    window, scope = periods.calendar().parse(QUARTER), scopes.of(alice)

    def found() -> tuple[Decimal | None, list[date | None]]:
        one = selectors.figures(["revenue"], [scope], window, on=on)["revenue", scope]
        assert one.progress
        return one.progress.attainment, [goal.ended_on for goal in one.goals]

    assert found() == (Decimal("0.3"), [None])
    hold_against("in_force")
    assert found() == (Decimal("0.9"), [on])


def test_a_target_that_was_taken_away_afterwards_stays_where_results_are_held_against_those_in_force(db: None, day: Day) -> None:
    hold_against("in_force")
    day.to("2025-02-01")
    make.goal(target=100)
    day.to("2025-04-20")
    Goal.objects.all().delete()
    make.goal(target=500)
    assert targets(date(2025, 4, 20)) == [100]
    hold_against("latest")
    assert targets(date(2025, 4, 20)) == [500]


def test_a_target_for_days_long_past_counts_although_nobody_had_entered_it(db: None, day: Day) -> None:
    day.to("2026-05-01")
    make.goal(target=100)
    for how in ("latest", "in_force"):
        hold_against(how)
        assert targets(date(2025, 3, 31)) == targets(date(2026, 5, 1)) == [100]


def test_a_goal_that_was_given_to_somebody_else_was_never_theirs_before(db: None, day: Day) -> None:
    ann, bea = (scopes.of(make.rep(name)) for name in ("Ann", "Bea"))
    day.to("2025-02-01")
    make.goal(scope=ann, target=7)
    day.to("2025-03-01")
    Goal.objects.update(rep=bea.id)
    on = date(2025, 2, 15)
    assert [[row.target for row in rows.read(Span([scope], FIRST, LAST), on=on)] for scope in (ann, bea)] == [[7], []]
    assert [row.rep_id for row in rows.read(Span([ann, bea], FIRST, LAST), on=on)] == [ann.id]
    assert [row.rep_id for row in rows.read(Span([ann, bea], FIRST, LAST), on=date(2025, 3, 1))] == [bea.id]


def test_where_a_target_was_taken_away_there_was_none_until_it_was_set_again(db: None, day: Day) -> None:
    day.to("2025-02-01")
    make.goal(target=50)
    day.to("2025-02-10")
    Goal.objects.all().delete()
    day.to("2025-03-01")
    make.goal(target=99)
    assert [targets(date(2025, month, n)) for month, n in ((1, 20), (2, 5), (2, 20), (3, 5))] == [[50], [50], [], [99]]


Events = list[tuple[date, int | None]]


def as_of(events: Events, moment: date) -> int | None:
    """The slow way: what stood at the end of the day; where nothing had ever stood by then, the first that stood at the end of a later one."""
    ends: dict[date, int | None] = {}
    for on, target in events:
        ends[on] = target
    before = [target for on, target in ends.items() if on <= moment]
    if any(target is not None for target in before):
        return before[-1]
    return next((target for on, target in ends.items() if on > moment and target is not None), None)


@given(st.lists(st.tuples(st.sampled_from(DAYS), st.one_of(st.none(), st.integers(1, 9))), max_size=8), st.sampled_from(["latest", "in_force"]))
@EXAMPLES
@pytest.mark.django_db
def test_any_history_read_as_of_any_day_says_what_a_replay_says(day: Any, events: Events, how: str) -> None:
    events.sort(key=lambda event: event[0])
    with undone():
        hold_against(how)
        for on, target in events:
            day.to(on)
            if target is None:
                Goal.objects.all().delete()
            elif not Goal.objects.update(target=target):
                make.goal(start=FIRST, last=LAST, target=target)
        for on in DAYS:
            wanted = as_of(events, min(on, LAST) if how == "in_force" else on)
            assert targets(on) == ([wanted] if wanted else [])
