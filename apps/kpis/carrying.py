"""Carries amounts per day and rep into the snapshots that hold them.

Rows come from two tables with the columns of `MeasureDay` and `SharedDay`: the differences of a recount, or all of it when
snapshots are made anew. A flow goes to the scopes of the day, a stock to those at the end of each period from that day on, a
measure counted per period to those at the period's end. A snapshot holds what lies on or before the counted day; what has no
day is in the snapshot `EVER`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from apps.kpis import storing
from apps.kpis.declarations import Kind
from apps.kpis.layouts import Layout
from apps.kpis.storing import SNAPSHOTS
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
STORED = Rows(storing.OWN.name, storing.SHARED.name)


def carry(layout: Layout, rows: Rows, *, counted_to: date, target: Target = EVERYTHING) -> None:
    """Add one stream's rows to the snapshots they belong to, up to and including the counted day."""
    _run(layout, (added(layout, select) for select, _held in selects(layout, rows)), counted_to, target)


def carry_all(layout: Layout, *, counted_to: date, kinds: tuple[str, ...]) -> None:
    """Put the sums of all that is stored for one stream in place of the snapshots of some kinds of scope."""
    statements = (storing.replaced(SNAPSHOTS, nonzero(layout, select), f"kind = ANY(%(kinds)s) AND {held}") for select, held in selects(layout, STORED))
    _run(layout, statements, counted_to, Target(kinds))


def selects(layout: Layout, rows: Rows) -> list[tuple[str, str]]:
    """Return SELECTs of `kind, scope, grain, start_on, part, amounts`, each with the snapshots that it makes all of."""
    dated = windows(layout, rows) if layout.is_windowed else daily(layout, rows)
    return [(dated, f"grain <> '{EVER}'"), (undated(layout, rows), f"grain = '{EVER}'")] if layout.stream.may_be_undated else [(dated, "TRUE")]


def _run(layout: Layout, statements: Iterable[str], counted_to: date, target: Target) -> None:
    params: dict[str, Any] = {"stream": layout.key, "to": counted_to, "kinds": list(target.kinds), "after": target.ending_after}
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, params)


def taken(layout: Layout, rows: Rows, condition: str) -> str:
    """Return CTEs: `r` and `s`, the stream's rows per rep and those that several reps share; `above` teams; and who shares in a scope, when."""
    where = f"WHERE stream = %(stream)s AND day <= %(to)s AND {condition}"
    return f"""r AS MATERIALIZED (SELECT day, rep, region, part, amounts FROM {rows.own} {where}),
        s AS MATERIALIZED (SELECT day, reps, region, part, amounts FROM {rows.shared} {where}),
        {SHARING}"""


# The days on which a scope holds several (`n`) of the reps who share something.
SHARING = """above AS MATERIALIZED (SELECT * FROM reps_above),
        crews AS MATERIALIZED (SELECT DISTINCT reps FROM s),
        stands AS MATERIALIZED (
            SELECT c.reps, a.kind, a.scope, m.start_on, coalesce(m.end_on, DATE '9999-12-31') AS end_on
            FROM crews c CROSS JOIN LATERAL unnest(c.reps) u(rep) JOIN reps_membership m ON m.rep_id = u.rep JOIN above a ON a.team = m.team_id
        ), edges AS (
            SELECT reps, kind, scope, start_on AS day FROM stands UNION SELECT reps, kind, scope, end_on FROM stands
        ), pieces AS (
            SELECT reps, kind, scope, day AS start_on, lead(day) OVER (PARTITION BY reps, kind, scope ORDER BY day) AS end_on FROM edges
        ), sharing AS MATERIALIZED (
            SELECT p.reps, p.kind, p.scope, p.start_on, p.end_on, count(*) AS n FROM pieces p
            JOIN stands x ON x.reps = p.reps AND x.kind = p.kind AND x.scope = p.scope AND x.start_on <= p.start_on AND x.end_on >= p.end_on
            WHERE p.end_on IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1
        )"""


