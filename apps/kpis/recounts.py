"""Recounts cells (a day and rep of a source) from the records, and puts what differs in place of what is stored."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from apps.kpis import carrying, counting, layouts, noting
from apps.kpis.carrying import Rows
from apps.kpis.layouts import Layout
from apps.kpis.locks import ROOM

# Kept for the connection and emptied with each transaction.
TABLES = (
    "cell (day date, rep bigint, PRIMARY KEY (day, rep))",
    "fresh (stream varchar, day date, rep bigint, region bigint, part bigint, amounts numeric[])",
    "fresh_shared (stream varchar, day date, reps bigint[], region bigint, part bigint, amounts numeric[])",
    "difference (stream varchar, day date, rep bigint, region bigint, part bigint, amounts numeric[])",
    "difference_shared (stream varchar, day date, reps bigint[], region bigint, part bigint, amounts numeric[])",
)
Cells = tuple[str, dict[str, Any]]  # the statement that fills `cell`, and its parameters
NAMES = [table.split(" ", 1)[0] for table in TABLES]
DIFFERENCES = Rows("difference", "difference_shared")
CUT = "(%(to)s::date + 1)"
# What changes touch is looked up row by row, and what changed lately is mostly in memory: the planner would rather read whole tables.
AT_HAND = "SET LOCAL random_page_cost = 1.1"
# A measure counted per period is recounted, for the reps and days of the cells, in each period that holds a touched day.
TOUCHED = f"""SELECT p.id, c.day, p.start_on, p.end_on, least(p.end_on, {CUT}) AS cut_on FROM (SELECT DISTINCT day FROM cell) c
    JOIN core_period p ON p.grain <> 'day' AND c.day >= p.start_on AND c.day < p.end_on"""


def windows(periods: str) -> str:
    """Return a CTE with a row for each day of some periods."""
    return f"""WITH win AS MATERIALIZED (SELECT p.id, d.day::date AS day, p.start_on, p.end_on, p.cut_on FROM ({periods}) p
        CROSS JOIN LATERAL generate_series(p.start_on, p.end_on - 1, interval '1 day') d(day))"""


def lay_out(cursor: Any, name: str, select: str, params: dict[str, Any]) -> None:
    """Make what a SELECT gives a table until the transaction ends: then the planner knows how many rows of what it holds, such as in how few windows a day is."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}", params)
    cursor.execute(f"ANALYZE {name}")


ON_DAYS = "{day} IN (SELECT day FROM cell)"  # each day is looked up once, not for each of its reps
DENSE = 4  # a fourth of the reps
ARE_DENSE = "SELECT count(*) * %s >= count(DISTINCT day) * (SELECT count(*) FROM reps_rep) FROM cell"
# Which counted and which stored rows belong to the touched cells, and which of several reps stands for a shared record.
KEPT = "(x.day, x.rep) IN (SELECT day, rep FROM cell)"
OWN = "(t.day, t.rep) IN (SELECT day, rep FROM cell)"
SHARED = "EXISTS (SELECT FROM cell c WHERE c.day = t.day AND c.rep = ANY(t.reps))"
FIRST_OF_CREW = "x.rep = (SELECT min(c.rep) FROM cell c WHERE c.day = x.day AND c.rep = ANY(x.crew))"


def given(cells: Iterable[tuple[date, int]]) -> Cells:
    """Recount these cells."""
    days, reps = zip(*cells, strict=True)
    return "INSERT INTO cell SELECT * FROM unnest(%(days)s::date[], %(reps)s::bigint[])", {"days": list(days), "reps": list(reps)}


def taken(source: str, begins_on: date, reaches_on: date, *, most: int) -> Cells:
    """Take the oldest notes of a source out of their table, of days within a span; what is written meanwhile leaves notes of its own."""
    which = "source = %(source)s AND day >= %(begins_on)s AND day < %(reaches_on)s"
    oldest = f"id <= (SELECT max(id) FROM (SELECT id FROM kpis_dirtycell WHERE {which} ORDER BY id LIMIT %(most)s) t)"
    return f"WITH taken AS (DELETE FROM kpis_dirtycell WHERE {which} AND {oldest} RETURNING day, rep) INSERT INTO cell SELECT DISTINCT day, rep FROM taken", {
        "source": source,
        "begins_on": begins_on,
        "reaches_on": reaches_on,
        "most": most,
    }


def recount(source: str, cells: Cells, *, counted_to: date) -> int:
    """Recount some cells of a source, store them, and carry the differences on to the snapshots; return how many. Call it inside a unit."""
    found = layouts.of_source(source)
    params: dict[str, Any] = {"to": counted_to}
    with connection.cursor() as cursor:
        cursor.execute(f"{ROOM}; {AT_HAND}")
        for table in TABLES:
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} ON COMMIT DELETE ROWS")
        cursor.execute(";".join(f"DELETE FROM {name}" for name in NAMES))
        cursor.execute(*cells)
        count: int = cursor.rowcount
        if not count or not found:
            return count
        cursor.execute("ANALYZE cell")
        if any(layout.is_windowed for layout in found):
            lay_out(cursor, "win", TOUCHED, params)
        within, only_candidates = _within(cursor, found)
        for layout in found:
            _count(cursor, layout, within, only_candidates, params)
        cursor.execute("ANALYZE fresh, fresh_shared")  # rows put in a moment ago have no statistics to plan by
        for layout in found:
            _compare(cursor, layout, params)
        cursor.execute("ANALYZE difference, difference_shared")
        for layout in found:
            _store(cursor, layout)
        cursor.execute("SELECT stream FROM difference UNION SELECT stream FROM difference_shared")
        differing = {stream for (stream,) in cursor.fetchall()}
    for layout in found:
        if layout.key in differing:
            carrying.carry(layout, DIFFERENCES, counted_to=counted_to)
    return count


