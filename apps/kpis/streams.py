"""The streams of dated records that measures are counted from, in SQL.

A stream has arms; each arm says where its records are, on which day one falls and to which rep it is credited. Every arm of
a stream gives the same columns, the first of which are `record, day, rep, share, crew, region`: the fact's id, its day, its
rep, the rep's share of it (0..1), all credited reps where there are several, and the customer's region or 0.
"""

from dataclasses import dataclass

UNDATED = "DATE '0001-01-01'"  # the day of what has no day: it lies in no period, and every figure says how many there are
FOREVER = "DATE '9999-12-31'"


@dataclass(frozen=True)
class Arm:
    """One place records come from. `day` and `rep` are SQL; so are the columns, in the stream's order."""

    tables: str
    day: str
    rep: str
    columns: tuple[str, ...] = ()
    where: str = "TRUE"
    record: str = "o.id"
    share: str = "1::numeric"
    crew: str = "NULL::bigint[]"
    region: str = "coalesce(c.region_id, 0)"


@dataclass(frozen=True)
class Stream:
    """Records of one model with a day and a rep. `is_windowed`: its SQL joins `win(id, start_on, end_on, cut_on)`.

    `is_so_far`: what a record adds depends on the day one looks (`{cut}`), so the past cannot be read from stored sums.
    """

    key: str
    source: str
    model: str
    columns: tuple[str, ...]
    arms: tuple[Arm, ...]
    is_windowed: bool = False
    is_so_far: bool = False

    def sql(self, within: str, *, cut: str = FOREVER) -> str:
        """Return the records as a SELECT; `within` limits them by `{day}` and `{rep}`."""
        return "\nUNION ALL\n".join(self._arm_sql(arm, within, cut) for arm in self.arms)

    def _arm_sql(self, arm: Arm, within: str, cut: str) -> str:
        named = ", ".join(f"{sql} AS {name}" for name, sql in zip(self.columns, arm.columns, strict=True))
        window = ", win.id AS win" if self.is_windowed else ""
        limit = within.format(day=arm.day, rep=arm.rep)
        text = f"""SELECT {arm.record} AS record, {arm.day} AS day, {arm.rep} AS rep, {arm.share} AS share, {arm.crew} AS crew,
            {arm.region} AS region{window}{", " + named if named else ""} FROM {arm.tables} WHERE ({arm.where}) AND {limit}"""
        return text.replace("{cut}", cut)


# --- Deals --------------------------------------------------------------------------------------
DEAL = "opportunities_opportunity o LEFT JOIN customers_customer c ON c.id = o.customer_id"
CREDITED = """JOIN LATERAL (
    SELECT x.rep_id AS rep, x.share / 100 AS share,
        (SELECT array_agg(y.rep_id ORDER BY y.rep_id) FROM opportunities_credit y WHERE y.opportunity_id = o.id) AS crew
    FROM opportunities_credit x WHERE x.opportunity_id = o.id
    UNION ALL
    SELECT v.owner_id, 1::numeric, NULL WHERE NOT EXISTS (SELECT FROM opportunities_credit x WHERE x.opportunity_id = o.id)
) k ON TRUE"""
SHARED = {"rep": "k.rep", "share": "k.share", "crew": "CASE WHEN cardinality(k.crew) > 1 THEN k.crew END"}


def owner_on(day: str) -> str:
    """Whoever owned the deal at the end of a day."""
    return f"""JOIN LATERAL (SELECT coalesce((
        SELECT w.owner_id FROM opportunities_opportunityversion w WHERE w.opportunity_id = o.id
            AND w.valid_from <= {day} AND (w.valid_to > {day} OR w.valid_to IS NULL) LIMIT 1), o.owner_id) AS owner_id) v ON TRUE"""


VERSIONS = f"""opportunities_opportunityversion v JOIN opportunities_opportunity o ON o.id = v.opportunity_id
    JOIN opportunities_stage s ON s.id = v.stage_id LEFT JOIN customers_customer c ON c.id = o.customer_id {CREDITED}"""
OWNED_NOW = "JOIN LATERAL (SELECT o.owner_id AS owner_id) v ON TRUE"

CREATIONS = Stream(
    key="creations",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("is_undated",),
    arms=(
        Arm(f"{DEAL} {owner_on('o.created_on')} {CREDITED}", "o.created_on", columns=("FALSE",), **SHARED),
        Arm(f"{DEAL} {OWNED_NOW} {CREDITED}", UNDATED, columns=("TRUE",), where="o.created_on IS NULL", **SHARED),
    ),
)
COHORTS = Stream(
    key="cohorts",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("kind",),
    arms=(
        Arm(
            f"{DEAL} JOIN opportunities_stage s ON s.id = o.stage_id {owner_on('o.created_on')} {CREDITED}",
            "o.created_on",
            columns=("CASE WHEN o.closed_on < {cut} THEN s.kind ELSE 'open' END",),
            **SHARED,
        ),
    ),
    is_so_far=True,
)
CLOSINGS = Stream(
    key="closings",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("kind", "amount", "cost", "cycle_days"),
    arms=(
        Arm(
            f"{DEAL} JOIN opportunities_stage s ON s.id = o.stage_id {owner_on('o.closed_on')} {CREDITED}",
            "o.closed_on",
            columns=("s.kind", "o.amount", "o.cost", "(o.closed_on - coalesce(o.first_contact_on, o.created_on))::numeric"),
            **SHARED,
        ),
    ),
)


def state_columns(sign: str) -> tuple[str, ...]:
    return (sign, "v.stage_id", "v.amount", "coalesce(v.probability, s.probability) / 100")


