"""What each record adds to a window's sums, net per record and rep: kept when a period is closed, and counted again to compare with it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from apps.core.periods import Window
from apps.kpis import counting
from apps.kpis.declarations import Kind, Measure
from apps.kpis.streams import STREAMS, UNDATED

IN_DAYS = "{day} >= %(start)s AND {day} < %(end)s"
SO_FAR = "{day} < %(end)s AND {day} > " + UNDATED
WIN = """WITH win AS (SELECT 0::bigint AS id, d.day::date AS day, %(start)s::date AS start_on, %(end)s::date AS end_on, %(end)s::date AS cut_on
    FROM generate_series(%(start)s::date, %(end)s::date - 1, interval '1 day') d(day))"""


def params(window: Window, on: date) -> dict[str, Any]:
    """Return what `records` asks for: a window that is over, seen on a day."""
    return {"start": window.start_on, "end": window.end_on, "so_far": on + timedelta(days=1)}


def records(measures: Iterable[Measure], kept: Iterable[Measure]) -> str:
    """Return a SELECT of `record, day, rep, region, crew, amounts`, one amount for each of some measures of one stream.

    A flow's day is its own; what stands at the end, or is counted per period, is on the last day. Measures that are not to be
    kept have nothing.
    """
    measures, kept = list(measures), list(kept)
    arms = [_arm(measures, [one for one in kept if one.kind == kind], kind) for kind in dict.fromkeys(measure.kind for measure in kept)]
    sums = ", ".join(f"sum(amounts[{n}])" for n in range(1, len(measures) + 1))
    zeros = "ARRAY[" + ", ".join("0" for _measure in measures) + "]::numeric[]"
    return f"""SELECT * FROM (
            SELECT record, day, rep, region, max(crew) AS crew, ARRAY[{sums}] AS amounts FROM ({" UNION ALL ".join(arms)}) c GROUP BY 1, 2, 3, 4
        ) t WHERE amounts <> {zeros}"""


def _arm(measures: list[Measure], kept: list[Measure], kind: Kind) -> str:
    """What the records add to some measures of one kind; nothing stands for the others."""
    stream = STREAMS[measures[0].stream]
    within = {Kind.FLOW: IN_DAYS, Kind.STOCK: SO_FAR, Kind.WINDOW: "TRUE"}[kind]
    day = "x.day" if kind == Kind.FLOW else "%(end)s::date - 1"
    amounts = ", ".join(_amount(measure) if measure in kept else "0::numeric" for measure in measures)
    preamble = WIN if stream.is_windowed else ""
    return f"""({preamble} SELECT x.record, {day} AS day, x.rep, x.region, x.crew, ARRAY[{amounts}] AS amounts
        FROM (SELECT * FROM ({stream.sql(within, cut="%(so_far)s::date")}) s OFFSET 0) x)"""


def _amount(measure: Measure) -> str:
    return f"CASE WHEN ({measure.when}) AND ({measure.unknown}) IS NOT TRUE THEN {counting.own_amount(measure)} ELSE 0 END"