def _within(cursor: Any, found: list[Layout]) -> tuple[str, bool]:
    """Return the condition that finds the records of the cells, and whether only candidates are looked at; what else they find is left out by `KEPT`.

    Where the cells are of many of the reps on each of their days, it is all records of the days, else those that may be of the cells.
    """
    is_by_window, candidates = any(layout.is_windowed for layout in found), found[0].stream.candidates
    if not is_by_window:  # no index finds what is expected on a day
        cursor.execute(ARE_DENSE, [DENSE])
        if cursor.fetchone()[0]:
            return ON_DAYS, False
    if not candidates:
        return f"{ON_DAYS} AND ({{day}}, {{rep}}) IN (SELECT day, rep FROM cell)", False
    lay_out(cursor, "candidate", candidates, {})
    return ON_DAYS, True


def _count(cursor: Any, layout: Layout, within: str, only_candidates: bool, params: dict[str, Any]) -> None:
    """Count the cells from the records."""
    records, own, shared = counting.both_sums(layout, within, only_candidates=only_candidates, keep=KEPT, first_of_crew=FIRST_OF_CREW, cut=CUT)
    own = f"INSERT INTO fresh SELECT '{layout.key}', day, rep, region, part, amounts FROM ({own}) t"
    if layout.is_shareable:
        shared = f"INSERT INTO fresh_shared SELECT '{layout.key}', day, reps, region, part, amounts FROM ({shared}) t"
        cursor.execute(f"WITH records AS MATERIALIZED ({records}), own AS ({own}) {shared}", params)
    else:
        cursor.execute(f"WITH records AS MATERIALIZED ({records}) {own}", params)


def _compare(cursor: Any, layout: Layout, params: dict[str, Any]) -> None:
    """Find by how much the cells' stored amounts differ from the counted ones."""
    for fresh, stored, owner, own in (("fresh", "kpis_measureday", "rep", OWN), ("fresh_shared", "kpis_sharedday", "reps", SHARED)):
        if owner == "reps" and not layout.is_shareable:
            continue
        key = f"day, {owner}, region, part"
        cursor.execute(
            f"""INSERT INTO {"difference" if owner == "rep" else "difference_shared"} SELECT '{layout.key}', {key}, amounts FROM (
                SELECT {key}, {layout.sums()} AS amounts FROM (
                    SELECT {key}, amounts FROM {fresh} WHERE stream = '{layout.key}'
                    UNION ALL
                    SELECT {key}, {layout.negated("t.amounts")} FROM {stored} t WHERE t.stream = '{layout.key}' AND {own}
                ) t GROUP BY {key}
            ) d WHERE amounts <> {layout.zeros}""",
            params,
        )


def _store(cursor: Any, layout: Layout) -> None:
    """Put what differs in place of what is stored."""
    for fresh, difference, stored, owner in (
        ("fresh", "difference", "kpis_measureday", "rep"),
        ("fresh_shared", "difference_shared", "kpis_sharedday", "reps"),
    ):
        if owner == "reps" and not layout.is_shareable:
            continue
        key = f"stream, day, {owner}, region, part"
        same = " AND ".join(f"{{a}}.{column} = {{b}}.{column}" for column in key.split(", "))
        cursor.execute(
            f"""INSERT INTO {stored} ({key}, amounts)
            SELECT {key}, f.amounts FROM {fresh} f JOIN {difference} d USING ({key}) WHERE stream = '{layout.key}'
            ON CONFLICT (stream, {owner}, day, region, part) DO UPDATE SET amounts = excluded.amounts"""
        )
        cursor.execute(
            f"""DELETE FROM {stored} m USING {difference} d WHERE d.stream = '{layout.key}' AND {same.format(a="m", b="d")}
            AND NOT EXISTS (SELECT FROM {fresh} f WHERE {same.format(a="f", b="d")})"""
        )


def note_states_between(before: date, on: date) -> None:
    """Note the deals with a state dated after one day, up to another: what is counted so far, or per period, sees them only now."""
    with connection.cursor() as cursor:
        cursor.execute(
            noting.deals.deals("SELECT opportunity_id FROM opportunities_opportunityversion WHERE valid_from > %s AND valid_from <= %s"), [before, on]
        )


def note_losses_between(before: date, on: date) -> None:
    """Note the customers who go after one day, up to another: what is counted per period sees them only now."""
    with connection.cursor() as cursor:
        cursor.execute(noting.facts.losses_between("%(before)s::date", "%(on)s::date"), {"before": before, "on": on})


def note_expected_from(day: date) -> None:
    """Note the deals that are, or once were, expected to close on a day or later."""
    with connection.cursor() as cursor:
        cursor.execute(noting.deals.deals("SELECT opportunity_id FROM opportunities_opportunityversion WHERE expected_close_on >= %s"), [day])
