"""Figures of one product or campaign alone: every sum is the oracle's over those rows, and its records'."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.activities.models import Activity
from apps.campaigns.models import Expense
from apps.core import periods
from apps.goals import selectors as goals
from apps.kpis import catalogue, narrowing, reading, rollup, selectors
from apps.kpis.declarations import Basis, Kind
from apps.kpis.looks import used, windows_of
from apps.kpis.reports import cohorts, funnel, waterfall
from apps.leads.models import Lead
from apps.opportunities import selectors as opportunities
from apps.opportunities.models import Opportunity
from apps.reps import scopes
from apps.reps.scopes import Only, Scope, narrowed, regrouped
from tests import make, oracle
from tests.kpis.histories import EXAMPLES, KINDS, ON, WINDOWS, Company, Play, amounts, days, which

MORE = ("move rep", "customer moves", "credit", "credit", "create closed", "create", "create undated", "lead", "activity", "expense")
steps = st.lists(st.tuples(st.sampled_from((*KINDS, *MORE, *MORE)), which, which, days, days, amounts), min_size=6, max_size=18)
drains = st.sets(st.integers(0, 17))
LOOKS = st.sampled_from([ON, ON, date(2025, 2, 10), date(2024, 12, 31)])
FIELDS = st.sampled_from(narrowing.FIELDS)


def divide(company: Company, field: str) -> tuple[Only, ...]:
    """Give two of three rows to one of two products or campaigns; return both."""
    rows = company.campaigns if field == "campaign" else [make.product("Meter"), make.product("Pump")]
    for model in (Opportunity, Lead, Activity, Expense):
        if field == "product" and model is not Opportunity:
            continue
        for n, pk in enumerate(model._default_manager.order_by("pk").values_list("pk", flat=True)):
            if n % 3 < 2:
                model._default_manager.filter(pk=pk).update(**{field: rows[n % 3]})
    rollup.drain(on=ON)
    return tuple(Only(field, row.pk) for row in rows)


def every(company: Company, only: Only, members_on: date | None) -> list[Scope]:
    return [narrowed(regrouped(scope, members_on), only) for scope in company.scopes]


@EXAMPLES
@given(history=steps, drains=drains, on=LOOKS, period=st.sampled_from(WINDOWS), members_on=st.sampled_from([None, ON]), field=FIELDS)
def test_every_sum_is_the_oracles_and_its_records(
    calendar: periods.Calendar, play: Play, history: list[Any], drains: set[int], on: date, period: str, members_on: date | None, field: str
) -> None:
    window = calendar.parse(period)

    def proof(company: Company) -> None:
        for only in divide(company, field):
            world, asked = oracle.World(only), every(company, only, members_on)[::2]
            measures = [key for key, one in catalogue.MEASURES.items() if narrowing.has(one, field)]
            found = reading.amounts(measures, asked, window, on=on)
            for scope in asked:
                sums = found.of(scope)
                for key in measures:
                    expected = oracle.amount(world, key, scope, window.start_on, window.end_on, on)
                    assert round(sums[key], 4) == round(expected, 4), (key, scope, period, on)
            kpis = [one for one in catalogue.KPIS.values() if field in narrowing.fields_of(one)]
            looks = windows_of(kpis, window, on, calendar)
            by_basis = {basis: reading.amounts(used(kpis, basis), asked, look, on=until) for basis, (look, until) in looks.items()}
            for scope in asked[::4]:
                for one in (one for one in kpis if scope.kind in one.scopes):
                    for use, records in zip(one.uses, selectors.records(one.key, scope, window, on=on, limit=1000), strict=True):
                        sums = by_basis[use.basis]
                        assert round(sums.of(scope)[use.measure], 4) == round(records.total, 4), (one.key, use, scope)
                        assert use.basis != Basis.NOW or sums.left_out(scope)[use.measure] == records.excluded, (one.key, use, scope)

    play(history, drains, proof)


@EXAMPLES
@given(history=steps, on=LOOKS, period=st.sampled_from(WINDOWS), field=FIELDS)
def test_what_is_counted_for_a_whole_page_is_what_is_counted_alone(
    calendar: periods.Calendar, play: Play, history: list[Any], on: date, period: str, field: str
) -> None:
    """Several windows and steps in one query give the same as each by itself; the parts of everything and what has none add up to the whole."""
    window = calendar.parse(period)
    keys = [key for key, one in catalogue.KPIS.items() if field in narrowing.fields_of(one)]

    def proof(company: Company) -> None:
        both = divide(company, field)
        asked = every(company, both[0], None)
        needs = [*selectors.needs(keys, asked, window, on=on, calendar=calendar)]
        needs += selectors.needs_of_series(["revenue", "pipeline_value", "win_rate"], asked[0], window, "month", on=on, calendar=calendar)
        with CaptureQueriesContext(connection) as asking:
            book = selectors.open_book(needs)
            together = selectors.figures(keys, asked, window, on=on, calendar=calendar, book=book)
            steps = selectors.several_series(["revenue", "pipeline_value", "win_rate"], asked[0], window, "month", on=on, calendar=calendar, book=book)
        assert len(asking) == 2
        for scope in asked[::4]:
            alone = selectors.figures(keys, [scope], window, on=on, calendar=calendar)
            assert all(together[key, scope].value == alone[key, scope].value and together[key, scope].excluded == alone[key, scope].excluded for key in keys)
        for key, points in steps.items():
            for point in points:
                assert point.value == selectors.figures([key], [asked[0]], point.window, on=on, calendar=calendar)[key, asked[0]].value
        flows = [key for key, one in catalogue.MEASURES.items() if narrowing.has(one, field) and one.kind in (Kind.FLOW, Kind.STOCK)]
        worlds = [oracle.World(), *map(oracle.World, both)]
        for scope in company.scopes[::3]:
            whole = reading.amounts(flows, [scope], window, on=on).of(scope)
            parts = [reading.amounts(flows, [narrowed(scope, only)], window, on=on).of(scope) for only in both]
            for key in flows:
                rest = whole[key] - sum(part[key] for part in parts)
                named = [oracle.amount(world, key, scope, window.start_on, window.end_on, on) for world in worlds]
                assert round(rest, 4) == round(named[0] - sum(named[1:]), 4), (key, scope)

    play(history, set(), proof)


@settings(EXAMPLES, max_examples=EXAMPLES.max_examples // 2)
@given(history=steps, period=st.sampled_from(["2025-Q1", "2025-02", "2024-Q4"]), field=FIELDS)
def test_reports_and_lists_hold_the_same_deals(calendar: periods.Calendar, play: Play, history: list[Any], period: str, field: str) -> None:
    """A narrowed list is the whole one less what belongs to others."""
    window = calendar.parse(period)
    months = [*calendar.between("month", window.start_on, window.end_on)]

    def lists(scope: Scope, stages: list[int]) -> dict[str, list[Any]]:
        span = waterfall.Span(window.start_on, min(window.last_on, ON), None)
        return {
            "at risk": [*opportunities.at_risk(scope, on=ON, limit=1000).deals],
            "closing": [*opportunities.closing_next(scope, on=ON, before=window.end_on, limit=1000).deals],
            "changes": [*opportunities.changes(scope, since=window.start_on, on=ON, limit=1000).single],
            **{f"stage {pk}": [*funnel.visits(scope, window, pk, on=ON, limit=1000).rows] for pk in stages},
            **{f"bar {bar}": [*waterfall.deals(scope, span, bar, limit=1000).rows] for bar in waterfall.BARS},
            **{f"month {n}": [*cohorts.deals(scope, months, [], n, on=ON, limit=1000).rows] for n in range(len(months))},
        }

    def proof(company: Company) -> None:
        for only in divide(company, field):
            mine = set(Opportunity.objects.filter(**{field: only.id}).values_list("pk", flat=True))
            for scope in company.scopes[::4]:
                stages = [stage.pk for stage in company.open]
                whole, part = lists(scope, stages), lists(narrowed(scope, only), stages)
                for name, rows in whole.items():
                    assert sorted(map(repr, part[name])) == sorted(repr(row) for row in rows if deal_of(row) in mine), (name, scope)
                assert waterfall.read(narrowed(scope, only), waterfall.Span(window.start_on, min(window.last_on, ON), None)).undated == sum(
                    1 for pk in undated(scope) if pk in mine
                )

    play(history, set(), proof)


def deal_of(row: Any) -> int:
    return int(row.deal if hasattr(row, "deal") else row.id)


def undated(scope: Scope) -> list[int]:
    """The scope's deals without a creation day, by the records of what counts them."""
    found = selectors.records("opportunities_created", scope, periods.calendar().parse("2025-Q1"), on=ON, limit=1000)
    return [row.id for one in found for row in one.rows if row.is_excluded]


def test_nothing_is_held_against_a_narrowed_figure_and_what_names_nothing_says_so(calendar: periods.Calendar) -> None:
    """Neither targets nor what was reported of a closed period; a KPI whose records names no product has no value, and says why."""
    company = Company()
    make.goal("revenue", scopes.of(company.reps[0]))
    make.deal(rep=company.reps[0], won="2025-02-03", amount=300)
    meter, _pump = divide(company, "product")  # the first deal is a meter
    whole, window = scopes.of(company.reps[0]), calendar.parse("2025-Q1")
    part = narrowed(whole, meter)
    found = goals.figures(["revenue", "target_attainment", "mrr", "calls"], [part], window, on=ON)
    assert found["revenue", part].figure.value == 300 and found["revenue", part].progress is None and not found["revenue", part].goals
    for key in ("target_attainment", "mrr", "calls"):
        assert found[key, part].figure.value is None and "names no product" in found[key, part].figure.reason, key
    assert goals.figures(["revenue"], [whole], window, on=ON)["revenue", whole].progress
    with pytest.raises(ValueError, match="one after the other"):
        reading.amounts(["won_amount"], [whole, part], window, on=ON)
