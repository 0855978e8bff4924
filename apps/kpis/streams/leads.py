"""Leads: created, first touched, qualified, made an opportunity, converted, and by which campaign they came."""

from apps.kpis.streams.arms import NOBODY, Arm, Stream

LEAD = "leads_lead o LEFT JOIN customers_customer c ON c.id = o.customer_id"
FILLED = " + ".join(f"(btrim(o.{field}) <> '')::int" for field in ("name", "email", "phone", "company"))
LEADS = Stream(
    key="leads",
    source="leads",
    model="leads.Lead",
    columns=("step", "contact", "days", "minutes"),
    arms=tuple(
        Arm(
            LEAD,
            f"o.{step}_on",
            f"coalesce(o.{by}_id, o.owner_id)",
            columns=(f"'{step}'", f"({FILLED}) / 4.0", f"(o.{step}_on - o.created_on)::numeric", "o.response_minutes"),
            where=f"o.{step}_on IS NOT NULL",
        )
        for step, by in (
            ("created", "created_for"),
            ("first_touch", "first_touch_by"),
            ("qualified", "qualified_by"),
            ("opportunity", "opportunity_by"),
            ("converted", "converted_by"),
        )
    ),
)
# Beside what campaigns cost, which is the company's: so a lead's campaign divides no sums of reps and teams.
SOURCES = Stream(
    key="lead_sources",
    source="lead_sources",
    model="leads.Lead",
    columns=("campaign",),
    part="campaign",
    part_of="campaign",
    arms=(Arm("leads_lead o", "o.created_on", NOBODY, columns=("coalesce(o.campaign_id, 0)",), region=NOBODY),),
)

STREAMS = (LEADS, SOURCES)
