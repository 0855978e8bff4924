"""Deals: created, closed, open, moved from stage to stage, expected and pushed out."""

from apps.kpis.streams.arms import UNDATED, Arm, Stream
from apps.kpis.streams.quotes import QUOTE

OPPORTUNITY, VERSION, CREDIT = "opportunities_opportunity", "opportunities_opportunityversion", "opportunities_credit"
DEAL = f"{OPPORTUNITY} o LEFT JOIN customers_customer c ON c.id = o.customer_id LEFT JOIN {CREDIT} k ON k.opportunity_id = o.id"
CREW = f"""CASE WHEN k.id IS NOT NULL THEN (
    SELECT CASE WHEN count(*) > 1 THEN array_agg(y.rep_id ORDER BY y.rep_id) END FROM {CREDIT} y WHERE y.opportunity_id = o.id) END"""
SHARED = {"rep": "coalesce(k.rep_id, v.owner_id, o.owner_id)", "share": "coalesce(k.share / 100, 1)", "crew": CREW, "may_share": "k.id IS NOT NULL"}
SHARED_NOW = {**SHARED, "rep": "coalesce(k.rep_id, o.owner_id)"}
STAGE = "JOIN opportunities_stage s ON s.id ="
# As it was known when the deal closed: a quote that is sent afterwards did not win it.
IS_QUOTED = f"""s.kind = 'won' AND EXISTS (SELECT FROM {QUOTE} q WHERE q.opportunity_id = o.id AND q.sent_on <= o.closed_on)"""


def state_on(day: str) -> str:
    """The state the deal was in at the end of a day; it says who owned it."""
    return f"LEFT JOIN {VERSION} v ON v.opportunity_id = o.id AND v.valid_from <= {day} AND (v.valid_to > {day} OR v.valid_to IS NULL)"


OF_VERSION = f"""{STAGE} v.stage_id JOIN {OPPORTUNITY} o ON o.id = v.opportunity_id
    LEFT JOIN customers_customer c ON c.id = o.customer_id LEFT JOIN {CREDIT} k ON k.opportunity_id = o.id"""
VERSIONS = f"{VERSION} v {OF_VERSION}"
# The states by the windows they are expected to close in: what does not stand at a window's cut is gone before anything else is looked up.
OUTLOOK = f"win JOIN {VERSION} v ON v.expected_close_on = win.day {OF_VERSION}"


def ids_of_cells(*columns: tuple[str, str]) -> str:
    """The deals that may have something on a cell's day for its rep: as owner of a state or of the deal, or by a credit."""
    owned = (
        f"SELECT {'opportunity_id' if table == VERSION else 'id'} FROM cell JOIN {table} t ON t.owner_id = cell.rep AND t.{day} = cell.day"
        for table, day in columns
    )
    credited = (  # by all touched reps' credits, not by each cell's: a rep has far fewer than cells times credits
        f"""SELECT x.opportunity_id FROM (
                SELECT k.opportunity_id, k.rep_id AS rep, t.{day} AS day FROM (SELECT DISTINCT rep FROM cell) r JOIN {CREDIT} k ON k.rep_id = r.rep
                JOIN {table} t ON t.{"opportunity_id" if table == VERSION else "id"} = k.opportunity_id AND t.{day} IN (SELECT day FROM cell) OFFSET 0
            ) x JOIN cell USING (rep, day)"""
        for table, day in columns
    )
    undated = f"""SELECT o.id FROM {OPPORTUNITY} o LEFT JOIN {CREDIT} k ON k.opportunity_id = o.id WHERE o.created_on IS NULL
        AND coalesce(k.rep_id, o.owner_id) IN (SELECT rep FROM cell WHERE day = {UNDATED})"""
    return "\nUNION\n".join([*owned, *credited, undated])


OF_DEALS = ids_of_cells((VERSION, "valid_from"), (OPPORTUNITY, "created_on"), (OPPORTUNITY, "closed_on"))
OF_STATES = ids_of_cells((VERSION, "valid_from"), (VERSION, "valid_to"))
OF_OUTLOOK = ids_of_cells((VERSION, "expected_close_on"))