def scoped(layout: Layout, at: str, columns: str, *, more: str = "") -> str:
    """Return `r` and `s` summed by the scopes above reps that they count for at the day `at`: `kind, scope`, the columns and `amounts`.

    Reps are first summed by the team they are in, teams then by what stands above them. What several reps share has already
    been counted for each of them: all but one are taken back.
    """
    named = ", ".join(f"t.{name}" for name in columns.split(", "))
    text = f"""SELECT 'company' AS kind, 0::bigint AS scope, {named}, t.amounts FROM by_team t WHERE 'company' = ANY(%(kinds)s)
        UNION ALL
        SELECT 'region', t.region, {named}, t.amounts FROM by_team t WHERE t.region <> 0 AND 'region' = ANY(%(kinds)s)
        UNION ALL
        SELECT a.kind, a.scope, {named}, t.amounts FROM by_team t JOIN above a ON a.team = t.team AND (a.kind <> 'region' OR t.region = 0)
            WHERE a.kind = ANY(%(kinds)s)"""
    if layout.is_shareable:
        all_but_one = layout.times("t.amounts", "(1 - cardinality(t.reps))")
        text = f"""{text}
        UNION ALL
        SELECT 'company', 0::bigint, {named}, {all_but_one} FROM s t WHERE 'company' = ANY(%(kinds)s)
        UNION ALL
        SELECT 'region', t.region, {named}, {all_but_one} FROM s t WHERE t.region <> 0 AND 'region' = ANY(%(kinds)s)
        UNION ALL
        SELECT x.kind, x.scope, {named}, {layout.times("t.amounts", "(1 - x.n)")} FROM s t
            JOIN sharing x ON x.reps = t.reps AND {at} >= x.start_on AND {at} < x.end_on AND (x.kind <> 'region' OR t.region = 0) WHERE x.kind = ANY(%(kinds)s)"""
    return f"""(WITH by_team AS (
            SELECT coalesce(m.team_id, 0) AS team, t.region, {named}, {layout.sums()} AS amounts
            FROM r t LEFT JOIN reps_membership m ON m.rep_id = t.rep AND m.start_on <= {at} AND (m.end_on IS NULL OR {at} < m.end_on)
            GROUP BY {named}, m.team_id, t.region
        )
        SELECT kind, scope, {columns}, {layout.sums()} AS amounts FROM ({text}{more}) t GROUP BY {columns}, scope, kind)"""


def moved(layout: Layout) -> str:
    """What stood with a rep goes along to their next team: taken from the one on the day they leave it, given to the other on the day they come."""

    def going(members: str, condition: str, day: str, factor: str) -> str:
        return f"""SELECT a.kind, a.scope, m.{day}, t.part, {layout.times("t.amounts", factor, only=Kind.STOCK)} FROM {members}
            AND m.{day} <= %(to)s AND t.day < m.{day} {condition} WHERE a.kind = ANY(%(kinds)s)"""

    own = "r t JOIN reps_membership m ON m.rep_id = t.rep"
    above = "JOIN above a ON a.team = m.team_id AND (a.kind <> 'region' OR t.region = 0)"
    arms = [going(own, above, "start_on", "1"), going(own, above, "end_on", "-1")]
    if layout.is_shareable:
        for day, sign in (("start_on", ""), ("end_on", "-")):
            arms.append(
                f"""SELECT x.kind, x.scope, x.{day}, t.part, {layout.times("t.amounts", f"({sign}(1 - x.n))", only=Kind.STOCK)} FROM s t
                JOIN sharing x ON x.reps = t.reps AND x.{day} <= %(to)s AND t.day < x.{day} AND (x.kind <> 'region' OR t.region = 0) WHERE x.kind = ANY(%(kinds)s)"""
            )
    return "".join(f" UNION ALL {arm}" for arm in arms)


