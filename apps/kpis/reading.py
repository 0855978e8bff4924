"""Reads measures' sums for scopes and windows: from snapshots where they hold them, else from the days or the records."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q

from apps.core.periods import Window
from apps.kpis import catalogue, counting
from apps.kpis.declarations import Kind, Measure
from apps.kpis.models import Snapshot
from apps.kpis.streams import STREAMS, UNDATED
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
MAY_BE_UNDATED = {"creations", "states"}
Owner = tuple[str, int]  # kind and id of a scope
Cell = tuple[str, int]  # measure, part

IN_DAYS = "{day} >= %(start)s AND {day} < %(end)s"
WIN = "WITH win AS (SELECT 0::bigint AS id, %(start)s::date AS start_on, %(end)s::date AS end_on, %(cut)s::date AS cut_on)"


@dataclass(frozen=True)
class Amounts:
    """Sums by scope, and in it by measure and part; and how many records each left out."""

    amount: dict[Owner, dict[Cell, Decimal]]
    excluded: dict[Owner, dict[Cell, int]]

    def of(self, scope: Scope, part: int | None = None) -> dict[str, Decimal]:
        """Return each measure's sum for a scope, over all parts or in one."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for (measure, in_part), value in self.amount.get((scope.kind, scope.id), {}).items():
            if part in (None, in_part):
                sums[measure] += value
        return sums

    def left_out(self, scope: Scope) -> dict[str, int]:
        """Return how many records each measure left out for a scope."""
        counts: dict[str, int] = defaultdict(int)
        for (measure, _part), value in self.excluded.get((scope.kind, scope.id), {}).items():
            counts[measure] += value
        return counts


def amounts(measures: Iterable[str], scopes: Iterable[Scope], window: Window, *, on: date) -> Amounts:
    """Return the sums of measures over a window for scopes, as of the end of day `on`."""
    found = Amounts({}, {})
    wanted = [catalogue.MEASURES[key] for key in measures]
    kinds = _by_kind(scopes)
    storage = _storage([window], on)
    stored = [m for m in wanted if storage.holds(m, window)]
    _read_snapshots(found, stored, kinds, window)
    live = [m for m in wanted if m not in stored]
    for kind, read in ((Kind.FLOW, _read_days), (Kind.STOCK, _read_stock), (Kind.WINDOW, _read_records)):
        if group := [m for m in live if m.kind == kind and not STREAMS[m.stream].is_so_far]:
            read(found, group, kinds, window, on)
    if group := [m for m in live if STREAMS[m.stream].is_so_far]:
        _read_records(found, group, kinds, window, on)
    if group := [m for m in live if m.kind == Kind.SPAN]:
        _read_spans(found, group, kinds, window, on)
    if group := [m for m in wanted if m.stream in MAY_BE_UNDATED]:
        _read_undated(found, group, kinds, on)
    return found


def amounts_by_step(measures: Iterable[str], scope: Scope, steps: list[Window], *, on: date) -> dict[date, dict[str, Decimal]]:
    """Return each step's sums by its first day: whole steps in one query, others one by one."""
    wanted = [catalogue.MEASURES[key] for key in measures]
    sums: dict[date, dict[str, Decimal]] = {step.start_on: defaultdict(Decimal) for step in steps}
    if not steps:
        return sums
    storage = _storage(steps, on)
    whole = [step for step in steps if all(storage.holds(m, step) for m in wanted)]
    if whole:
        rows = Snapshot.objects.filter(
            kind=scope.kind, scope=scope.id, grain=whole[0].grain, start_on__in=[step.start_on for step in whole], measure__in=[m.key for m in wanted]
        ).values_list("start_on", "measure", "amount")
        for start_on, measure, amount in rows:
            sums[start_on][measure] += amount
    for step in steps:
        if step not in whole and not storage.is_before_everything(step):
            sums[step.start_on] = amounts(measures, [scope], step, on=on).of(scope)
    return sums


@dataclass(frozen=True)
class Storage:
    """What snapshots can answer as of day `on`: the periods that have rows, and the day up to which all is counted."""

    on: date
    counted_to: date | None
    known: frozenset[tuple[str | None, date]]
    begins_on: date | None

    def holds(self, measure: Measure, window: Window) -> bool:
        """Whether a snapshot is exactly this: a period of the calendar, seen after its end or on the counted day."""
        if measure.kind == Kind.SPAN or self.counted_to is None or (window.grain, window.start_on) not in self.known:
            return False
        is_now = self.on == self.counted_to
        if window.grain == "day" and measure.kind in (Kind.STOCK, Kind.WINDOW):
            return False
        if measure.kind == Kind.STOCK and window.start_on > self.on:
            return False
        if STREAMS[measure.stream].is_so_far:
            return is_now
        return is_now or window.last_on <= min(self.on, self.counted_to)

    def is_before_everything(self, window: Window) -> bool:
        """Whether a window lies before the first period, where no fact is."""
        return self.begins_on is None or window.end_on <= self.begins_on


