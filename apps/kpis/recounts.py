"""Recounts cells (a day and rep of a source) from the records, and finds by how much the stored amounts differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.kpis import carrying, counting, noting
from apps.kpis.carrying import Rows

ON_DAYS = "{day} = ANY(%(days)s)"
IN_RANGE = "{day} >= %(start)s AND {day} < %(end)s"
# A measure counted per period is recounted, for a rep, in each period that holds a touched day.
WINDOWS = "win AS MATERIALIZED (SELECT p.id, p.start_on, p.end_on, least(p.end_on, %(to)s::date + 1) AS cut_on FROM core_period p WHERE {periods})"
TOUCHED_PERIODS = "p.grain <> 'day' AND EXISTS (SELECT FROM cell WHERE cell.day >= p.start_on AND cell.day < p.end_on)"


@dataclass(frozen=True)
class Cells:
    """Which counted and which stored rows belong to the touched cells, and which of several reps stands for a shared record."""

    kept: str
    own: str
    shared: str
    first_of_crew: str


DAY_CELLS = Cells(
    kept="(x.day, x.rep) IN (SELECT day, rep FROM cell)",
    own="(day, rep) IN (SELECT day, rep FROM cell)",
    shared="EXISTS (SELECT FROM cell WHERE cell.day = t.day AND cell.rep = ANY(t.reps))",
    first_of_crew="SELECT min(cell.rep) FROM cell WHERE cell.day = t.day AND cell.rep = ANY(t.crew)",
)
IN_PERIOD = "cell JOIN core_period p ON cell.day >= p.start_on AND cell.day < p.end_on"
PERIOD_CELLS = Cells(
    kept=f"(x.win, x.rep) IN (SELECT p.id, cell.rep FROM {IN_PERIOD})",
    own=f"(part, rep) IN (SELECT p.id, cell.rep FROM {IN_PERIOD})",
    shared=f"EXISTS (SELECT FROM {IN_PERIOD} WHERE p.id = t.part AND cell.rep = ANY(t.reps))",
    first_of_crew=f"SELECT min(cell.rep) FROM {IN_PERIOD} WHERE p.id = t.part AND cell.rep = ANY(t.crew)",
)


def recount(source: str, cells: Iterable[tuple[date, int]], *, counted_to: date) -> None:
    """Recount some cells, store them, and carry the differences on to the snapshots. Call it inside a unit."""
    cells = list(cells)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE cell (day date, rep bigint) ON COMMIT DROP")
        cursor.execute("INSERT INTO cell SELECT * FROM unnest(%s::date[], %s::bigint[])", [[day for day, _ in cells], [rep for _, rep in cells]])
        cursor.execute("CREATE INDEX ON cell (day, rep)")
        cursor.execute("CREATE INDEX ON cell (rep, day)")
        cursor.execute("ANALYZE cell")
    for windowed in (False, True):
        if counting.measures_of(source, windowed=windowed):
            _replace(source, windowed, {"days": sorted({day for day, _ in cells}), "to": counted_to})
            _carry(counted_to)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE cell")


def _replace(source: str, windowed: bool, params: dict[str, Any]) -> None:
    """Put the cells' recounted amounts in place of the stored ones; leave the differences in `difference` and `shared_difference`."""
    measures = counting.measures_of(source, windowed=windowed)
    params["measures"] = [measure.key for measure in measures]
    win = f"WITH {WINDOWS.format(periods=TOUCHED_PERIODS)}" if windowed else ""
    cells = PERIOD_CELLS if windowed else DAY_CELLS
    contributed = counting.contributions(measures, "TRUE" if windowed else ON_DAYS, keep=cells.kept, cut="(%(to)s::date + 1)")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE contributed ON COMMIT DROP AS {win} SELECT * FROM ({contributed}) t", params)
        cursor.execute(f"CREATE TEMP TABLE fresh ON COMMIT DROP AS {counting.daily('contributed')}")
        cursor.execute(f"CREATE TEMP TABLE shared_fresh ON COMMIT DROP AS {counting.shared('contributed', cells.first_of_crew)}")
        _swap(cursor, "kpis_measureday", "fresh", "rep", cells.own, params)
        _swap(cursor, "kpis_sharedday", "shared_fresh", "reps", cells.shared, params)


def _swap(cursor, stored: str, fresh: str, owner: str, own: str, params: dict[str, Any]) -> None:  # type: ignore[no-untyped-def]
    key = f"measure, day, {owner}, region, part"
    difference = "difference" if owner == "rep" else "shared_difference"
    cursor.execute(
        f"""CREATE TEMP TABLE {difference} ON COMMIT DROP AS
        SELECT {key}, sum(amount) AS amount, sum(excluded)::int AS excluded FROM (
            SELECT {key}, amount, excluded FROM {fresh}
            UNION ALL
            SELECT {key}, -amount, -excluded FROM {stored} t WHERE measure = ANY(%(measures)s) AND {own}
        ) t GROUP BY {key} HAVING sum(amount) <> 0 OR sum(excluded) <> 0""",
        params,
    )
    cursor.execute(f"ANALYZE {difference}")  # a table made a moment ago has no statistics to plan by
    cursor.execute(f"DELETE FROM {stored} t WHERE measure = ANY(%(measures)s) AND {own}", params)
    cursor.execute(f"INSERT INTO {stored} ({key}, amount, excluded) SELECT {key}, amount, excluded FROM {fresh}")


def _carry(counted_to: date) -> None:
    for rows in (Rows("difference", "rep"), Rows("shared_difference", "reps")):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {rows.table})")
            is_any = cursor.fetchone()[0]
        if is_any:
            carrying.carry(rows, counted_to=counted_to)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE contributed, fresh, shared_fresh, difference, shared_difference")


def verify(source: str, start_on: date, last_on: date) -> tuple[int, list[tuple[str, date, int, Decimal]]]:
    """Recount the days from one to another; return the number of cells, and measure, day, rep and difference of each that differs."""
    measures = counting.measures_of(source, windowed=False)
    params: dict[str, Any] = {"start": start_on, "end": last_on + timedelta(days=1), "measures": [measure.key for measure in measures]}
    fresh = counting.daily(f"({counting.contributions(measures, IN_RANGE, cut='%(end)s::date')})")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT measure, day, rep, sum(amount) FROM (
                SELECT measure, day, rep, amount FROM ({fresh}) f
                UNION ALL
                SELECT measure, day, rep, -amount FROM kpis_measureday WHERE measure = ANY(%(measures)s) AND day >= %(start)s AND day < %(end)s
            ) t GROUP BY measure, day, rep""",
            params,
        )
        rows = cursor.fetchall()
    return len(rows), [row for row in rows if row[3] != 0]


def note_states_between(before: date, on: date) -> None:
    """Note the deals with a state dated after one day, up to another: what is counted so far, or per period, sees them only now."""
    with connection.cursor() as cursor:
        cursor.execute(
            noting.deals.deals("SELECT opportunity_id FROM opportunities_opportunityversion WHERE valid_from > %s AND valid_from <= %s"), [before, on]
        )


def note_expected_from(day: date) -> None:
    """Note the deals that are, or once were, expected to close on a day or later."""
    with connection.cursor() as cursor:
        cursor.execute(noting.deals.deals("SELECT opportunity_id FROM opportunities_opportunityversion WHERE expected_close_on >= %s"), [day])


def note_everything() -> None:
    """Note every cell that any record touches, so that the next drain counts all of them."""
    with connection.cursor() as cursor:
        for statement in noting.everything():
            cursor.execute(statement)
