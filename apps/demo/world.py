"""Makes up the demo company as of a day: everybody and everything, in memory, the same for the same day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from random import Random

from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.core.periods import Calendar, add_months
from apps.customers.models import Subscription
from apps.demo import campaigns, customers, hours, mailings, offer, seasons, staff, targets
from apps.demo.activities import Diary
from apps.demo.campaigns import Spending
from apps.demo.customers import Books
from apps.demo.deals import Deal, Trade
from apps.demo.leads import Inbox
from apps.demo.objectives import Objectives
from apps.demo.offer import Ladder, Ware
from apps.demo.papers import Papers
from apps.demo.presence import Presence
from apps.demo.staff import Staff
from apps.demo.subscriptions import Club
from apps.goals.models import Goal

SEED = "merrowdale"
WARM_UP = 3  # months in which deals open before the history begins, so that its first month closes some


@dataclass(frozen=True)
class World:
    """The demo company as of a day, not yet saved."""

    staff: Staff
    wares: list[Ware]
    ladder: Ladder
    spending: Spending
    books: Books
    inbox: Inbox
    deals: list[Deal]
    papers: Papers
    subscriptions: list[Subscription]
    activities: list[Activity]
    readings: list[SocialReading]
    posts: list[SocialPost]
    assessments: list[Assessment]
    goals: list[Goal]
    objectives: Objectives


def imagine(plan: Calendar, *, on: date, zone: tzinfo = UTC) -> World:
    """Return the company as of the end of a day, its clocks in a zone; nothing in it is later but what is planned."""
    rng, start_on = Random(SEED), add_months(seasons.history_start(on), -WARM_UP)
    people = staff.gather(rng, plan, on=on)
    wares, ladder = offer.wares(), offer.ladder()
    spending = campaigns.spend(rng, plan, start_on=start_on, on=on)
    books, inbox = customers.open_books(rng, people, start_on=start_on), Inbox(rng, plan, spending)
    deals = list(Trade(rng, plan, people, ladder, wares, books, inbox, start_on, on).deals())
    papers = Papers(rng, plan, ladder, people, on)
    papers.file(deals)
    customers.acquire((deal.row.closed_on, deal.row.customer, deal.owner_on(deal.row.closed_on)) for deal in deals if deal.row.stage is ladder.won)
    customers.lose(rng, plan, books, last_busy(deals, on=on), start_on=start_on, on=on)
    papers.reorders(books, start_on=start_on)
    club = Club(Random(f"{SEED} subscriptions"), plan, on)
    club.announce(books.every)
    diary = Diary(rng, plan, ladder, on)
    activities = [*diary.of_leads(inbox.leads), *(one for deal in deals for one in diary.of_deal(deal))]
    mailings.send(Random(f"{SEED} mail"), spending, activities)
    hours.strike(Random(f"{SEED} hours"), zone, inbox.leads, activities, on=on)
    presence = Presence(Random(f"{SEED} social"), plan, start_on, on)
    readings, posts, assessments = (
        [one for seller in people.sellers for one in told(seller)] for told in (presence.readings, presence.posts, presence.assessments)
    )
    goals = list(targets.Targets(rng, plan, people, targets.wins(deals, people), on).goals())
    wanted = Objectives(plan, people, on).set()
    paid = list(club.subscriptions(books.every))
    return World(people, wares, ladder, spending, books, inbox, deals, papers, paid, activities, readings, posts, assessments, goals, wanted)


def last_busy(deals: Iterable[Deal], *, on: date) -> dict[str, date]:
    """Return the last day on which a customer, by name, had an open deal or closed one."""
    busy: dict[str, date] = {}
    for deal in deals:
        name = deal.row.customer.name
        busy[name] = max(busy.get(name, date.min), deal.row.closed_on or on)
    return busy
