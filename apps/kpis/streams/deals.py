"""Deals: created, closed, open, moved from stage to stage, expected and pushed out."""

from apps.kpis.streams.arms import UNDATED, Arm, Stream
from apps.kpis.streams.quotes import QUOTE

OPPORTUNITY, VERSION, CREDIT = "opportunities_opportunity", "opportunities_opportunityversion", "opportunities_credit"
DEAL = f"{OPPORTUNITY} o LEFT JOIN customers_customer c ON c.id = o.customer_id LEFT JOIN {CREDIT} k ON k.opportunity_id = o.id"
CREW = f"""CASE WHEN k.id IS NOT NULL THEN (
    SELECT CASE WHEN count(*) > 1 THEN array_agg(y.rep_id ORDER BY y.rep_id) END FROM {CREDIT} y WHERE y.opportunity_id = o.id) END"""
FIRST = f"k.id IN (SELECT min(y.id) FROM {CREDIT} y GROUP BY y.opportunity_id HAVING count(*) > 1)"
SHARED = {"rep": "coalesce(k.rep_id, v.owner_id)", "share": "k.share * 0.01", "crew": CREW, "is_first": FIRST}
OF_VERSIONS = {**SHARED, "of": VERSION}
# What has no day is found as such: there is little of it.
UNDATED_NOW = {**SHARED, "rep": "coalesce(k.rep_id, o.owner_id)"}
STAGE = "JOIN opportunities_stage s ON s.id ="
# As it was known when the deal closed: a quote that is sent afterwards did not win it.
IS_QUOTED = f"""s.kind = 'won' AND EXISTS (SELECT FROM {QUOTE} q WHERE q.opportunity_id = o.id AND q.sent_on <= o.closed_on)"""


def stands_on(state: str, day: str) -> str:
    """Whether it is the state the deal was in at the end of a day."""
    return f"{state}.opportunity_id = o.id AND {state}.valid_from <= {day} AND ({state}.valid_to > {day} OR {state}.valid_to IS NULL)"


# The state that it most often is, by the day that is asked: only where it is not that one, all of a deal's states are looked through.
MOSTLY = {"o.created_on": "v.sequence = 1", "o.closed_on": "v.valid_to IS NULL"}


def state_on(day: str) -> str:
    """Return a join of the state the deal was in at the end of a day, if it is the one it mostly is."""
    return f"LEFT JOIN {VERSION} v ON {MOSTLY[day]} AND {stands_on('v', day)}"


def shared_on(day: str) -> dict[str, str]:
    """Who owned the deal at the end of a day, by its state of then."""
    return {**SHARED, "of": OPPORTUNITY, "rep": f"coalesce(k.rep_id, v.owner_id, (SELECT w.owner_id FROM {VERSION} w WHERE {stands_on('w', day)}), o.owner_id)"}


# The stage that a state came from.
BEFORE = "LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id"
OF_VERSION = f"""{STAGE} v.stage_id JOIN {OPPORTUNITY} o ON o.id = v.opportunity_id
    LEFT JOIN customers_customer c ON c.id = o.customer_id LEFT JOIN {CREDIT} k ON k.opportunity_id = o.id"""
VERSIONS = f"{VERSION} v {OF_VERSION} {BEFORE}"
# The states by the windows they are expected to close in: what does not stand at a window's cut is gone before anything else is looked up.
OUTLOOK = f"win JOIN {VERSION} v ON v.expected_close_on = win.day {OF_VERSION}"


def of_cells(table: str, what: str, *days: str) -> str:
    """Return something of the deals, or the states, that may have something on a cell's day for its rep: as their owner, or by a credit of the deal."""
    deal = "opportunity_id" if table == VERSION else "id"
    owned = (f"SELECT t.{what} FROM cell JOIN {table} t ON t.owner_id = cell.rep AND t.{day} = cell.day" for day in days)
    credited = (  # by all touched reps' credits, not by each cell's: a rep has far fewer than cells times credits
        f"""SELECT {what} FROM {table} WHERE id IN (SELECT x.id FROM (
                SELECT t.id, k.rep_id AS rep, t.{day} AS day FROM (SELECT DISTINCT rep FROM cell) r JOIN {CREDIT} k ON k.rep_id = r.rep
                JOIN {table} t ON t.{deal} = k.opportunity_id AND t.{day} IN (SELECT day FROM cell) OFFSET 0
            ) x JOIN cell USING (rep, day))"""
        for day in days
    )
    return "\nUNION\n".join([*owned, *credited])


