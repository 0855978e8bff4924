"""Leads."""

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal

from apps.activities.models import Activity
from apps.leads.models import Lead
from tests.oracle.world import Fact, Flow, World


def lead_step(step: str, by: str, amount: Callable[[Lead], Decimal | int] = lambda lead: 1) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for lead in world.leads:
            day = getattr(lead, f"{step}_on")
            if day:
                rep = getattr(lead, f"{by}_id") or lead.owner_id
                yield Fact(day, ((rep, Decimal(1)),), lead.customer.region_id if lead.customer else None, amount(lead))

    return facts


def filled(lead: Lead) -> Decimal:
    return Decimal(sum(bool(text.strip()) for text in (lead.name, lead.email, lead.phone, lead.company))) / 4


def first_touch(world: World, lead: Lead) -> Activity | None:
    """The first outbound touch by a person that is not known to lie before the lead; one without a time may be the first of its day."""
    touches = []
    for one in world.activities:
        is_ours = one.lead_id == lead.pk and one.direction == "out" and not one.is_automatic
        is_before = one.completed_at is not None and lead.created_at is not None and one.completed_at < lead.created_at
        if is_ours and one.completed_on is not None and one.completed_on >= lead.created_on and not is_before:
            touches.append(one)
    return min(touches, key=lambda one: (one.completed_on, one.completed_at is not None, one.completed_at or 0, one.pk), default=None)


def response(amount: Callable[[Decimal], Decimal | int]) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for lead in world.leads:
            touch = first_touch(world, lead)
            if touch:
                known = lead.created_at and touch.completed_at
                minutes = Decimal(str((touch.completed_at - lead.created_at).total_seconds())) / 60 if known else None
                region = lead.customer.region_id if lead.customer else None
                yield Fact(touch.completed_on, ((touch.rep_id, Decimal(1)),), region, amount(minutes) if minutes is not None else None)

    return facts


def of_nobody(world: World) -> Iterator[Fact]:
    for lead in world.leads:
        yield Fact(lead.created_on, ((0, Decimal(1)),), None, 1)


FLOWS: dict[str, Flow] = {
    "leads_created": lead_step("created", "created_for"),
    "leads_qualified": lead_step("qualified", "qualified_by"),
    "leads_to_opportunity": lead_step("opportunity", "opportunity_by"),
    "leads_converted": lead_step("converted", "converted_by"),
    "contact_fields": lead_step("created", "created_for", filled),
    "lead_days_to_convert": lead_step("converted", "converted_by", lambda lead: (lead.converted_on - lead.created_on).days),
    "lead_response_minutes": response(lambda minutes: minutes.quantize(Decimal("0.01"), ROUND_HALF_UP)),
    "leads_responded": response(lambda minutes: 1),
    "campaign_leads": of_nobody,
}
