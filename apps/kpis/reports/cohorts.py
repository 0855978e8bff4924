"""Deals by the month they were created in, and the share of them won so far by the end of each month after.

As in the KPI `win_rate_created`, a deal belongs to whoever owned it on its creation day; its amount and how it ended are those known now, its end
counting only up to day `on`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.core.periods import Window
from apps.kpis.reports import whose
from apps.kpis.reports.whose import DEAL, OPPORTUNITY, STAGE, STANDING, VERSION, Asked
from apps.opportunities import selectors as opportunities
from apps.reps.scopes import Scope

BORN = "o.created_on >= %(start)s AND o.created_on < %(end)s AND o.created_on <= %(on)s"


def _created(asked: Asked) -> str:
    """Read deals by their day; where not all are asked for, by their owners."""
    only = f"AND o.id IN ({opportunities.of(asked.only)})" if asked.only else ""
    owned = f"SELECT o.id FROM {OPPORTUNITY} o WHERE o.owner_id = ANY(%(reps)s::bigint[]) AND {BORN}"
    narrowed = "" if asked.is_all else f"JOIN ({whose.near('v.valid_from < %(end)s', asked)} UNION {owned}) n ON n.deal = o.id"
    return f"""created AS MATERIALIZED (
        SELECT o.id, o.id AS deal, o.created_on AS day, coalesce(v.owner_id, o.owner_id) AS owner, c.region_id AS region, o.amount, o.name, c.name AS customer,
            CASE WHEN o.closed_on <= %(on)s THEN s.kind ELSE 'open' END AS ended, CASE WHEN o.closed_on <= %(on)s THEN o.closed_on END AS closed_on,
            width_bucket(o.created_on, %(months)s::date[]) AS month, width_bucket(o.closed_on, %(months)s::date[]) AS closed_month
        FROM {DEAL} {narrowed} JOIN {STAGE} s ON s.id = o.stage_id
        LEFT JOIN {VERSION} v ON v.opportunity_id = o.id AND v.valid_from <= o.created_on AND (v.valid_to > o.created_on OR v.valid_to IS NULL)
        WHERE {BORN} {only}
    )"""


SUMS = """SELECT month, ended, CASE WHEN ended = 'won' THEN closed_month - month END, count(*), coalesce(sum(amount * share), 0), count(*) FILTER (WHERE amount IS NULL)
    FROM shares JOIN created USING (id) GROUP BY 1, 2, 3"""
LIST = """SELECT t.deal, t.name, coalesce(t.customer, ''), r.name, t.day, t.ended, t.closed_on, t.amount * s.share,
        count(*) OVER (), sum(t.amount * s.share) OVER (), count(*) FILTER (WHERE t.amount IS NULL) OVER ()
    FROM shares s JOIN created t USING (id) JOIN reps_rep r ON r.id = t.owner
    WHERE t.month = %(row)s AND (%(ended)s = '' OR t.ended = %(ended)s) AND (%(within)s::int IS NULL OR t.closed_month - t.month <= %(within)s)
    ORDER BY t.amount * s.share DESC NULLS LAST, t.deal LIMIT %(limit)s OFFSET %(offset)s"""


def _shares(asked: Asked) -> str:
    return f"WITH {STANDING}, {_created(asked)}, shares AS ({whose.scoped('created')})"


@dataclass(frozen=True)
class Total:
    """So many deals, worth so much where the amount is known, and how many have none."""

    count: int = 0
    amount: Decimal = Decimal(0)
    unpriced: int = 0

    def __add__(self, other: "Total") -> "Total":
        return Total(self.count + other.count, self.amount + other.amount, self.unpriced + other.unpriced)


@dataclass(frozen=True)
class Cell:
    """What was won by the end of a month; it is not mature while that month runs."""

    won: Total
    is_mature: bool


@dataclass(frozen=True)
class Cohort:
    """The deals created in one month: all, those won and lost so far, and the cells month by month since."""

    month: Window
    created: Total
    won: Total
    lost: Total
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """Cohorts in order of their months, as many columns as the oldest may fill, and how many deals have no creation day."""

    cohorts: tuple[Cohort, ...]
    columns: int
    undated: int


@dataclass(frozen=True)
class Created:
    """One deal of a cohort; `kind` is open, won or lost as of the day."""

    deal: int
    name: str
    customer: str
    rep: str
    created_on: date
    kind: str
    closed_on: date | None
    amount: Decimal | None


@dataclass(frozen=True)
class CreatedList:
    """One page of a cohort's deals, and how many and how much all of them are."""

    rows: tuple[Created, ...]
    count: int
    amount: Decimal
    unpriced: int


def read(scope: Scope, months: Sequence[Window], until: Sequence[Window], *, on: date) -> Grid:
    """Return the cohorts of some months of the calendar in a row, seen month by month; three queries.

    `until` are the months after them that deals may be won in, up to the one that holds day `on`.
    """
    every = [*months, *until]
    sums: dict[int, dict[tuple[str, int | None], Total]] = {}
    asked = whose.ask(scope)
    for month, kind, after, *total in whose.run(f"{_shares(asked)} {SUMS}", asked, **_days(months, every, on)):
        sums.setdefault(month, {})[kind, after] = Total(*total)
    cohorts = tuple(_cohort(one, every[n - 1 :], sums.get(n, {}), on) for n, one in enumerate(months, 1))
    return Grid(cohorts, max((len(one.cells) for one in cohorts), default=0), whose.undated(asked, scope, on=on))


def _cohort(month: Window, seen: Sequence[Window], sums: dict[tuple[str, int | None], Total], on: date) -> Cohort:
    cells, won = [], Total()
    for after, one in enumerate(seen):
        if one.start_on > on:
            break
        won += sums.get(("won", after), Total())
        cells.append(Cell(won, one.last_on <= on))
    every = sum((total for (kind, _after), total in sums.items() if kind == "won"), Total())
    return Cohort(month, sum(sums.values(), Total()), every, sums.get(("lost", None), Total()), tuple(cells))


def deals(
    scope: Scope,
    months: Sequence[Window],
    until: Sequence[Window],
    row: int,
    *,
    on: date,
    ended: str = "",
    within: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> CreatedList:
    """Return one page of the deals created in the month at place `row` (from 0): all, those that are open, won or lost, or those closed within so many months."""
    asked, days = whose.ask(scope), _days(months, [*months, *until], on)
    rows = whose.run(f"{_shares(asked)} {LIST}", asked, row=row + 1, ended=ended, within=within, limit=limit, offset=offset, **days)
    count, amount, unpriced = rows[0][-3:] if rows else (0, None, 0)
    return CreatedList(tuple(Created(*row[:-3]) for row in rows), count, amount or Decimal(0), unpriced)


def _days(months: Sequence[Window], every: Sequence[Window], on: date) -> dict[str, Any]:
    return {"start": months[0].start_on, "end": months[-1].end_on, "on": on, "months": [one.start_on for one in every]}
