"""Explains a restatement: the records whose part in a closed period's sum is another than when it was closed, before and after."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps

from apps.core.periods import Window
from apps.core.replica import connection
from apps.kpis import causes, frozen, live
from apps.kpis.causes import Cause
from apps.kpis.declarations import Basis, Kind, Measure
from apps.kpis.models import Close, ReportedLayout
from apps.kpis.streams import STREAMS
from apps.reps.models import Rep
from apps.reps.scopes import Scope

MOST = 1000  # records that are described; what they and the others add up to is always told


@dataclass(frozen=True)
class Changed:
    """One record whose part in a scope's sum changed; amounts and days are None where it had, or has, no part in it."""

    model: str
    id: int
    label: str
    rep: str
    cause: Cause
    day_before: date | None
    day_after: date | None
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Changes:
    """The changed records behind one measure of a restated figure; `difference` and `count` are of all of them."""

    measure: Measure
    basis: Basis
    difference: Decimal
    count: int
    rows: tuple[Changed, ...]

    @property
    def causes(self) -> list[tuple[Cause, int]]:
        """How many records changed for which cause, the most frequent first."""
        return Counter(row.cause for row in self.rows).most_common()


@dataclass(frozen=True)
class Asked:
    """What is to be explained: a measure in a scope, over the days a formula reads it, seen on a day."""

    close: Close
    measure: Measure
    basis: Basis
    look: Window
    scope: Scope
    on: date


