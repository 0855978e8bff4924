"""Deals: created, closed, open, moved from stage to stage, expected and pushed out."""

from apps.kpis.streams.arms import UNDATED, Arm, Stream

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
    part="stage",
    part_of="stage",
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
MOVES = f"{VERSIONS} LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id"
ENTRIES = Stream(
    key="entries",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("stage", "amount"),
    part="stage",
    part_of="stage",
    arms=(
        Arm(
            MOVES,
            "v.valid_from",
            columns=("v.stage_id", "v.amount"),
            where="v.previous_stage_id IS DISTINCT FROM v.stage_id AND s.kind = 'open'",
            **SHARED,
        ),
    ),
)
EXITS = Stream(
    key="exits",
    source="opportunities",
    model="opportunities.Opportunity",
    columns=("kind", "position", "old_stage", "old_position", "days"),
    part="old_stage",
    part_of="stage",
    arms=(
        Arm(
            MOVES,
            "v.valid_from",
            columns=("s.kind", "s.position", "v.previous_stage_id", "p.position", "(v.valid_from - v.previous_stage_since)::numeric"),
            where="v.previous_stage_id IS DISTINCT FROM v.stage_id AND p.kind = 'open'",
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

STREAMS = (CREATIONS, COHORTS, CLOSINGS, STATES, ENTRIES, EXITS, EXPECTED, SLIPS)
