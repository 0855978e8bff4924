"""Snapshots against the days they are summed from: every scope's, summed here once more in the plainest way."""

from typing import Any

from django.db import connection

from apps.kpis.carrying import EVER
from apps.kpis.declarations import Kind
from apps.kpis.layouts import Layout
from apps.kpis.streams import UNDATED
from apps.kpis.verification.comparing import Difference, Finding, Sight, compare, differences
from apps.kpis.verification.pieces import Piece

KEY = "kind, scope, grain, start_on, part"
SNAPSHOTS = f"SELECT {KEY}, amounts FROM kpis_snapshot s WHERE s.stream = %(stream)s"
TABLES = (("kpis_measureday", "rep"), ("kpis_sharedday", "reps"))


def verify(layout: Layout, piece: Piece, sight: Sight) -> Finding:
    """Sum one stream's snapshots of a piece's days and periods again."""
    params: dict[str, Any] = {"start": piece.start_on, "end": piece.end_on, "to": sight.counted_to, "stream": layout.key}
    if piece.is_undated:
        return _compared(layout, [_undated(layout)], params) if layout.stream.may_be_undated else Finding()
    if layout.is_windowed:
        return _compared(layout, [_windows(layout, piece)], params)
    found = [_days(layout)] if piece.start_on < piece.end_on else []
    finding = _compared(layout, found, params)
    for cut in _cuts(piece, params):
        finding = _added(finding, _compared(layout, [_periods(layout, piece)], {**params, "cut": cut}))
    return finding


def _compared(layout: Layout, pairs: list[tuple[str, str]], params: dict[str, Any]) -> Finding:
    cells = differing = 0
    found: list[Difference] = []
    for expected, stored in pairs:
        rows, wrong, places = compare(layout, expected, stored, KEY, params)
        cells, differing = cells + rows, differing + wrong
        for kind, scope, grain, start_on, part, should, had in places:
            found += differences(layout, should, had, kind=kind, ids=(scope,), day=start_on, grain=grain, part=part)
    return Finding(cells, differing, tuple(found))


def _added(one: Finding, other: Finding) -> Finding:
    return Finding(one.cells + other.cells, one.differing + other.differing, one.differences + other.differences)


def _cuts(piece: Piece, params: dict[str, Any]) -> list[Any]:
    """Return the days at which periods of a piece end, or stand now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT least(p.end_on, %(to)s::date + 1) FROM core_period p
                WHERE p.grain <> 'day' AND p.start_on <= %(to)s AND ({piece.periods}) ORDER BY 1""",
            params,
        )
        return [cut for (cut,) in cursor.fetchall()]


def by_scope(layout: Layout, own: str, shared: str, columns: str, *, with_reps: bool = True) -> str:
    """Sum rows (`rep` or `reps`, `region`, `part`, `day`) for the scopes that they belong to on their day: `kind, scope`, the columns, `amounts`.

    What several reps of a scope share has been counted for each of them, so all but one are taken back.
    """
    named = ", ".join(f"t.{column}" for column in columns.split(", "))
    text = f"""SELECT 'company' AS kind, 0::bigint AS scope, {named}, t.amounts FROM own t
        UNION ALL SELECT 'region', t.region, {named}, t.amounts FROM own t WHERE t.region <> 0
        UNION ALL SELECT a.kind, a.scope, {named}, t.amounts FROM own t
            JOIN standing a ON a.rep = t.rep AND t.day >= a.start_on AND t.day < a.end_on AND (a.kind = 'team' OR t.region = 0)"""
    if with_reps:
        text += f" UNION ALL SELECT 'rep', t.rep, {named}, t.amounts FROM own t"
    if layout.is_shareable:
        of_all = layout.times("t.amounts", "(1 - cardinality(t.reps))")
        text += f""" UNION ALL SELECT 'company', 0, {named}, {of_all} FROM shared t
            UNION ALL SELECT 'region', t.region, {named}, {of_all} FROM shared t WHERE t.region <> 0
            UNION ALL SELECT x.kind, x.scope, {named}, {layout.times("t.amounts", "(1 - x.n)")} FROM shared t CROSS JOIN LATERAL (
                SELECT a.kind, a.scope, count(*) AS n FROM standing a
                WHERE a.rep = ANY(t.reps) AND t.day >= a.start_on AND t.day < a.end_on AND (a.kind = 'team' OR t.region = 0) GROUP BY 1, 2 HAVING count(*) > 1
            ) x"""
    group = ", ".join(str(n + 1) for n in range(2 + len(columns.split(", "))))
    return f"""WITH own AS MATERIALIZED ({own}), shared AS MATERIALIZED ({shared}),
            standing AS MATERIALIZED (SELECT * FROM reps_standing WHERE kind IN ('team', 'region'))
        SELECT kind, scope, {columns}, {layout.sums()} AS amounts FROM ({text}) t GROUP BY {group}"""


def _rows(select: str) -> tuple[str, str]:
    """Return the same SELECT over what reps have of their own and over what several share."""
    own, shared = (select.format(table=table, owner=owner) for table, owner in TABLES)
    return own, shared


MOVES = """SELECT rep, day FROM (SELECT rep, start_on AS day FROM reps_standing UNION SELECT rep, end_on FROM reps_standing) e
    WHERE day >= %(start)s AND day < %(end)s AND day <= %(to)s"""


