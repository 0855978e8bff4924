"""Deals that need somebody: open ones in danger, open ones that will close next, and what changed lately."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps.core.replica import connection
from apps.opportunities.models import Opportunity
from apps.opportunities.pulses import IDLE_DAYS, PUSHED_OFTEN, last_touch, pushes
from apps.reps import standing
from apps.reps.scopes import Only, Scope

# Deals whose owner stands in the scope on the day; a region's are its customers', else its reps'. `v` is a deal's state or pulse.
WITHIN = {
    "company": "TRUE",
    "rep": """(v.owner_id = %(scope)s
        OR EXISTS (SELECT FROM opportunities_credit k WHERE k.opportunity_id = v.opportunity_id AND k.rep_id = %(scope)s))""",
    "team": "v.owner_id = ANY(ARRAY(SELECT rep FROM crew))",
    "region": """coalesce((SELECT c.region_id FROM opportunities_opportunity o JOIN customers_customer c ON c.id = o.customer_id WHERE o.id = v.opportunity_id),
        (SELECT s.scope FROM {stands} s WHERE s.kind = 'region' AND s.rep = v.owner_id AND s.start_on <= %(on)s AND s.end_on > %(on)s LIMIT 1)) = %(scope)s""",
}

# Of a team's people the states of a few days are found one rep after another.
STATES_WITHIN = {**WITHIN, "team": "v.owner_id IN (SELECT rep FROM crew)"}


def within(scope: Scope, rules: Mapping[str, str] = WITHIN) -> str:
    """Return the condition that a deal is the scope's; of a narrowed one, that it is of the product or campaign."""
    theirs = rules[scope.kind].format(stands=standing.relation(scope.members_on))
    return f"{theirs} AND v.opportunity_id IN ({of(scope.only)})" if scope.only else theirs


def of(only: Only) -> str:
    """Select the deals of a product or campaign, `%(only)s`."""
    return {field: f"SELECT id FROM {Opportunity._meta.db_table} WHERE {field}_id = %(only)s" for field in ("product", "campaign")}[only.field]


def crew(scope: Scope) -> str:
    """Return the common table of who stands in a team on the day, which is found once for all that is asked of it."""
    return f"""crew AS MATERIALIZED (
        SELECT s.rep FROM {standing.relation(scope.members_on)} s WHERE s.kind = 'team' AND s.scope = %(scope)s AND s.start_on <= %(on)s AND s.end_on > %(on)s)"""


# A deal's last sign of life is an activity on it, or a change of its state.
TOUCHED = last_touch("v.opportunity_id", until="a.completed_on <= %(on)s")

# The deals that are open now, where it is known that nothing has happened after the day.
OPEN_LAST = """
        SELECT v.opportunity_id AS id, v.owner_id, v.amount, v.expected_close_on, v.pushes, greatest(v.changed_on, v.touched_on) AS stirred_on, v.risky_on
        FROM opportunities_pulse v WHERE {within}"""
# The deals open at the end of a day, as they stood: as their pulse has them, where no state of theirs begins later.
OPEN_NOW = f"""
        SELECT v.opportunity_id AS id, v.owner_id, v.amount, v.expected_close_on, v.pushes,
            greatest(v.changed_on, CASE WHEN v.touched_on > %(on)s THEN {TOUCHED} ELSE v.touched_on END) AS stirred_on
        FROM opportunities_pulse v WHERE v.changed_on <= %(on)s AND {{within}}"""
# Where some may, these from their states.
OPEN_THEN = f"""
    later AS MATERIALIZED (SELECT DISTINCT opportunity_id AS id FROM opportunities_opportunityversion WHERE valid_from > %(on)s),
    standing AS ({OPEN_NOW} AND NOT EXISTS (SELECT FROM later l WHERE l.id = v.opportunity_id)
        UNION ALL
        SELECT v.opportunity_id, v.owner_id, v.amount, v.expected_close_on, {pushes("v.opportunity_id", until="w.valid_from <= %(on)s")},
            greatest(v.valid_from, {TOUCHED})
        FROM later l JOIN opportunities_opportunityversion v ON v.opportunity_id = l.id JOIN opportunities_stage s ON s.id = v.stage_id
        WHERE s.kind = 'open' AND v.valid_from <= %(on)s AND (v.valid_to IS NULL OR v.valid_to > %(on)s) AND {{within}}
    )"""


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
    is_unrated: bool = False  # there is an amount, but no rate of its currency

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
    is_unrated: bool = False

    @property
    def label(self) -> str:
        return told_apart(self.name, self.customer)