def _storage(windows: list[Window], on: date) -> Storage:
    grain, starts = (windows[0].grain, [w.start_on for w in windows if w.grain]) if windows else (None, [])
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT counted_to_on FROM kpis_count WHERE id = 1),
            ARRAY(SELECT start_on FROM core_period WHERE grain = %s AND start_on = ANY(%s::date[])),
            (SELECT min(start_on) FROM core_period WHERE grain = 'year')""",
            [grain, starts],
        )
        counted_to, known, begins_on = cursor.fetchone()
    return Storage(on, counted_to, frozenset((grain, start_on) for start_on in known), begins_on)


def _by_kind(scopes: Iterable[Scope]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = defaultdict(list)
    for scope in scopes:
        kinds[scope.kind].append(scope.id)
    return kinds


def _read_snapshots(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window) -> None:
    if not measures or not kinds:
        return
    of_scopes = reduce(or_, (Q(kind=kind, scope__in=ids) for kind, ids in kinds.items()))
    rows = Snapshot.objects.filter(of_scopes, grain=window.grain, start_on=window.start_on, measure__in=[m.key for m in measures])
    for measure, kind, scope, part, amount, excluded in rows.values_list("measure", "kind", "scope", "part", "amount", "excluded"):
        _add(found, (kind, scope), (measure, part), amount, excluded)


def _add(found: Amounts, owner: Owner, cell: Cell, amount: Decimal, excluded: int) -> None:
    sums, counts = found.amount.setdefault(owner, {}), found.excluded.setdefault(owner, {})
    sums[cell] = sums.get(cell, Decimal(0)) + amount
    counts[cell] = counts.get(cell, 0) + int(excluded)


def _read_days(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Add up the days of the window that are over: each is a snapshot of its own."""
    end = min(window.end_on, on + DAY)
    _run(
        found,
        """SELECT measure, kind, scope, part, sum(amount), sum(excluded) FROM kpis_snapshot
        WHERE grain = 'day' AND kind = %(kind)s AND scope = ANY(%(ids)s) AND measure = ANY(%(measures)s) AND start_on >= %(start)s AND start_on < %(end)s
        GROUP BY measure, kind, scope, part""",
        kinds,
        {"measures": [m.key for m in measures], "start": window.start_on, "end": end},
    )


