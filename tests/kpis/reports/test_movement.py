"""The movement of recurring revenue adds up, in every scope and over any window, and opens into its records."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import rollup, selectors
from apps.kpis.reports import movement
from apps.reps import scopes
from tests import make, oracle
from tests.kpis import converting
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, amounts, days, which

KINDS = (
    *("subscription", "subscription", "subscription passes", "subscription passes", "subscription is another's"),
    *("subscription costs", "subscription ends", "move rep", "customer moves", "team moves"),
    *converting.SUBSCRIPTIONS,
    *converting.RATES,
)
histories = st.lists(st.tuples(st.sampled_from(KINDS), which, which, days, days, amounts), min_size=5, max_size=20)


@EXAMPLES
@given(history=histories, on=st.sampled_from([ON, date(2025, 2, 10), date(2024, 12, 31)]), period=st.sampled_from(WINDOWS))
def test_every_statement_balances_with_what_the_oracle_counts(calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        for scope in company.scopes:
            found = movement.statement(scope, window, on=on, calendar=calendar)
            assert found.is_balanced, (scope.key, found)
            for part in found.changes[:-1]:
                counted = oracle.amount(world, part.key, scope, window.start_on, window.end_on, on)
                assert round(abs(part.amount), 4) == round(abs(counted), 4), (scope.key, part)
                assert movement.records(found, part.key).total == abs(part.amount) or part.key in ("mrr_passed", "mrr_unrated")
            at_start = oracle.amount(world, "mrr", scope, date.min, min(window.start_on, on + timedelta(days=1)), on)
            assert found.start.amount == at_start
            assert movement.records(found, "start").total == at_start
            assert scope.kind in ("team", "region") or found.changes[-1].amount == 0

    play(history, set(), proof)


@EXAMPLES
@given(history=histories, grain=st.sampled_from(["week", "month", "quarter"]))
def test_step_by_step_it_balances_and_goes_on_where_it_ended(calendar: periods.Calendar, play: Play, history: list[Any], grain: str) -> None:
    window = calendar.parse("2024-12-05..2025-03-20")

    def proof(company: Company) -> None:
        for scope in company.scopes:
            found = movement.statements(scope, window, grain, on=ON, calendar=calendar)
            whole = movement.statement(scope, window, on=ON, calendar=calendar)
            assert all(one.is_balanced for one in found)
            assert [found[0].start.amount, found[-1].end.amount] == [whole.start.amount, whole.end.amount]
            for number, part in enumerate(whole.changes):
                assert sum(one.changes[number].amount for one in found) == part.amount, part.key

    play(history, set(), proof)


def lines(scope: scopes.Scope, period: str) -> dict[str, int]:
    found = movement.statement(scope, periods.calendar().parse(period), on=ON)
    return {part.key: int(part.amount) for part in found.parts if part.amount}


def test_what_passes_from_one_rep_to_another_is_neither_lost_nor_new(db: None) -> None:
    team = make.team("North")
    ann, ben = make.rep("Ann", team=team), make.rep("Ben", team=team)
    customer = make.customer(owner=ann)
    make.subscription(rep=ann, customer=customer, amount=100, started="2025-01-10", ended="2025-03-01")
    make.subscription(rep=ben, customer=customer, amount=130, started="2025-03-01")
    rollup.drain(on=ON)
    assert lines(scopes.of(ann), "2025-03") == {"start": 100, "mrr_passed": -100}
    assert lines(scopes.of(ben), "2025-03") == {"mrr_expansion": 30, "mrr_passed": 100, "end": 130}
    assert lines(scopes.of(team), "2025-03") == {"start": 100, "mrr_expansion": 30, "end": 130}


def test_a_rep_who_changes_teams_takes_it_along(db: None) -> None:
    north, south = make.team("North"), make.team("South")
    ann = make.rep("Ann", team=north)
    make.subscription(rep=ann, amount=100, started="2025-01-10")
    make.move(ann, south, on="2025-02-15")
    rollup.drain(on=ON)
    assert lines(scopes.of(north), "2025-02") == {"start": 100, "moved": -100}
    assert lines(scopes.of(south), "2025-02") == {"moved": 100, "end": 100}
    statement = movement.statement(scopes.of(south), periods.calendar().parse("2025-02"), on=ON)
    assert [(one.name, one.day, one.amount) for one in movement.movers(statement)] == [("Ann", date(2025, 2, 15), 100)]


def test_who_pays_through_two_reps_is_one_account_of_their_team(db: None) -> None:
    team = make.team("North")
    ann, ben = make.rep("Ann", team=team), make.rep("Ben", team=team)
    customer = make.customer(owner=ann)
    make.subscription(rep=ann, customer=customer, amount=100, started="2025-01-10")
    make.subscription(rep=ben, customer=customer, amount=20, started="2025-02-10")
    rollup.drain(on=ON)
    found = selectors.figures(["arpa"], [scopes.of(row) for row in (ann, ben, team)], periods.calendar().parse("2025-03"), on=ON)
    assert [int(figure.value or 0) for figure in found.values()] == [100, 20, 120]
