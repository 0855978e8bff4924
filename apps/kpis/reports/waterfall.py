"""How the open pipeline got from one day to another: what it was, what came in, changed and left, what it is.

Only the states that deals were in (`OpportunityVersion`) are read, as of the ends of days, so any two days can be compared. Every deal is compared with
itself: where it stood in the pipeline on both days, only its amount and the scope's share of it differ; where it did not, the day before it
first came in says how it came, and the day after it last stood in it how it left. Per deal the parts add up to the difference, so
start + all parts = end in every scope.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.core.periods import Window
from apps.kpis.reports import whose
from apps.kpis.reports.whose import DEAL, STAGE, STANDING, VERSION, Asked
from apps.reps.scopes import Scope

DAY = timedelta(days=1)
ENTRIES = ("new", "pulled_in", "handed_in", "reopened", "known")
CHANGES = ("amount_up", "amount_down")
EXITS = ("unknown", "handed_out", "pushed_out", "won", "lost")
BARS = ("start", *ENTRIES, *CHANGES, *EXITS, "end")

DUE = "(v.expected_close_on >= %(due_from)s AND v.expected_close_on < %(due_to)s OR %(is_any)s)"
OVERLAPS = "v.valid_from <= %(last)s AND coalesce(v.valid_to, 'infinity') > %(first)s AND coalesce(v.valid_to, 'infinity') > v.valid_from"


# `first` is the day at whose end the pipeline starts, `last` the one at whose end it is compared.
def _states(asked: Asked) -> str:
    stood = f"{OVERLAPS} AND {DUE} AND v.stage_id IN (SELECT id FROM {STAGE} WHERE kind = 'open')"
    return f"""touched AS MATERIALIZED ({whose.near(stood, asked)}), states AS MATERIALIZED (
        SELECT v.opportunity_id AS deal, greatest(v.valid_from, %(first)s) AS from_on, least(coalesce(v.valid_to, 'infinity'), %(last)s::date + 1) AS to_on,
            v.owner_id AS owner, v.stage_id AS stage, s.kind, v.amount, v.expected_close_on AS due_on, c.region_id AS region,
            s.kind = 'open' AND coalesce({DUE}, FALSE) AS is_in
        FROM touched d JOIN {VERSION} v ON v.opportunity_id = d.deal JOIN {STAGE} s ON s.id = v.stage_id JOIN {DEAL} ON o.id = d.deal
        WHERE {OVERLAPS}
    )"""


SHARES = f"""credited AS MATERIALIZED ({whose.credited("states", "t.deal, t.from_on, t.to_on, t.is_in, t.region")}), shares AS MATERIALIZED (
        SELECT t.deal, greatest(t.from_on, s.start_on) AS from_on, least(t.to_on, s.end_on) AS to_on, t.share, t.is_in
        FROM credited t JOIN standing s ON s.rep = t.rep AND s.start_on < t.to_on AND s.end_on > t.from_on
        WHERE s.kind <> 'region' OR t.region IS NULL
        UNION ALL
        SELECT t.deal, t.from_on, t.to_on, 1, t.is_in FROM states t WHERE t.region = ANY(%(regions)s::bigint[])
    ), stays AS (
        SELECT deal, min(from_on) AS came_on, max(to_on) - 1 AS stayed_to FROM shares WHERE is_in GROUP BY deal
    )"""


def _on(day: str, rows: str) -> str:
    return f"FILTER (WHERE {rows}.from_on <= {day} AND {rows}.to_on > {day})"


# The days that matter to a deal: the two compared, the one before it came in, the last it stood in the pipeline, and the one after.
LOOKS = {"a": "%(first)s", "b": "%(last)s", "y": "came_on - 1", "l": "stayed_to", "x": "stayed_to + 1"}
WHAT = ", ".join(
    f"max(t.{column}) {_on(day, 't')} AS {column}_{look}" for look, day in LOOKS.items() for column in ("kind", "amount", "due_on", "stage", "owner")
)
HELD = ", ".join(f"coalesce(sum(h.share) {_on(day, 'h')}, 0) AS share_{look}" for look, day in LOOKS.items())
DEALS = f"""what AS (SELECT e.*, {WHAT} FROM stays e JOIN states t USING (deal) GROUP BY e.deal, e.came_on, e.stayed_to),
    held AS (SELECT e.deal, {HELD} FROM stays e JOIN shares h USING (deal) GROUP BY e.deal),
    deals AS (
        SELECT *, came_on = %(first)s AS is_in_a, stayed_to = %(last)s AS is_in_b,
            CASE WHEN kind_y IS NULL THEN 'new' WHEN share_y = 0 THEN 'handed_in' WHEN kind_y <> 'open' THEN 'reopened'
                WHEN kind_a IS NULL THEN 'new' WHEN due_on_y IS NULL THEN 'known' ELSE 'pulled_in' END AS entry,
            CASE WHEN share_x = 0 THEN 'handed_out' WHEN kind_x <> 'open' THEN kind_x WHEN due_on_x IS NULL THEN 'unknown' ELSE 'pushed_out' END AS exit
        FROM what JOIN held USING (deal)
    ), valued AS (
        SELECT *, CASE WHEN is_in_b THEN amount_b WHEN exit = 'won' AND amount_x IS NOT NULL THEN amount_x WHEN is_in_a THEN amount_a ELSE amount_l END AS amount,
            CASE WHEN is_in_b THEN share_b WHEN exit = 'won' AND amount_x IS NOT NULL THEN share_x WHEN is_in_a THEN share_a ELSE share_l END AS share
        FROM deals
    )"""
# A scope's share of a deal counts at the amount it started with; then the amount changes at the share it has now.
PARTS = """parts AS (
        SELECT d.*, bar, part FROM valued d CROSS JOIN LATERAL (VALUES
            ('start', is_in_a, share_a * amount_a),
            (entry, NOT is_in_a, share * amount),
            (CASE WHEN share > share_a THEN 'handed_in' ELSE 'handed_out' END, is_in_a AND share <> share_a AND amount_a <> 0, (share - share_a) * amount_a),
            (CASE WHEN amount > amount_a THEN 'amount_up' ELSE 'amount_down' END, is_in_a AND amount <> amount_a, share * (amount - amount_a)),
            ('known', is_in_a AND amount_a IS NULL AND amount <> 0, share * amount),
            ('unknown', is_in_a AND amount IS NULL AND amount_a <> 0, -share * amount_a),
            (exit, NOT is_in_b, -share * amount),
            ('end', is_in_b, share_b * amount_b)
        ) p(bar, is_there, part) WHERE is_there
    )"""
SUMS = "SELECT bar, coalesce(sum(part), 0), count(*), count(*) FILTER (WHERE part IS NULL) FROM parts GROUP BY bar"
LIST = f"""SELECT p.deal, o.name, coalesce(c.name, ''), coalesce(r.name, ''), p.part,
        CASE WHEN is_in_a THEN share_a * amount_a END, CASE WHEN is_in_b THEN share_b * amount_b END, coalesce(sa.name, ''), coalesce(sb.name, ''), p.due_on_a, p.due_on_b,
        count(*) OVER (), sum(p.part) OVER (), count(*) FILTER (WHERE p.part IS NULL) OVER ()
    FROM parts p JOIN {DEAL} ON o.id = p.deal LEFT JOIN reps_rep r ON r.id = coalesce(p.owner_b, p.owner_a)
    LEFT JOIN {STAGE} sa ON sa.id = p.stage_a LEFT JOIN {STAGE} sb ON sb.id = p.stage_b
    WHERE p.bar = %(bar)s ORDER BY abs(p.part) DESC NULLS LAST, p.deal LIMIT %(limit)s OFFSET %(offset)s"""


@dataclass(frozen=True)
class Span:
    """Two days, the pipeline at whose ends is compared, and the days in which its deals are expected to close (None: all that is open)."""

    first_on: date
    last_on: date
    due: Window | None


@dataclass(frozen=True)
class Bar:
    """One part: what it adds (less than nothing: what it takes), by how many deals; `unpriced` of them have no known amount."""

    key: str
    amount: Decimal = Decimal(0)
    count: int = 0
    unpriced: int = 0


@dataclass(frozen=True)
class Waterfall:
    """Every part by its key, and how many deals are left out because they have no creation day."""

    bars: dict[str, Bar]
    undated: int

    def __getitem__(self, key: str) -> Bar:
        return self.bars.get(key, Bar(key))


@dataclass(frozen=True)
class Moved:
    """One deal of a bar: what it adds to it, and how it stood before and after (the amounts: in the pipeline, in the scope)."""

    deal: int
    name: str
    customer: str
    rep: str
    part: Decimal | None
    before: Decimal | None
    after: Decimal | None
    stage_before: str
    stage_after: str
    due_before: date | None
    due_after: date | None


@dataclass(frozen=True)
class MovedList:
    """One page of a bar's deals, and how many and how much all of them are."""

    rows: tuple[Moved, ...]
    count: int
    amount: Decimal
    unpriced: int


