"""Counts measures from the records: the one place where a stream and its measures become SQL."""

from collections.abc import Iterable

from apps.kpis import catalogue
from apps.kpis.declarations import Kind, Measure
from apps.kpis.streams import FOREVER, STREAMS, Stream

COLUMNS = "measure, day, rep, region, part, amount, excluded"


def measures_of(source: str, *, windowed: bool) -> list[Measure]:
    """Return the measures that a source feeds, those counted per period or the others."""
    return [m for m in catalogue.MEASURES.values() if STREAMS[m.stream].source == source and (m.kind == Kind.WINDOW) == windowed and m.kind != Kind.SPAN]


def by_stream(measures: Iterable[Measure]) -> dict[Stream, list[Measure]]:
    found: dict[Stream, list[Measure]] = {}
    for measure in measures:
        found.setdefault(STREAMS[measure.stream], []).append(measure)
    return found


def contributions(measures: Iterable[Measure], within: str, *, keep: str = "TRUE", cut: str = FOREVER) -> str:
    """Return a SELECT of what each record adds to each measure: `record, day, rep, crew, region, part, measure, amount, once, excluded`.

    `amount` is the rep's, by credit where the measure is split; `once` is what a scope counts once although several of its
    reps share the record (0 for split measures, whose shares add up by themselves). `within` limits the stream by `{day}`
    and `{rep}`; `keep` limits what it gave, by the columns of `x` (OFFSET 0 keeps the planner from mixing the two, which
    would look every record's cell up anew).
    """
    selects = [_stream_contributions(stream, group, within, keep, cut) for stream, group in by_stream(measures).items()]
    return "\nUNION ALL\n".join(selects)


def _stream_contributions(stream: Stream, measures: list[Measure], within: str, keep: str, cut: str) -> str:
    values = ",\n".join(_values(stream, measure) for measure in measures)
    return f"""SELECT x.record, {"p.start_on" if stream.is_windowed else "x.day"} AS day, x.rep, x.crew, x.region, m.part, m.measure, m.amount, m.once, m.excluded
        FROM (SELECT * FROM ({stream.sql(within, cut=cut)}) s OFFSET 0) x
        {"JOIN win p ON p.id = x.win" if stream.is_windowed else ""}
        CROSS JOIN LATERAL (VALUES {values}) AS m(measure, part, is_counted, amount, once, excluded)
        WHERE m.is_counted AND {keep}"""


def _values(stream: Stream, measure: Measure) -> str:
    sign = "sign" if "sign" in stream.columns else "1"
    amount = f"CASE WHEN {measure.unknown} THEN 0 ELSE {measure.amount} END"
    own = f"({amount}) * x.share" if measure.is_split else amount
    # Rounded per record, so that what a stock gains and later loses cancels exactly.
    part = "x.win" if stream.is_windowed else stream.part
    return f"""('{measure.key}', ({part})::bigint, coalesce({measure.when}, FALSE), round(({own})::numeric, 6),
        round(({0 if measure.is_split else amount})::numeric, 6), CASE WHEN {measure.unknown} THEN {sign} ELSE 0 END)"""


def daily(contributed: str) -> str:
    """Sum contributions by measure, day, rep, region and part; sums of nothing are left out."""
    return f"""SELECT measure, day, rep, region, part, sum(amount) AS amount, sum(excluded)::int AS excluded FROM {contributed} t
        GROUP BY measure, day, rep, region, part HAVING sum(amount) <> 0 OR sum(excluded) <> 0"""


def shared(contributed: str, one_of_them: str) -> str:
    """Sum what several reps share, once per record, by measure, day, credited reps, region and part.

    The contributions hold a record once for each of its reps that was asked for; `one_of_them` picks one such rep.
    """
    return f"""SELECT measure, day, crew AS reps, region, part, sum(once) AS amount, sum(excluded)::int AS excluded FROM {contributed} t
        WHERE crew IS NOT NULL AND rep = ({one_of_them})
        GROUP BY measure, day, crew, region, part HAVING sum(once) <> 0 OR sum(excluded) <> 0"""
