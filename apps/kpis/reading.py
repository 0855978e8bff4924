"""Reads measures' sums for scopes and windows: from snapshots where they hold them, else from the days or the records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.core.periods import Window
from apps.kpis import catalogue, counting, layouts
from apps.kpis.carrying import EVER
from apps.kpis.declarations import Kind, Measure
from apps.kpis.streams import STREAMS, UNDATED
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
NO_DAY = date(1, 1, 1)
Owner = tuple[str, int]  # kind and id of a scope
Cell = tuple[str, int]  # measure, part

IN_DAYS = "{day} >= %(start)s AND {day} < %(end)s"
WIN = """WITH win AS (SELECT 0::bigint AS id, d.day::date AS day, %(start)s::date AS start_on, %(end)s::date AS end_on, %(cut)s::date AS cut_on
    FROM generate_series(%(start)s::date, %(end)s::date - 1, interval '1 day') d(day))"""


@dataclass(frozen=True)
class Amounts:
    """Sums by scope, and in it by measure and part; and how many records each left out."""

    amount: dict[Owner, dict[Cell, Decimal]] = field(default_factory=dict)
    excluded: dict[Owner, dict[Cell, int]] = field(default_factory=dict)

    def of(self, scope: Scope, part: int | None = None) -> dict[str, Decimal]:
        """Return each measure's sum for a scope, over all parts or in one."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for (measure, in_part), value in self.amount.get((scope.kind, scope.id), {}).items():
            if part in (None, in_part):
                sums[measure] += value
        return sums

    def parts(self, scope: Scope) -> set[int]:
        """Return the parts in which something is counted for a scope."""
        return {part for (_measure, part), value in self.amount.get((scope.kind, scope.id), {}).items() if value}

    def left_out(self, scope: Scope) -> dict[str, int]:
        """Return how many records each measure left out for a scope."""
        counts: dict[str, int] = defaultdict(int)
        for (measure, _part), value in self.excluded.get((scope.kind, scope.id), {}).items():
            counts[measure] += value
        return counts

    def add(self, owner: Owner, cell: Cell, amount: Decimal, excluded: int) -> None:
        sums, counts = self.amount.setdefault(owner, {}), self.excluded.setdefault(owner, {})
        sums[cell] = sums.get(cell, Decimal(0)) + amount
        counts[cell] = counts.get(cell, 0) + int(excluded)


# --- What is stored --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class State:
    """What the stored sums are: up to which day, over which calendar, how old, and how many changes wait."""

    counted_to: date | None = None
    begins_on: date | None = None
    reaches_on: date | None = None
    counted_at: datetime | None = None
    version: int = 0
    waiting: int = 0
    is_moving: bool = False

    def holds(self, measure: Measure, window: Window, on: date, scopes: Iterable[Scope]) -> bool:
        """Whether a snapshot is exactly this: a period of the calendar, seen after its end or on the counted day.

        A flow's week is its days; what stood at the end of a rep's week is not stored.
        """
        if measure.kind == Kind.SPAN or not self.knows(window) or self.counted_to is None:
            return False
        is_now = on == self.counted_to
        if window.grain == "day":  # of flows alone
            return measure.kind == Kind.FLOW and not STREAMS[measure.stream].is_so_far and window.last_on <= min(on, self.counted_to)
        if measure.kind == Kind.STOCK and (window.start_on > on or window.grain == "week" and any(scope.kind == "rep" for scope in scopes)):
            return False
        if STREAMS[measure.stream].is_so_far:
            return is_now
        return is_now or window.last_on <= min(on, self.counted_to)

    def knows(self, window: Window) -> bool:
        """Whether a window is a period of the calendar that sums are stored for."""
        if self.is_moving or window.grain is None or self.begins_on is None or self.reaches_on is None:
            return False
        return self.begins_on <= window.start_on and window.end_on <= self.reaches_on

    def is_before_everything(self, window: Window) -> bool:
        """Whether a window lies before the first period, where no fact is."""
        return self.begins_on is None or window.end_on <= self.begins_on


