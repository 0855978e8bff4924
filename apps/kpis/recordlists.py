"""Opens a figure into the facts behind it: for each of its measures, the records and what each adds to the sum."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy

from apps.core.periods import Window
from apps.core.replica import connection
from apps.kpis import catalogue, counting, live, narrowing
from apps.kpis.declarations import Basis, Kind, Measure
from apps.kpis.figures import Mark, Range, Record, Records, Spread
from apps.kpis.looks import windows_of
from apps.kpis.streams import STREAMS, UNDATED
from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.reps import standing
from apps.reps.models import Rep
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
NAMES = {
    Basis.NOW: "%(measure)s",
    Basis.BEFORE: gettext_lazy("%(measure)s, the period before"),
    Basis.START: gettext_lazy("%(measure)s, at the start"),
    Basis.YEAR: gettext_lazy("%(measure)s, in 365 days"),
}


def records(
    kpi: str, scope: Scope, window: Window, *, on: date, limit: int = 100, offset: int = 0, order: str = "", after: Sequence[Mark | None] = ()
) -> list[Records]:
    """Return, for each measure of a KPI, one page of its records, and the sum over all of them: the measure's amount.

    `order` is one of ORDERS, the largest amount first where none is named; what was left out comes last whatever it is.
    A page begins `offset` rows on, or, in the order of none named, after the marks that the page before ended with, one for each measure.

    For a scope that the KPI makes no sense for there are none.
    """
    one = catalogue.KPIS[kpi]
    if not narrowing.makes_sense(one, scope):
        return []
    looks = windows_of([one], window, on)
    lists = []
    for use, mark in zip(one.uses, after or [None] * len(one.uses), strict=True):
        (look, until), measure = looks[use.basis], catalogue.MEASURES[use.measure]
        lists.append(of_measure(measure, scope, look, on=until, limit=limit, offset=offset, basis=use.basis, order=order, after=mark))
    return lists


def median(kpi: str, scope: Scope, window: Window, *, on: date) -> Decimal | None:
    """Return the median of what the records of an average are, each of them once, in the KPI's unit; None without records, and for other KPIs.

    Of an even number of records it is the mean of the two in the middle.
    """
    one = catalogue.KPIS[kpi]
    if not one.has_median or not narrowing.makes_sense(one, scope):
        return None
    look, until = windows_of([one], window, on)[Basis.NOW]
    measure = catalogue.MEASURES[one.measures[0]]
    with connection.cursor() as cursor:
        cursor.execute(f"{_facts(measure, scope)} {MIDDLE}", _params(measure, scope, look, until))
        return cursor.fetchone()[0]


def spread(kpi: str, scope: Scope, window: Window, *, on: date) -> Spread | None:
    """Return how what single records add to a KPI lies: in about ten ranges of a round width, the last one open; None without records.

    Of a shared deal it is what belongs to the scope. Only for what `catalogue.can_be_spread` names.

    The width is such that nineteen of twenty records lie in closed ranges, so that a single giant does not press all others into one.
    """
    one = catalogue.KPIS[kpi]
    if not catalogue.can_be_spread(one) or not narrowing.makes_sense(one, scope):
        return None
    look, until = windows_of([one], window, on)[Basis.NOW]
    measure = catalogue.MEASURES[one.measures[0]]
    with connection.cursor() as cursor:
        cursor.execute(f"{_facts(measure, scope)}, {RANGES}", _params(measure, scope, look, until))
        rows = cursor.fetchall()
    if not rows:
        return None
    width, first, open_from, middle = rows[0][:4]
    counts = {number: count for *_rest, number, count in rows}
    last = max(counts)
    ranges = tuple(
        Range(number * width, None if number == open_from and last == open_from else (number + 1) * width, counts.get(number, 0))
        for number in range(first, last + 1)
    )
    return Spread(ranges, sum(counts.values()), middle)


def of_measure(
    measure: Measure,
    scope: Scope,
    window: Window,
    *,
    on: date,
    limit: int,
    offset: int,
    basis: Basis = Basis.NOW,
    order: str = "",
    after: Mark | None = None,
) -> Records:
    """Return one page of a measure's records."""
    params = {**_params(measure, scope, window, on), **(asdict(after) if after else {}), "limit": limit + 1, "offset": offset}
    page = PAGE.format(order=ORDERS[order], beyond=BEYOND if after else "TRUE")
    with connection.cursor() as cursor:
        cursor.execute(f"{_facts(measure, scope)} {page}", params)
        rows = cursor.fetchall()
    if not rows and (offset or after):  # behind the last page: the sum is still of all records
        return replace(of_measure(measure, scope, window, on=on, limit=1, offset=0, basis=basis), rows=(), last=after, has_more=False)
    total, count, excluded = (rows[0][5], rows[0][6], rows[0][7]) if rows else (Decimal(0), 0, 0)
    name, shown = str(NAMES[basis]) % {"measure": measure.name}, rows[:limit]
    last = Mark(int(shown[-1][4]), shown[-1][3], shown[-1][1], shown[-1][0]) if shown else None
    return Records(measure.key, name, total, count, excluded, _described(measure, shown, min(on, window.last_on)), last, len(rows) > limit)


def _params(measure: Measure, scope: Scope, window: Window, on: date) -> dict[str, Any]:
    so_far = min(window.end_on, on + DAY)
    return {
        "start": window.start_on,
        "end": window.end_on if measure.kind == Kind.WINDOW else so_far,
        "cut": on + DAY if STREAMS[measure.stream].is_so_far else so_far,
        "on": on,
        "kind": scope.kind,
        "ids": [scope.id],
        "members_on": scope.members_on,
        "only": scope.only.id if scope.only else None,
    }


