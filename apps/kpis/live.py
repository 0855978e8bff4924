"""Reads from the days or from the records what no stored sum says: a window of one's own, or the past as it looked then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.core.periods import Window
from apps.core.replica import connection
from apps.kpis import counting, layouts
from apps.kpis.amounts import Amounts
from apps.kpis.declarations import Kind, Measure
from apps.kpis.streams import STREAMS, UNDATED
from apps.reps import standing
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
IN_DAYS = "{day} >= %(start)s AND {day} < %(end)s"
WIN = """WITH win AS (SELECT 0::bigint AS id, d.day::date AS day, %(start)s::date AS start_on, %(end)s::date AS end_on, %(cut)s::date AS cut_on
    FROM generate_series(%(start)s::date, %(end)s::date - 1, interval '1 day') d(day))"""


def read(found: Amounts, measures: Iterable[Measure], scopes: Iterable[Scope], window: Window, on: date) -> None:
    """Add the sums of measures over a window for scopes, as of the end of day `on`; none of them narrowed (see `narrowing`)."""
    measures = list(measures)
    for (members_on, _only), some in standing.apart(scopes).items():
        _read(found, measures, Asked(by_kind(some), members_on), window, on)


def _read(found: Amounts, measures: list[Measure], asked: "Asked", window: Window, on: date) -> None:
    for kind, read_kind in ((Kind.FLOW, read_days), (Kind.STOCK, read_stock), (Kind.WINDOW, read_records), (Kind.SPAN, read_spans)):
        if group := [m for m in measures if m.kind == kind and not STREAMS[m.stream].is_so_far]:
            read_kind(found, group, asked, window, on)
    if group := [m for m in measures if STREAMS[m.stream].is_so_far]:
        read_records(found, group, asked, window, on)


@dataclass(frozen=True)
class Asked:
    """Scopes' ids by their kind, and whose members count: those of each day, or (regrouped) of one."""

    kinds: dict[str, list[int]]
    members_on: date | None = None

    @property
    def standing(self) -> str:
        return standing.relation(self.members_on)


def by_kind(scopes: Iterable[Scope]) -> dict[str, list[int]]:
    """Return the scopes' ids by their kind."""
    kinds: dict[str, list[int]] = {}
    for scope in scopes:
        kinds.setdefault(scope.kind, []).append(scope.id)
    return kinds


def read_days(found: Amounts, measures: list[Measure], asked: Asked, window: Window, on: date) -> None:
    """Add up the days of the window that are over: a rep's are stored as counted, those of other scopes as snapshots, unless they are regrouped."""
    if asked.members_on is not None:
        return _read_standing(found, measures, asked, window.start_on, min(window.end_on, on + DAY))
    own, stored = (
        """SELECT '{stream}', 'rep', rep, part, {sums} FROM kpis_measureday t
        WHERE stream = '{stream}' AND %(kind)s = 'rep' AND rep = ANY(%(ids)s) AND day >= %(start)s AND day < %(end)s GROUP BY rep, part""",
        """SELECT '{stream}', kind, scope, part, {sums} FROM kpis_snapshot t WHERE stream = '{stream}'
        AND grain = 'day' AND kind = %(kind)s AND scope = ANY(%(ids)s) AND start_on >= %(start)s AND start_on < %(end)s GROUP BY kind, scope, part""",
    )
    return _read_sums(found, measures, [own, stored], asked, {"start": window.start_on, "end": min(window.end_on, on + DAY)})


def read_stock(found: Amounts, measures: list[Measure], asked: Asked, window: Window, on: date) -> None:
    """Add up all increments until the end of the window, or of day `on`, of the reps who stand in the scope then."""
    _read_standing(found, measures, asked, None, min(window.end_on, on + DAY))