@dataclass(frozen=True)
class Need:
    """Stored sums to load: of some measures, for some scopes, over some periods."""

    measures: frozenset[str]
    scopes: tuple[Scope, ...]
    windows: tuple[Window, ...]

    def places(self) -> Iterator[tuple[str, int, str, date, str]]:
        wanted = [catalogue.MEASURES[key] for key in self.measures if catalogue.MEASURES[key].kind != Kind.SPAN]
        for stream in {measure.stream for measure in wanted}:
            kinds = {measure.kind for measure in wanted if measure.stream == stream}
            periods = {period for window in self.windows for period in stored_periods(window, kinds)}
            for scope in self.scopes:
                yield from ((scope.kind, scope.id, grain, start_on, stream) for grain, start_on in periods)
                if STREAMS[stream].may_be_undated:
                    yield scope.kind, scope.id, EVER, NO_DAY, stream


def stored_periods(window: Window, kinds: set[Kind]) -> Iterator[tuple[str, date]]:
    """Return the grains and first days under which a window's sums are stored: a flow's week as its days."""
    if window.grain is None:
        return
    if window.grain != "week" or kinds != {Kind.FLOW}:
        yield window.grain, window.start_on
    if window.grain == "week" and Kind.FLOW in kinds:
        yield from (("day", window.start_on + DAY * n) for n in range(window.days))


@dataclass(frozen=True)
class Book:
    """Stored sums, read in one query for all that a page asks."""

    state: State
    loaded: frozenset[tuple[str, int, str, date, str]]
    sums: dict[tuple[str, int, str, date, str], list[tuple[int, list[Decimal]]]]

    def has(self, need: Need) -> bool:
        return all(place in self.loaded for place in need.places())

    def add_to(self, found: Amounts, measures: list[Measure], scopes: Iterable[Scope], window: Window) -> None:
        """Add the stored sums of a period."""
        for kind in {m.kind for m in measures}:
            keys = {m.key for m in measures if m.kind == kind}
            for grain, start_on in stored_periods(window, {kind}):
                self._add(found, keys, scopes, grain, start_on)

    def add_undated(self, found: Amounts, measures: list[Measure], scopes: Iterable[Scope]) -> None:
        """Add how many records have no day: they belong to no window, so every window says how many there are."""
        undated = Amounts()
        self._add(undated, {m.key for m in measures if STREAMS[m.stream].may_be_undated}, scopes, EVER, NO_DAY)
        for owner, cells in undated.excluded.items():
            for (measure, _part), excluded in cells.items():
                found.add(owner, (measure, 0), Decimal(0), excluded)

    def _add(self, found: Amounts, wanted: set[str], scopes: Iterable[Scope], grain: str, start_on: date) -> None:
        streams = {catalogue.MEASURES[key].stream for key in wanted}
        for scope in scopes:
            for stream in streams:
                for part, stored in self.sums.get((scope.kind, scope.id, grain, start_on, stream), ()):
                    unpack(found, (scope.kind, scope.id), stream, part, stored, wanted)


def unpack(found: Amounts, owner: Owner, stream: str, part: int, stored: list[Decimal], wanted: set[str]) -> None:
    """Add the measures that are wanted out of a stored array."""
    for measure, amount, excluded in layouts.layouts()[stream].amounts(stored):
        if measure in wanted:
            found.add(owner, (measure, part), amount, excluded)


