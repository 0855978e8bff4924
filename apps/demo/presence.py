"""How the demo company's reps are seen in social networks, and what their product tests say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from apps.activities.models import Assessment, Network, SocialPost, SocialReading
from apps.core.periods import Calendar
from apps.demo import seasons, words
from apps.demo.staff import Seller

WEEK = timedelta(days=7)
NOWHERE, ON_BOTH = 0.1, 0.6  # of the reps have no profile, and of the others are in both networks
REACH = {Network.LINKEDIN: 1.0, Network.X: 0.35}
POSTS_A_WEEK = {Network.LINKEDIN: 0.45, Network.X: 0.3}
MISSED = 0.08  # of the weeks nobody looks
TESTED = 0.9  # of the reps take a quarter's test


@dataclass
class Profile:
    """One rep in one network, as it grows week by week."""

    network: Network
    followers: float
    strength: float


@dataclass(frozen=True)
class Presence:
    """Writes readings, posts and assessments as of a day, none of them saved."""

    rng: Random
    plan: Calendar
    start_on: date
    on: date

    def readings(self, seller: Seller) -> Iterator[SocialReading]:
        """Yield a reading of each of a rep's profiles on most Mondays; a missed week is told with the next."""
        for profile in self.profiles(seller):
            weeks = 0
            for day in self.mondays(seller):
                weeks += 1
                self.grow(profile, seller)
                if self.rng.random() >= MISSED:
                    yield self.reading(seller, profile, day, weeks)
                    weeks = 0

    def profiles(self, seller: Seller) -> list[Profile]:
        if self.rng.random() < NOWHERE:
            return []
        networks = [Network.LINKEDIN, *([Network.X] if self.rng.random() < ON_BOTH else [])]
        return [Profile(network, self.rng.uniform(180, 900) * REACH[network] * seller.strength, self.rng.uniform(45, 75)) for network in networks]

    def mondays(self, seller: Seller) -> Iterator[date]:
        first = max(self.start_on, seller.rep.hired_on)
        day = first + timedelta(days=-first.weekday() % 7)
        while day <= self.last(seller):
            yield day
            day += WEEK

    def last(self, seller: Seller) -> date:
        return min(self.on, (seller.rep.left_on or date.max) - seasons.DAY)

    def grow(self, profile: Profile, seller: Seller) -> None:
        profile.followers *= 1 + self.rng.gauss(0.004, 0.004) * seller.strength
        profile.strength = min(98.0, profile.strength + self.rng.uniform(-0.3, 0.7))

    def reading(self, seller: Seller, profile: Profile, day: date, weeks: int) -> SocialReading:
        views = round(profile.followers * self.rng.uniform(0.02, 0.06) * weeks)
        requests = self.rng.randint(2, 9) * weeks if profile.network == Network.LINKEDIN else 0
        accepted = sum(self.rng.random() < 0.22 + 0.2 * seller.strength for _ in range(requests))
        return SocialReading(
            rep=seller.rep,
            network=profile.network,
            read_on=day,
            followers=round(profile.followers),
            profile_strength=round(profile.strength) if profile.network == Network.LINKEDIN else None,
            profile_views=views,
            connection_requests=requests,
            connections_accepted=accepted,
            inbound_inquiries=sum(self.rng.random() < 0.01 for _ in range(views)),
        )

    def posts(self, seller: Seller) -> Iterator[SocialPost]:
        """Yield what a rep posts; a few posts go far."""
        for day in self.mondays(seller):
            for network, often in POSTS_A_WEEK.items():
                posted_on = seasons.working_day(self.plan, day + timedelta(days=self.rng.randrange(5)))
                if self.rng.random() < often * seller.strength and posted_on <= self.last(seller):
                    likes = round(self.rng.lognormvariate(2.4, 0.8) * REACH[network])
                    yield SocialPost(
                        rep=seller.rep,
                        network=network,
                        posted_on=posted_on,
                        title=self.rng.choice(words.POSTS),
                        likes=likes,
                        comments=round(likes * self.rng.uniform(0, 0.3)),
                        shares=round(likes * self.rng.uniform(0, 0.2)),
                    )

    def assessments(self, seller: Seller) -> Iterator[Assessment]:
        """Yield one test a quarter for most; who has been here longer scores better."""
        for number, quarter in enumerate(self.plan.between("quarter", self.start_on, self.on + seasons.DAY)):
            day = seasons.working_day(self.plan, quarter.start_on + timedelta(days=self.rng.randint(20, 75)))
            is_tested = self.rng.random() < TESTED
            share = min(1.0, self.rng.gauss(0.62 + 0.16 * seller.ramp(day), 0.09) * (0.9 + 0.1 * seller.strength))
            if is_tested and seller.rep.hired_on <= day <= self.last(seller):
                maximum = self.rng.choice((40, 50, 60))
                subject = words.TESTS[number % len(words.TESTS)]
                yield Assessment(rep=seller.rep, taken_on=day, subject=subject, score=Decimal(max(0, round(share * maximum))), maximum=Decimal(maximum))
