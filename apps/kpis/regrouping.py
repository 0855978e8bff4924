"""Stored sums of teams and regions as the members of one day make them: put together from what is stored for reps.

A team's are its members' snapshots; a region's are the days of its customers, and those days of its members that are of no
customer's region. What several of them share has been counted for each, and all but one are taken back. One query more
than the book's, however much is asked.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from apps.core.replica import connection
from apps.kpis import books, narrowing
from apps.kpis.books import Book, Need, Place
from apps.kpis.carrying import CALENDAR_STARTS, EVER
from apps.kpis.declarations import Kind
from apps.kpis.layouts import Layout, layouts
from apps.kpis.narrowing import Ask
from apps.kpis.streams import UNDATED
from apps.reps import standing
from apps.reps.scopes import Scope
from apps.reps.standing import Rule


def open_book(needs: Iterable[Need], *, counted_to: date | None = None) -> Book:
    """Load what is stored for some needs, and the state it is in: one query, one more where teams or regions are regrouped (see `books.open_book`), and
    one more where scopes are narrowed: then it is counted, see `narrowing`.
    """
    plain: list[Need] = []
    regrouped: dict[date, list[Need]] = {}
    narrowed: dict[Rule, list[Ask]] = {}
    for need in needs:
        if not any(scope.members_on or scope.only for scope in need.scopes):
            plain.append(need)
            continue
        for (members_on, only), scopes in standing.apart(need.scopes).items():
            if only is not None:
                narrowed.setdefault((members_on, only), []).extend(_asks(need, scopes))
            else:
                (plain if members_on is None else regrouped.setdefault(members_on, [])).append(replace(need, scopes=tuple(scopes)))
    book = books.open_book(plain, counted_to=counted_to)
    if not regrouped and not narrowed:
        return book
    counted = {rule: narrowing.count(asks, rule) for rule, asks in narrowed.items()}
    return replace(book, regrouped={members_on: _open(book, some, members_on) for members_on, some in regrouped.items()}, narrowed=counted)


def _asks(need: Need, scopes: Iterable[Scope]) -> list[Ask]:
    owners = frozenset((scope.kind, scope.id) for scope in scopes)
    return [Ask(need.measures, owners, narrowing.days_of(window, need.on)) for window in need.windows]


def _open(book: Book, needs: list[Need], members_on: date) -> Book:
    """Load what is stored for some needs, all of whose scopes are the members' of one day."""
    state = book.state
    wanted = {place for need in needs for place, day, is_day in need.places() if day is None or (day == state.counted_to) == is_day}
    sums: dict[Place, list[tuple[int, list[Decimal]]]] = {}
    if wanted and state.counted_to is not None:
        columns = dict(zip(("kinds", "ids", "grains", "starts", "streams"), map(list, zip(*wanted, strict=True)), strict=True))
        with connection.cursor() as cursor:
            cursor.execute(_sql({place[4] for place in wanted}), {**columns, "members_on": members_on, "to": state.counted_to})
            for kind, scope, grain, start_on, stream, part, amounts in cursor.fetchall():
                sums.setdefault((kind, scope, grain, start_on, stream), []).append((part, amounts))
    return Book(state, frozenset(wanted), sums)


# The places asked for, each with the days its flows and its stocks are made of (`from_on` and `since_on` to `until_on`), and who its members are.
# What came before the calendar reaches belongs to its first periods.
ASKED = f"""WITH p AS MATERIALIZED (
        SELECT a.kind, a.scope, a.grain, a.start_on, a.stream, c.id AS period,
            CASE WHEN a.grain <> 'day' AND a.start_on = {CALENDAR_STARTS} THEN {UNDATED} + 1 ELSE a.start_on END AS since_on,
            CASE WHEN a.grain IN ('day', '{EVER}') THEN a.start_on ELSE {UNDATED} + 1 END AS from_on,
            CASE WHEN a.grain IN ('day', '{EVER}') THEN a.start_on + 1 ELSE least(c.end_on, %(to)s::date + 1) END AS until_on
        FROM unnest(%(kinds)s::text[], %(ids)s::bigint[], %(grains)s::text[], %(starts)s::date[], %(streams)s::text[]) a(kind, scope, grain, start_on, stream)
        LEFT JOIN core_period c ON a.grain NOT IN ('day', '{EVER}') AND c.grain = a.grain AND c.start_on = a.start_on
        WHERE a.grain <> 'day' OR a.start_on <= %(to)s
    ), members AS MATERIALIZED (
        SELECT s.rep, s.kind, s.scope FROM {standing.REGROUPED} s JOIN (SELECT DISTINCT kind, scope FROM p) a ON a.kind = s.kind AND a.scope = s.scope
    )"""