STATES = Stream(
    key="states",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("sign", "stage", "amount", "probability"),
    arms=(
        Arm(VERSIONS, "v.valid_from", columns=state_columns("1"), where="s.kind = 'open'", **SHARED),
        Arm(VERSIONS, "v.valid_to", columns=state_columns("-1"), where="s.kind = 'open' AND v.valid_to IS NOT NULL", **SHARED),
        Arm(
            f"{DEAL} JOIN opportunities_stage s ON s.id = o.stage_id {OWNED_NOW} {CREDITED}",
            UNDATED,
            columns=("1", "o.stage_id", "NULL::numeric", "NULL::numeric"),
            where="o.created_on IS NULL AND s.kind = 'open'",
            **SHARED,
        ),
    ),
)
MOVES = Stream(
    key="moves",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("stage", "kind", "amount", "position", "old_stage", "old_kind", "old_position", "days"),
    arms=(
        Arm(
            f"{VERSIONS} LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id",
            "v.valid_from",
            columns=(
                "v.stage_id",
                "s.kind",
                "v.amount",
                "s.position",
                "v.previous_stage_id",
                "p.kind",
                "p.position",
                "(v.valid_from - v.previous_stage_since)::numeric",
            ),
            where="v.previous_stage_id IS DISTINCT FROM v.stage_id",
            **SHARED,
        ),
    ),
)
# Open at the end of the day before `cut_on`, and expected to close in the window.
EXPECTED_STATE = "s.kind = 'open' AND v.expected_close_on >= win.start_on AND v.expected_close_on < win.end_on"
EXPECTED = Stream(
    key="expected",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("amount",),
    arms=(
        Arm(
            f"win CROSS JOIN {VERSIONS}",
            "v.expected_close_on",
            columns=("v.amount",),
            where=f"{EXPECTED_STATE} AND v.valid_from < win.cut_on AND (v.valid_to IS NULL OR v.valid_to >= win.cut_on)",
            **SHARED,
        ),
    ),
    is_windowed=True,
)
SLIPS = Stream(
    key="slips",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("amount", "has_slipped"),
    arms=(
        Arm(
            f"win CROSS JOIN {VERSIONS}",
            "v.expected_close_on",
            columns=(
                "v.amount",
                """EXISTS (SELECT FROM opportunities_opportunityversion w JOIN opportunities_stage t ON t.id = w.stage_id
                    WHERE w.opportunity_id = o.id AND t.kind = 'open' AND w.expected_close_on >= win.end_on
                    AND w.valid_from >= win.start_on AND w.valid_from < win.cut_on
                    AND (w.valid_to IS NULL OR w.valid_to > w.valid_from))""",
            ),
            where=f"{EXPECTED_STATE} AND v.valid_from < win.start_on AND (v.valid_to IS NULL OR v.valid_to >= win.start_on)",
            **SHARED,
        ),
    ),
    is_windowed=True,
)

# --- Everything else ------------------------------------------------------------------------------
LEAD = "leads_lead o LEFT JOIN customers_customer c ON c.id = o.customer_id"
LEADS = Stream(
    key="leads",
    source="leads",
    model="leads.Lead",
    columns=("step",),
    arms=tuple(
        Arm(LEAD, f"o.{step}_on", f"coalesce(o.{by}_id, o.owner_id)", columns=(f"'{step}'",), where=f"o.{step}_on IS NOT NULL")
        for step, by in (
            ("created", "created_for"),
            ("qualified", "qualified_by"),
            ("opportunity", "opportunity_by"),
            ("converted", "converted_by"),
        )
    ),
)
CUSTOMERS = Stream(
    key="customers",
    source="customers",
    model="customers.Customer",
    columns=("step",),
    arms=tuple(
        Arm(
            "customers_customer c",
            f"c.{step}_on",
            "coalesce(c.acquired_by_id, c.owner_id, 0)",
            columns=(f"'{step}'",),
            record="c.id",
            where=f"c.{step}_on IS NOT NULL",
        )
        for step in ("acquired", "lost")
    ),
)
ORDERS = Stream(
    key="orders",
    source="orders",
    model="customers.Order",
    columns=("amount", "cost"),
    arms=(Arm("customers_order o LEFT JOIN customers_customer c ON c.id = o.customer_id", "o.ordered_on", "o.rep_id", columns=("o.amount", "o.cost")),),
)
ACTIVITIES = Stream(
    key="activities",
    source="activities",
    model="activities.Activity",
    columns=("kind",),
    arms=(
        Arm(
            "activities_activity o LEFT JOIN customers_customer c ON c.id = o.customer_id",
            "o.completed_on",
            "o.rep_id",
            columns=("o.kind",),
            where="o.completed_on IS NOT NULL",
        ),
    ),
)
# A rep counts on every day from being hired until leaving; read only for a window's records.
REP_DAYS = Stream(
    key="rep_days",
    source="",
    model="reps.Rep",
    columns=(),
    arms=(
        Arm(
            """reps_rep o CROSS JOIN LATERAL generate_series(greatest(o.hired_on, %(start)s::date),
                least(coalesce(o.left_on, %(end)s::date), %(end)s::date) - 1, interval '1 day') AS g(instant)
            CROSS JOIN LATERAL (SELECT g.instant::date AS day) d""",
            "d.day",
            "o.id",
            region="0::bigint",
        ),
    ),
)

STREAMS = {stream.key: stream for stream in (CREATIONS, COHORTS, CLOSINGS, STATES, MOVES, EXPECTED, SLIPS, LEADS, CUSTOMERS, ORDERS, ACTIVITIES, REP_DAYS)}
SOURCES = tuple(dict.fromkeys(stream.source for stream in STREAMS.values() if stream.source))
