"""Leads."""

from collections.abc import Iterator
from decimal import Decimal

from apps.leads.models import Lead
from tests.oracle.world import Fact, Flow, World


def lead_step(step: str, by: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for lead in Lead.objects.select_related("customer"):
            day = getattr(lead, f"{step}_on")
            if day:
                rep = getattr(lead, f"{by}_id") or lead.owner_id
                yield Fact(day, ((rep, Decimal(1)),), lead.customer.region_id if lead.customer else None, 1)

    return facts


FLOWS: dict[str, Flow] = {
    "leads_created": lead_step("created", "created_for"),
    "leads_converted": lead_step("converted", "converted_by"),
}
