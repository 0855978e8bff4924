"""Sums of one product's or campaign's facts alone, counted from the records, for no stored sum knows either.

All that a page asks is counted in one query, window by window: what happened in it, what stood at its end, what is counted over it as
a whole. A record counts by who stands where on its day (a stock's, and what is counted over a window, at the end), as in `live`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.apps import apps

from apps.core.periods import Window
from apps.kpis import catalogue, counting, live
from apps.kpis.amounts import Amounts, Owner
from apps.kpis.declarations import Kind, Kpi, Measure
from apps.kpis.streams import STREAMS, UNDATED
from apps.reps.scopes import Only, Scope
from apps.reps.standing import Rule

FIELDS = ("product", "campaign")
DAY = timedelta(days=1)
Days = tuple[date, date, date]  # a window's first day, the day after its last, and the one as of whose end it is read


@cache
def fields_of(kpi: Kpi) -> tuple[str, ...]:
    """Return what a KPI can be narrowed to: what the records of all of its measures have. A target is nobody's product's."""
    if kpi.target_of or not kpi.measures:
        return ()
    return tuple(field for field in FIELDS if all(has(catalogue.MEASURES[key], field) for key in kpi.measures))


def makes_sense(kpi: Kpi, scope: Scope) -> bool:
    """Whether a KPI can be told for a scope: it is one of its kinds, and what it is narrowed to is named by the KPI's records."""
    return scope.kind in kpi.scopes and (scope.only is None or scope.only.field in fields_of(kpi))


def has(measure: Measure, field: str) -> bool:
    """Whether a measure's records name a product, or a campaign."""
    return _names(STREAMS[measure.stream].model, field)


@cache
def _names(model: str, field: str) -> bool:
    return field in {one.name for one in apps.get_model(model)._meta.get_fields()}


def condition(model: str, only: Only | None) -> str:
    """Return the condition on a stream's `{record}`, as SQL with the parameter `only`; what names no product (or campaign) belongs to none."""
    if only is None:
        return "TRUE"
    if only.field not in FIELDS:
        raise ValueError(f"there is no narrowing by {only.field}")
    if not _names(model, only.field):
        return "FALSE"
    return f"{{record}} IN (SELECT id FROM {apps.get_model(model)._meta.db_table} WHERE {only.field}_id = %(only)s)"


def days_of(window: Window, on: date) -> Days:
    return window.start_on, window.end_on, on


@dataclass(frozen=True)
class Ask:
    """Measures of some scopes over one window."""

    measures: frozenset[str]
    scopes: frozenset[Owner]
    days: Days


@dataclass
class Narrow:
    """Sums of narrowed scopes by the days of their windows; `loaded` says which measures were counted over them, and for whom."""

    sums: dict[Days, Amounts] = field(default_factory=dict)
    loaded: set[tuple[str, Owner, Days]] = field(default_factory=set)

    def says(self, measures: Iterable[str], scopes: Iterable[Scope], days: Days) -> bool:
        return all((key, (scope.kind, scope.id), days) in self.loaded for key in measures for scope in scopes)

    def add_to(self, found: Amounts, measures: Iterable[str], scopes: Iterable[Scope], days: Days) -> None:
        """Add what was counted of some measures for scopes."""
        wanted, sums = set(measures), self.sums.get(days, Amounts())
        for owner in ((scope.kind, scope.id) for scope in scopes):
            left_out = sums.excluded.get(owner, {})
            for cell, amount in sums.amount.get(owner, {}).items():
                if cell[0] in wanted:
                    found.add(owner, cell, amount, left_out.get(cell, 0))


def count(asks: Iterable[Ask], rule: Rule) -> Narrow:
    """Count from the records all that is asked of scopes that are narrowed in the same way; one query. What names no product (or campaign) is left at nothing."""
    members_on, only = rule
    if only is None:
        raise ValueError("these scopes are not narrowed")
    asks, found = list(asks), Narrow()
    numbers = {days: n for n, days in enumerate(dict.fromkeys(one.days for one in asks))}
    for one in asks:
        found.loaded.update((key, owner, one.days) for key in one.measures for owner in one.scopes)
    wanted = {(numbers[one.days], key) for one in asks for key in one.measures if has(catalogue.MEASURES[key], only.field)}
    owners = {owner for one in asks for owner in one.scopes}
    if not wanted or not owners:
        return found
    kinds: dict[str, list[int]] = {}
    for kind, pk in sorted(owners):
        kinds.setdefault(kind, []).append(pk)
    asked, windows = live.Asked(kinds, members_on), list(numbers)
    tables = _rows({key for _n, key in wanted}, only)
    for n, measure, kind, scope, part, amount, excluded in live.run(_arm(asked), asked, _params(wanted, windows, only), tables=tables):
        found.sums.setdefault(windows[n], Amounts()).add((kind, scope), (measure, part), amount, excluded)
    return found


def _params(wanted: set[tuple[int, str]], windows: list[Days], only: Only) -> dict[str, Any]:
    columns: Mapping[str, list[Any]] = {
        "starts": [start_on for start_on, _end_on, _on in windows],
        "ends": [end_on for _start_on, end_on, _on in windows],
        "cuts": [min(end_on, on + DAY) for _start_on, end_on, on in windows],
        "ons": [on for _start_on, _end_on, on in windows],
        "wanted_in": [n for n, _key in wanted],
        "wanted": [key for _n, key in wanted],
    }
    return {**columns, "only": only.id}


