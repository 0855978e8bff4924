"""A team as its members of one day make it: every sum is the oracle's and its records', and nothing is counted for anybody else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, reading, rollup, selectors
from apps.kpis.declarations import Basis, Kpi, Use
from apps.kpis.looks import used, windows_of
from apps.reps import scopes
from apps.reps.models import Rep
from apps.reps.scopes import Scope, regrouped
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, KINDS, ON, WINDOWS, Company, Play, amounts, days, which

MORE = ("move rep", "rep leaves", "rep comes back", "customer moves", "credit", "credit", "create closed")
steps = st.lists(st.tuples(st.sampled_from((*KINDS, *MORE, *MORE)), which, which, days, days, amounts), min_size=4, max_size=16)
STAYING = [kind for kind in KINDS if "move" not in kind and kind != "rep leaves"]
drains = st.sets(st.integers(0, 15))
members_days = st.sampled_from([ON, ON, date(2025, 2, 10)])


def pass_on(company: Company, history: list[Any]) -> None:
    """Let reps leave and come back; everything else was played already."""
    for kind, _n, m, day, other, _amount in history:
        rep = company.pick(company.reps, m)
        if kind == "rep leaves":
            Rep.objects.filter(pk=rep.pk, hired_on__lt=max(day, other)).update(left_on=max(day, other))
        elif kind == "rep comes back":
            Rep.objects.filter(pk=rep.pk).update(left_on=None)


def groups(company: Company, members_on: date) -> list[Scope]:
    return [regrouped(scope, members_on) for scope in company.scopes if scope.kind in scopes.REGROUPED]


def settle(company: Company, history: list[Any]) -> None:
    pass_on(company, history)
    rollup.drain(on=ON)


def covering(kind: str) -> list[Kpi]:
    """KPIs of a kind of scope that read, between them, every measure over every window that any of them reads: the others open into the same records."""
    found, read = [], set[Use]()
    for one in sorted(catalogue.KPIS.values(), key=lambda one: -len(one.uses)):
        if kind in one.scopes and not read.issuperset(one.uses):
            found.append(one)
            read.update(one.uses)
    return found


@EXAMPLES
@given(history=steps, drains=drains, on=st.sampled_from([ON, date(2025, 2, 10), date(2024, 12, 31)]), period=st.sampled_from(WINDOWS), members_on=members_days)
def test_every_sum_is_the_oracles(
    calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], on: date, period: str, members_on: date
) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        settle(company, history)
        world, asked = oracle.World(), [scopes.company(), *groups(company, members_on)]
        found = reading.amounts(catalogue.MEASURES, asked, window, on=on)
        for scope in asked:
            sums = found.of(scope)
            for measure in catalogue.MEASURES:
                expected = oracle.amount(world, measure, scope, window.start_on, window.end_on, on)
                assert round(sums[measure], 4) == round(expected, 4), (measure, scope.key, period, on, members_on)

    play(history, drains, proof)


@EXAMPLES
@given(history=steps, on=st.sampled_from([ON, date(2025, 2, 10)]), period=st.sampled_from(WINDOWS), members_on=members_days)
def test_every_figure_is_the_sum_of_its_records(calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str, members_on: date) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        settle(company, history)
        asked = groups(company, members_on)[::3]
        looks = windows_of(catalogue.KPIS.values(), window, on, calendar)
        sums = {basis: reading.amounts(used(catalogue.KPIS.values(), basis), asked, look, on=until) for basis, (look, until) in looks.items()}
        for scope in asked:
            for one in covering(scope.kind):
                for use, records in zip(one.uses, selectors.records(one.key, scope, window, on=on, limit=10_000), strict=True):
                    found = sums[use.basis]
                    assert round(found.of(scope)[use.measure], 4) == round(records.total, 4), (one.key, use, scope.key)
                    assert sum(row.amount for row in records.rows) == records.total
                    if use.basis == Basis.NOW:
                        assert found.left_out(scope)[use.measure] == records.excluded, (one.key, use, scope.key)

    play(history, set(), proof)


@EXAMPLES
@given(history=steps, period=st.sampled_from(WINDOWS), members_on=members_days)
def test_teams_add_up_to_the_company_less_what_is_nobodys(calendar: periods.Calendar, play: Play, history: list[Any], period: str, members_on: date) -> None:
    """Of what a rep's credits split, the teams at the top hold together all of the company's but what is of reps who are in no team on the day."""
    window = calendar.parse(period)
    split = ("won_amount", "lost_amount", "open_amount", "weighted_amount", "order_amount", "calls", "mrr", "mrr_new", "rep_days")

    def proof(company: Company) -> None:
        settle(company, history)
        world = oracle.World()
        tops = [regrouped(scopes.of(team), members_on) for team in company.teams if team.parent_id is None]
        outside = [scopes.of(rep) for rep in Rep.objects.all() if not world.teams_of_member(rep.pk, members_on)]
        found = reading.amounts(split, [scopes.company(), *tops, *outside], window, on=ON)
        for key in split:
            of_nobody = sum((found.of(rep)[key] for rep in outside), Decimal(0))
            assert sum(found.of(team)[key] for team in tops) == found.of(scopes.company())[key] - of_nobody, key

    play(history, set(), proof)


@EXAMPLES
@given(history=st.lists(st.tuples(st.sampled_from(STAYING), which, which, days, days, amounts), min_size=4, max_size=12))
def test_where_nobody_ever_moves_or_leaves_both_views_are_equal(calendar: periods.Calendar, play: Play, history: list[Any]) -> None:
    window = calendar.parse("2025-Q1")

    def proof(company: Company) -> None:
        plain = [scope for scope in company.scopes if scope.kind in scopes.REGROUPED]
        then, today = (reading.amounts(catalogue.MEASURES, some, window, on=ON) for some in (plain, groups(company, ON)))
        for scope in plain:
            assert {k: v for k, v in then.of(scope).items() if v} == {k: v for k, v in today.of(scope).items() if v}, scope.key

    play(history, set(), proof)


@pytest.fixture
def moved(calendar: periods.Calendar) -> dict[str, Any]:
    """Ann won 100 in North and went South in February; Ben won 30 in South, and Cas, who left in March, 7 in North."""
    north, south = make.team("North"), make.team("South")
    ann, ben = make.rep("Ann", team=north), make.rep("Ben", team=south)
    cas = make.rep("Cas", team=north, left="2025-03-03")
    make.deal(rep=ann, won="2025-01-15", amount=100)
    make.deal(rep=ann, created="2025-01-15", amount=11)
    make.deal(rep=ben, won="2025-01-15", amount=30)
    make.deal(rep=cas, won="2025-01-15", amount=7)
    make.move(ann, south, on="2025-02-15")
    rollup.drain(on=ON)
    return {"north": scopes.of(north), "south": scopes.of(south)}


@pytest.mark.parametrize(("key", "then", "today"), [("revenue", (107, 30), (0, 130)), ("pipeline_value", (0, 11), (0, 11)), ("deals_won", (2, 1), (0, 2))])
def test_a_mover_brings_their_past_along_and_a_leaver_takes_it_away(moved: dict[str, Any], key: str, then: Any, today: Any) -> None:
    window, teams = periods.calendar().parse("2025-Q1"), [moved["north"], moved["south"]]
    for expected, asked in ((then, teams), (today, [regrouped(team, ON) for team in teams])):
        found = selectors.figures([key], asked, window, on=ON)
        assert [found[key, scope].value for scope in asked] == list(expected)


def test_the_stock_of_a_past_day_is_that_of_the_members_of_today(moved: dict[str, Any]) -> None:
    january, on = periods.calendar().parse("2025-01"), date(2025, 1, 31)
    asked = [moved["north"], regrouped(moved["north"], None), *(regrouped(moved[name], ON) for name in ("north", "south"))]
    assert [selectors.figures(["pipeline_value"], [scope], january, on=on)["pipeline_value", scope].value for scope in asked] == [11, 11, 0, 11]


def test_however_much_is_asked_it_is_one_query_more(moved: dict[str, Any]) -> None:
    window, calendar = periods.calendar().parse("2025-Q1"), periods.calendar()
    keys, teams = ["revenue", "pipeline_value", "win_rate", "calls"], [moved["north"], moved["south"]]

    def queries(scopes: list[Scope]) -> int:
        with CaptureQueriesContext(connection) as found:
            book = selectors.open_book(
                [
                    *selectors.needs(keys, scopes, window, on=ON, calendar=calendar),
                    *(need for scope in scopes for need in selectors.needs_of_series(keys, scope, window, "week", on=ON, calendar=calendar)),
                ]
            )
            selectors.figures(keys, scopes, window, on=ON, calendar=calendar, book=book)
            for scope in scopes:
                selectors.several_series(keys, scope, window, "week", on=ON, calendar=calendar, book=book)
        return len(found)

    assert (queries(teams), queries([regrouped(team, ON) for team in teams])) == (1, 2)


def test_a_team_as_it_was_and_regrouped_are_not_asked_at_once(moved: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="one after the other"):
        selectors.figures(["revenue"], [moved["north"], regrouped(moved["north"], ON)], periods.calendar().parse("2025-Q1"), on=ON)


def test_the_company_and_reps_are_the_same_either_way(moved: dict[str, Any]) -> None:
    rep = scopes.of(Rep.objects.get(name="Ann"))
    assert (regrouped(scopes.company(), ON), regrouped(rep, ON)) == (scopes.company(), rep)


def test_a_deal_that_two_members_share_counts_once(calendar: periods.Calendar) -> None:
    east, west = make.region("East"), make.region("West")
    north, south = make.team("North", region=east), make.team("South", region=west)
    ann, ben = make.rep("Ann", team=north), make.rep("Ben", team=south)
    for customer in (None, make.customer("Far", region=east)):
        make.credit(make.deal(rep=ann, won="2025-01-15", amount=100, customer=customer), **{str(ann.pk): 60, str(ben.pk): 40})
    make.move(ann, south, on="2025-02-15")
    rollup.drain(on=ON)
    asked = [regrouped(scopes.of(row), ON) for row in (north, south, east, west)]
    for period in ("2025-Q1", "2025-01", "2025-01-02..2025-01-20"):
        found = selectors.figures(["deals_won", "revenue"], asked, calendar.parse(period), on=ON)
        assert [found["deals_won", scope].value for scope in asked] == [0, 2, 1, 1]
        assert [found["revenue", scope].value for scope in asked] == [0, 200, 100, 100]
