"""Founds the demo company in an empty database."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

import pgtrigger
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.campaigns.models import Campaign
from apps.core import periods
from apps.core.models import Holiday, Organisation
from apps.customers.models import Customer
from apps.demo import abroad, cast, seasons, sign_ins, world
from apps.demo.abroad import Market
from apps.demo.deals import Deal
from apps.demo.sign_ins import SignIn
from apps.demo.world import World
from apps.goals.models import Goal
from apps.leads.models import Lead
from apps.objectives.models import Objective
from apps.opportunities import history
from apps.opportunities.models import Credit, Opportunity, Product, Stage
from apps.reps.models import Region, Rep, Team

BATCH = 4000
HOLDS = (Rep, Team, Region, Stage, Product, Campaign, Customer, Lead, Opportunity, Activity, SocialReading, SocialPost, Assessment, Goal, Objective)

Row = TypeVar("Row", bound=models.Model)
Say = Callable[[str], None]


def is_database_empty() -> bool:
    """Say whether there is nothing yet that the demo company could be mixed up with."""
    return not any(model.objects.exists() for model in HOLDS)


def establish() -> None:
    """Save the organisation, unless there is one already; its time zone decides which day it is."""
    Organisation.objects.get_or_create(pk=1, defaults={"name": cast.ORGANISATION, "currency": "EUR", "time_zone": "Europe/Amsterdam"})


def found(*, on: date, say: Say) -> list[SignIn]:
    """Write the whole company as of a day and return how its people sign in; needs an empty database."""
    days_off = (days for year in range(on.year - 3, on.year + 2) for days in seasons.holidays(year).items())
    Holiday.objects.bulk_create([Holiday(day=day, name=name) for day, name in days_off], ignore_conflicts=True)
    organisation = Organisation.get()
    say(_("Making up 24 months of sales at %(name)s …") % {"name": organisation.name})
    made = world.imagine(periods.calendar(), on=on, zone=ZoneInfo(organisation.time_zone))
    say(_("Writing %(deals)s deals, %(leads)s leads and %(activities)s activities …") % counts(made))
    market = abroad.trade(Random(f"{world.SEED} abroad"), made.books.every, organisation.currency, start_on=made.deals[0].row.created_on, on=on)
    abroad.agree(market, made.deals, made.papers.quotes, made.papers.orders)
    with transaction.atomic():
        found = admit(made)
        write_market(made)
        save(market.rows(on=on))
        write_deals(made.deals, market)
        write_rest(made)
    return found


def tell_planner() -> None:
    """Let the database look at what was written: until it has, it takes full tables for empty ones and reads them slowly."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def counts(made: World) -> dict[str, int]:
    return {"deals": len(made.deals), "leads": len(made.inbox.leads), "activities": len(made.activities)}


def save(rows: Iterable[Row]) -> None:
    """Write rows of one model in few statements; their ids are set."""
    rows = list(rows)
    if rows:
        type(rows[0]).objects.bulk_create(rows, batch_size=BATCH)


def admit(made: World) -> list[SignIn]:
    """Write the people, in their teams; a sign-in that is there from before gets a new password."""
    people = made.staff
    found = sign_ins.issue([user for user in people.users if user.is_active])
    changed = ["name", "role", "is_active", "password"]
    User.objects.bulk_create(people.users, update_conflicts=True, unique_fields=["email"], update_fields=changed)
    save(people.regions)
    for team in people.teams.values():  # a team is listed after the one it is part of
        team.save()
    save(people.managers)
    save(seller.rep for seller in people.sellers)
    save(stint for seller in people.sellers for stint in seller.stints)
    return found


def write_market(made: World) -> None:
    save(ware.product for ware in made.wares)
    save(made.ladder.every)
    save(made.spending.campaigns)
    save(made.spending.expenses)
    save(made.books.every)
    save(made.inbox.leads)


def write_deals(deals: Sequence[Deal], market: Market) -> None:
    """Write deals with all they have been; the versions the database would guess from the present are not needed."""
    with pgtrigger.ignore("opportunities.Opportunity:keep_first_versions_of_inserts"):
        save(deal.row for deal in deals)
    history.replace({deal.row.pk: states(deal, market) for deal in deals})
    save(Credit(opportunity=deal.row, rep=rep, share=share) for deal in deals for rep, share in deal.shares)


def states(deal: Deal, market: Market) -> list[history.State]:
    return [
        history.State(turn.since_on, turn.owner.pk, turn.stage.pk, amount, turn.probability, turn.expected_close_on, deal.row.currency, original)
        for turn in deal.turns
        for amount, original in [market.money(deal, turn.amount)]
    ]


def write_rest(made: World) -> None:
    save(made.papers.quotes)
    save(made.papers.orders)
    save(made.subscriptions)
    save(made.activities)
    save(made.readings)
    save(made.posts)
    save(made.assessments)
    save(made.goals)
    made.objectives.save()
