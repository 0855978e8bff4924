"""The demo company's leads: those that became deals, told backwards from the deal, and those that did not."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from apps.core.periods import Calendar
from apps.demo import names, seasons
from apps.demo.campaigns import Spending
from apps.demo.staff import Seller
from apps.leads.models import Lead
from apps.opportunities.models import Opportunity

A_DAY = 0.17  # leads that lead nowhere, per rep and ordinary working day
FROM_CAMPAIGN, QUALIFIED = 0.75, 0.28
FILLED = {"email": 0.92, "phone": 0.71, "company": 0.85}


@dataclass
class Inbox:
    """The leads so far, not yet saved."""

    rng: Random
    plan: Calendar
    spending: Spending
    leads: list[Lead] = field(default_factory=list)

    def behind(self, seller: Seller, deal: Opportunity) -> Lead:
        """Return the lead a deal came from; it arrived some weeks earlier."""
        came = seasons.last_working_day(self.plan, deal.created_on - timedelta(days=self.rng.randint(3, 26)))
        lead = self.arrive(seller, max(came, seller.rep.hired_on), deal.customer.name)
        lead.customer = deal.customer
        seen = seasons.working_day(self.plan, lead.created_on + (deal.created_on - lead.created_on) / 2)
        lead.qualified_on, lead.opportunity_on = min(seen, deal.created_on), deal.created_on
        lead.qualified_by = lead.opportunity_by = seller.rep
        return lead

    def stray(self, seller: Seller, day: date, *, on: date) -> Lead:
        """Return a lead that leads nowhere, though some look good for a while."""
        lead = self.arrive(seller, day, names.company(self.rng))
        seen = seasons.working_day(self.plan, day + timedelta(days=self.rng.randint(1, 12)))
        if self.rng.random() < QUALIFIED and seen <= on and seller.team_on(seen):
            lead.qualified_on, lead.qualified_by = seen, seller.rep
        return lead

    def arrive(self, seller: Seller, day: date, company: str) -> Lead:
        name = names.person(self.rng)
        filled = {field: self.rng.random() < chance for field, chance in FILLED.items()}
        lead = Lead(name=name, owner=seller.rep, created_on=day, created_for=seller.rep)
        lead.company = company if filled["company"] else ""
        lead.email = names.email(name, f"{names.plain(company).replace('.', '-')}.example") if filled["email"] else ""
        lead.phone = names.phone(self.rng) if filled["phone"] else ""
        running = self.spending.running_on(day)
        if running and self.rng.random() < FROM_CAMPAIGN:
            lead.campaign = self.rng.choice(running)
        self.leads.append(lead)
        return lead