@dataclass(frozen=True)
class Changes:
    """Single changes, and by kind how many and how much the others are."""

    single: tuple[Change, ...]
    others: Mapping[str, tuple[int, Decimal]]


AT_RISK = f"""expected_close_on < %(on)s OR pushes >= {PUSHED_OFTEN}
    OR stirred_on < %(on)s - {IDLE_DAYS} AND EXISTS (SELECT FROM activities_activity WHERE completed_on <= %(on)s)"""
AT_RISK_LAST = f"risky_on <= %(on)s AND ({AT_RISK})"  # an index leads to them
RANK = "array_position('{won,lost,reopened}', kind), amount DESC NULLS LAST, opportunity_id"
LARGEST = "amount DESC NULLS LAST, id"
EARLIEST = f"expected_close_on, {LARGEST}"


@dataclass(frozen=True)
class Attention:
    """What a board shows of single deals: some of those at risk, and what changed lately."""

    at_risk: DealList
    changes: Changes


def attention(scope: Scope, *, on: date, since: date, at_risk: int, changes: int, is_latest: bool = False) -> Attention:
    """Return so many deals at risk and so many changes (see `at_risk` and `changes`), in one query.

    `is_latest`: it is known that no deal's state begins after day `on`, and no activity is of a later one, so that nothing has to be looked up in the past.
    """
    risks, changed = _deals_sql(scope, AT_RISK_LAST if is_latest else AT_RISK, LARGEST, is_latest=is_latest), _changes_sql(scope)
    rows = _run(
        scope,
        f"""WITH {crew(scope)} SELECT TRUE, r.* FROM (WITH {risks}) r
        UNION ALL SELECT FALSE, place, id, name, customer, owner, kind, amount, day, NULL, NULL, NULL, is_unrated, count, NULL FROM (WITH {changed}) c ORDER BY 1, place""",
        {"on": on, "since": since, "limit": at_risk, "offset": 0, "shown": changes},
    )
    return Attention(_list([row[1:] for row in rows if row[0]]), _told([(*row[1:9], *row[12:14]) for row in rows if not row[0]]))


def at_risk(scope: Scope, *, on: date, limit: int, offset: int = 0) -> DealList:
    """Return the open deals past their expected close, without a sign of life for long, or pushed out twice, the largest first.

    Idleness is judged only where activities are recorded at all: without any, every deal would look forgotten.
    """
    return _list(_run(scope, f"WITH {crew(scope)}, {_deals_sql(scope, AT_RISK, LARGEST)}", {"on": on, "limit": limit, "offset": offset}))


def closing_next(scope: Scope, *, on: date, before: date, limit: int, is_latest: bool = False) -> DealList:
    """Return the open deals expected to close before a day, the earliest first (those overdue lead). `is_latest`: see `attention`."""
    params = {"on": on, "before": before, "limit": limit, "offset": 0}
    found = _deals_sql(scope, "expected_close_on < %(before)s", EARLIEST, is_latest=is_latest)
    return _list(_run(scope, f"WITH {crew(scope)}, {found}", params))


