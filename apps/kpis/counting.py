"""Counts measures from the records: the one place where a stream and its measures become SQL.

Two shapes of the same: `contributions` is what each record adds to each measure, for lists of records and for windows that
no sum holds; `sums` and `shared_sums` add up per day and rep, all measures of a stream side by side, for what is stored.
"""

from collections.abc import Iterable

from apps.kpis.declarations import Kind, Measure
from apps.kpis.layouts import NEVER, Layout
from apps.kpis.packing import Packing
from apps.kpis.streams import FOREVER, STREAMS, Stream


def by_stream(measures: Iterable[Measure]) -> dict[Stream, list[Measure]]:
    found: dict[Stream, list[Measure]] = {}
    for measure in measures:
        found.setdefault(STREAMS[measure.stream], []).append(measure)
    return found


def part_of(stream: Stream) -> str:
    return "x.win" if stream.is_windowed else stream.part


def own_amount(measure: Measure) -> str:
    """What one record adds for the rep, rounded per record, so that what a stock gains and later loses cancels exactly."""
    amount = f"({measure.amount})::numeric"
    if measure.is_split:
        return f"CASE WHEN x.share IS NULL THEN {amount} ELSE round(({measure.amount}) * x.share, 6) END"
    return amount if measure.amount.isidentifier() else f"round({amount}, 6)"


# --- A row per record and measure --------------------------------------------------------------------
def contributions(measures: Iterable[Measure], within: str, *, cut: str = FOREVER) -> str:
    """Return a SELECT of what each record adds to each measure: `record, day, rep, crew, region, part, measure, amount, once, excluded`.

    `amount` is the rep's, by credit where the measure is split; `once` is what a scope counts once although several of its
    reps share the record (0 for split measures, whose shares add up by themselves). `within` limits the stream by `{day}`, `{rep}` and `{record}`.
    """
    return "\nUNION ALL\n".join(_stream_contributions(stream, group, within, cut) for stream, group in by_stream(measures).items())


def _stream_contributions(stream: Stream, measures: list[Measure], within: str, cut: str) -> str:
    values = ",\n".join(_values(stream, measure) for measure in measures)
    counted = " OR ".join(f"({measure.when})" for measure in measures)  # of arms that give nothing of the kind not even the tables are opened
    return f"""SELECT x.record, x.day, x.rep, x.crew, x.region, m.part, m.measure, m.amount, m.once, m.excluded
        FROM {_apart(f"SELECT * FROM ({stream.sql(within, cut=cut)}) x WHERE {counted}")} x
        CROSS JOIN LATERAL (VALUES {values}) AS m(measure, part, is_counted, amount, once, excluded) WHERE m.is_counted"""


def _values(stream: Stream, measure: Measure) -> str:
    own = f"CASE WHEN {measure.unknown} THEN 0 ELSE {own_amount(measure)} END"
    return f"""('{measure.key}', ({part_of(stream)})::bigint, coalesce({measure.when}, FALSE), {own},
        {"0::numeric" if measure.is_split else own}, CASE WHEN {measure.unknown} THEN {sign(measure)} ELSE 0 END)"""


def _apart(sql: str) -> str:
    """Return a stream's records as a table whose SQL stays as it is.

    OFFSET 0 keeps the planner from mixing it with `within`, which would look every record's cell up anew, and from putting a
    column's SQL, which may be a query, into every sum that names it.
    """
    return f"(SELECT * FROM ({sql}) s OFFSET 0)"


def sign(measure: Measure) -> str:
    return "sign" if measure.kind == Kind.STOCK else "1"


# --- A row per day and rep ------------------------------------------------------------------------------
def sums(layout: Layout, within: str, *, cut: str = FOREVER) -> str:
    """Return a SELECT of `day, rep, region, part, amounts`; sums of nothing are left out."""
    rows = layout.stream.rows_at_once(f"x.day, x.rep, x.region, {_part(layout)} AS part, {_slots(layout)}", within, cut=cut)
    return _grouped(layout, rows, "day, rep, region, part")