def changes(asked: Asked, *, limit: int = MOST) -> Changes:
    """Return the records that changed, those that changed most first."""
    measure = asked.measure
    kept = ReportedLayout.objects.filter(close=asked.close, stream=measure.stream).values_list("measures", flat=True).first() or []
    if measure.key not in kept:  # it was not counted then
        return Changes(measure, asked.basis, Decimal(0), 0, ())
    query = {
        **frozen.params(asked.look, asked.on),
        "close": asked.close.pk,
        "look": str(asked.basis),
        "stream": measure.stream,
        "kind": asked.scope.kind,
        "ids": [asked.scope.id],
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(SPANS if measure.kind == Kind.SPAN else _sql(asked, kept), query)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    total, count = (rows[0]["total"], rows[0]["count"]) if rows else (Decimal(0), 0)
    return Changes(measure, asked.basis, total, count, tuple(_described(measure, rows)))


THEN = """standing AS (
        SELECT rep, kind, scope, start_on, end_on FROM kpis_reportedstanding WHERE close_id = %(close)s AND kind = %(kind)s AND scope = ANY(%(ids)s)
    )"""


def _sql(asked: Asked, kept: list[str]) -> str:
    """Compare each record's part in a scope with its part then; beside it, what all its rows say, to name the cause."""
    measure = asked.measure
    place = kept.index(measure.key) + 1
    was_there, was_known = (_any(asked, kept, keys) for keys in causes.witnesses(measure))
    once = "0::numeric" if measure.is_split else "amount"
    columns = f"record, '{measure.key}' AS measure, day, 0 AS part, rep, 0 AS excluded, amount, {once} AS once, crew, region"
    at, whole = "t.day", "record, min(day) AS day, array_agg(rep ORDER BY rep) AS reps, array_agg(amount ORDER BY rep) AS amounts, min(region) AS region"
    before = live.per_scope("then_rows", at, standing="standing")
    after = live.per_scope("now_rows", at)
    return f"""WITH {THEN}, then_rows AS MATERIALIZED (
            SELECT {columns} FROM (
                SELECT record, day, rep, crew, region, amounts[{place}] AS amount FROM kpis_reportedrecord
                WHERE close_id = %(close)s AND look = %(look)s AND stream = %(stream)s AND amounts[{place}] <> 0
            ) t
        ), now_rows AS MATERIALIZED (
            SELECT {columns} FROM (SELECT record, day, rep, crew, region, amounts[1] AS amount FROM ({frozen.records([measure], [measure])}) r) t
        ), before AS (SELECT record, sum(amount) AS amount, min(day) AS day, min(rep) AS rep FROM ({before}) t GROUP BY record),
        after AS (SELECT record, sum(amount) AS amount, min(day) AS day, min(rep) AS rep FROM ({after}) t GROUP BY record),
        changed AS (
            SELECT record, coalesce(b.amount, 0) AS before, coalesce(a.amount, 0) AS after, coalesce(a.rep, b.rep) AS rep
            FROM before b FULL JOIN after a USING (record) WHERE coalesce(b.amount, 0) <> coalesce(a.amount, 0)
        ),
        all_then AS (SELECT {whole} FROM then_rows WHERE record IN (SELECT record FROM changed) GROUP BY record),
        all_now AS (SELECT {whole} FROM now_rows WHERE record IN (SELECT record FROM changed) GROUP BY record)
        SELECT c.record, c.before, c.after, c.rep, b.day AS day_before, a.day AS day_after, b.reps AS reps_before, a.reps AS reps_after,
            b.amounts AS amounts_before, a.amounts AS amounts_after, b.region AS region_before, a.region AS region_after,
            {was_there} AS was_there, {was_known} AS was_known, sum(c.after - c.before) OVER () AS total, count(*) OVER () AS count
        FROM changed c LEFT JOIN all_then b USING (record) LEFT JOIN all_now a USING (record)
        ORDER BY abs(c.after - c.before) DESC, c.record LIMIT %(limit)s"""


def _any(asked: Asked, kept: list[str], keys: list[str]) -> str:
    """Whether a record counted for any of some measures then; NULL where that was not kept: over another basis only what formulas read is."""
    places = [kept.index(key) + 1 for key in keys if key in kept and asked.basis == Basis.NOW]
    if not places:
        return "NULL::boolean"
    counts = " OR ".join(f"k.amounts[{place}] <> 0" for place in places)
    return f"""EXISTS (SELECT FROM kpis_reportedrecord k
            WHERE k.close_id = %(close)s AND k.look = %(look)s AND k.stream = %(stream)s AND k.record = c.record AND ({counts}))"""


DAYS_WORKED = "sum(greatest(0, least(s.end_on, coalesce({left}, %(end)s), %(end)s) - greatest(s.start_on, {hired}, %(start)s)))::numeric AS amount"
MINE = "s.kind = CASE %(kind)s WHEN 'company' THEN 'rep' ELSE %(kind)s END AND (%(kind)s = 'company' OR s.scope = ANY(%(ids)s))"
SPANS = f"""WITH before AS (
        SELECT s.rep AS record, min(s.hired_on) AS hired, min(s.left_on) AS gone, {DAYS_WORKED.format(left="s.left_on", hired="s.hired_on")}
        FROM kpis_reportedstanding s WHERE close_id = %(close)s AND {MINE} GROUP BY s.rep
    ), after AS (
        SELECT s.rep AS record, min(r.hired_on) AS hired, min(r.left_on) AS gone, {DAYS_WORKED.format(left="r.left_on", hired="r.hired_on")}
        FROM reps_standing s JOIN reps_rep r ON r.id = s.rep WHERE {MINE} GROUP BY s.rep
    )
    SELECT record, coalesce(b.amount, 0) AS before, coalesce(a.amount, 0) AS after, record AS rep, NULL::date AS day_before, NULL::date AS day_after,
        (b.hired, b.gone) IS DISTINCT FROM (a.hired, a.gone) AND a.record IS NOT NULL AND b.record IS NOT NULL AS is_employment,
        sum(coalesce(a.amount, 0) - coalesce(b.amount, 0)) OVER () AS total, count(*) OVER () AS count
    FROM before b FULL JOIN after a USING (record) WHERE coalesce(b.amount, 0) <> coalesce(a.amount, 0)
    ORDER BY abs(coalesce(a.amount, 0) - coalesce(b.amount, 0)) DESC, record LIMIT %(limit)s"""


def _described(measure: Measure, rows: list[dict[str, Any]]) -> Iterable[Changed]:
    """Put names and causes to rows."""
    model = apps.get_model(STREAMS[measure.stream].model)
    facts = model._default_manager.in_bulk([row["record"] for row in rows])
    reps = Rep.objects.in_bulk({row["rep"] for row in rows})
    for row in rows:
        fact = facts.get(row["record"])
        yield Changed(
            model=STREAMS[measure.stream].model,
            id=row["record"],
            label=str(fact or f"{model._meta.verbose_name} {row['record']}"),
            rep=str(reps.get(row["rep"], "")),
            cause=_cause_of_span(row) if measure.kind == Kind.SPAN else causes.cause(measure, row, fact),
            day_before=row["day_before"] if measure.kind == Kind.FLOW else None,
            day_after=row["day_after"] if measure.kind == Kind.FLOW else None,
            before=row["before"],
            after=row["after"],
        )


def _cause_of_span(row: dict[str, Any]) -> Cause:
    return Cause.EMPLOYMENT if row["is_employment"] else Cause.TEAM
