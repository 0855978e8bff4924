"""Carries amounts per day and rep into the snapshots that hold them.

Rows come from two tables with the columns of `MeasureDay` and `SharedDay`: the differences of a recount, or all of it when
snapshots are made anew. A flow goes to the scopes of the day, a stock to those at the end of each period from that day on, a
measure counted per period to those at the period's end. A snapshot holds what lies on or before the counted day; what has no
day is in the snapshot `EVER`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.kpis.declarations import Kind
from apps.kpis.layouts import Layout
from apps.kpis.streams import UNDATED

EVER = "ever"
KINDS = ("company", "region", "team", "rep")
# The state at a period's end; a running period's end is the counted day.
CUT = "least(p.end_on, %(to)s::date + 1)"
# What came before the calendar reaches stands from its first day on.
CALENDAR_STARTS = "(SELECT min(start_on) FROM core_period WHERE grain = 'year')"


@dataclass(frozen=True)
class Rows:
    """Two tables of amounts to carry: per rep, and shared by several reps."""

    own: str
    shared: str


@dataclass(frozen=True)
class Target:
    """Which snapshots to write: kinds of scope, and periods that end after a day."""

    kinds: tuple[str, ...] = KINDS
    ending_after: date = date.min


EVERYTHING = Target()
STORED = Rows("kpis_measureday", "kpis_sharedday")


def carry(layout: Layout, rows: Rows, *, counted_to: date, target: Target = EVERYTHING) -> None:
    """Add one stream's rows to the snapshots they belong to, up to and including the counted day."""
    params: dict[str, Any] = {"stream": layout.key, "to": counted_to, "kinds": list(target.kinds), "after": target.ending_after}
    with connection.cursor() as cursor:
        for kind, carried in ((Kind.FLOW, flows), (Kind.STOCK, stocks), (Kind.WINDOW, windows)):
            if kind in layout.kinds:
                cursor.execute(carried(layout, rows), params)
        if layout.stream.may_be_undated:
            cursor.execute(undated(layout, rows), params)


def taken(layout: Layout, rows: Rows, condition: str, kind: Kind | None = None) -> str:
    """Return two CTEs, `r` and `s`: the stream's rows per rep, and those that several reps share."""
    amounts = layout.only(kind, "amounts") if kind else "amounts"
    where = f"WHERE stream = %(stream)s AND day <= %(to)s AND {condition}"
    some = "" if kind is None or layout.kinds == {kind} else f" WHERE amounts <> {layout.zeros}"
    own, shared = (
        f"SELECT * FROM (SELECT day, {owner}, region, part, {amounts} AS amounts FROM {table} {where}) t{some}"
        for owner, table in (("rep", rows.own), ("reps", rows.shared))
    )
    return f"r AS ({own}), s AS ({shared})"


def standing(rows: Rows) -> str:
    """Return a CTE of who stands in which team and region, for rows that several reps share."""
    whose = "" if rows == STORED else f"AND rep IN (SELECT unnest(reps) FROM {rows.shared})"
    return f"standing AS MATERIALIZED (SELECT rep, kind, scope, start_on, end_on FROM reps_standing WHERE kind IN ('team', 'region') {whose})"


MEMBERSHIP = """LEFT JOIN reps_membership m ON m.rep_id = t.rep AND m.start_on <= {instant} AND (m.end_on IS NULL OR {instant} < m.end_on)"""