def packed_sums(layout: Layout, packing: Packing, within: str, *, cut: str = FOREVER) -> str:
    """Return the same as `sums`, for many records: they are added up by one number."""
    number = packing.packed("x.day", "x.rep", "x.region", _part(layout))
    rows = layout.stream.rows_at_once(f"{number} AS number, {_slots(layout)}", within, cut=cut)
    return f"SELECT {packing.unpacked('number')}, amounts FROM ({_grouped(layout, rows, 'number')}) n"


def shared_sums(layout: Layout, within: str, *, cut: str = FOREVER) -> str:
    """Return a SELECT of `day, reps, region, part, amounts`: what several reps share, once per record."""
    return _grouped(layout, layout.stream.rows_at_once(_columns(layout), within, only_first=True, cut=cut), OF_CREW)


def both_sums(layout: Layout, within: str, *, only_candidates: bool = False, keep: str, first_of_crew: str, cut: str = FOREVER) -> tuple[str, str, str]:
    """Return the records as a SELECT, and from them, where they are named `records`, the SELECTs of both sums: one look at the tables serves both.

    `keep` limits what the stream gave by the columns of `x`, `first_of_crew` picks one of the reps who share a record. With `only_candidates`
    only what the stream's candidates name is looked at, once for all its arms.
    """
    columns = _columns(layout)
    rows = layout.stream.rows_at_once(columns, within, only_candidates=True, cut=cut) if only_candidates else layout.stream.rows(columns, within, cut=cut)
    records = f"SELECT * FROM ({rows} OFFSET 0) x WHERE {keep}"
    own = _grouped(layout, "TABLE records", "day, rep, region, part")
    return records, own, _grouped(layout, f"SELECT * FROM records x WHERE crew IS NOT NULL AND {first_of_crew}", OF_CREW)


OF_CREW = "day, crew AS reps, region, part"


def _columns(layout: Layout) -> str:
    """Return where a record belongs, and what it adds, as SQL over `x`."""
    return f"x.day, x.rep, x.crew, x.region, {_part(layout)} AS part, {_slots(layout)}"


def _part(layout: Layout) -> str:
    return f"({part_of(layout.stream)})::bigint"


def _slots(layout: Layout) -> str:
    """Return what a record adds to each slot of its row, nothing where it is not counted, as SQL over `x`."""
    added = [_added(measure) for measure in layout.measures] + [_left_out(measure) for measure in layout.excludable]
    return ", ".join(f"{sql} AS slot_{n}" for n, sql in enumerate(added, 1))


def _added(measure: Measure) -> str:
    amount = "1" if _is_count(measure) else f"({measure.amount})::integer" if measure.is_whole else own_amount(measure)
    return f"CASE WHEN {_known(measure)} AND ({measure.when}) THEN {amount} END"


def _left_out(measure: Measure) -> str:
    return f"CASE WHEN ({measure.unknown}) AND ({measure.when}) THEN ({sign(measure)})::integer END"


def _known(measure: Measure) -> str:
    return "TRUE" if measure.unknown == NEVER else f"({measure.unknown}) IS NOT TRUE"


def _is_count(measure: Measure) -> bool:
    return measure.amount == "1" and not measure.is_split


def _grouped(layout: Layout, rows: str, place: str) -> str:
    """Add rows up by their place; of what several reps share, what is split adds up by itself."""
    sums = [
        "0::numeric" if place == OF_CREW and measure.is_split else f"count(slot_{n})::numeric" if _is_count(measure) else f"coalesce(sum(slot_{n}), 0)::numeric"
        for n, measure in enumerate(layout.measures, 1)
    ]
    sums += [f"coalesce(sum(slot_{n}), 0)::numeric" for n in range(len(layout.measures) + 1, layout.width + 1)]
    group = ", ".join(str(n) for n in range(1, len(place.split(", ")) + 1))
    return f"""SELECT * FROM (
            SELECT {place}, ARRAY[{", ".join(sums)}] AS amounts FROM ({rows} OFFSET 0) x GROUP BY {group}
        ) t WHERE amounts <> {layout.zeros}"""
