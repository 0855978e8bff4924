"""Campaigns and what was spent."""

from collections.abc import Iterator
from decimal import Decimal

from tests.oracle.world import Fact, Flow, World


def spent(*, on_campaigns: bool) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for expense in world.expenses:
            if expense.campaign_id or not on_campaigns:
                yield Fact(expense.spent_on, ((0, Decimal(1)),), None, world.rates.money(expense, expense.spent_on))

    return facts


FLOWS: dict[str, Flow] = {"campaign_cost": spent(on_campaigns=True), "sales_marketing_cost": spent(on_campaigns=False)}
