"""What the demo company spends: campaigns of every quarter, and the running costs of sales and marketing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from apps.campaigns.models import Campaign, Expense
from apps.core.periods import Calendar, Window
from apps.demo import seasons, words

PER_QUARTER = 3
RUNNING = {Expense.Kind.SALES: 42_000, Expense.Kind.MARKETING: 18_000}  # a month


@dataclass(frozen=True)
class Spending:
    """Campaigns and expenses, not yet saved."""

    campaigns: list[Campaign]
    expenses: list[Expense]

    def running_on(self, day: date) -> list[Campaign]:
        return [one for one in self.campaigns if one.started_on <= day and (one.ended_on is None or day <= one.ended_on)]


def spend(rng: Random, plan: Calendar, *, start_on: date, on: date) -> Spending:
    """Return what was spent from one day to another, month by month."""
    campaigns: list[Campaign] = []
    expenses: list[Expense] = []
    for quarter in plan.between("quarter", start_on, on + seasons.DAY):
        for kind in rng.sample(words.CAMPAIGNS, PER_QUARTER):
            campaign = Campaign(name=f"{kind} {quarter.key}", started_on=max(quarter.start_on, start_on))
            campaign.ended_on = quarter.last_on if quarter.last_on <= on else None
            campaigns.append(campaign)
            expenses += instalments(rng, plan, campaign, quarter, on=on)
    return Spending(campaigns, [*expenses, *running_costs(rng, plan, start_on=start_on, on=on)])


def instalments(rng: Random, plan: Calendar, campaign: Campaign, quarter: Window, *, on: date) -> Iterator[Expense]:
    """Yield what a campaign costs, spread over the months of its quarter."""
    budget = rng.randint(60, 240) * 100
    for month in plan.between("month", campaign.started_on, quarter.end_on):
        day = seasons.working_day(plan, month.start_on.replace(day=rng.randint(2, 24)))
        if campaign.started_on <= day <= on:
            yield Expense(campaign=campaign, kind=Expense.Kind.CAMPAIGN, spent_on=day, amount=Decimal(budget + rng.randint(-900, 900)), note=campaign.name)


def running_costs(rng: Random, plan: Calendar, *, start_on: date, on: date) -> Iterator[Expense]:
    """Yield the monthly costs that belong to no campaign."""
    for month in plan.between("month", start_on, on + seasons.DAY):
        day = seasons.working_day(plan, month.start_on)
        for kind, usual in RUNNING.items():
            if day <= on:
                yield Expense(kind=kind, spent_on=day, amount=Decimal(usual + rng.randint(-30, 30) * 100), note=f"{kind.label} {month.key}")
