"""The median beside an average is that of the very records it is an average of, by plain Python."""

from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.kpis import catalogue, rollup, selectors
from apps.kpis.declarations import Kpi
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from apps.reps.models import Rep
from apps.reps.scopes import Scope, regrouped
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, ON, WINDOWS, Company, Play, amounts, days, which

AVERAGES = [kpi for kpi in catalogue.KPIS.values() if kpi.has_median]
WRITES = ("create closed", "create closed", "close", "create", "owner", "credit", "lead", "lead", "touch", "touch", "move rep", "customer moves")
steps = st.lists(st.tuples(st.sampled_from(WRITES), which, which, days, days, amounts), min_size=6, max_size=20)


def test_the_averages_that_the_specification_names_have_one() -> None:
    assert {"sales_cycle", "lead_response_time", "time_to_convert"} <= {kpi.key for kpi in AVERAGES}


def by_hand(world: oracle.World, kpi: Kpi, scope: Scope, window: periods.Window, on: date) -> Decimal | None:
    facts = oracle.facts(world, kpi.measures[0], window.start_on, window.end_on, on)
    mine = [Decimal(fact.amount) for fact in facts if fact.amount is not None and world.share(scope, fact, fact.day)]
    return median(mine) if mine else None


def of_lists(kpi: Kpi, scope: Scope, window: periods.Window, on: date) -> Decimal | None:
    """The median of the lists that the figure opens into: what each record that is counted adds, or nothing."""
    added, counted = selectors.records(kpi.key, scope, window, on=on, limit=10_000)
    adds = {row.id: row.amount for row in added.rows}
    mine = [adds.get(row.id, Decimal(0)) for row in counted.rows if not row.is_excluded]
    return median(mine) if mine else None


@EXAMPLES
@given(history=steps, on=st.sampled_from([ON, date(2025, 2, 10)]), period=st.sampled_from(WINDOWS))
def test_a_median_is_that_of_its_records_in_every_scope(calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        world = oracle.World()
        for kpi in AVERAGES:
            for scope in (*company.scopes, *(regrouped(scope, ON) for scope in company.scopes if scope.kind in scopes.REGROUPED)):
                found = selectors.median(kpi.key, scope, window, on=on)
                found = None if found is None else round(found, 4)
                for expected in (by_hand(world, kpi, scope, window, on), of_lists(kpi, scope, window, on)):
                    assert found == (None if expected is None else round(expected, 4)), (kpi.key, scope.key, scope.members_on, period)

    play(history, set(), proof)


def won(rep: Rep, cycle: int) -> Opportunity:
    return make.deal(rep=rep, won="2025-03-10", created=date(2025, 3, 10 - cycle) if cycle < 10 else date(2025, 1, 1))


def cycle(scope: Scope, period: str = "2025-03") -> Decimal | None:
    return selectors.median("sales_cycle", scope, periods.calendar().parse(period), on=ON)


def test_a_deal_won_on_the_day_it_came_is_one_of_those_in_the_middle(calendar: periods.Calendar) -> None:
    rep = make.rep()
    for length in (0, 0, 3, 9):
        won(rep, length)
    assert cycle(scopes.company()) == Decimal("1.5")
    won(rep, 0)
    assert cycle(scopes.company()) == 0
    assert cycle(scopes.company(), "2025-02") is None


def test_a_shared_deal_is_one_record_and_one_without_a_start_is_none(calendar: periods.Calendar) -> None:
    ann, ben = make.rep("Ann"), make.rep("Ben")
    make.credit(won(ann, 8), **{str(ann.pk): 60, str(ben.pk): 40})
    won(ann, 2), won(ann, 3)
    Opportunity.objects.create(name="undated", owner=ann, stage=make.stage("Won"), closed_on=date(2025, 3, 10), amount=5)
    assert (cycle(scopes.company()), cycle(scopes.of(ann)), cycle(scopes.of(ben))) == (3, 3, 8)


@pytest.mark.parametrize("kpi", ["revenue", "win_rate", "average_deal_size", "cost_per_lead"])
def test_other_kpis_have_none(calendar: periods.Calendar, kpi: str) -> None:
    won(make.rep(), 3)
    rollup.drain(on=ON)
    assert selectors.median(kpi, scopes.company(), periods.calendar().parse("2025-03"), on=ON) is None


def test_it_is_one_query(calendar: periods.Calendar, django_assert_num_queries: Any) -> None:
    rep = make.rep()
    for _deal in range(5):
        won(rep, 4)
    window = periods.calendar().parse("2025-03")
    with django_assert_num_queries(1):
        assert selectors.median("sales_cycle", scopes.of(rep), window, on=ON) == 4