OWN = "p.kind, p.scope, p.grain, p.start_on"
MEMBERS = "members m WHERE m.kind = p.kind AND m.scope = p.scope"


def _sql(streams: set[str]) -> str:
    return f"{ASKED} {' UNION ALL '.join(_of_stream(layouts()[key]) for key in sorted(streams))}"


def _of_stream(layout: Layout) -> str:
    """Return `kind, scope, grain, start_on, stream, part, amounts` of the places asked for in one stream."""
    mine = f"p.stream = '{layout.key}'"
    rows = [
        f"""SELECT {OWN}, t.part, t.amounts FROM p JOIN members m ON m.kind = p.kind AND m.scope = p.scope
            JOIN kpis_snapshot t ON t.kind = 'rep' AND t.scope = m.rep AND t.grain = p.grain AND t.start_on = p.start_on AND t.stream = p.stream
            WHERE {mine} AND p.kind = 'team' AND p.grain <> 'day'""",
        f"""SELECT {OWN}, t.part, t.amounts FROM p JOIN members m ON m.kind = p.kind AND m.scope = p.scope
            JOIN kpis_measureday t ON t.stream = p.stream AND t.rep = m.rep AND t.day = p.start_on
            WHERE {mine} AND p.kind = 'team' AND p.grain = 'day'""",
        f"""SELECT {OWN}, {_part(layout)}, {_amounts(layout)} FROM p JOIN kpis_measureday t ON t.stream = '{layout.key}' AND {_days(layout)}
            WHERE {mine} AND p.kind = 'region' AND (t.region = p.scope OR t.region = 0 AND t.rep IN (SELECT m.rep FROM {MEMBERS}))""",
    ]
    if layout.is_shareable:
        rows.append(
            f"""SELECT {OWN}, {_part(layout)}, {layout.times(_amounts(layout), "(1 - n.n)")} FROM p
                JOIN kpis_sharedday t ON t.stream = '{layout.key}' AND {_days(layout)}
                CROSS JOIN LATERAL (SELECT CASE WHEN p.kind = 'region' AND t.region <> 0 THEN CASE WHEN t.region = p.scope THEN cardinality(t.reps) ELSE 0 END
                    ELSE (SELECT count(*) FROM {MEMBERS} AND m.rep = ANY(t.reps)) END AS n) n
                WHERE {mine} AND n.n > 1"""
        )
    return f"""SELECT kind, scope, grain, start_on, '{layout.key}', part, {layout.sums()} AS amounts FROM ({" UNION ALL ".join(rows)}) t GROUP BY 1, 2, 3, 4, 5, 6"""


def _part(layout: Layout) -> str:
    """A place has no parts where the days' rows say which period they are counted for, nor where nothing has a day."""
    return "0::bigint AS part" if layout.is_windowed else f"CASE WHEN p.grain = '{EVER}' THEN 0 ELSE t.part END AS part"


def _days(layout: Layout) -> str:
    """The days' rows that a place is made of."""
    if layout.is_windowed:
        return f"(t.part = p.period OR p.grain = '{EVER}' AND t.day = p.start_on)"
    return "t.day < p.until_on AND t.day >= " + ("p.from_on" if Kind.STOCK in layout.kinds else "p.since_on")


def _amounts(layout: Layout) -> str:
    """A day's amounts, as far as they belong to a place: of days before a period only what stands at its end."""
    if layout.is_windowed or layout.kinds == {Kind.FLOW}:
        return "t.amounts"
    return f"(CASE WHEN t.day >= p.since_on THEN t.amounts ELSE {layout.only(Kind.STOCK, 't.amounts')} END)"