def nonzero(layout: Layout, select: str) -> str:
    return f"SELECT kind, scope, grain, start_on, part, amounts FROM ({select}) t WHERE amounts <> {layout.zeros}"


def added(layout: Layout, select: str) -> str:
    """Add what a SELECT gives to the snapshots."""
    return f"""INSERT INTO kpis_snapshot AS old (stream, kind, scope, grain, start_on, part, amounts)
        SELECT %(stream)s, t.* FROM ({nonzero(layout, select)}) t
        ON CONFLICT (kind, scope, grain, start_on, stream, part) DO UPDATE SET amounts = {layout.added("old.amounts", "excluded.amounts")}"""


def daily(layout: Layout, rows: Rows) -> str:
    """Sum by scope and day; then flows by month, quarter and year, and stocks' running totals at the end of weeks and of each of those.

    A day holds what came to a stock on it, not what stood. A rep's days are not summed: they are stored as counted. Nor are their
    weeks: months and the days since say what stood.
    """
    has_stock, has_flow = Kind.STOCK in layout.kinds, Kind.FLOW in layout.kinds
    ctes, selects = _summed(layout, rows), [OF_DAYS]
    if has_flow:
        ctes += f", {HIGHER}"
        selects += _flows(layout)
    if has_stock:
        ctes += f", {_ends(layout)}"
        selects += [OF_ENDS, OF_HIGHER_ENDS]
    select = " UNION ALL ".join(selects)
    if has_flow and has_stock:
        select = f"SELECT kind, scope, grain, start_on, part, {layout.sums()} AS amounts FROM ({select}) t GROUP BY 1, 2, 3, 4, 5"
    return f"WITH {ctes} {select}"


def _summed(layout: Layout, rows: Rows) -> str:
    """Return CTEs: `days`, by scope and day, and `sums`, by scope and month (of stocks, and above reps, by week, too)."""
    has_stock = Kind.STOCK in layout.kinds
    days = OF_CALENDAR if rows == STORED else "SELECT DISTINCT day FROM base"
    since = "" if has_stock else "AND day >= (SELECT coalesce(min(start_on), DATE '0001-01-01') FROM core_period WHERE end_on > %(after)s)"
    return f"""{taken(layout, rows, f"day > {UNDATED} {since}")},
        days AS MATERIALIZED {scoped(layout, "t.day", "day, part", more=moved(layout) if has_stock else "")}, base AS (
            SELECT kind, scope, greatest(day, {CALENDAR_STARTS}) AS day, part, amounts FROM days
            UNION ALL
            SELECT 'rep', rep, greatest(day, {CALENDAR_STARTS}), part, amounts FROM r WHERE 'rep' = ANY(%(kinds)s)
        ), spans AS MATERIALIZED (
            SELECT d.day, p.grain, p.start_on, p.end_on FROM ({days}) d
            JOIN core_period p ON p.grain IN ({"'week', 'month'" if has_stock else "'month'"}) AND d.day >= p.start_on AND d.day < p.end_on
        ), sums AS MATERIALIZED (
            SELECT kind, scope, grain, start_on, end_on, part, {layout.sums()} AS amounts FROM base t JOIN spans USING (day)
            WHERE grain = 'month' OR kind <> 'rep' GROUP BY scope, start_on, part, kind, grain, end_on
        )"""


OF_CALENDAR = "SELECT start_on AS day FROM core_period WHERE grain = 'day' AND start_on <= %(to)s"
OF_DAYS = "SELECT kind, scope, 'day' AS grain, day AS start_on, part, amounts FROM days WHERE day >= %(after)s"

# The quarter and the year of each month in which something happened.
HIGHER = """higher AS MATERIALIZED (
            SELECT m.start_on AS month_on, p.grain, p.start_on FROM (SELECT DISTINCT start_on FROM sums WHERE grain = 'month') m
            JOIN core_period p ON p.grain IN ('quarter', 'year') AND m.start_on >= p.start_on AND m.start_on < p.end_on AND p.end_on > %(after)s
        )"""


