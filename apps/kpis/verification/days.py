"""Stored days against the records: a slice of days, or the windows of some periods, recounted from nothing."""

from typing import Any

from apps.kpis import counting
from apps.kpis.layouts import Layout
from apps.kpis.recounts import CUT, windows
from apps.kpis.verification.comparing import Difference, Finding, Sight, compare, differences
from apps.kpis.verification.pieces import Piece

IN_PIECE = "{day} >= %(start)s AND {day} < %(end)s"
PERIODS = "SELECT p.id, p.start_on, p.end_on, least(p.end_on, %(to)s::date + 1) AS cut_on FROM core_period p WHERE p.grain <> 'day' AND ({periods})"


def verify(layout: Layout, piece: Piece, sight: Sight) -> Finding:
    """Recount one stream's days of a piece; what a write touched since the last drain is no difference."""
    if piece.is_undated and not layout.stream.may_be_undated:
        return Finding()
    params: dict[str, Any] = {"start": piece.start_on, "end": piece.end_on, "to": sight.counted_to, "stream": layout.key, "source": layout.stream.source}
    preamble, within, stored = "", IN_PIECE, "day >= %(start)s AND day < %(end)s"
    if layout.is_windowed:
        periods = PERIODS.format(periods=piece.periods)
        preamble, within, stored = windows(periods), "TRUE", f"part IN (SELECT id FROM ({periods}) p)"
    cells = differing = 0
    found: list[Difference] = []
    for table, owner, counted in (
        ("kpis_measureday", "rep", counting.sums(layout, within, cut=CUT)),
        ("kpis_sharedday", "reps", counting.shared_sums(layout, within, cut=CUT)),
    ):
        if owner == "reps" and not layout.is_shareable:
            continue
        key = f"day, {owner}, region, part"
        kept = f"SELECT {key}, amounts FROM {table} WHERE stream = %(stream)s AND {stored}"
        rows, wrong, places = compare(layout, f"{preamble} {counted}", kept, key, params, waits=_waits(layout, piece, owner))
        cells, differing = cells + rows, differing + wrong
        for day, whose, _region, part, expected, had in places:
            ids = tuple(whose) if owner == "reps" else (whose,)
            found += differences(layout, expected, had, kind="rep", ids=ids, day=day, grain="day", part=part)
    return Finding(cells, differing, tuple(found))


def _waits(layout: Layout, piece: Piece, owner: str) -> str:
    """Say in SQL which cells have a note: a write came after the last drain."""
    place, noted = "day", "SELECT d.day, d.rep FROM kpis_dirtycell d WHERE d.source = %(source)s"
    if layout.is_windowed:
        place = "part"
        noted = f"""SELECT p.id, d.rep FROM kpis_dirtycell d JOIN core_period p ON d.day >= p.start_on AND d.day < p.end_on
            WHERE d.source = %(source)s AND p.grain <> 'day' AND ({piece.periods})"""
    if owner == "rep":
        return f"({place}, rep) IN ({noted})"
    return f"EXISTS (SELECT FROM unnest(reps) u(rep) WHERE ({place}, u.rep) IN ({noted}))"