# A deal that was created, or closed, with a state that began on that day may be its owner's of then.
OF_DEALS = f"""SELECT * FROM {OPPORTUNITY} WHERE id IN (
    {of_cells(OPPORTUNITY, "id", "created_on", "closed_on")} UNION {of_cells(VERSION, "opportunity_id", "valid_from")})"""
OF_STATES = of_cells(VERSION, "*", "valid_from", "valid_to")
OF_OUTLOOK = of_cells(VERSION, "*", "expected_close_on")

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
            **shared_on("o.created_on"),
        ),
        Arm(
            f"{DEAL} {STAGE} o.stage_id {state_on('o.closed_on')}",
            "o.closed_on",
            columns=("s.kind", "o.amount", "o.cost", "o.closed_on - coalesce(o.first_contact_on, o.created_on)", "FALSE", IS_QUOTED),
            where="s.kind <> 'open'",
            **shared_on("o.closed_on"),
        ),
        Arm(
            DEAL,
            UNDATED,
            columns=("'created'", "NULL::numeric", "NULL::numeric", "NULL::integer", "TRUE", "FALSE"),
            where="o.created_on IS NULL",
            **UNDATED_NOW,
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
            **shared_on("o.created_on"),
        ),
    ),
    is_so_far=True,
)


def state_columns(sign: int) -> tuple[str, ...]:
    """A state that begins or ends, with what it adds or takes away; both give the same columns, and what is only of a move from stage to stage is empty."""
    is_entry = "v.previous_stage_id IS DISTINCT FROM v.stage_id" if sign > 0 else "FALSE"
    amount = "v.amount" if sign > 0 else "-v.amount"
    return (str(sign), "v.stage_id", amount, "coalesce(v.probability, s.probability) * 0.01", is_entry, "NULL", "0", "0", "0")


STAGES = Stream(
    key="stages",
    source="states",
    candidates=OF_STATES,
    model="opportunities.Opportunity",
    columns=("sign", "stage", "amount", "probability", "is_entry", "exit_to", "position", "old_position", "days"),
    part="stage",
    part_of="stage",
    arms=(
        Arm(VERSIONS, "v.valid_from", columns=state_columns(1), where="s.kind = 'open'", **OF_VERSIONS),
        Arm(VERSIONS, "v.valid_to", columns=state_columns(-1), where="s.kind = 'open' AND v.valid_to IS NOT NULL", **OF_VERSIONS),
        Arm(
            VERSIONS,
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
            **OF_VERSIONS,
        ),
        Arm(
            f"{DEAL} {STAGE} o.stage_id",
            UNDATED,
            columns=("1", "o.stage_id", "NULL::numeric", "NULL::numeric", "FALSE", "NULL", "0", "0", "0"),
            where="o.created_on IS NULL AND s.kind = 'open'",
            **UNDATED_NOW,
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
            **OF_VERSIONS,
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
                # Nothing is known of a state after this one as long as this one stands.
                """v.valid_to < win.cut_on AND EXISTS (SELECT FROM opportunities_opportunityversion w JOIN opportunities_stage t ON t.id = w.stage_id
                    WHERE w.opportunity_id = o.id AND t.kind = 'open' AND w.expected_close_on >= win.end_on
                    AND w.valid_from >= win.start_on AND w.valid_from < win.cut_on
                    AND (w.valid_to IS NULL OR w.valid_to > w.valid_from))""",
            ),
            where="s.kind = 'open' AND v.valid_from < win.start_on AND (v.valid_to IS NULL OR v.valid_to >= win.start_on)",
            **OF_VERSIONS,
        ),
    ),
    is_windowed=True,
)

STREAMS = (EVENTS, COHORTS, STAGES, EXPECTED, SLIPS)