def scoped(layout: Layout, instant: str, columns: str, *, own: str = "r", shared: str = "s") -> str:
    """Return the rows of two CTEs summed by the scopes above reps that they count for: `kind, scope`, the columns and `amounts`.

    Reps are first summed by the team they are in at the instant, teams then by what stands above them. Rows that several
    reps share have already been counted for each of them: all but one are taken back.
    """
    named = ", ".join(f"t.{name}" for name in columns.split(", "))
    at = instant.format(t="t")
    text = f"""SELECT 'company' AS kind, 0::bigint AS scope, {named}, t.amounts FROM by_team t WHERE 'company' = ANY(%(kinds)s)
        UNION ALL
        SELECT 'region', t.region, {named}, t.amounts FROM by_team t WHERE t.region <> 0 AND 'region' = ANY(%(kinds)s)
        UNION ALL
        SELECT a.kind, a.scope, {named}, t.amounts FROM by_team t JOIN above a ON a.team = t.team AND (a.kind <> 'region' OR t.region = 0) WHERE a.kind = ANY(%(kinds)s)"""
    if layout.is_shareable:
        all_but_one = layout.times("t.amounts", "(1 - cardinality(t.reps))")
        stands = f"x.rep = ANY(t.reps) AND {at} >= x.start_on AND {at} < x.end_on AND (x.kind <> 'region' OR t.region = 0)"
        text = f"""{text}
        UNION ALL
        SELECT 'company', 0::bigint, {named}, {all_but_one} FROM {shared} t WHERE 'company' = ANY(%(kinds)s)
        UNION ALL
        SELECT 'region', t.region, {named}, {all_but_one} FROM {shared} t WHERE t.region <> 0 AND 'region' = ANY(%(kinds)s)
        UNION ALL
        SELECT x.kind, x.scope, {named}, {layout.times("t.amounts", "(1 - count(*))")} FROM {shared} t JOIN standing x ON {stands}
            WHERE x.kind = ANY(%(kinds)s) GROUP BY x.kind, x.scope, t.reps, t.region, {named}, t.amounts HAVING count(*) > 1"""
    group = ", ".join(str(n + 1) for n in range(2 + len(columns.split(", "))))
    return f"""(WITH by_team AS (
            SELECT coalesce(m.team_id, 0) AS team, t.region, {named}, {layout.sums()} AS amounts
            FROM {own} t {MEMBERSHIP.format(instant=at)} GROUP BY m.team_id, t.region, {named}
        ), above AS MATERIALIZED (SELECT * FROM reps_above)
        SELECT kind, scope, {columns}, {layout.sums()} AS amounts FROM ({text}) t GROUP BY {group})"""


def into(layout: Layout, select: str) -> str:
    """Add what a SELECT of `kind, scope, grain, start_on, part, amounts` gives to the snapshots."""
    return f"""INSERT INTO kpis_snapshot AS old (kind, scope, stream, grain, start_on, part, amounts)
        SELECT kind, scope, %(stream)s, grain, start_on, part, amounts FROM ({select}) t WHERE amounts <> {layout.zeros}
        ON CONFLICT (kind, scope, grain, start_on, stream, part) DO UPDATE SET amounts = {layout.added("old.amounts", "excluded.amounts")}"""


def flows(layout: Layout, rows: Rows) -> str:
    """Sum by scope and day, then days into months, and months into quarters and years. A rep's days are not summed: they are stored as counted."""
    since = "day >= (SELECT coalesce(min(start_on), DATE '0001-01-01') FROM core_period WHERE end_on > %(after)s)"
    return f"""WITH {taken(layout, rows, f"day > {UNDATED} AND {since}", Kind.FLOW)}, {standing(rows)}, days AS MATERIALIZED {
        scoped(layout, "{t}.day", "day, part")
    },
        spans AS MATERIALIZED (
            SELECT d.day, p.start_on, p.end_on FROM (SELECT DISTINCT day FROM r) d JOIN core_period p ON p.grain = 'month' AND d.day >= p.start_on AND d.day < p.end_on
        ), months AS MATERIALIZED (
            SELECT kind, scope, start_on, end_on, part, {layout.sums()} AS amounts FROM days t JOIN spans USING (day) GROUP BY 1, 2, 3, 4, 5
            UNION ALL
            SELECT 'rep', rep, start_on, end_on, part, {layout.sums()} FROM r t JOIN spans USING (day) WHERE 'rep' = ANY(%(kinds)s) GROUP BY 2, 3, 4, 5
        ), over AS MATERIALIZED (
            SELECT m.start_on AS month_on, p.grain, p.start_on FROM (SELECT DISTINCT start_on FROM months) m
            JOIN core_period p ON p.grain IN ('quarter', 'year') AND m.start_on >= p.start_on AND m.start_on < p.end_on AND p.end_on > %(after)s
        )
        {
        into(
            layout,
            f'''SELECT kind, scope, 'day' AS grain, day AS start_on, part, amounts FROM days WHERE day >= %(after)s
            UNION ALL
            SELECT kind, scope, 'month', start_on, part, amounts FROM months WHERE end_on > %(after)s
            UNION ALL
            SELECT kind, scope, o.grain, o.start_on, part, {layout.sums()} FROM months t JOIN over o ON o.month_on = t.start_on GROUP BY 1, 2, 3, 4, 5''',
        )
    }"""