def _read_stock(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Add up all increments until the end of the window, or of day `on`, of the reps who stand in the scope then."""
    params = {"measures": [m.key for m in measures], "start": None, "end": None, "cut": min(window.end_on, on + DAY)}
    _run(found, _by_standing(f"measure = ANY(%(measures)s) AND day < %(cut)s AND day > {UNDATED}"), kinds, params)


def _read_undated(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], on: date) -> None:
    """Count the records that have no day: they belong to no window, so every window says how many there are."""
    params = {"measures": [m.key for m in measures], "cut": on + DAY}
    undated = Amounts({}, {})
    _run(undated, _by_standing(f"measure = ANY(%(measures)s) AND day = {UNDATED}"), kinds, params)
    for owner, cells in undated.excluded.items():
        for (measure, _part), excluded in cells.items():
            _add(found, owner, (measure, 0), Decimal(0), excluded)


def _by_standing(where: str) -> str:
    """Sum the days' rows, own and shared, by the scopes in which their reps stand on the day before `cut`."""
    own, shared = (
        standing_rows(rows, owner, f"t.measure, t.day, t.region, t.part, t.{owner}, t.amount, t.excluded")
        for rows, owner in (("own", "rep"), ("shared", "reps"))
    )
    sums = "SELECT measure, kind, scope, part, sum(amount * factor) AS amount, sum(excluded * factor) AS excluded"
    return f"""WITH own AS (SELECT * FROM kpis_measureday WHERE {where}), shared AS (SELECT * FROM kpis_sharedday WHERE {where})
        {sums} FROM ({own}) o GROUP BY measure, kind, scope, part UNION ALL {sums} FROM ({shared}) s GROUP BY measure, kind, scope, part"""


def standing_rows(rows: str, owner: str, columns: str) -> str:
    """Return the rows that count for the scopes `%(kind)s, %(ids)s` on the day before `%(cut)s`; see `carrying.scoped`."""
    whose = "t.rep" if owner == "rep" else "ANY(t.reps)"
    factor = "1" if owner == "rep" else "1 - count(*)"
    group = "" if owner == "rep" else f"GROUP BY s.kind, s.scope, {columns} HAVING count(*) > 1"
    of_all = "1" if owner == "rep" else "1 - cardinality(t.reps)"
    return f"""SELECT 'company' AS kind, 0::bigint AS scope, {of_all} AS factor, {columns} FROM {rows} t WHERE %(kind)s = 'company'
        UNION ALL
        SELECT 'region', t.region, {of_all}, {columns} FROM {rows} t WHERE %(kind)s = 'region' AND t.region = ANY(%(ids)s)
        UNION ALL
        SELECT s.kind, s.scope, {factor}, {columns} FROM {rows} t JOIN reps_standing s ON s.rep = {whose} AND %(cut)s::date - 1 >= s.start_on AND %(cut)s::date - 1 < s.end_on
            WHERE %(kind)s <> 'company' AND s.kind = %(kind)s AND s.scope = ANY(%(ids)s) AND (s.kind <> 'region' OR t.region = 0) {group}"""


def _read_records(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Count from the records themselves what no sum holds: a window of one's own, or the past as it looked then."""
    cut = min(window.end_on, on + DAY)
    params = {"start": window.start_on, "end": window.end_on, "cut": on + DAY if not any(m.kind == Kind.WINDOW for m in measures) else cut}
    within = "TRUE" if all(m.kind == Kind.WINDOW for m in measures) else IN_DAYS
    contributed = counting.contributions(measures, within, cut="%(cut)s::date")
    at = "%(cut)s::date - 1" if any(m.kind == Kind.WINDOW for m in measures) else "t.day"
    _run(
        found,
        f"""{WIN}, rows AS MATERIALIZED (SELECT row_number() OVER () AS row, * FROM ({contributed}) c), t AS ({per_scope("rows", at)})
        SELECT measure, kind, scope, {"0" if within == "TRUE" else "part"}, sum(amount), sum(excluded) FROM t GROUP BY 1, 2, 3, 4""",
        kinds,
        params,
    )


def _read_spans(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Add up the days on which reps were at work, and in the scope, of the window's days that are over."""
    _run(
        found,
        """SELECT %(measure)s, kind, scope, 0, sum(days), 0 FROM (
            SELECT s.kind, s.scope, greatest(0, least(s.end_on, coalesce(r.left_on, %(end)s), %(end)s) - greatest(s.start_on, r.hired_on, %(start)s)) AS days
            FROM reps_standing s JOIN reps_rep r ON r.id = s.rep WHERE s.kind = %(kind)s AND s.scope = ANY(%(ids)s)
        ) t GROUP BY kind, scope""",
        kinds,
        {"measure": measures[0].key, "start": window.start_on, "end": window.clipped(on).end_on},
    )


def per_scope(rows: str, at: str) -> str:
    """Return contributions once per asked scope, with what they add to it; a shared record's count once per scope.

    A scope counts `amount` for each of its reps; what is to be counted once is taken from one of them.
    """
    own = "t.record, t.measure, t.day, t.part, t.rep, t.excluded, t.amount, t.once, t.crew, t.region"
    joined = f"""SELECT 'company' AS kind, 0::bigint AS scope, {own} FROM {rows} t WHERE %(kind)s = 'company'
        UNION ALL
        SELECT 'region', t.region, {own} FROM {rows} t WHERE %(kind)s = 'region' AND t.region = ANY(%(ids)s)
        UNION ALL
        SELECT s.kind, s.scope, {own} FROM {rows} t JOIN reps_standing s ON s.rep = t.rep AND {at} >= s.start_on AND {at} < s.end_on
            WHERE %(kind)s <> 'company' AND s.kind = %(kind)s AND s.scope = ANY(%(ids)s) AND (s.kind <> 'region' OR t.region = 0)"""
    return f"""SELECT kind, scope, record, measure, day, part, rep, crew,
            CASE WHEN crew IS NULL OR once = 0 AND amount <> 0 OR rep = first_rep THEN amount ELSE 0 END AS amount,
            CASE WHEN crew IS NULL OR rep = first_rep THEN excluded ELSE 0 END AS excluded
        FROM (SELECT j.*, min(rep) OVER (PARTITION BY kind, scope, record, measure, day) AS first_rep FROM ({joined}) j) f"""


def _run(found: Amounts, sql: str, kinds: dict[str, list[int]], params: dict[str, Any]) -> None:
    """Ask one statement for all kinds of scope: `%(kind)s` and `%(ids)s` in it are those of one kind."""
    if not kinds:
        return
    arms = []
    for n, (kind, ids) in enumerate(kinds.items()):
        arms.append("(" + sql.replace("%(kind)s", f"%(kind{n})s").replace("%(ids)s", f"%(ids{n})s") + ")")
        params = {**params, f"kind{n}": kind, f"ids{n}": ids}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), params)
        for measure, found_kind, scope, part, amount, excluded in cursor.fetchall():
            _add(found, (found_kind, scope), (measure, part), amount, excluded)
