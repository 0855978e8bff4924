"""The way of one deal through the stages, day by day, before anybody's today cuts it off."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from apps.core.periods import Calendar, add_months
from apps.demo import seasons
from apps.demo.offer import Ladder, Ware
from apps.opportunities.models import Stage
from apps.reps.models import Rep

STAY = (9, 11, 10, 13, 9)  # days, in each open stage
DROP = (30, 24, 20, 16, 10)  # how many of a hundred lost deals are lost from each open stage
LINGER = 1.8  # lost deals stay this much longer before somebody gives up
BACK, REOPENED, SKIP = 0.04, 0.025, 0.10  # chances of a step back, of a lost deal that comes back, of skipping the first stage
NEGLECTED = 0.2  # chance that nobody notices for weeks that the expected close has passed
FAR = 0.3  # chance that a new expected close is months away, not weeks
DEMO, PROPOSAL, NEGOTIATION = 2, 3, 4


@dataclass(frozen=True)
class Turn:
    """What a deal is from one day on."""

    since_on: date
    owner: Rep
    stage: Stage
    amount: Decimal | None
    probability: Decimal | None = None
    expected_close_on: date | None = None


Change = tuple[date, dict[str, Any]]
Steps = list[tuple[date, Stage]]


@dataclass(frozen=True)
class Way:
    """How deals of one product go: the calendar, the stages, the product."""

    plan: Calendar
    ladder: Ladder
    ware: Ware

    def steps(self, rng: Random, start_on: date, *, is_won: bool) -> Steps:
        """Return the stages a deal enters and when, the last one won or lost."""
        last = len(STAY) - 1 if is_won else rng.choices(range(len(STAY)), DROP)[0]
        first = 1 if last and rng.random() < SKIP else 0
        order = list(range(first, last + 1))
        if last >= DEMO and rng.random() < BACK:
            order += [last - 1, last]
        found, day = [(start_on, self.ladder.steps[order[0]])], start_on
        for before, step in itertools.pairwise(order):
            day = self.later(rng, day, STAY[before])
            found.append((day, self.ladder.steps[step]))
        return [*found, *self.end(rng, day, order[-1], is_won=is_won)]

    def end(self, rng: Random, day: date, step: int, *, is_won: bool) -> Steps:
        """Return how a deal ends after entering its last open stage; a few lost ones come back for a second try."""
        closing = seasons.signing_day(rng, self.later(rng, day, STAY[step] * (1 if is_won else LINGER)))
        closing = seasons.working_day(self.plan, max(closing, day + timedelta(days=1)))
        if is_won:
            return [(closing, self.ladder.won)]
        if rng.random() > REOPENED:
            return [(closing, self.ladder.lost)]
        again = self.later(rng, closing, 40)
        second = self.ladder.won if rng.random() < 0.5 else self.ladder.lost
        return [(closing, self.ladder.lost), (again, self.ladder.steps[PROPOSAL]), (self.later(rng, again, 18), second)]

    def later(self, rng: Random, day: date, days: float) -> date:
        """Return a working day about so many days later, always later."""
        stayed = rng.lognormvariate(0, 0.55) * days * self.ware.pace * 0.9
        return seasons.working_day(self.plan, day + timedelta(days=max(1, round(stayed))))

    def guess(self, rng: Random, day: date) -> date:
        """Return the closing day a rep expects at first: often simply the end of a month."""
        expected = day + timedelta(days=round(sum(STAY) * self.ware.pace * rng.uniform(0.55, 1.15)))
        if rng.random() < 0.35:
            expected = add_months(expected.replace(day=1), 1) - timedelta(days=1)
        return seasons.last_working_day(self.plan, expected)


def amounts(rng: Random, ladder: Ladder, steps: Steps, amount: Decimal) -> Iterable[Change]:
    """Yield how the amount changes: found out by the proposal, haggled over in the negotiation."""
    for day, stage in steps:
        if stage is ladder.steps[PROPOSAL] and rng.random() < 0.45:
            amount = rounded(amount, rng.uniform(0.8, 1.3))
            yield day, {"amount": amount}
        elif stage is ladder.steps[NEGOTIATION] and rng.random() < 0.4:
            amount = rounded(amount, rng.uniform(0.88, 0.98))
            yield day, {"amount": amount}


def rounded(amount: Decimal, factor: float = 1.0) -> Decimal:
    """Return an amount as people write it, in tens."""
    return (amount * Decimal(factor) / 10).quantize(Decimal(1)) * 10


def probabilities(rng: Random, ladder: Ladder, steps: Steps) -> Iterable[Change]:
    """Yield the deals whose rep knows better than the stage; what is closed has no chance of its own."""
    for day, stage in steps:
        if stage is ladder.steps[NEGOTIATION] and rng.random() < 0.25:
            yield day, {"probability": Decimal(rng.choice((50, 60, 70, 90)))}
        elif stage in (ladder.won, ladder.lost):
            yield day, {"probability": None}


def pushes(rng: Random, way: Way, steps: Steps, expected: date) -> Iterable[Change]:
    """Yield each new expected close: known better in the negotiation, put off when the day comes and nobody has signed."""
    for (day, stage), (until, _next) in itertools.pairwise(steps):
        if stage in (way.ladder.won, way.ladder.lost):  # it comes back on day `until`, with a new date
            expected = seasons.working_day(way.plan, until + timedelta(days=20))
            yield until, {"expected_close_on": expected}
            continue
        if stage is way.ladder.steps[NEGOTIATION] and rng.random() < 0.7:
            expected = seasons.working_day(way.plan, until + timedelta(days=rng.randint(-2, 9)))
            yield day, {"expected_close_on": expected}
        while (noticed := notice(rng, way.plan, day, expected)) < until:
            later = rng.randint(55, 110) if rng.random() < FAR else rng.randint(14, 45)
            expected = seasons.last_working_day(way.plan, noticed + timedelta(days=later))
            yield noticed, {"expected_close_on": expected}


def notice(rng: Random, plan: Calendar, day: date, expected: date) -> date:
    """Return the day on which a rep puts off an expected close: a little before it, or after it has passed, some much later."""
    days = rng.randint(-5, 18) + (rng.randint(10, 40) if rng.random() < NEGLECTED else 0)
    return seasons.working_day(plan, max(day, expected + timedelta(days=days)))


def unfold(start: Turn, changes: Iterable[Change]) -> list[Turn]:
    """Return what a deal was, one turn per day on which anything changed."""
    turns = [start]
    for day, change in sorted(changes, key=lambda change: change[0]):
        same_day = replace(turns[-1], **change)
        if same_day == turns[-1]:
            continue
        if day <= turns[-1].since_on:
            turns.pop()
        turns.append(replace(same_day, since_on=max(day, same_day.since_on)))
    return turns
