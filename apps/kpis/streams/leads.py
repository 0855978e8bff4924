"""Leads: created, qualified, made an opportunity, converted."""

from apps.kpis.streams.arms import Arm, Stream

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

STREAMS = (LEADS,)
