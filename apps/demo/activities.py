"""What the demo company's reps did and mean to do, told along their deals and leads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from apps.activities.models import Activity
from apps.core.periods import Calendar
from apps.demo import seasons, words
from apps.demo.deals import Deal
from apps.demo.offer import Ladder
from apps.demo.ways import DEMO
from apps.leads.models import Lead

EVERY_DAYS = 10  # between two touches of a deal
IDLE, PLANNED, ONBOARDED, PERSONALIZED = 0.14, 0.62, 0.6, 0.35  # IDLE: open deals that nobody has touched for weeks
KINDS = ("call", "email", "meeting")
EARLY, LATE = (40, 50, 10), (34, 34, 32)  # how often of each kind, before the demo stage and from it on
DUE_IN = (-2, -1, 0, 0, 0, 1, 1, 2, 3, 4, 5, 7, 9)  # days; some are overdue


@dataclass(frozen=True)
class Diary:
    """Writes activities as of a day, none of them saved."""

    rng: Random
    plan: Calendar
    ladder: Ladder
    on: date

    def of_leads(self, leads: Iterable[Lead]) -> Iterator[Activity]:
        """Yield the first answer to a lead that led nowhere, if anybody gave one."""
        for lead in leads:
            day = seasons.working_day(self.plan, lead.created_on + timedelta(days=self.rng.choice((0, 0, 1, 1, 2, 4))))
            last = min(self.on, (lead.owner.left_on or date.max) - seasons.DAY)
            if lead.opportunity_on is None and day <= last and self.rng.random() < 0.8:
                yield self.done(self.rng.choice(("call", "email")), day, rep=lead.owner, lead=lead)

    def of_deal(self, deal: Deal) -> Iterator[Activity]:
        """Yield all that was done for a deal, and what comes next."""
        is_open = deal.row.closed_on is None
        until = deal.row.closed_on or self.on
        if is_open and self.rng.random() < IDLE:
            until -= timedelta(days=self.rng.randint(18, 50))
        yield from self.touches(deal, until)
        yield from self.demos(deal, until)
        if is_open and self.rng.random() < PLANNED:
            yield self.next_step(deal)
        elif deal.row.stage is self.ladder.won and self.rng.random() < ONBOARDED:
            yield self.onboarding(deal)

    def touches(self, deal: Deal, until: date) -> Iterator[Activity]:
        day = seasons.working_day(self.plan, deal.row.first_contact_on or deal.row.created_on)
        while day <= until:
            yield self.done(self.kind(deal, day), day, rep=deal.owner_on(day), **self.about(deal))
            day = seasons.working_day(self.plan, day + timedelta(days=1 + round(self.rng.expovariate(1 / EVERY_DAYS))))

    def demos(self, deal: Deal, until: date) -> Iterator[Activity]:
        """Yield the demo of a deal soon after it came to that stage."""
        began = next((turn.since_on for turn in deal.turns if turn.stage is self.ladder.steps[DEMO]), None)
        if began:
            day = seasons.working_day(self.plan, began + timedelta(days=self.rng.randint(0, 6)))
            if day <= until:
                yield self.done("demo", day, rep=deal.owner_on(day), **self.about(deal))

    def onboarding(self, deal: Deal) -> Activity:
        day = seasons.working_day(self.plan, deal.row.closed_on + timedelta(days=self.rng.randint(5, 25)))
        rep = deal.turns[-1].owner
        rep = deal.row.customer.owner if rep.left_on and day >= rep.left_on else rep
        if day <= self.on:
            return self.done("onboarding", day, rep=rep, **self.about(deal))
        return Activity(kind="onboarding", subject=self.subject("onboarding"), rep=rep, due_on=day, **self.about(deal))

    def next_step(self, deal: Deal) -> Activity:
        """Return what a rep means to do next, today or soon, or should have done."""
        days = self.rng.choice(DUE_IN)
        due_on = self.on + timedelta(days=days)
        if days:  # what is due today is due today, also at a weekend
            due_on = seasons.working_day(self.plan, due_on) if days > 0 else seasons.last_working_day(self.plan, due_on)
        is_demo = deal.row.stage is self.ladder.steps[DEMO] and self.rng.random() < 0.5
        kind = "demo" if is_demo else self.kind(deal, self.on)
        return Activity(kind=kind, subject=self.subject(kind), rep=deal.row.owner, due_on=max(due_on, deal.row.created_on), **self.about(deal))

    def done(self, kind: str, day: date, **about: object) -> Activity:
        return Activity(
            kind=kind,
            subject=self.subject(kind),
            due_on=day if kind in ("meeting", "demo", "onboarding") else None,
            completed_on=day,
            is_personalized=kind == "email" and self.rng.random() < PERSONALIZED,
            **about,
        )

    def kind(self, deal: Deal, day: date) -> str:
        stage = next((turn.stage for turn in reversed(deal.turns) if turn.since_on <= day), deal.turns[0].stage)
        return self.rng.choices(KINDS, EARLY if stage in self.ladder.steps[:DEMO] else LATE)[0]

    def subject(self, kind: str) -> str:
        return self.rng.choice(words.SUBJECTS[kind])

    def about(self, deal: Deal) -> dict[str, object]:
        return {"customer": deal.row.customer, "opportunity": deal.row}