BOOK = """SELECT c.counted_to_on, c.begins_on, c.reaches_on, c.counted_at, c.version,
        (SELECT count(*) FROM (SELECT FROM kpis_dirtycell LIMIT 1000) w), EXISTS (SELECT FROM kpis_job WHERE finished_at IS NULL AND reason IN ('calendar', 'first')),
        s.kind, s.scope, s.grain, s.start_on, s.stream, s.part, s.amounts
    FROM kpis_count c LEFT JOIN LATERAL (
        WITH p AS (SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::date[], %s::text[]) p(kind, scope, grain, start_on, stream))
        SELECT s.* FROM p JOIN kpis_snapshot s ON s.kind = p.kind AND s.scope = p.scope AND s.grain = p.grain AND s.start_on = p.start_on AND s.stream = p.stream
        UNION ALL
        SELECT p.kind, p.scope, p.grain, p.start_on, p.stream, m.part, m.amounts
        FROM p JOIN kpis_measureday m ON p.kind = 'rep' AND p.grain = 'day' AND m.stream = p.stream AND m.rep = p.scope AND m.day = p.start_on AND m.day <= c.counted_to_on
    ) s ON TRUE"""


def open_book(needs: Iterable[Need]) -> Book:
    """Load what is stored for some needs, and the state it is in, in one query."""
    places = frozenset(place for need in needs for place in need.places())
    columns = [list(column) for column in zip(*places, strict=True)] or [[], [], [], [], []]
    with connection.cursor() as cursor:
        cursor.execute(BOOK, columns)
        rows = cursor.fetchall()
    state = State(*rows[0][:7]) if rows else State()
    sums: dict[tuple[str, int, str, date, str], list[tuple[int, list[Decimal]]]] = {}
    for *_state, kind, scope, grain, start_on, stream, part, amounts in rows:
        if kind is not None:
            sums.setdefault((kind, scope, grain, start_on, stream), []).append((part, amounts))
    return Book(state, places, sums)


# --- Asking --------------------------------------------------------------------------------------------
def amounts(measures: Iterable[str], scopes: Iterable[Scope], window: Window, *, on: date, book: Book | None = None) -> Amounts:
    """Return the sums of measures over a window for scopes, as of the end of day `on`."""
    scopes = tuple(scopes)
    wanted = [catalogue.MEASURES[key] for key in measures]
    need = Need(frozenset(m.key for m in wanted), scopes, (window,))
    if book is None or not book.has(need):
        book = open_book([need])
    found = Amounts()
    stored = [m for m in wanted if book.state.holds(m, window, on, scopes)]
    book.add_to(found, stored, scopes, window)
    book.add_undated(found, wanted, scopes)
    live = [m for m in wanted if m not in stored]
    kinds = _by_kind(scopes)
    for kind, read in ((Kind.FLOW, _read_days), (Kind.STOCK, _read_stock), (Kind.WINDOW, _read_records), (Kind.SPAN, _read_spans)):
        if group := [m for m in live if m.kind == kind and not STREAMS[m.stream].is_so_far]:
            read(found, group, kinds, window, on)
    if group := [m for m in live if STREAMS[m.stream].is_so_far]:
        _read_records(found, group, kinds, window, on)
    return found


def amounts_by_step(measures: Iterable[str], scope: Scope, steps: list[Window], *, on: date, book: Book | None = None) -> dict[date, dict[str, Decimal]]:
    """Return each step's sums by its first day: whole steps in one query, others one by one."""
    wanted = [catalogue.MEASURES[key] for key in measures]
    sums: dict[date, dict[str, Decimal]] = {step.start_on: defaultdict(Decimal) for step in steps}
    if not steps or not wanted:
        return sums
    need = Need(frozenset(m.key for m in wanted), (scope,), tuple(steps))
    if book is None or not book.has(need):
        book = open_book([need])
    for step in steps:
        if all(book.state.holds(m, step, on, (scope,)) for m in wanted):
            found = Amounts()
            book.add_to(found, wanted, (scope,), step)
            sums[step.start_on] = found.of(scope)
        elif not book.state.is_before_everything(step):
            sums[step.start_on] = amounts((m.key for m in wanted), [scope], step, on=on, book=book).of(scope)
    return sums