def _days(layout: Layout) -> tuple[str, str]:
    """The days of companies, regions and teams (a rep's are stored as counted): what happened, and what stocks gained.

    What stood with a rep who moves stands elsewhere from that day on: it is put where they are, and taken from where they were the day before.
    """
    columns = "{owner}, region, part"
    select = f"SELECT {columns}, day AS at, day, amounts FROM {{table}} t WHERE stream = %(stream)s AND day >= %(start)s AND day < %(end)s AND day <= %(to)s"
    if Kind.STOCK in layout.kinds:
        moving = f"""FROM {{table}} t JOIN (SELECT DISTINCT day FROM ({MOVES}) m) d ON t.day < d.day
            WHERE t.stream = %(stream)s AND t.day > {UNDATED} AND EXISTS (SELECT FROM ({MOVES}) m WHERE m.day = d.day AND m.rep = ANY(ARRAY[]::bigint[] || t.{{owner}}))"""
        gained, lost = (layout.times("t.amounts", factor, only=Kind.STOCK) for factor in ("1", "-1"))
        select += f" UNION ALL SELECT {columns}, d.day, d.day, {gained} {moving} UNION ALL SELECT {columns}, d.day, d.day - 1, {lost} {moving}"
    expected = f"SELECT kind, scope, 'day' AS grain, at AS start_on, part, amounts FROM ({by_scope(layout, *_rows(select), 'at, part', with_reps=False)}) t"
    return expected, f"{SNAPSHOTS} AND grain = 'day' AND start_on >= %(start)s AND start_on < %(end)s"


def _periods(layout: Layout, piece: Piece) -> tuple[str, str]:
    """Flows of months, quarters and years from their days; stocks at the end of these, and of weeks, from all days before."""
    chosen = (
        f"SELECT * FROM core_period p WHERE p.grain <> 'day' AND p.start_on <= %(to)s AND least(p.end_on, %(to)s::date + 1) = %(cut)s AND ({piece.periods})"
    )
    # What lies before the calendar belongs to its first periods.
    since = f"CASE WHEN p.start_on = (SELECT min(start_on) FROM core_period q WHERE q.grain = p.grain) THEN {UNDATED} + 1 ELSE p.start_on END"
    flow, stock = layout.sums("t.amounts", only=Kind.FLOW), layout.sums("t.amounts", only=Kind.STOCK)
    arms = []
    if Kind.FLOW in layout.kinds:
        arms = [
            f"""SELECT t.kind, t.scope, p.grain, p.start_on, t.part, {flow} AS amounts FROM chosen p JOIN kpis_snapshot t ON t.stream = %(stream)s
                AND t.grain = 'day' AND t.start_on >= {since} AND t.start_on < %(cut)s WHERE p.grain <> 'week' GROUP BY 1, 2, 3, 4, 5""",
            f"""SELECT 'rep', t.rep, p.grain, p.start_on, t.part, {flow} FROM chosen p JOIN kpis_measureday t ON t.stream = %(stream)s
                AND t.day >= {since} AND t.day < %(cut)s WHERE p.grain <> 'week' GROUP BY 2, 3, 4, 5""",
        ]
    if Kind.STOCK in layout.kinds:
        rows = _rows(
            f"""SELECT {{owner}}, region, part, %(cut)s::date - 1 AS day, {stock} AS amounts FROM {{table}} t
                WHERE stream = %(stream)s AND day > {UNDATED} AND day < %(cut)s GROUP BY 1, 2, 3"""
        )
        arms.append(
            f"""SELECT t.kind, t.scope, p.grain, p.start_on, t.part, t.amounts FROM ({by_scope(layout, *rows, "part")}) t
                CROSS JOIN chosen p WHERE t.kind <> 'rep' OR p.grain <> 'week'"""
        )
    expected = f"WITH chosen AS MATERIALIZED ({chosen}) SELECT {KEY}, {layout.sums()} AS amounts FROM ({' UNION ALL '.join(arms)}) t GROUP BY {KEY}"
    return expected, f"{SNAPSHOTS} AND (grain, start_on) IN (SELECT grain, start_on FROM ({chosen}) c)"


def _windows(layout: Layout, piece: Piece) -> tuple[str, str]:
    """What is counted per period, for the scopes at the period's end."""
    chosen = f"SELECT * FROM core_period p WHERE p.grain <> 'day' AND ({piece.periods})"
    rows = _rows(
        f"""SELECT {{owner}}, t.region, t.part, least(p.end_on, %(to)s::date + 1) - 1 AS day, t.amounts
            FROM {{table}} t JOIN ({chosen}) p ON p.id = t.part WHERE t.stream = %(stream)s"""
    )
    expected = f"""SELECT t.kind, t.scope, p.grain, p.start_on, 0::bigint AS part, t.amounts FROM ({by_scope(layout, *rows, "part")}) t
        JOIN core_period p ON p.id = t.part"""
    return expected, f"{SNAPSHOTS} AND (grain, start_on) IN (SELECT grain, start_on FROM ({chosen}) c)"


def _undated(layout: Layout) -> tuple[str, str]:
    """What has no day, for the scopes at the counted day."""
    rows = _rows(f"SELECT {{owner}}, region, 0::bigint AS part, %(to)s::date AS day, amounts FROM {{table}} t WHERE stream = %(stream)s AND day = {UNDATED}")
    expected = f"SELECT kind, scope, '{EVER}' AS grain, {UNDATED} AS start_on, part, amounts FROM ({by_scope(layout, *rows, 'part')}) t"
    return expected, f"{SNAPSHOTS} AND grain = '{EVER}'"