def _flows(layout: Layout) -> list[str]:
    """Return a SELECT of what happened by month, and one by quarter and year."""
    return [
        f"SELECT kind, scope, grain, start_on, part, {layout.only(Kind.FLOW, 'amounts')} FROM sums WHERE grain = 'month' AND end_on > %(after)s",
        f"""SELECT kind, scope, h.grain, h.start_on, part, {layout.sums(only=Kind.FLOW)} FROM sums t JOIN higher h ON h.month_on = t.start_on
                WHERE t.grain = 'month' GROUP BY 1, 2, 3, 4, 5""",
    ]


def _ends(layout: Layout) -> str:
    """Return CTEs: `ends`, what stands at the end of each week and month from the first with anything on; and the `periods` there are."""
    return f"""periods AS MATERIALIZED (
            SELECT p.grain, p.start_on, p.end_on, {CUT} AS cut_on FROM core_period p WHERE p.grain <> 'day' AND p.start_on <= %(to)s
        ), firsts AS (
            SELECT kind, scope, grain, part, min(start_on) AS first_on FROM sums GROUP BY 1, 2, 3, 4
        ), ends AS MATERIALIZED (
            SELECT * FROM (
                SELECT f.kind, f.scope, f.grain, p.start_on, p.end_on, p.cut_on, f.part, {layout.running("b.amounts", "w", only=Kind.STOCK)} AS amounts
                FROM firsts f JOIN periods p ON p.grain = f.grain AND p.start_on >= f.first_on
                LEFT JOIN sums b ON b.kind = f.kind AND b.scope = f.scope AND b.grain = p.grain AND b.start_on = p.start_on AND b.part = f.part
                WINDOW w AS (PARTITION BY f.kind, f.scope, f.grain, f.part ORDER BY p.start_on)
            ) t WHERE amounts <> {layout.zeros}
        )"""


OF_ENDS = "SELECT kind, scope, grain, start_on, part, amounts FROM ends WHERE end_on > %(after)s"
# A quarter and a year end, or are cut, where a month is.
OF_HIGHER_ENDS = """SELECT kind, scope, p.grain, p.start_on, part, amounts FROM ends t JOIN periods p ON p.grain IN ('quarter', 'year') AND p.cut_on = t.cut_on
                WHERE t.grain = 'month' AND p.end_on > %(after)s"""


def windows(layout: Layout, rows: Rows) -> str:
    """Put what was counted per period (`part` is its id) to the scopes at the period's end."""
    at = f"SELECT t.*, p.grain, p.start_on AS begins_on, {CUT} - 1 AS at_on FROM {{rows}} t JOIN core_period p ON p.id = t.part"
    where = "WHERE t.stream = %(stream)s AND p.end_on > %(after)s"
    return f"""WITH r AS MATERIALIZED ({at.format(rows=rows.own)} {where}), s AS MATERIALIZED ({at.format(rows=rows.shared)} {where}), {SHARING}
        SELECT kind, scope, grain, begins_on AS start_on, 0::bigint AS part, amounts FROM {scoped(layout, "t.at_on", "grain, begins_on, at_on")} t
        UNION ALL
        SELECT 'rep', rep, grain, begins_on, 0, {layout.sums()} FROM r t WHERE 'rep' = ANY(%(kinds)s) GROUP BY 2, 3, 4"""


def undated(layout: Layout, rows: Rows) -> str:
    """Put what has no day to the scopes at the counted day."""
    return f"""WITH {taken(layout, rows, f"day = {UNDATED}")}
        SELECT kind, scope, '{EVER}' AS grain, day AS start_on, 0::bigint AS part, amounts FROM {scoped(layout, "%(to)s::date", "day")} t
        UNION ALL
        SELECT 'rep', rep, '{EVER}', day, 0, {layout.sums()} FROM r t WHERE 'rep' = ANY(%(kinds)s) GROUP BY 2, 4"""