PAGE = """SELECT * FROM (
        SELECT record, day, rep, amount, excluded, sum(amount) OVER (), count(*) OVER (), sum(excluded) OVER () FROM facts WHERE amount <> 0 OR excluded <> 0
    ) listed WHERE {beyond} ORDER BY excluded, {order}, day, record LIMIT %(limit)s OFFSET %(offset)s"""
BEYOND = "(excluded, -amount, day, record) > (%(excluded)s, -%(amount)s, %(day)s, %(record)s)"
REP = "(SELECT name FROM reps_rep WHERE id = rep)"
ORDERS = {"": "amount DESC", "amount": "amount", "-amount": "amount DESC", "day": "day", "-day": "day DESC", "rep": REP, "-rep": f"{REP} DESC"}
# A record that adds nothing, such as a deal won on the day it came, is one of those in the middle.
# The width of a range is 1, 2 or 5 times a power of ten, of which ten or so reach from the smallest of the records to those that leave one of twenty above.
RANGES = """bounds AS (
        SELECT min(amount) AS low, greatest(percentile_cont(0.95) WITHIN GROUP (ORDER BY amount)::numeric, min(amount)) AS high,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)::numeric AS middle FROM facts WHERE excluded = 0 HAVING count(*) > 0
    ), raw AS (SELECT *, CASE WHEN high > low THEN (high - low) / 10 ELSE greatest(abs(high), 1) / 10 END AS step FROM bounds),
    sized AS (SELECT *, power(10::numeric, floor(log(step))) AS unit FROM raw),
    widths AS (SELECT *, unit * CASE WHEN step / unit <= 1 THEN 1 WHEN step / unit <= 2 THEN 2 WHEN step / unit <= 5 THEN 5 ELSE 10 END AS width FROM sized),
    ends AS (SELECT width, floor(low / width)::bigint AS first, floor(high / width)::bigint + 1 AS open_from, middle FROM widths)
    SELECT width, first, open_from, middle, least(floor(f.amount / width)::bigint, open_from) AS number, count(*)
    FROM ends, facts f WHERE f.excluded = 0 GROUP BY 1, 2, 3, 4, 5 ORDER BY number"""
MIDDLE = "SELECT (percentile_cont(0.5) WITHIN GROUP (ORDER BY amount))::numeric FROM facts WHERE excluded = 0"


def _facts(measure: Measure, scope: Scope) -> str:
    """Return a WITH clause whose `facts` are a measure's records in a scope, once each: `record, day, rep, amount, excluded`."""
    within = {
        Kind.FLOW: f"({{day}} = {UNDATED} OR {{day}} >= %(start)s AND {{day}} < %(end)s)",
        Kind.SPAN: "TRUE",
        Kind.STOCK: "{day} < %(cut)s",
        Kind.WINDOW: "TRUE",
    }[measure.kind]
    contributed = counting.contributions([measure], f"{within} AND {narrowing.condition(STREAMS[measure.stream].model, scope.only)}", cut="%(cut)s::date")
    at = "t.day" if measure.kind in (Kind.FLOW, Kind.SPAN) else "%(cut)s::date - 1"
    undated = f"CASE WHEN t.day = {UNDATED} THEN %(on)s::date ELSE {at} END"
    stands = standing.relation(scope.members_on)
    return f"""{live.WIN}, rows AS MATERIALIZED ({contributed}), t AS ({live.per_scope("rows", undated, standing=stands)}),
        facts AS (SELECT record, max(day) AS day, min(rep) AS rep, sum(amount) AS amount, sum(excluded) AS excluded FROM t GROUP BY record)"""


def _described(measure: Measure, rows: list[tuple[Any, ...]], on: date) -> tuple[Record, ...]:
    """Put names to the rows of one page."""
    stream = STREAMS[measure.stream]
    model = apps.get_model(stream.model)
    related = [field for field in ("customer",) if any(f.name == field for f in model._meta.get_fields())]
    facts = model._default_manager.select_related(*related).in_bulk([row[0] for row in rows])
    reps = Rep.objects.in_bulk({row[2] for row in rows})
    agreed = _states(facts, on) if measure.kind == Kind.STOCK and model is Opportunity else facts
    described = []
    for pk, day, rep, amount, excluded, *_rest in rows:
        fact = facts.get(pk)
        described.append(
            Record(
                model=stream.model,
                id=pk,
                label=str(fact) if fact else str(pk),
                day=day if day > date(1, 1, 1) else None,
                rep=str(reps.get(rep, "")),
                customer=str(getattr(fact, "customer", None) or ""),
                amount=amount,
                is_excluded=bool(excluded),
                external_key=getattr(fact, "external_key", None) or "",
                **_agreed(agreed.get(pk)),
            )
        )
    return tuple(described)


def _states(deals: Mapping[int, Any], on: date) -> dict[int, Any]:
    """Return the states that deals were in at the end of a day: what was agreed then may be another amount than now."""
    states = OpportunityVersion.objects.filter(opportunity__in=deals, valid_from__lte=on).exclude(currency="")
    return {state.opportunity_id: state for state in states.exclude(valid_to__lte=on)}


def _agreed(fact: Any) -> dict[str, Any]:
    """Return in which other currency a fact was agreed, and how much."""
    currency = getattr(fact, "currency", "")
    return {"currency": currency, "original_amount": fact.original_amount} if currency else {}
