"""What became of the demo company's e-mails: whether they arrived and were opened, and which campaign they belong to."""

from collections.abc import Iterable
from random import Random

from apps.activities.models import Activity
from apps.demo.campaigns import Spending

ARRIVE, IN_CAMPAIGN = 0.97, 0.35
OPENED, PERSONALIZED_BETTER = 0.36, 0.14


def send(rng: Random, spending: Spending, activities: Iterable[Activity]) -> None:
    """Mark the e-mails that were sent; personalised ones are opened more often, and campaigns differ."""
    pull = {one.name: rng.uniform(-0.08, 0.1) for one in spending.campaigns}
    for one in activities:
        if one.kind == Activity.Kind.EMAIL and one.completed_on:
            running = spending.running_on(one.completed_on)
            one.campaign = rng.choice(running) if running and rng.random() < IN_CAMPAIGN else None
            one.is_delivered = rng.random() < ARRIVE
            chance = OPENED + PERSONALIZED_BETTER * one.is_personalized + (pull[one.campaign.name] if one.campaign else 0)
            one.is_opened = one.is_delivered and rng.random() < chance