def _read_standing(found: Amounts, measures: list[Measure], asked: Asked, start_on: date | None, cut_on: date) -> None:
    """Add up the days `[start_on, cut_on)` (None: all before) of the reps who stand in the scope on the last of them."""
    since = f"day > {UNDATED}" if start_on is None else "day >= %(start)s"
    own, shared = (
        f"""WITH rows AS (SELECT * FROM {table} WHERE stream = '{{stream}}' AND day < %(cut)s AND {since})
        SELECT '{{stream}}', kind, scope, part, {{sums}} FROM ({standing_rows("rows", owner, asked.standing)}) t GROUP BY kind, scope, part"""
        for table, owner in (("kpis_measureday", "rep"), ("kpis_sharedday", "reps"))
    )
    _read_sums(found, measures, [own, shared], asked, {"start": start_on, "cut": cut_on})


def _read_sums(found: Amounts, measures: list[Measure], selects: list[str], asked: Asked, params: dict[str, Any]) -> None:
    """Ask for stored arrays, stream by stream, in one statement."""
    wanted = frozenset(m.key for m in measures)
    texts = []
    for stream in dict.fromkeys(m.stream for m in measures):
        layout = layouts.layouts()[stream]
        texts += [f"({text.format(stream=stream, sums=layout.sums())})" for text in selects]
    if texts:
        for key, kind, scope, part, stored in run(" UNION ALL ".join(texts), asked, params):
            found.add_stored((kind, scope), part, stored, layouts.layouts()[key].slots_of(wanted))


def standing_rows(rows: str, owner: str, stands: str) -> str:
    """Return the rows that count for the scopes `%(kind)s, %(ids)s` on the day before `%(cut)s`; see `carrying.scoped`."""
    whose = "t.rep" if owner == "rep" else "ANY(t.reps)"
    group = "" if owner == "rep" else f"GROUP BY s.kind, s.scope, t.day, t.region, t.part, t.{owner}, t.amounts HAVING count(*) > 1"
    of_all, several = ("1", "1") if owner == "rep" else ("1 - cardinality(t.reps)", "1 - count(*)")
    joined = f"""SELECT 'company' AS kind, 0::bigint AS scope, t.part, t.amounts, {of_all} AS factor FROM {rows} t WHERE %(kind)s = 'company'
        UNION ALL
        SELECT 'region', t.region, t.part, t.amounts, {of_all} FROM {rows} t WHERE %(kind)s = 'region' AND t.region = ANY(%(ids)s)
        UNION ALL
        SELECT s.kind, s.scope, t.part, t.amounts, {several} FROM {rows} t JOIN {stands} s ON s.rep = {whose} AND %(cut)s::date - 1 >= s.start_on AND %(cut)s::date - 1 < s.end_on
            WHERE %(kind)s <> 'company' AND s.kind = %(kind)s AND s.scope = ANY(%(ids)s) AND (s.kind <> 'region' OR t.region = 0) {group}"""
    if owner == "rep":
        return joined
    return f"SELECT kind, scope, part, (SELECT array_agg(e.amount * factor ORDER BY e.n) FROM unnest(amounts) WITH ORDINALITY e(amount, n)) AS amounts FROM ({joined}) j"


def read_records(found: Amounts, measures: list[Measure], asked: Asked, window: Window, on: date) -> None:
    """Count from the records themselves what no sum holds: a window of one's own, or the past as it looked then."""
    is_windowed = any(m.kind == Kind.WINDOW for m in measures)
    params = {"start": window.start_on, "end": window.end_on, "cut": min(window.end_on, on + DAY) if is_windowed else on + DAY}
    contributed = counting.contributions(measures, "TRUE" if is_windowed else IN_DAYS, cut="%(cut)s::date")
    at = "%(cut)s::date - 1" if is_windowed else "t.day"
    sql = f"""({WIN}, rows AS MATERIALIZED (SELECT row_number() OVER () AS row, * FROM ({contributed}) c), t AS ({per_scope("rows", at, standing=asked.standing)})
        SELECT measure, kind, scope, {"0" if is_windowed else "part"}, sum(amount), sum(excluded) FROM t GROUP BY 1, 2, 3, 4)"""
    for measure, kind, scope, part, amount, excluded in run(sql, asked, params):
        found.add((kind, scope), (measure, part), amount, excluded)


