"""Counts measures from the records: the one place where a stream and its measures become SQL.

Two shapes of the same: `contributions` is what each record adds to each measure, for lists of records and for windows that
no sum holds; `sums` and `shared_sums` add up per day and rep, all measures of a stream side by side, for what is stored.
"""

from collections.abc import Iterable

from apps.kpis.declarations import Kind, Measure
from apps.kpis.layouts import Layout
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
    amount = f"({measure.amount}) * x.share" if measure.is_split else measure.amount
    return f"round(({amount})::numeric, 6)"


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
    return own_sums(layout, _apart(layout.stream.sql(within, cut=cut)))


def shared_sums(layout: Layout, within: str, *, keep: str, cut: str = FOREVER) -> str:
    """Return a SELECT of `day, reps, region, part, amounts`: what several reps share, once per record.

    The stream gives a record once for each of its reps that was asked for; `keep` picks one of them.
    """
    return crew_sums(layout, _apart(layout.stream.shareable_sql(within, cut=cut)), keep)


def both_sums(layout: Layout, within: str, *, keep: str, first_of_crew: str, cut: str = FOREVER) -> tuple[str, str, str]:
    """Return the records as a SELECT, and from them, where they are named `records`, the SELECTs of both sums: one look at the tables serves both.

    `keep` limits what the stream gave by the columns of `x`, `first_of_crew` picks one of the reps who share a record.
    """
    records = f"SELECT * FROM {_apart(layout.stream.sql(within, cut=cut))} x WHERE {keep}"
    return records, own_sums(layout, "records"), crew_sums(layout, "records", first_of_crew)


def own_sums(layout: Layout, records: str) -> str:
    amounts = ", ".join([_sum(m, own_amount(m)) for m in layout.measures] + [_excluded(m) for m in layout.excludable])
    return f"""SELECT * FROM (
            SELECT x.day, x.rep, x.region, ({part_of(layout.stream)})::bigint AS part, ARRAY[{amounts}] AS amounts FROM {records} x GROUP BY 1, 2, 3, 4
        ) t WHERE amounts <> {layout.zeros}"""


def crew_sums(layout: Layout, records: str, keep: str) -> str:
    amounts = ", ".join([_sum(m, "0" if m.is_split else own_amount(m)) for m in layout.measures] + [_excluded(m) for m in layout.excludable])
    return f"""SELECT * FROM (
            SELECT x.day, x.crew AS reps, x.region, ({part_of(layout.stream)})::bigint AS part, ARRAY[{amounts}] AS amounts
            FROM {records} x WHERE x.crew IS NOT NULL AND {keep} GROUP BY 1, 2, 3, 4
        ) t WHERE amounts <> {layout.zeros}"""


def _sum(measure: Measure, amount: str) -> str:
    counted = f"FILTER (WHERE ({measure.when}){_and_not(measure.unknown)})"
    if amount == "0":
        return "0::numeric"
    if measure.amount == "1" and not measure.is_split:
        return f"(count(*) {counted})::numeric"
    if measure.is_whole:
        return f"coalesce(sum(({measure.amount})::integer) {counted}, 0)::numeric"
    return f"coalesce(sum({amount}) {counted}, 0)"


def _and_not(unknown: str) -> str:
    return "" if unknown == "FALSE" else f" AND ({unknown}) IS NOT TRUE"


def _excluded(measure: Measure) -> str:
    left_out = f"FILTER (WHERE ({measure.when}) AND ({measure.unknown}))"
    return f"coalesce(sum(({sign(measure)})::integer) {left_out}, 0)::numeric" if sign(measure) != "1" else f"(count(*) {left_out})::numeric"
