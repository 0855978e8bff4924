"""Trees of objectives: where each stands by what the facts say, by what was told, and by its parts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.kpis import rollup
from apps.objectives import selectors
from apps.objectives.selectors import Node
from apps.reps.models import Rep, Team
from tests import make
from tests.people import People

ON = make.TODAY


@pytest.fixture
def facts(people: People) -> People:
    """Alice (North) won 600 and 300, Dave (South) 5,000; both made calls."""
    make.deal(rep=people.alice, won="2025-03-03", amount=600)
    make.deal(rep=people.alice, won="2025-01-15", amount=300)
    make.deal(rep=people.dave, won="2025-02-10", amount=5000)
    for n in range(4):
        make.activity(rep=people.alice, kind="call", done=f"2025-03-1{n}")
    rollup.drain(on=ON, wait=True)
    return people


def tree(root: Any, on: date = ON) -> Node:
    return selectors.trees([root.pk], on=on)[0]


def test_a_kpi_counts_exactly_its_days_against_its_own_target(facts: People) -> None:
    found = tree(make.objective(scope=facts.alice, kpi="revenue", start="2025-01-16", last="2025-03-03", target=1200))
    assert (found.standing.actual, found.standing.target, found.standing.attainment) == (600, 1200, Decimal("0.5"))
    assert found.standing.status == "missed"


def test_without_a_target_of_its_own_the_plans_counts(facts: People) -> None:
    one = make.objective(scope=facts.alice, kpi="revenue")
    assert (tree(one).standing.status, tree(one).standing.actual) == ("no_target", 900)
    for start, last in (("2025-01-01", "2025-01-31"), ("2025-02-01", "2025-02-28"), ("2025-03-01", "2025-03-31")):
        make.goal("revenue", facts.alice, start=start, last=last, target=600)
    assert (tree(one).standing.target, tree(one).standing.attainment) == (1800, Decimal("0.5"))


def test_a_whole_of_the_same_kpi_is_the_sum_of_its_parts(facts: People) -> None:
    whole = make.objective("Revenue", measured="parts")
    make.objective(scope=facts.north, kpi="revenue", target=1000, parent=whole)
    make.objective(scope=facts.south, kpi="revenue", target=4000, parent=whole)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target) == (5900, 5000)
    assert found.standing.is_met and found.by_parts and found.by_parts.is_sum and found.by_parts.met == 1


def test_a_whole_that_a_kpi_measures_keeps_its_own_number_beside_its_parts(facts: People) -> None:
    whole = make.objective("Revenue", kpi="revenue", target=10_000)
    make.objective(scope=facts.north, kpi="revenue", target=1000, parent=whole)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target) == (5900, 10_000)
    assert found.by_parts and (found.by_parts.standing.actual, found.by_parts.standing.target) == (900, 1000)


def test_other_units_are_weighed(facts: People) -> None:
    whole = make.objective("Win the north", facts.north, measured="parts")
    make.objective(scope=facts.alice, kpi="revenue", target=1800, parent=whole, weight=3)
    make.objective(scope=facts.alice, kpi="calls", target=4, parent=whole)
    make.objective("Open the shop", facts.north, parent=whole)
    found = tree(whole)
    assert found.standing.done == (3 * Decimal("0.5") + 1 + 0) / 5
    assert found.by_parts and not found.by_parts.is_sum


def test_finishing_a_part_moves_every_whole_above_it(facts: People) -> None:
    whole = make.objective("Win", measured="parts")
    middle = make.objective("Prepare", measured="parts", parent=whole)
    kit = make.objective("Kit", measured="checklist", parent=middle)
    steps = [make.step(kit), make.step(kit)]
    make.objective("Shop", parent=middle)
    assert [node.standing.done for node in tree(whole).all()] == [0, 0, 0, 0]
    steps[0].done_on = ON
    steps[0].save()
    assert [node.standing.done for node in tree(whole).all()] == [Decimal("0.25"), Decimal("0.25"), Decimal("0.5"), 0]


def test_what_was_told_counts_from_its_day_on_the_last_told_last(facts: People) -> None:
    one = make.objective("Partners", measured="number", unit="partners", target=10)
    make.check_in(one, 6, on="2025-03-10")
    make.check_in(one, 4, on="2025-03-01")
    assert [tree(one, date(2025, 3, day)).standing.actual for day in (2, 9, 10)] == [4, 4, 6]
    make.check_in(one, 5, on="2025-03-10")
    found = tree(one)
    assert found.standing.actual == 5 and found.told and found.told.value == 5


def test_steps_count_from_the_day_they_were_done(facts: People) -> None:
    kit = make.objective("Kit", measured="checklist")
    make.step(kit, done="2025-03-10")
    make.step(kit)
    assert [tree(kit, date(2025, 3, day)).standing.done for day in (9, 10)] == [0, Decimal("0.5")]


def test_yes_may_be_taken_back(facts: People) -> None:
    one = make.objective("Shop")
    make.check_in(one, 1, on="2025-03-01")
    assert tree(one).standing.is_met
    make.check_in(one, 0, on="2025-03-02")
    assert not tree(one).standing.is_met


def test_a_limit_and_a_way_down(facts: People) -> None:
    limit = make.objective(scope=facts.alice, kpi="calls", target=3, stay="below")
    assert tree(limit).standing.is_met is False and tree(limit).standing.done == 0
    down = make.objective(scope=facts.alice, kpi="sales_cycle", target=1, baseline=101)
    found = tree(down)
    assert found.figure and found.figure.figure.value is not None
    assert found.standing.done == (101 - found.figure.figure.value) / 100


def test_a_tree_costs_the_same_however_many_and_deep(facts: People) -> None:
    whole = make.objective("Win", measured="parts", start="2025-01-01", last="2025-12-31")
    for month in ("01", "02", "03"):
        part = make.objective(parent=whole, measured="parts", start=f"2025-{month}-01", last=f"2025-{month}-28")
        for kpi, rep in (("revenue", facts.alice), ("calls", facts.dave)):
            make.objective(scope=rep, kpi=kpi, target=100, parent=part, start=f"2025-{month}-01", last=f"2025-{month}-28")
    single = make.objective(scope=facts.alice, kpi="revenue", target=100)
    with CaptureQueriesContext(connection) as few:
        tree(single)
    with CaptureQueriesContext(connection) as many:
        assert len(list(tree(whole).all())) == 10
    assert len(many) <= len(few)


def test_a_managers_own_quota_is_not_counted_twice(facts: People) -> None:
    make.deal(rep=make.rep("Bob Berg", user=facts.bob, team=facts.north), won="2025-03-05", amount=100)
    rollup.drain(on=ON, wait=True)
    bob = facts.bob.rep
    whole = make.objective("Revenue", measured="parts")
    make.objective("Bob’s", bob, kpi="revenue", target=500, parent=whole)
    make.objective("North", facts.north, kpi="revenue", target=2000, parent=whole)
    make.objective("South", facts.south, kpi="revenue", target=3000, parent=whole)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target) == (1000 + 5000, 5000)
    assert [node.is_within for node in found.parts] == [True, False, False]


def test_months_within_their_quarter_and_the_same_twice_are_counted_once(facts: People) -> None:
    whole = make.objective("Revenue", measured="parts")
    for start, last in (("2025-01-01", "2025-03-31"), ("2025-03-01", "2025-03-31"), ("2025-01-01", "2025-03-31")):
        make.objective(scope=facts.alice, kpi="revenue", target=1000, start=start, last=last, parent=whole)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target) == (900, 1000)
    assert [node.is_within for node in found.parts] == [False, True, True]


def test_one_who_only_stands_beside_a_team_is_counted(facts: People) -> None:
    whole = make.objective("Revenue", measured="parts")
    make.objective(scope=facts.dave, kpi="revenue", target=1000, parent=whole)
    make.objective(scope=facts.north, kpi="revenue", target=1000, parent=whole)
    make.objective(scope=facts.alice, kpi="revenue", target=1000, start="2025-01-01", last="2025-03-31", parent=make.objective("Other", measured="parts"))
    assert (tree(whole).standing.actual, tree(whole).standing.target) == (5900, 2000)


def test_a_number_by_hand_is_what_its_parts_reached(facts: People) -> None:
    whole = make.objective("Partners", facts.north, measured="number", unit="partners", target=100)
    make.check_in(whole, 3)
    for value in (20, 50):
        make.check_in(make.objective(scope=facts.alice, measured="number", unit="Partners", target=30, parent=whole), value)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target, found.standing.attainment) == (70, 100, Decimal("0.7"))
    assert found.by_parts and found.by_parts.standing.target == 60


def test_numbers_that_do_not_say_what_they_count_are_not_added_up(facts: People) -> None:
    whole = make.objective(measured="parts")
    for target, value in ((12, 0), (1000, 1000)):
        make.check_in(make.objective(measured="number", target=target, parent=whole), value)
    found = tree(whole)
    assert found.standing.done == Decimal("0.5") and found.by_parts and not found.by_parts.is_sum


def test_what_was_told_of_other_days_or_taken_back_does_not_count(facts: People) -> None:
    one = make.objective("Partners", measured="number", target=10, start="2025-03-01")
    make.check_in(one, 9, on="2025-01-10")
    make.check_in(one, 4, on="2025-03-02")
    make.check_in(one, 8, on="2025-03-03", taken_back_at="2025-03-04T10:00Z")
    assert tree(one).standing.actual == 4


def test_what_has_not_begun_is_not_reached(facts: People) -> None:
    whole = make.objective(measured="parts", start="2025-04-01", last="2025-06-30")
    make.objective(scope=facts.alice, kpi="lost_opportunities", target=5, parent=whole, start="2025-04-01", last="2025-06-30")
    found = tree(whole)
    assert found.by_parts and (found.by_parts.met, found.standing.done, found.standing.status) == (0, 0, "too_early")


def test_a_limit_of_none_at_all_is_kept_or_broken(facts: People) -> None:
    one = make.objective(scope=facts.alice, kpi="lost_opportunities", target=0, stay="below")
    assert tree(one).standing.is_met
    make.deal(rep=facts.alice, lost="2025-03-10")
    rollup.drain(on=ON, wait=True)
    assert (tree(one).standing.is_met, tree(one).standing.status) == (False, "behind")


def test_regions_with_days_of_their_own_cost_no_question_for_each_window(facts: People) -> None:
    make.region_holiday(facts.region, "2025-03-05")

    def asked(*rows: Any) -> int:
        with CaptureQueriesContext(connection) as found:
            selectors.trees([row.pk for row in rows], on=ON)
        return len(found)

    rows = [make.objective(scope=facts.alice, kpi="revenue", target=9, start=f"2025-0{n}-03", last="2025-03-20") for n in (1, 2, 3)]
    assert asked(*rows) <= asked(rows[0])


def test_what_another_part_counts_is_left_out_only_where_that_one_counts(facts: People) -> None:
    whole = make.objective("Revenue", measured="parts")
    make.objective(scope=facts.north, kpi="revenue", parent=whole)  # without a target, and without a plan
    make.objective(scope=facts.alice, kpi="revenue", target=400, parent=whole)
    make.objective(scope=facts.dave, kpi="revenue", target=100, parent=whole)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target) == (5900, 500)
    assert found.by_parts and found.by_parts.without_target == 1


def test_who_stood_in_a_team_then_is_counted_there_whatever_became_of_them(facts: People) -> None:
    whole = make.objective("Revenue", measured="parts")
    make.objective(scope=facts.north, kpi="revenue", target=1000, parent=whole)
    make.objective(scope=facts.alice, kpi="revenue", target=600, parent=whole)
    before = tree(whole).standing
    make.move(facts.alice, facts.south, on="2025-04-10")
    rollup.drain(on=date(2025, 4, 20), wait=True)
    after = tree(whole, date(2025, 4, 20)).standing
    assert (before.actual, before.target) == (after.actual, after.target) == (900, 1000)


def test_who_came_into_a_team_in_the_middle_is_counted_and_said_to_be_partly_counted_there(facts: People) -> None:
    make.move(facts.dave, facts.north, on="2025-03-01")
    rollup.drain(on=ON, wait=True)
    whole = make.objective("Revenue", measured="parts")
    make.objective(scope=facts.north, kpi="revenue", target=1000, parent=whole)
    make.objective(scope=facts.dave, kpi="revenue", target=5000, parent=whole)
    found = tree(whole)
    assert (found.standing.actual, found.standing.target) == (900 + 5000, 6000)
    assert [(node.is_within, node.is_partly_within) for node in found.parts] == [(False, False), (False, True)]


def held_by_team(team: Team, rep: Rep) -> tuple[Decimal | None, Decimal | None]:
    """Where a whole stands of which a team and a rep are parts."""
    rollup.drain(on=ON, wait=True)
    whole = make.objective("Revenue", measured="parts")
    make.objective(scope=team, kpi="revenue", target=1000, parent=whole)
    make.objective(scope=rep, kpi="revenue", target=600, parent=whole)
    found = tree(whole).standing
    return found.actual, found.target


def test_who_moves_between_teams_below_one_stays_in_that_one(facts: People) -> None:
    nordics = make.team("Nordics")
    Team.objects.filter(pk__in=[facts.north.pk, facts.south.pk]).update(parent=nordics)
    make.move(facts.alice, facts.south, on="2025-02-01")
    actual, target = held_by_team(nordics, facts.alice)
    assert (actual, target) == (5900, 1000)


def test_who_left_the_company_stood_in_the_team_to_the_end(facts: People) -> None:
    facts.alice.left_on = date(2025, 3, 20)
    facts.alice.save()
    facts.alice.memberships.update(end_on="2025-03-20")
    assert held_by_team(facts.north, facts.alice) == (900, 1000)