def read_spans(found: Amounts, measures: list[Measure], asked: Asked, window: Window, on: date) -> None:
    """Add up the days on which reps were at work, and in the scope, of the window's days that are over."""
    sql = f"""(SELECT kind, scope, sum(days) FROM (
            SELECT s.kind, s.scope, greatest(0, least(s.end_on, coalesce(r.left_on, %(end)s), %(end)s) - greatest(s.start_on, r.hired_on, %(start)s)) AS days
            FROM {asked.standing} s JOIN reps_rep r ON r.id = s.rep WHERE s.kind = %(kind)s AND s.scope = ANY(%(ids)s)
        ) t GROUP BY kind, scope)"""
    for kind, scope, worked in run(sql, asked, {"start": window.start_on, "end": window.clipped(on).end_on}):
        for measure in measures:
            found.add((kind, scope), (measure.key, 0), Decimal(worked), 0)


def per_scope(rows: str, at: str, *, standing: str = standing.AS_IT_WAS, by: str = "") -> str:
    """Return contributions once per asked scope, with what they add to it; a shared record's count once per scope.

    A scope counts `amount` for each of its reps; what is to be counted once is taken from one of them. `standing` says who stands where;
    `by` names a column of rows that are counted apart from each other.
    """
    own = ", ".join(filter(None, ["t.record, t.measure, t.day, t.part, t.rep, t.excluded, t.amount, t.once, t.crew, t.region", by and f"t.{by}"]))
    apart = f", {by}" if by else ""
    joined = in_scopes(rows, at, own, standing=standing)
    return f"""SELECT kind, scope, record, measure, day, part, rep, crew{apart},
            CASE WHEN crew IS NULL OR once = 0 AND amount <> 0 OR rep = first_rep THEN amount ELSE 0 END AS amount,
            CASE WHEN crew IS NULL OR rep = first_rep THEN excluded ELSE 0 END AS excluded
        FROM (SELECT j.*, min(rep) OVER (PARTITION BY kind, scope, record, measure, day{apart}) AS first_rep FROM ({joined}) j) f"""


def in_scopes(rows: str, at: str, own: str, *, standing: str = standing.AS_IT_WAS) -> str:
    """Return rows (some columns of them, as `t`) once for each of their reps who stands in an asked scope on a day."""
    return f"""SELECT 'company' AS kind, 0::bigint AS scope, {own} FROM {rows} t WHERE %(kind)s = 'company'
        UNION ALL
        SELECT 'region', t.region, {own} FROM {rows} t WHERE %(kind)s = 'region' AND t.region = ANY(%(ids)s)
        UNION ALL
        SELECT s.kind, s.scope, {own} FROM {rows} t JOIN {standing} s ON s.rep = t.rep AND {at} >= s.start_on AND {at} < s.end_on
            WHERE %(kind)s <> 'company' AND s.kind = %(kind)s AND s.scope = ANY(%(ids)s) AND (s.kind <> 'region' OR t.region = 0)"""


def run(sql: str, asked: Asked, params: dict[str, Any], *, tables: str = "") -> list[tuple[Any, ...]]:
    """Ask one statement for all kinds of scope: `%(kind)s` and `%(ids)s` in it are those of one kind; `tables` are a WITH before them all."""
    if not asked.kinds:
        return []
    arms, params = [], {**params, "members_on": asked.members_on}
    for n, (kind, ids) in enumerate(asked.kinds.items()):
        arms.append(sql.replace("%(kind)s", f"%(kind{n})s").replace("%(ids)s", f"%(ids{n})s"))
        params = {**params, f"kind{n}": kind, f"ids{n}": ids}
    with connection.cursor() as cursor:
        cursor.execute(f"{tables} {' UNION ALL '.join(arms)}", params)
        return cursor.fetchall()
