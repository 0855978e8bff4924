"""Stored sums: which of them answer a question, and all that a page asks of them read in one query."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import groupby

from apps.core.periods import STALE, Calendar, Window
from apps.core.replica import connection
from apps.kpis import catalogue, pieces
from apps.kpis.carrying import EVER
from apps.kpis.declarations import Kind, Measure
from apps.kpis.narrowing import Narrow
from apps.kpis.pieces import Piece
from apps.kpis.streams import STREAMS
from apps.reps.scopes import Scope
from apps.reps.standing import Rule

NO_DAY = date(1, 1, 1)
Place = tuple[str, int, str, date, str]  # kind and id of a scope, grain and first day, stream


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

    @cached_property
    def standing(self) -> "State":
        """All that decides which stored sums answer a question: it stays the same from count to count."""
        return replace(self, counted_at=None, version=0, waiting=0)

    def is_before_everything(self, window: Window) -> bool:
        """Whether a window lies before the first period, where no fact is."""
        return self.begins_on is None or window.end_on <= self.begins_on

    def reaches(self, parts: Iterable[Piece], window: Window) -> bool:
        """Whether the calendar that sums are stored for holds some pieces of a window."""
        if self.begins_on is None or self.reaches_on is None:
            return False
        return window.end_on <= self.reaches_on and all(self.begins_on <= start_on for _grain, start_on in parts)


@dataclass(frozen=True)
class Question:
    """Measures of one stream and kind, over a window, as of the end of day `on`; `is_rep` for reps and what is put together from them, else for what stands above them."""

    stream: str
    kind: Kind
    keys: frozenset[str]
    is_rep: bool
    window: Window
    on: date
    calendar: Calendar

    def pieces(self, *, is_counted_day: bool) -> tuple[Piece, ...] | None:
        return _pieces(self.stream, self.kind, self.window, self.on, self.is_rep, is_counted_day, self.calendar)

    def answer(self, state: State) -> tuple[Piece, ...] | None:
        """Return the stored sums that answer it, as things stand; None where the days or the records have to be asked."""
        if state.is_moving or state.counted_to is None or min(self.on, self.window.last_on) > state.counted_to:
            return None
        if state.is_before_everything(self.window) or (self.kind != Kind.SPAN and state.is_before_everything(self.window.clipped(self.on))):
            return ()
        found = self.pieces(is_counted_day=self.on == state.counted_to)
        return found if found is not None and state.reaches(found, self.window) else None


@lru_cache(maxsize=8192)
def _pieces(stream: str, kind: Kind, window: Window, on: date, is_rep: bool, is_counted_day: bool, calendar: Calendar) -> tuple[Piece, ...] | None:
    """Both loading and reading ask for them, and every board of the day asks for the same."""
    return pieces.of(STREAMS[stream], kind, window, on, is_rep=is_rep, is_counted_day=is_counted_day, calendar=calendar)


def questions(
    measures: Iterable[Measure], scopes: Iterable[Scope], window: Window, on: date, calendar: Calendar
) -> Iterator[tuple[Question, tuple[Scope, ...]]]:
    """Yield a question for each stream and kind of measure and of scope, and the scopes it is about."""
    by_stream: dict[tuple[str, Kind], set[str]] = {}
    for measure in measures:
        by_stream.setdefault((measure.stream, measure.kind), set()).add(measure.key)
    for is_rep, some in groupby(sorted(scopes, key=_is_rep), key=_is_rep):
        of_these = tuple(some)
        for (stream, kind), keys in by_stream.items():
            yield Question(stream, kind, frozenset(keys), is_rep, window, on, calendar), of_these


def _is_rep(scope: Scope) -> bool:
    return scope.kind == "rep" or scope.members_on is not None


@dataclass(frozen=True)
class Need:
    """Stored sums to load: of some measures, for some scopes, over some windows, as of the end of day `on`."""

    measures: frozenset[str]
    scopes: tuple[Scope, ...]
    windows: tuple[Window, ...]
    on: date
    calendar: Calendar

    def places(self) -> Iterator[tuple[Place, date | None, bool]]:
        """Yield places, each with the day that must, or must not, be the counted one for it to be read."""
        wanted = [catalogue.MEASURES[key] for key in self.measures]
        for window in self.windows:
            for question, scopes in questions(wanted, self.scopes, window, self.on, self.calendar):
                now, later = question.pieces(is_counted_day=True), question.pieces(is_counted_day=False)
                ways = [(now, None, True)] if now == later else [(now, self.on, True), (later, self.on, False)]
                for found, day, is_day in ways:
                    for scope in scopes:
                        yield from (((scope.kind, scope.id, grain, start_on, question.stream), day, is_day) for grain, start_on in found or ())
        for stream in {measure.stream for measure in wanted if STREAMS[measure.stream].may_be_undated}:
            yield from (((scope.kind, scope.id, EVER, NO_DAY, stream), None, True) for scope in self.scopes)


@dataclass(frozen=True)
class Book:
    """Stored sums, read in one query for all that a page asks; `loaded` says which places were looked up.

    `regrouped` has those of teams and regions as the members of a day make them, by that day (see `regrouping`); `narrowed` what was
    counted of one product or campaign alone (see `narrowing`).
    """

    state: State
    loaded: frozenset[Place]
    sums: dict[Place, list[tuple[int, list[Decimal]]]]
    regrouped: Mapping[date, "Book"] = field(default_factory=dict)
    narrowed: Mapping[Rule, Narrow] = field(default_factory=dict)


# The state, and the rows of the places asked for, each with its place's number.
BOOK = f"""WITH c AS MATERIALIZED (SELECT counted_to_on, begins_on, reaches_on, counted_at, version FROM kpis_count),
    p AS MATERIALIZED (
        SELECT p.* FROM c, unnest(%s::text[], %s::bigint[], %s::text[], %s::date[], %s::text[], %s::date[], %s::boolean[])
            WITH ORDINALITY p(kind, scope, grain, start_on, stream, day, is_day, n)
        WHERE p.day IS NULL OR (p.day = c.counted_to_on) = p.is_day
    )
    SELECT c.*, (SELECT count(*) FROM (SELECT FROM kpis_dirtycell LIMIT 1000) w), {STALE}
            OR EXISTS (SELECT FROM kpis_job WHERE finished_at IS NULL AND reason IN ('calendar', 'first')),
        NULL::bigint, NULL::bigint, NULL::numeric[]
    FROM c
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.n, s.part, s.amounts
    FROM p JOIN kpis_snapshot s ON s.kind = p.kind AND s.scope = p.scope AND s.grain = p.grain AND s.start_on = p.start_on AND s.stream = p.stream
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, p.n, m.part, m.amounts
    FROM c, p JOIN kpis_measureday m ON p.kind = 'rep' AND p.grain = 'day' AND m.stream = p.stream AND m.rep = p.scope AND m.day = p.start_on
    WHERE m.day <= c.counted_to_on"""


def _wanted(needs: tuple[Need, ...]) -> frozenset[tuple[Place, date | None, bool]]:
    return frozenset(wanted for need in needs for wanted in need.places())


@lru_cache(maxsize=128)
def _places(needs: tuple[Need, ...], counted_to: date | None) -> frozenset[Place]:
    """Return the places of some needs that are read where sums are counted up to a day: every look at a board on one day asks for the same."""
    return frozenset(place for place, day, is_day in _wanted(needs) if day is None or (day == counted_to) == is_day)


@lru_cache(maxsize=128)
def _written(needs: tuple[Need, ...], counted_to: date | None) -> tuple[tuple[Place, ...], tuple[str, ...]]:
    """Return the places of some needs (all of them while the counted day is not known), and the same as the database's arrays, column by column."""
    rows = [*_wanted(needs)] if counted_to is None else [(place, None, True) for place in _places(needs, counted_to)]
    columns = zip(*((*place, day, is_day) for place, day, is_day in rows), strict=True) if rows else [()] * 7
    arrays = ("{" + ",".join("NULL" if value is None else str(value) for value in column) + "}" for column in columns)
    return tuple(place for place, _day, _is_day in rows), tuple(arrays)


def open_book(needs: Iterable[Need], *, counted_to: date | None = None) -> Book:
    """Load what is stored for some needs, and the state it is in, in one query.

    `counted_to`: the day up to which sums are counted, where that was read already, so that only what is read on such a day is looked up; one query
    more where it has changed since.
    """
    asked = tuple(needs)
    places, arrays = _written(asked, counted_to)
    with connection.prepared() as cursor:
        cursor.execute(BOOK, arrays)
        rows = cursor.fetchall()
    state = next((State(*row[:7]) for row in rows if row[7] is None), State())
    if counted_to not in (None, state.counted_to):
        return open_book(asked)
    found: dict[int, list[tuple[int, list[Decimal]]]] = {}
    for *_state, number, part, amounts in rows:
        if number is not None:
            found.setdefault(number, []).append((part, amounts))
    return Book(state, _places(asked, state.counted_to), {places[number - 1]: parts for number, parts in found.items()})