def _by_kind(scopes: Iterable[Scope]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = defaultdict(list)
    for scope in scopes:
        kinds[scope.kind].append(scope.id)
    return kinds


# --- What no snapshot holds ---------------------------------------------------------------------------
def _read_days(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Add up the days of the window that are over: a rep's are stored as counted, those of other scopes as snapshots."""
    own, stored = (
        """SELECT '{stream}', 'rep', rep, part, {sums} FROM kpis_measureday t
        WHERE stream = '{stream}' AND %(kind)s = 'rep' AND rep = ANY(%(ids)s) AND day >= %(start)s AND day < %(end)s GROUP BY rep, part""",
        """SELECT '{stream}', kind, scope, part, {sums} FROM kpis_snapshot t WHERE stream = '{stream}'
        AND grain = 'day' AND kind = %(kind)s AND scope = ANY(%(ids)s) AND start_on >= %(start)s AND start_on < %(end)s GROUP BY kind, scope, part""",
    )
    _read_sums(found, measures, [own, stored], kinds, {"start": window.start_on, "end": min(window.end_on, on + DAY)})


def _read_stock(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Add up all increments until the end of the window, or of day `on`, of the reps who stand in the scope then."""
    own, shared = (
        f"""WITH rows AS (SELECT * FROM {table} WHERE stream = '{{stream}}' AND day < %(cut)s AND day > {UNDATED})
        SELECT '{{stream}}', kind, scope, part, {{sums}} FROM ({standing_rows("rows", owner)}) t GROUP BY kind, scope, part"""
        for table, owner in (("kpis_measureday", "rep"), ("kpis_sharedday", "reps"))
    )
    _read_sums(found, measures, [own, shared], kinds, {"cut": min(window.end_on, on + DAY)})


def _read_sums(found: Amounts, measures: list[Measure], selects: list[str], kinds: dict[str, list[int]], params: dict[str, Any]) -> None:
    """Ask for stored arrays, stream by stream, in one statement."""
    wanted = {m.key for m in measures}
    texts = []
    for stream in dict.fromkeys(m.stream for m in measures):
        layout = layouts.layouts()[stream]
        texts += [f"({text.format(stream=stream, sums=layout.sums())})" for text in selects]
    if texts:
        for key, kind, scope, part, stored in _run(" UNION ALL ".join(texts), kinds, params):
            unpack(found, (kind, scope), key, part, stored, wanted)


def standing_rows(rows: str, owner: str) -> str:
    """Return the rows that count for the scopes `%(kind)s, %(ids)s` on the day before `%(cut)s`; see `carrying.scoped`."""
    whose = "t.rep" if owner == "rep" else "ANY(t.reps)"
    group = "" if owner == "rep" else f"GROUP BY s.kind, s.scope, t.day, t.region, t.part, t.{owner}, t.amounts HAVING count(*) > 1"
    of_all, several = ("1", "1") if owner == "rep" else ("1 - cardinality(t.reps)", "1 - count(*)")
    joined = f"""SELECT 'company' AS kind, 0::bigint AS scope, t.part, t.amounts, {of_all} AS factor FROM {rows} t WHERE %(kind)s = 'company'
        UNION ALL
        SELECT 'region', t.region, t.part, t.amounts, {of_all} FROM {rows} t WHERE %(kind)s = 'region' AND t.region = ANY(%(ids)s)
        UNION ALL
        SELECT s.kind, s.scope, t.part, t.amounts, {several} FROM {rows} t JOIN reps_standing s ON s.rep = {whose} AND %(cut)s::date - 1 >= s.start_on AND %(cut)s::date - 1 < s.end_on
            WHERE %(kind)s <> 'company' AND s.kind = %(kind)s AND s.scope = ANY(%(ids)s) AND (s.kind <> 'region' OR t.region = 0) {group}"""
    if owner == "rep":
        return joined
    return f"SELECT kind, scope, part, (SELECT array_agg(e.amount * factor ORDER BY e.n) FROM unnest(amounts) WITH ORDINALITY e(amount, n)) AS amounts FROM ({joined}) j"


def _read_records(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Count from the records themselves what no sum holds: a window of one's own, or the past as it looked then."""
    is_windowed = any(m.kind == Kind.WINDOW for m in measures)
    params = {"start": window.start_on, "end": window.end_on, "cut": min(window.end_on, on + DAY) if is_windowed else on + DAY}
    contributed = counting.contributions(measures, "TRUE" if is_windowed else IN_DAYS, cut="%(cut)s::date")
    at = "%(cut)s::date - 1" if is_windowed else "t.day"
    sql = f"""({WIN}, rows AS MATERIALIZED (SELECT row_number() OVER () AS row, * FROM ({contributed}) c), t AS ({per_scope("rows", at)})
        SELECT measure, kind, scope, {"0" if is_windowed else "part"}, sum(amount), sum(excluded) FROM t GROUP BY 1, 2, 3, 4)"""
    for measure, kind, scope, part, amount, excluded in _run(sql, kinds, params):
        found.add((kind, scope), (measure, part), amount, excluded)


def _read_spans(found: Amounts, measures: list[Measure], kinds: dict[str, list[int]], window: Window, on: date) -> None:
    """Add up the days on which reps were at work, and in the scope, of the window's days that are over."""
    sql = """(SELECT kind, scope, sum(days) FROM (
            SELECT s.kind, s.scope, greatest(0, least(s.end_on, coalesce(r.left_on, %(end)s), %(end)s) - greatest(s.start_on, r.hired_on, %(start)s)) AS days
            FROM reps_standing s JOIN reps_rep r ON r.id = s.rep WHERE s.kind = %(kind)s AND s.scope = ANY(%(ids)s)
        ) t GROUP BY kind, scope)"""
    for kind, scope, worked in _run(sql, kinds, {"start": window.start_on, "end": window.clipped(on).end_on}):
        for measure in measures:
            found.add((kind, scope), (measure.key, 0), Decimal(worked), 0)


def per_scope(rows: str, at: str, *, standing: str = "reps_standing") -> str:
    """Return contributions once per asked scope, with what they add to it; a shared record's count once per scope.

    A scope counts `amount` for each of its reps; what is to be counted once is taken from one of them. `standing` says who stands where.
    """
    own = "t.record, t.measure, t.day, t.part, t.rep, t.excluded, t.amount, t.once, t.crew, t.region"
    joined = f"""SELECT 'company' AS kind, 0::bigint AS scope, {own} FROM {rows} t WHERE %(kind)s = 'company'
        UNION ALL
        SELECT 'region', t.region, {own} FROM {rows} t WHERE %(kind)s = 'region' AND t.region = ANY(%(ids)s)
        UNION ALL
        SELECT s.kind, s.scope, {own} FROM {rows} t JOIN {standing} s ON s.rep = t.rep AND {at} >= s.start_on AND {at} < s.end_on
            WHERE %(kind)s <> 'company' AND s.kind = %(kind)s AND s.scope = ANY(%(ids)s) AND (s.kind <> 'region' OR t.region = 0)"""
    return f"""SELECT kind, scope, record, measure, day, part, rep, crew,
            CASE WHEN crew IS NULL OR once = 0 AND amount <> 0 OR rep = first_rep THEN amount ELSE 0 END AS amount,
            CASE WHEN crew IS NULL OR rep = first_rep THEN excluded ELSE 0 END AS excluded
        FROM (SELECT j.*, min(rep) OVER (PARTITION BY kind, scope, record, measure, day) AS first_rep FROM ({joined}) j) f"""


def _run(sql: str, kinds: dict[str, list[int]], params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Ask one statement for all kinds of scope: `%(kind)s` and `%(ids)s` in it are those of one kind."""
    if not kinds:
        return []
    arms = []
    for n, (kind, ids) in enumerate(kinds.items()):
        arms.append(sql.replace("%(kind)s", f"%(kind{n})s").replace("%(ids)s", f"%(ids{n})s"))
        params = {**params, f"kind{n}": kind, f"ids{n}": ids}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), params)
        return cursor.fetchall()
