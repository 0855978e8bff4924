"""SQL that says how much of a deal belongs to which of the asked scopes on a day; every report shares it.

Statements name the asked scopes as the arrays `%(kinds)s` and `%(ids)s`. A deal belongs to its credited reps, or to its owner
where nobody is; a region's are those of its customers, and its reps' deals with customers of no region.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from apps.reps.scopes import Scope

OPPORTUNITY, VERSION, STAGE, CREDIT = "opportunities_opportunity", "opportunities_opportunityversion", "opportunities_stage", "opportunities_credit"
DEAL = f"{OPPORTUNITY} o LEFT JOIN customers_customer c ON c.id = o.customer_id"

ASKED = "asked AS MATERIALIZED (SELECT DISTINCT * FROM unnest(%(kinds)s::text[], %(ids)s::bigint[]) a(kind, scope))"
STANDING = (
    "standing AS MATERIALIZED (SELECT s.rep, s.kind, s.scope, s.start_on, s.end_on FROM reps_standing s JOIN asked a ON a.kind = s.kind AND a.scope = s.scope)"
)


def scoped(rows: str) -> str:
    """Return `rows` (a CTE with `id, deal, day, owner, region`) once for each asked scope it belongs to, with the scope's share of it."""
    credited = f"{rows} t LEFT JOIN {CREDIT} k ON k.opportunity_id = t.deal"
    return f"""SELECT s.kind, s.scope, t.id, sum(coalesce(k.share / 100, 1)) AS share
        FROM {credited} JOIN standing s ON s.rep = coalesce(k.rep_id, t.owner) AND s.start_on <= t.day AND s.end_on > t.day
        WHERE s.kind <> 'region' OR t.region IS NULL GROUP BY s.kind, s.scope, t.id
        UNION ALL
        SELECT a.kind, a.scope, t.id, 1 FROM {rows} t JOIN asked a ON a.kind = 'region' AND a.scope = t.region"""


def arrays(scopes: Iterable[Scope]) -> dict[str, list[Any]]:
    """Return the asked scopes as a statement names them."""
    scopes = list(scopes)
    return {"kinds": [scope.kind for scope in scopes], "ids": [scope.id for scope in scopes]}


UNDATED = f"""WITH {ASKED}, {STANDING}, rows AS (
        SELECT o.id, o.id AS deal, %(on)s::date AS day, o.owner_id AS owner, c.region_id AS region FROM {DEAL} WHERE o.created_on IS NULL
    ) SELECT count(DISTINCT id) FROM ({scoped("rows")}) t"""


def undated(scope: Scope, *, on: date) -> int:
    """Count the scope's deals without a creation day: nobody knows when they were what, so no report holds them."""
    return int(run(UNDATED, {**arrays([scope]), "on": on})[0][0])


def run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
