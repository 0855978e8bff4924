"""What reps do, how they are seen, what they know, and the days they work."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from apps.activities.models import Assessment, Network, SocialPost, SocialReading
from tests.oracle.world import DAY, Fact, Flow, Stock, Windowed, World


def done(kind: str, **marks: bool | str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for activity in world.activities:
            if activity.completed_on is None or activity.kind != kind or any(getattr(activity, name) != mark for name, mark in marks.items()):
                continue
            yield Fact(activity.completed_on, ((activity.rep_id, Decimal(1)),), activity.customer.region_id if activity.customer else None, 1)

    return facts


def on_readings(count: str) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for reading in world.readings:
            yield Fact(reading.read_on, ((reading.rep_id, Decimal(1)),), None, getattr(reading, count))

    return facts


def as_read(amount: Callable[[SocialReading], int | None]) -> Stock:
    """The last reading of each profile of each rep who is still here on a day."""

    def facts(world: World, day: date) -> Iterator[Fact]:
        for rep in world.reps:
            for network in Network.values:
                if rep.left_on is None or day < rep.left_on:
                    read = [one for one in world.readings if (one.rep_id, one.network) == (rep.pk, network) and one.read_on <= day]
                    if read:
                        yield Fact(day, ((rep.pk, Decimal(1)),), None, amount(max(read, key=lambda one: one.read_on)))

    return facts


def on_posts(amount: Callable[[SocialPost], int]) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for post in world.posts:
            yield Fact(post.posted_on, ((post.rep_id, Decimal(1)),), None, amount(post))

    return facts


def on_assessments(amount: Callable[[Assessment], Decimal | int]) -> Flow:
    def facts(world: World) -> Iterator[Fact]:
        for taken in world.assessments:
            yield Fact(taken.taken_on, ((taken.rep_id, Decimal(1)),), None, amount(taken))

    return facts


FLOWS: dict[str, Flow] = {
    "calls": done("call", direction="out"),
    "emails": done("email", direction="out"),
    "meetings": done("meeting"),
    "demos": done("demo"),
    "onboardings": done("onboarding"),
    "personalized_emails": done("email", direction="out", is_personalized=True),
    "emails_delivered": done("email", direction="out", is_delivered=True),
    "emails_opened": done("email", direction="out", is_opened=True),
    **{key: on_readings(key) for key in ("profile_views", "connection_requests", "connections_accepted", "inbound_inquiries")},
    "posts": on_posts(lambda post: 1),
    "shares": on_posts(lambda post: post.shares),
    "comments": on_posts(lambda post: post.comments),
    "likes": on_posts(lambda post: post.likes),
    "assessments": on_assessments(lambda taken: 1),
    "assessment_points": on_assessments(lambda taken: taken.score / taken.maximum),
}
STOCKS: dict[str, Stock] = {
    "followers": as_read(lambda reading: reading.followers),
    "profile_strength": as_read(lambda reading: reading.profile_strength),
    "rated_profiles": as_read(lambda reading: None if reading.profile_strength is None else 1),
}


def worked(world: World, start: date, end: date, on: date) -> Iterator[Fact]:
    day = start
    while day < min(end, on + DAY):
        for rep in world.reps:
            if rep.hired_on <= day and (rep.left_on is None or day < rep.left_on):
                yield Fact(day, ((rep.pk, Decimal(1)),), None, 1)
        day += DAY


WINDOWS: dict[str, Windowed] = {"rep_days": worked}