def read(scope: Scope, span: Span) -> Waterfall:
    """Return how a scope's pipeline got from one day to another, in three queries."""
    asked = whose.ask(scope)
    rows = whose.run(f"{_compared(asked)} {SUMS}", asked, **_days(span))
    return Waterfall({row[0]: Bar(*row) for row in rows}, whose.undated(asked, scope, on=span.last_on))


def deals(scope: Scope, span: Span, bar: str, *, limit: int = 100, offset: int = 0) -> MovedList:
    """Return one page of a bar's deals, those that add or take most first."""
    asked = whose.ask(scope)
    rows = whose.run(f"{_compared(asked)} {LIST}", asked, bar=bar, limit=limit, offset=offset, **_days(span))
    count, amount, unpriced = rows[0][-3:] if rows else (0, None, 0)
    return MovedList(tuple(Moved(*row[:-3]) for row in rows), count, amount or Decimal(0), unpriced)


def _compared(asked: Asked) -> str:
    return f"WITH {STANDING}, {_states(asked)}, {SHARES}, {DEALS}, {PARTS}"


def _days(span: Span) -> dict[str, Any]:
    due = (span.due.start_on, span.due.end_on) if span.due else (None, None)
    return {"first": span.first_on, "last": span.last_on, "due_from": due[0], "due_to": due[1], "is_any": span.due is None}
