"""Carries amounts per day and rep into the snapshots that hold them.

Rows come from a table with the columns of `MeasureDay` (or `SharedDay`): the differences of a recount, or all of it when
snapshots are made anew. A flow goes to the scopes of the day, a stock to those at the end of each period from that day on,
a measure counted per period to those at the period's end. A snapshot holds what lies on or before the counted day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.kpis import catalogue
from apps.kpis.declarations import Kind
from apps.kpis.streams import UNDATED

STANDING = "standing AS MATERIALIZED (SELECT * FROM reps_standing WHERE kind <> 'company')"
KEEP = """ON CONFLICT (kind, scope, grain, start_on, measure, part)
    DO UPDATE SET amount = kpis_snapshot.amount + excluded.amount, excluded = kpis_snapshot.excluded + excluded.excluded"""
INTO = "INSERT INTO kpis_snapshot (kind, scope, grain, start_on, measure, part, amount, excluded)"
# The state at a period's end; a running period's end is the counted day.
CUT = "least(p.end_on, %(to)s::date + 1)"
# What came before the calendar reaches stands from its first day on.
CALENDAR_STARTS = "(SELECT min(start_on) FROM core_period WHERE grain = 'year')"


@dataclass(frozen=True)
class Rows:
    """A table of amounts to carry; `owner` is its column of the rep, or of the reps who share."""

    table: str
    owner: str

    @property
    def is_shared(self) -> bool:
        return self.owner == "reps"


@dataclass(frozen=True)
class Target:
    """Which snapshots to write: kinds of scope, and periods that end after a day (all when None)."""

    kinds: tuple[str, ...] = ("company", "region", "team", "rep")
    ending_after: date | None = None


def carry(rows: Rows, *, counted_to: date, target: Target | None = None) -> None:
    """Add rows to the snapshots they belong to, up to and including the counted day."""
    target = target or Target()
    params: dict[str, Any] = {"to": counted_to, "kinds": list(target.kinds), "after": target.ending_after or date.min}
    for kind, statement in ((Kind.FLOW, flows), (Kind.STOCK, stocks), (Kind.WINDOW, windows)):
        params["measures"] = [m.key for m in catalogue.MEASURES.values() if m.kind == kind]
        with connection.cursor() as cursor:
            cursor.execute(statement(rows), params)


def scoped(rows: Rows, instant: str, columns: str) -> str:
    """Return the rows (a CTE named `r`) once per scope they count for, with `kind`, `scope` and `factor`.

    Rows that several reps share have already been counted for each of them: the factor takes back all but one.
    """
    if rows.is_shared:
        return f"""SELECT 'company' AS kind, 0::bigint AS scope, 1 - cardinality(r.reps) AS factor, {columns} FROM r
            UNION ALL
            SELECT 'region', r.region, 1 - cardinality(r.reps), {columns} FROM r WHERE r.region <> 0
            UNION ALL
            SELECT s.kind, s.scope, 1 - count(*), {columns} FROM r JOIN standing s ON s.rep = ANY(r.reps) AND {instant} >= s.start_on AND {instant} < s.end_on
                AND (s.kind <> 'region' OR r.region = 0)
            GROUP BY s.kind, s.scope, r.reps, r.region, {columns} HAVING count(*) > 1"""
    return f"""SELECT 'company' AS kind, 0::bigint AS scope, 1 AS factor, {columns} FROM r
        UNION ALL
        SELECT 'region', r.region, 1, {columns} FROM r WHERE r.region <> 0
        UNION ALL
        SELECT s.kind, s.scope, 1, {columns} FROM r JOIN standing s ON s.rep = r.rep AND {instant} >= s.start_on AND {instant} < s.end_on
            AND (s.kind <> 'region' OR r.region = 0)"""


def spans(days: str) -> str:
    """Return a CTE of the periods that hold each day, so that many rows find theirs by equality."""
    return f"""spans AS MATERIALIZED (
            SELECT t.day, p.grain, p.start_on, p.end_on FROM (SELECT DISTINCT day FROM {days}) t
            JOIN core_period p ON t.day >= p.start_on AND t.day < p.end_on
        )"""


def flows(rows: Rows) -> str:
    """First sum by scope and day, then put each day into the periods that hold it."""
    columns = "r.measure, r.part, r.day, r.amount, r.excluded"
    return f"""WITH {STANDING}, r AS (
            SELECT * FROM {rows.table} WHERE measure = ANY(%(measures)s) AND day <= %(to)s AND day > {UNDATED}
        ), days AS MATERIALIZED (
            SELECT kind, scope, measure, part, day, sum(amount * factor) AS amount, sum(excluded * factor) AS excluded
            FROM ({scoped(rows, "r.day", columns)}) t WHERE kind = ANY(%(kinds)s) GROUP BY kind, scope, measure, part, day
        ), {spans("days")}
        {INTO}
        SELECT d.kind, d.scope, p.grain, p.start_on, d.measure, d.part, sum(d.amount), sum(d.excluded)
        FROM days d JOIN spans p USING (day) WHERE p.end_on > %(after)s
        GROUP BY d.kind, d.scope, p.grain, p.start_on, d.measure, d.part
        HAVING sum(d.amount) <> 0 OR sum(d.excluded) <> 0
        {KEEP}"""


def stocks(rows: Rows) -> str:
    """Run the totals of each rep's increments on through the periods, then sum by the scopes at each period's end."""
    series = f"measure, part, region, {rows.owner}"
    columns = "r.measure, r.part, r.grain, r.start_on, r.cut_on, r.amount, r.excluded"
    return f"""WITH {STANDING}, d AS (
            SELECT {series}, greatest(day, {CALENDAR_STARTS}) AS day, amount, excluded
            FROM {rows.table} WHERE measure = ANY(%(measures)s) AND day <= %(to)s AND day > {UNDATED}
        ), periods AS (
            SELECT p.grain, p.start_on, p.end_on, {CUT} AS cut_on FROM core_period p WHERE p.grain <> 'day' AND p.start_on <= %(to)s
        ), {spans("d")}, firsts AS (
            SELECT {series}, min(day) AS first_on FROM d GROUP BY {series}
        ), bucketed AS (
            SELECT {series}, grain, start_on, sum(amount) AS amount, sum(excluded) AS excluded
            FROM d JOIN spans p USING (day) WHERE p.grain <> 'day' GROUP BY {series}, grain, start_on
        ), running AS (
            SELECT {series}, grain, start_on, end_on, cut_on,
                sum(amount) OVER w AS amount, sum(excluded) OVER w AS excluded
            FROM firsts JOIN periods p ON p.cut_on > first_on LEFT JOIN bucketed USING ({series}, grain, start_on)
            WINDOW w AS (PARTITION BY {series}, grain ORDER BY start_on)
        ), r AS (
            SELECT * FROM running WHERE (amount <> 0 OR excluded <> 0) AND end_on > %(after)s
        )
        {INTO}
        SELECT kind, scope, grain, start_on, measure, part, sum(amount * factor), sum(excluded * factor)
        FROM ({scoped(rows, "r.cut_on - 1", columns)}) t WHERE kind = ANY(%(kinds)s)
        GROUP BY kind, scope, grain, start_on, measure, part
        HAVING sum(amount * factor) <> 0 OR sum(excluded * factor) <> 0
        {KEEP}"""


def windows(rows: Rows) -> str:
    """Put what was counted per period (`part` is its id) to the scopes at the period's end."""
    columns = "r.measure, r.grain, r.start_on, r.amount, r.excluded"
    return f"""WITH {STANDING}, r AS (
            SELECT t.*, p.grain, p.start_on, {CUT} - 1 AS at_on FROM {rows.table} t JOIN core_period p ON p.id = t.part
            WHERE t.measure = ANY(%(measures)s) AND p.end_on > %(after)s
        )
        {INTO}
        SELECT kind, scope, grain, start_on, measure, 0, sum(amount * factor), sum(excluded * factor)
        FROM ({scoped(rows, "r.at_on", columns)}) t
        WHERE kind = ANY(%(kinds)s) GROUP BY kind, scope, grain, start_on, measure
        HAVING sum(amount * factor) <> 0 OR sum(excluded * factor) <> 0
        {KEEP}"""
