"""SQL that says how much of a deal belongs to which of the asked scopes on a day; every report shares it.

A deal belongs to its credited reps, or to its owner where nobody is; a region's are those of its customers, and its reps' deals with
customers of no region. Who stands where is read first and handed to statements as arrays: so the planner knows how many
they are, and reads only deals that may be theirs.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.core.replica import connection
from apps.opportunities import selectors as opportunities
from apps.reps import standing
from apps.reps.scopes import Only, Scope

OPPORTUNITY, VERSION, STAGE, CREDIT, CUSTOMER = (
    "opportunities_opportunity",
    "opportunities_opportunityversion",
    "opportunities_stage",
    "opportunities_credit",
    "customers_customer",
)
DEAL = f"{OPPORTUNITY} o LEFT JOIN {CUSTOMER} c ON c.id = o.customer_id"

STANDING = """standing AS MATERIALIZED (
    SELECT * FROM unnest(%(standing)s::bigint[], %(kinds)s::text[], %(ids)s::bigint[], %(starts)s::date[], %(ends)s::date[]) s(rep, kind, scope, start_on, end_on)
)"""
STANDS = """SELECT s.rep, s.kind, s.scope, s.start_on, s.end_on FROM {stands} s
    JOIN (SELECT DISTINCT * FROM unnest(%({kinds})s::text[], %({ids})s::bigint[]) a(kind, scope)) a ON a.kind = s.kind AND a.scope = s.scope"""


@dataclass(frozen=True)
class Asked:
    """Scopes as statements name them. `is_all`: one of them is the company, so that every deal is theirs; of those, with `only`, the ones of a product or campaign."""

    params: dict[str, Any]
    is_all: bool
    only: Only | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no deal is left out."""
        return self.is_all and self.only is None


def ask(*scopes: Scope) -> Asked:
    """Read who stands in some scopes, and when (those that are regrouped, all by the same day; those that are narrowed, all in the same way); one query."""
    narrowed = {scope.only for scope in scopes}
    if len(narrowed) != 1:
        raise ValueError("Ask for whole scopes and narrowed ones one after the other.")
    only = narrowed.pop()
    arms: list[str] = []
    given: dict[str, Any] = {}
    for (members_on, _only), some in standing.apart(scopes).items():
        kinds, ids = ("kinds", "ids") if members_on is None else ("regrouped_kinds", "regrouped_ids")
        arms.append(STANDS.format(stands=standing.relation(members_on), kinds=kinds, ids=ids))
        given |= {kinds: [scope.kind for scope in some], ids: [scope.id for scope in some], "members_on": members_on or given.get("members_on")}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(arms), given)
        rows = cursor.fetchall()
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], [], []]
    params = dict(zip(("standing", "kinds", "ids", "starts", "ends"), columns, strict=True))
    params |= {"reps": sorted(set(params["standing"])), "regions": [scope.id for scope in scopes if scope.kind == "region"]}
    return Asked(params | {"only": only.id if only else None}, any(scope.kind == "company" for scope in scopes), only)


def near(when: str, asked: Asked) -> str:
    """Select the deals that may be the asked scopes': those with a state `v` that meets a condition and is of their reps, or of their regions' customers."""
    if asked.only:
        when = f"{when} AND v.opportunity_id IN ({opportunities.of(asked.only)})"
    if asked.is_all:
        return f"SELECT DISTINCT v.opportunity_id AS deal FROM {VERSION} v WHERE {when}"
    return f"""SELECT v.opportunity_id AS deal FROM {VERSION} v WHERE v.owner_id = ANY(%(reps)s::bigint[]) AND {when}
        UNION SELECT v.opportunity_id FROM {CREDIT} k JOIN {VERSION} v ON v.opportunity_id = k.opportunity_id
            WHERE k.rep_id = ANY(%(reps)s::bigint[]) AND {when}
        UNION SELECT v.opportunity_id FROM {CUSTOMER} c JOIN {OPPORTUNITY} o ON o.customer_id = c.id JOIN {VERSION} v ON v.opportunity_id = o.id
            WHERE c.region_id = ANY(%(regions)s::bigint[]) AND {when}"""


def credited(rows: str, columns: str) -> str:
    """Return rows (with `deal, owner`) once for each rep they are credited to, as `rep`, with `share`."""
    return f"""SELECT {columns}, coalesce(k.rep_id, t.owner) AS rep, coalesce(k.share / 100, 1) AS share
        FROM {rows} t LEFT JOIN {CREDIT} k ON k.opportunity_id = t.deal"""


def scoped(rows: str) -> str:
    """Return `rows` (a CTE with `id, deal, day, owner, region`) once for each asked scope it belongs to, with the scope's share of it."""
    return f"""WITH credited AS MATERIALIZED ({credited(rows, "t.id, t.day, t.region")})
        SELECT s.kind, s.scope, t.id, sum(t.share) AS share
        FROM credited t JOIN standing s ON s.rep = t.rep AND s.start_on <= t.day AND s.end_on > t.day
        WHERE s.kind <> 'region' OR t.region IS NULL GROUP BY s.kind, s.scope, t.id
        UNION ALL
        SELECT 'region', t.region, t.id, 1 FROM {rows} t WHERE t.region = ANY(%(regions)s::bigint[])"""


UNDATED = f"""WITH {STANDING}, rows AS MATERIALIZED (
        SELECT o.id, o.id AS deal, %(on)s::date AS day, o.owner_id AS owner, c.region_id AS region FROM {DEAL} WHERE o.created_on IS NULL {{only}}
    ) SELECT count(DISTINCT id) FROM ({scoped("rows")}) t"""


def undated(asked: Asked, scope: Scope, *, on: date) -> int:
    """Count the scope's deals without a creation day: nobody knows when they were what, so no report holds them."""
    only = f"AND o.id IN ({opportunities.of(asked.only)})" if asked.only else ""
    return int(run(f"{UNDATED.format(only=only)} WHERE kind = %(kind)s AND scope = %(scope)s", asked, on=on, kind=scope.kind, scope=scope.id)[0][0])


def run(sql: str, asked: Asked, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.params, **params})
        return cursor.fetchall()