EVENTS = Stream(
    key="events",
    source="deals",
    candidates=OF_DEALS,
    model="opportunities.Opportunity",
    columns=("event", "amount", "cost", "cycle_days", "is_undated", "is_quoted"),
    arms=(
        Arm(
            f"{DEAL} {state_on('o.created_on')}",
            "o.created_on",
            columns=("'created'", "NULL::numeric", "NULL::numeric", "NULL::integer", "FALSE", "FALSE"),
            **SHARED,
        ),
        Arm(
            f"{DEAL} {STAGE} o.stage_id {state_on('o.closed_on')}",
            "o.closed_on",
            columns=("s.kind", "o.amount", "o.cost", "o.closed_on - coalesce(o.first_contact_on, o.created_on)", "FALSE", IS_QUOTED),
            where="s.kind <> 'open'",
            **SHARED,
        ),
        Arm(
            DEAL,
            UNDATED,
            columns=("'created'", "NULL::numeric", "NULL::numeric", "NULL::integer", "TRUE", "FALSE"),
            where="o.created_on IS NULL",
            **SHARED_NOW,
        ),
    ),
)
COHORTS = Stream(
    key="cohorts",
    source="deals",
    candidates=OF_DEALS,
    model="opportunities.Opportunity",
    columns=("kind",),
    arms=(
        Arm(
            f"{DEAL} {STAGE} o.stage_id {state_on('o.created_on')}",
            "o.created_on",
            columns=("CASE WHEN o.closed_on < {cut} THEN s.kind ELSE 'open' END",),
            **SHARED,
        ),
    ),
    is_so_far=True,
)


def state_columns(sign: int) -> tuple[str, ...]:
    """A state that begins or ends; both give the same columns, and what is only of a move from stage to stage is empty."""
    is_entry = "v.previous_stage_id IS DISTINCT FROM v.stage_id" if sign > 0 else "FALSE"
    return (str(sign), "v.stage_id", "v.amount", "coalesce(v.probability, s.probability) / 100", is_entry, "NULL", "0", "0", "0")


STAGES = Stream(
    key="stages",
    source="states",
    candidates=OF_STATES,
    model="opportunities.Opportunity",
    columns=("sign", "stage", "amount", "probability", "is_entry", "exit_to", "position", "old_position", "days"),
    part="stage",
    part_of="stage",
    arms=(
        Arm(VERSIONS, "v.valid_from", columns=state_columns(1), where="s.kind = 'open'", **SHARED),
        Arm(VERSIONS, "v.valid_to", columns=state_columns(-1), where="s.kind = 'open' AND v.valid_to IS NOT NULL", **SHARED),
        Arm(
            f"{VERSIONS} JOIN opportunities_stage p ON p.id = v.previous_stage_id",
            "v.valid_from",
            columns=(
                "0",
                "v.previous_stage_id",
                "NULL::numeric",
                "NULL::numeric",
                "FALSE",
                "s.kind",
                "s.position",
                "p.position",
                "v.valid_from - v.previous_stage_since",
            ),
            where="v.previous_stage_id <> v.stage_id AND p.kind = 'open'",
            **SHARED,
        ),
        Arm(
            f"{DEAL} {STAGE} o.stage_id",
            UNDATED,
            columns=("1", "o.stage_id", "NULL::numeric", "NULL::numeric", "FALSE", "NULL", "0", "0", "0"),
            where="o.created_on IS NULL AND s.kind = 'open'",
            **SHARED_NOW,
        ),
    ),
)
# Open at the end of the day before `cut_on`, and expected to close in the window.
EXPECTED = Stream(
    key="expected",
    source="outlook",
    candidates=OF_OUTLOOK,
    reaches=((VERSION, "expected_close_on"),),
    model="opportunities.Opportunity",
    columns=("amount",),
    arms=(
        Arm(
            OUTLOOK,
            "win.day",
            columns=("v.amount",),
            where="s.kind = 'open' AND v.valid_from < win.cut_on AND (v.valid_to IS NULL OR v.valid_to >= win.cut_on)",
            **SHARED,
        ),
    ),
    is_windowed=True,
)
SLIPS = Stream(
    key="slips",
    source="outlook",
    candidates=OF_OUTLOOK,
    reaches=((VERSION, "expected_close_on"),),
    model="opportunities.Opportunity",
    columns=("amount", "has_slipped"),
    arms=(
        Arm(
            OUTLOOK,
            "win.day",
            columns=(
                "v.amount",
                """EXISTS (SELECT FROM opportunities_opportunityversion w JOIN opportunities_stage t ON t.id = w.stage_id
                    WHERE w.opportunity_id = o.id AND t.kind = 'open' AND w.expected_close_on >= win.end_on
                    AND w.valid_from >= win.start_on AND w.valid_from < win.cut_on
                    AND (w.valid_to IS NULL OR w.valid_to > w.valid_from))""",
            ),
            where="s.kind = 'open' AND v.valid_from < win.start_on AND (v.valid_to IS NULL OR v.valid_to >= win.start_on)",
            **SHARED,
        ),
    ),
    is_windowed=True,
)

STREAMS = (EVENTS, COHORTS, STAGES, EXPECTED, SLIPS)