def stocks(layout: Layout, rows: Rows) -> str:
    """Run the totals of each rep's increments on through months and weeks, sum by the scopes at each end; a quarter ends as its last month does.

    A rep's weeks are not summed: months and the days since say what stood.
    """
    window = "(PARTITION BY t.whose, t.region, t.part, t.grain ORDER BY t.start_on)"
    shared = f"UNION ALL SELECT reps, region, part, greatest(day, {CALENDAR_STARTS}), amounts FROM s" if layout.is_shareable else ""
    return f"""WITH {taken(layout, rows, f"day > {UNDATED}", Kind.STOCK)}, {standing(rows)}, periods AS MATERIALIZED (
            SELECT p.grain, p.start_on, p.end_on, {CUT} AS cut_on FROM core_period p WHERE p.grain <> 'day' AND p.start_on <= %(to)s
        ), d AS MATERIALIZED (
            SELECT ARRAY[rep] AS whose, region, part, greatest(day, {CALENDAR_STARTS}) AS day, amounts FROM r {shared}
        ), spans AS MATERIALIZED (
            SELECT d.day, p.grain, p.start_on FROM (SELECT DISTINCT day FROM d) d
            JOIN core_period p ON p.grain IN ('week', 'month') AND d.day >= p.start_on AND d.day < p.end_on
        ), firsts AS (
            SELECT whose, region, part, min(day) AS first_on FROM d GROUP BY 1, 2, 3
        ), bucketed AS (
            SELECT whose, region, part, grain, start_on, {layout.sums()} AS amounts FROM d t JOIN spans USING (day) GROUP BY 1, 2, 3, 4, 5
        ), running AS (
            SELECT t.whose, t.region, t.part, t.grain, t.start_on, t.end_on, t.cut_on, {layout.running("b.amounts", "w")} AS amounts
            FROM (SELECT f.whose, f.region, f.part, p.* FROM firsts f JOIN periods p ON p.grain IN ('week', 'month') AND p.cut_on > f.first_on) t
            LEFT JOIN bucketed b ON b.whose = t.whose AND b.region = t.region AND b.part = t.part AND b.grain = t.grain AND b.start_on = t.start_on
            WINDOW w AS {window}
        ), o AS MATERIALIZED (
            SELECT whose, whose[1] AS rep, whose AS reps, region, part, grain, start_on, cut_on, amounts FROM running
            WHERE amounts <> {layout.zeros} AND end_on > %(after)s
        ), ro AS (SELECT * FROM o WHERE cardinality(whose) = 1), so AS (SELECT * FROM o WHERE cardinality(whose) > 1), ends AS MATERIALIZED (
            SELECT * FROM {scoped(layout, "({t}.cut_on - 1)", "grain, start_on, cut_on, part", own="ro", shared="so")} t
            UNION ALL
            SELECT 'rep', rep, grain, start_on, cut_on, part, {layout.sums()} FROM ro t WHERE grain = 'month' AND 'rep' = ANY(%(kinds)s) GROUP BY 2, 3, 4, 5, 6
        )
        {
        into(
            layout,
            '''SELECT kind, scope, grain, start_on, part, amounts FROM ends
            UNION ALL
            SELECT kind, scope, p.grain, p.start_on, part, amounts FROM ends t JOIN periods p ON p.grain IN ('quarter', 'year') AND p.cut_on = t.cut_on
                WHERE t.grain = 'month' AND p.end_on > %(after)s''',
        )
    }"""


def windows(layout: Layout, rows: Rows) -> str:
    """Put what was counted per period (`part` is its id) to the scopes at the period's end."""
    at = f"SELECT t.*, p.grain, p.start_on AS begins_on, {CUT} - 1 AS at_on FROM {{rows}} t JOIN core_period p ON p.id = t.part"
    where = "WHERE t.stream = %(stream)s AND p.end_on > %(after)s"
    return f"""WITH r AS ({at.format(rows=rows.own)} {where}), s AS ({at.format(rows=rows.shared)} {where}), {standing(rows)}
        {
        into(
            layout,
            f'''SELECT kind, scope, grain, begins_on AS start_on, 0 AS part, amounts FROM {scoped(layout, "{t}.at_on", "grain, begins_on, at_on")} t
            UNION ALL
            SELECT 'rep', rep, grain, begins_on, 0, {layout.sums()} FROM r t WHERE 'rep' = ANY(%(kinds)s) GROUP BY 2, 3, 4''',
        )
    }"""


def undated(layout: Layout, rows: Rows) -> str:
    """Put what has no day to the scopes at the counted day."""
    return f"""WITH {taken(layout, rows, f"day = {UNDATED}")}, {standing(rows)}
        {
        into(
            layout,
            f'''SELECT kind, scope, '{EVER}' AS grain, day AS start_on, 0 AS part, amounts FROM {scoped(layout, "%(to)s::date", "day")} t
            UNION ALL
            SELECT 'rep', rep, '{EVER}', day, 0, {layout.sums()} FROM r t WHERE 'rep' = ANY(%(kinds)s) GROUP BY 2, 4''',
        )
    }"""
