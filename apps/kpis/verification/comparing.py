"""Compares what is stored with what it should be, as one moment of the database has both.

Stored sums, waiting notes and facts change in one transaction, so they agree in every moment that one transaction sees. No
lock is needed, and nobody waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists

from apps.kpis import layouts
from apps.kpis.layouts import Layout
from apps.kpis.models import Count, DirtyStanding, Job

MOST = 200  # differing rows named per comparison; all are counted


@dataclass(frozen=True)
class Sight:
    """One moment in which stored sums and facts can be compared. While teams' sums wait to be made anew, only days can."""

    counted_to: date
    has_standing: bool


@dataclass(frozen=True)
class Difference:
    """One stored amount (or number of records left out) that is not what it should be. `ids` are the reps', or the scope's."""

    measure: str
    kind: str
    ids: tuple[int, ...]
    day: date
    grain: str
    part: int
    expected: Decimal
    found: Decimal
    is_left_out: bool = False


@dataclass(frozen=True)
class Finding:
    """How many stored rows were compared, how many of them differ, and in what."""

    cells: int = 0
    differing: int = 0
    differences: tuple[Difference, ...] = ()


NOTHING = Finding()


@contextmanager
def one_moment() -> Iterator[Sight | None]:
    """See one moment of the database; None while a recount is under way or nothing was counted as it is declared now."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        counted = Count.objects.filter(~Exists(Job.objects.filter(finished_at=None)), pk=1, layout=layouts.fingerprint()).exclude(counted_to_on=None)
        found = counted.values_list("counted_to_on", ~Exists(DirtyStanding.objects.all())).first()
        yield Sight(*found) if found else None


def compare(layout: Layout, expected: str, stored: str, key: str, params: dict[str, Any], *, waits: str = "FALSE") -> tuple[int, int, list[tuple[Any, ...]]]:
    """Compare two SELECTs of a key and `amounts`; return the rows, those that differ, and key, expected and stored amounts of the first of these.

    `waits` says which rows may differ, because a write came after the last drain.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH expected AS ({expected}), stored AS ({stored}), compared AS MATERIALIZED (
                SELECT {key}, e.amounts AS expected, s.amounts AS found, e.amounts IS NOT DISTINCT FROM s.amounts OR {waits} AS is_same
                FROM (SELECT * FROM expected WHERE amounts <> {layout.zeros}) e FULL JOIN (SELECT * FROM stored WHERE amounts <> {layout.zeros}) s USING ({key})
            ) SELECT n.rows, n.differing, d.* FROM (SELECT count(*) AS rows, count(*) FILTER (WHERE NOT is_same) AS differing FROM compared) n
            LEFT JOIN (SELECT {key}, expected, found FROM compared WHERE NOT is_same ORDER BY {key} LIMIT {MOST}) d ON TRUE""",
            params,
        )
        rows = cursor.fetchall()
    return rows[0][0], rows[0][1], [row[2:] for row in rows] if rows[0][1] else []


def differences(layout: Layout, expected: list[Decimal] | None, found: list[Decimal] | None, **place: Any) -> Iterator[Difference]:
    """Tell measure by measure in what two stored arrays differ."""
    nothing = [Decimal(0)] * layout.width
    for (measure, amount, left_out), (_key, stored, stored_left_out) in zip(layout.amounts(expected or nothing), layout.amounts(found or nothing), strict=True):
        if amount != stored:
            yield Difference(measure=measure, expected=amount, found=stored, **place)
        if left_out != stored_left_out:
            yield Difference(measure=measure, expected=Decimal(left_out), found=Decimal(stored_left_out), is_left_out=True, **place)
