"""Deals that need somebody: open ones in danger, open ones that will close next, and what changed lately."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from apps.reps.scopes import Scope

IDLE_DAYS = 14
PUSHED_OFTEN = 2

# Deals whose owner stands in the scope on the day; a region's are its customers', else its reps'.
WITHIN = {
    "company": "TRUE",
    "rep": """(v.owner_id = %(scope)s
        OR EXISTS (SELECT FROM opportunities_credit k WHERE k.opportunity_id = o.id AND k.rep_id = %(scope)s))""",
    "team": "v.owner_id IN (SELECT rep FROM reps_standing WHERE kind = 'team' AND scope = %(scope)s AND start_on <= %(on)s AND end_on > %(on)s)",
    "region": """coalesce(c.region_id, (SELECT scope FROM reps_standing
        WHERE kind = 'region' AND rep = v.owner_id AND start_on <= %(on)s AND end_on > %(on)s LIMIT 1)) = %(scope)s""",
}
STATES = """opportunities_opportunityversion v JOIN opportunities_stage s ON s.id = v.stage_id
    JOIN opportunities_opportunity o ON o.id = v.opportunity_id JOIN reps_rep r ON r.id = v.owner_id
    LEFT JOIN customers_customer c ON c.id = o.customer_id"""
OPEN_ON_DAY = "s.kind = 'open' AND v.valid_from <= %(on)s AND (v.valid_to IS NULL OR v.valid_to > %(on)s)"

# A deal's last sign of life: an activity on it, or a change of its state. The activities app stands above this one, so its table is read by name.
TOUCHED = """greatest(v.valid_from, (SELECT max(a.completed_on) FROM activities_activity a WHERE a.opportunity_id = o.id AND a.completed_on <= %(on)s))"""
PUSHES = """(SELECT count(*) FROM (
        SELECT w.expected_close_on > lag(w.expected_close_on) OVER (ORDER BY w.sequence) AS was_pushed
        FROM opportunities_opportunityversion w WHERE w.opportunity_id = o.id AND w.valid_from <= %(on)s
    ) p WHERE p.was_pushed)"""


def told_apart(name: str, customer: str) -> str:
    """Call a deal by its name, and by its customer too where the name does not hold that."""
    return f"{name} · {customer}" if customer and customer not in name else name


@dataclass(frozen=True)
class OpenDeal:
    """One deal that is open at the end of a day, as it stood then. `idle_days` counts since its last sign of life."""

    id: int
    name: str
    customer: str
    owner: str
    stage: str
    amount: Decimal | None
    expected_close_on: date | None
    overdue_days: int
    idle_days: int
    pushes: int

    @property
    def label(self) -> str:
        return told_apart(self.name, self.customer)


@dataclass(frozen=True)
class DealList:
    """Some deals, largest first, and how many and how much all of them are."""

    deals: tuple[OpenDeal, ...]
    count: int
    amount: Decimal


@dataclass(frozen=True)
class Change:
    """One deal that was created, won, lost or reopened on a day."""

    kind: str
    id: int
    name: str
    customer: str
    owner: str
    amount: Decimal | None
    day: date

    @property
    def label(self) -> str:
        return told_apart(self.name, self.customer)


def at_risk(scope: Scope, *, on: date, limit: int, offset: int = 0) -> DealList:
    """Return the open deals past their expected close, without a sign of life for long, or pushed out twice, the largest first.

    Idleness is judged only where activities are recorded at all: without any, every deal would look forgotten.
    """
    return _deals(
        f"""SELECT * FROM ({_columns()} WHERE {OPEN_ON_DAY} AND {WITHIN[scope.kind]}) d
        WHERE overdue_days > 0 OR pushes >= {PUSHED_OFTEN}
            OR (idle_days > {IDLE_DAYS} AND EXISTS (SELECT FROM activities_activity WHERE completed_on <= %(on)s))""",
        "amount DESC NULLS LAST, id",
        {"scope": scope.id, "on": on, "limit": limit, "offset": offset},
    )


def closing_next(scope: Scope, *, on: date, before: date, limit: int) -> DealList:
    """Return the open deals expected to close before a day, the earliest first (those overdue lead)."""
    return _deals(
        f"SELECT * FROM ({_columns()} WHERE {OPEN_ON_DAY} AND {WITHIN[scope.kind]} AND v.expected_close_on < %(before)s) d",
        "expected_close_on, amount DESC NULLS LAST, id",
        {"scope": scope.id, "on": on, "before": before, "limit": limit, "offset": 0},
    )


def _columns() -> str:
    return f"""SELECT o.id, o.name, coalesce(c.name, '') AS customer, r.name AS owner, s.name AS stage, v.amount, v.expected_close_on,
        greatest(%(on)s - v.expected_close_on, 0) AS overdue_days, %(on)s - {TOUCHED} AS idle_days, {PUSHES} AS pushes FROM {STATES}"""


def _deals(sql: str, order: str, params: dict[str, Any]) -> DealList:
    rows = _run(f"SELECT *, count(*) OVER (), sum(amount) OVER () FROM ({sql}) f ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", params)
    found = tuple(OpenDeal(*row[:7], *(int(number or 0) for number in row[7:10])) for row in rows)
    return DealList(found, rows[0][10] if rows else 0, (rows[0][11] or Decimal(0)) if rows else Decimal(0))


def changes(scope: Scope, *, since: date, on: date) -> list[Change]:
    """Return what was created, won, lost or reopened from a day to the end of another; the largest first."""
    rows = _run(
        f"""SELECT CASE WHEN s.kind <> 'open' THEN s.kind WHEN p.kind IS NULL THEN 'created' ELSE 'reopened' END,
            o.id, o.name, coalesce(c.name, ''), r.name, v.amount, v.valid_from
        FROM {STATES} LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id
        WHERE v.valid_from >= %(since)s AND v.valid_from <= %(on)s AND v.previous_stage_id IS DISTINCT FROM v.stage_id
            AND (s.kind <> 'open' OR p.kind IS NULL OR p.kind <> 'open') AND {WITHIN[scope.kind]}
        ORDER BY v.amount DESC NULLS LAST, o.id""",
        {"scope": scope.id, "since": since, "on": on},
    )
    return [Change(*row) for row in rows]


def _run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
