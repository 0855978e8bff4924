"""Leads."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from apps.leads.models import Lead
from tests.oracle.world import Fact, Flow, World


def lead_step(step: str, by: str, amount: Callable[[Lead], Decimal | int] = lambda lead: 1) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for lead in Lead.objects.select_related("customer"):
            day = getattr(lead, f"{step}_on")
            if day:
                rep = getattr(lead, f"{by}_id") or lead.owner_id
                yield Fact(day, ((rep, Decimal(1)),), lead.customer.region_id if lead.customer else None, amount(lead))

    return facts


def filled(lead: Lead) -> Decimal:
    return Decimal(sum(bool(text.strip()) for text in (lead.name, lead.email, lead.phone, lead.company))) / 4


def of_nobody(world: World) -> Iterator[Fact]:
    for lead in Lead.objects.all():
        yield Fact(lead.created_on, ((0, Decimal(1)),), None, 1)


FLOWS: dict[str, Flow] = {
    "leads_created": lead_step("created", "created_for"),
    "leads_qualified": lead_step("qualified", "qualified_by"),
    "leads_to_opportunity": lead_step("opportunity", "opportunity_by"),
    "leads_converted": lead_step("converted", "converted_by"),
    "contact_fields": lead_step("created", "created_for", filled),
    "lead_days_to_convert": lead_step("converted", "converted_by", lambda lead: (lead.converted_on - lead.created_on).days),
    "campaign_leads": of_nobody,
}