ASKED = """WITH w AS MATERIALIZED (
        SELECT (n - 1)::int AS n, start_on, end_on, cut_on, on_day FROM unnest(%(starts)s::date[], %(ends)s::date[], %(cuts)s::date[], %(ons)s::date[])
            WITH ORDINALITY w(start_on, end_on, cut_on, on_day, n)
    ), wants AS MATERIALIZED (SELECT * FROM unnest(%(wanted_in)s::int[], %(wanted)s::text[]) a(n, measure))"""
# The windows over which something is counted as a whole, day by day.
WIN = """win AS MATERIALIZED (SELECT w.n::bigint AS id, d.day::date AS day, w.start_on, w.end_on, w.cut_on FROM w
        CROSS JOIN LATERAL generate_series(w.start_on, w.end_on - 1, interval '1 day') d(day)
        WHERE w.n IN (SELECT n FROM wants WHERE measure = ANY({measures})))"""
# By kind: which windows a contribution falls into, and on which day who stands where decides whose it is.
FALLS = {
    Kind.FLOW: ("t.day >= w.start_on AND t.day < w.cut_on", "t.day"),
    Kind.STOCK: (f"t.day > {UNDATED} AND t.day < w.cut_on", "w.cut_on - 1"),
    Kind.WINDOW: ("t.part = w.n", "w.cut_on - 1"),
}
ALONE = """alone AS MATERIALIZED (
        SELECT n, measure, part, rep, region, at_on, sum(amount) AS amount, sum(excluded) AS excluded FROM rows WHERE crew IS NULL GROUP BY 1, 2, 3, 4, 5, 6)"""
COLUMNS = "w.n, t.record, t.day, t.rep, t.crew, t.region, t.measure, t.once"


def _arm(asked: live.Asked) -> str:
    """Return the SELECT for the scopes of one kind: `n, measure, kind, scope, part, amount, excluded`."""
    own = "n, measure, kind, scope, part, amount, excluded"
    alone = live.in_scopes("alone", "t.at_on", "t.n, t.measure, t.part, t.amount, t.excluded", standing=asked.standing)
    shared = live.per_scope("shared", "t.at_on", standing=asked.standing, by="n")
    return f"""(SELECT n, measure, kind, scope, part, sum(amount), sum(excluded) FROM (SELECT {own} FROM ({alone}) a UNION ALL SELECT {own} FROM ({shared}) b) t
        GROUP BY 1, 2, 3, 4, 5)"""


def _rows(keys: set[str], only: Only) -> str:
    """Return common tables: what records add in the windows that they fall into, once for all scopes.

    `alone` is what is one rep's, added up by rep and day already; `shared` what several share, record by record.
    """
    measures = [catalogue.MEASURES[key] for key in sorted(keys)]
    so_far = [one for one in measures if STREAMS[one.stream].is_so_far]
    groups = {kind: [one for one in measures if one.kind == kind and one not in so_far] for kind in FALLS}
    tables, arms = [ASKED], []
    for kind, group in groups.items():
        if not group:
            continue
        if kind == Kind.WINDOW:
            tables.append(WIN.format(measures=_array(group)))
        name = f"of_{kind}"
        tables.append(f"{name} AS MATERIALIZED ({_contributions(group, only)})")
        falls, at = FALLS[kind]
        part = "0::bigint" if kind == Kind.WINDOW else "t.part"
        arms.append(
            f"SELECT {COLUMNS}, {part} AS part, t.amount, t.excluded, {at} AS at_on FROM {name} t JOIN wants USING (measure) JOIN w ON w.n = wants.n AND {falls}"
        )
        # What has no day is in no window, and every one says how many there are.
        if kind != Kind.WINDOW and any(STREAMS[one.stream].may_be_undated for one in group):
            arms.append(
                f"""SELECT {COLUMNS}, 0::bigint AS part, 0::numeric, t.excluded, w.on_day FROM {name} t JOIN wants USING (measure) JOIN w ON w.n = wants.n
                WHERE t.day = {UNDATED} AND t.excluded <> 0"""
            )
    if so_far:
        counted = _contributions(so_far, only, within="{day} >= w.start_on AND {day} < w.cut_on", cut="(w.on_day + 1)")
        arms.append(
            f"""SELECT {COLUMNS}, t.part, t.amount, t.excluded, t.day FROM w CROSS JOIN LATERAL ({counted}) t JOIN wants ON wants.n = w.n AND wants.measure = t.measure
            WHERE w.n IN (SELECT n FROM wants WHERE measure = ANY({_array(so_far)}))"""
        )
    tables.append(f"rows AS MATERIALIZED ({' UNION ALL '.join(arms)})")
    tables += [ALONE, "shared AS MATERIALIZED (SELECT * FROM rows WHERE crew IS NOT NULL)"]
    return ", ".join(tables)


def _contributions(measures: Iterable[Measure], only: Only, *, within: str = "TRUE", cut: str = "w.cut_on") -> str:
    parts = (counting.contributions(group, f"{within} AND {condition(stream.model, only)}", cut=cut) for stream, group in counting.by_stream(measures).items())
    return "\nUNION ALL\n".join(parts)


def _array(measures: Iterable[Measure]) -> str:
    return "ARRAY[" + ", ".join(f"'{one.key}'" for one in measures) + "]"