def _deals_sql(scope: Scope, rule: str, order: str, *, is_latest: bool = False) -> str:
    """Return common tables after `crew`, and the deals that a rule finds."""
    standing = f"standing AS ({OPEN_LAST})" if is_latest else OPEN_THEN
    return f"""{standing.format(within=within(scope))}, judged AS MATERIALIZED (
            SELECT * FROM standing WHERE {rule}
        ), whole AS (SELECT count(*) AS found, sum(amount) AS total FROM judged), found AS (
            SELECT *, row_number() OVER (ORDER BY {order}) AS place FROM (SELECT * FROM judged ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s) j
            CROSS JOIN whole
        )
        SELECT f.place, f.id, o.name, coalesce(c.name, '') AS customer, r.name AS owner, s.name AS stage, f.amount, f.expected_close_on,
            greatest(%(on)s - f.expected_close_on, 0) AS overdue_days, %(on)s - f.stirred_on AS idle_days, f.pushes,
            f.amount IS NULL AND v.original_amount IS NOT NULL AS is_unrated, f.found, f.total
        FROM found f JOIN opportunities_opportunity o ON o.id = f.id JOIN reps_rep r ON r.id = f.owner_id LEFT JOIN customers_customer c ON c.id = o.customer_id
        JOIN LATERAL (
            SELECT v.stage_id, v.original_amount FROM opportunities_opportunityversion v WHERE v.opportunity_id = f.id AND v.valid_from <= %(on)s ORDER BY v.sequence DESC LIMIT 1
        ) v ON TRUE JOIN opportunities_stage s ON s.id = v.stage_id
        ORDER BY f.place"""


def _list(rows: Sequence[Sequence[Any]]) -> DealList:
    found = tuple(OpenDeal(*row[1:8], *(int(number or 0) for number in row[8:11]), *row[11:12]) for row in rows)
    return DealList(found, rows[0][12] if rows else 0, (rows[0][13] or Decimal(0)) if rows else Decimal(0))


def changes(scope: Scope, *, since: date, on: date, limit: int) -> Changes:
    """Return what was won, lost or reopened from a day to the end of another, the largest of each kind first, and sums of the rest and of what was created."""
    return _told(_run(scope, f"WITH {crew(scope)}, {_changes_sql(scope)} ORDER BY place", {"since": since, "on": on, "shown": limit}))


def _changes_sql(scope: Scope) -> str:
    """Return common tables after `crew`, and what changed."""
    return f"""found AS MATERIALIZED (
            SELECT CASE WHEN s.kind <> 'open' THEN s.kind WHEN p.kind IS NULL THEN 'created' ELSE 'reopened' END AS kind,
                v.id, v.opportunity_id, v.owner_id, v.amount, v.original_amount, v.valid_from
            FROM opportunities_opportunityversion v JOIN opportunities_stage s ON s.id = v.stage_id
            LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id
            WHERE v.valid_from >= %(since)s AND v.valid_from <= %(on)s AND v.previous_stage_id IS DISTINCT FROM v.stage_id
                AND (s.kind <> 'open' OR p.kind IS NULL OR p.kind <> 'open') AND {within(scope, STATES_WITHIN)}
        ), shown AS MATERIALIZED (
            SELECT *, row_number() OVER (ORDER BY {RANK}) AS place FROM (SELECT * FROM found WHERE kind <> 'created' ORDER BY {RANK} LIMIT %(shown)s) f
        )
        SELECT n.place, o.id, o.name, coalesce(c.name, '') AS customer, r.name AS owner, n.kind, n.amount, n.valid_from AS day,
            n.amount IS NULL AND n.original_amount IS NOT NULL AS is_unrated, 1::bigint AS count
        FROM shown n JOIN opportunities_opportunity o ON o.id = n.opportunity_id JOIN reps_rep r ON r.id = n.owner_id
        LEFT JOIN customers_customer c ON c.id = o.customer_id
        UNION ALL
        SELECT NULL, 0, '', '', '', kind, sum(amount), NULL, FALSE, count(*) FROM found WHERE id NOT IN (SELECT id FROM shown) GROUP BY kind"""


def _told(rows: Sequence[Sequence[Any]]) -> Changes:
    single = tuple(Change(row[5], *row[1:5], *row[6:9]) for row in rows if row[0] is not None)
    return Changes(single, {row[5]: (row[9], row[6] or Decimal(0)) for row in rows if row[0] is None})


def _run(scope: Scope, sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.prepared() as cursor:
        cursor.execute(sql, {"scope": scope.id, "members_on": scope.members_on, "only": scope.only.id if scope.only else None, **params})
        return cursor.fetchall()
