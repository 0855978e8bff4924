"""The demo company's goals: last year's results and a bit more, set so that teams stand differently today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from apps.core.periods import DAY, Calendar, Window, add_months
from apps.demo import cast
from apps.demo.deals import Deal
from apps.demo.staff import Seller, Staff, region_of
from apps.goals.models import Goal
from apps.opportunities.models import Stage
from apps.reps.models import Region, Rep, Team

MORE = 1.1  # than the same quarter of last year
HEDGE = 1.04  # reps' targets add up to a little more than their team's
EARLY = 0.1  # before this share of a quarter is over, its target says nothing about today
BAND = (0.55, 1.7)  # how far a target may lie from what last year suggests
BEFORE = (0.86, 1.14)  # attainment of quarters that are over
COMPANY = {"win_rate": (Decimal(35), None), "sales_cycle": (Decimal(55), Decimal(75)), "new_customers": (Decimal(190), None)}
MONTHLY = {"calls": Decimal(20), "meetings": Decimal(9)}  # per rep


@dataclass
class Targets:
    """Sets goals as of a day; `wins` are the day, rep and credited amount of each deal won."""

    rng: Random
    plan: Calendar
    staff: Staff
    wins: list[tuple[date, Seller, float]]
    on: date

    def goals(self) -> Iterator[Goal]:
        """Yield the goals of the running fiscal year and the one before."""
        year = self.plan.containing("year", self.on)
        for each in (self.plan.previous(year), year):
            yield from self.revenue_of(each)
            for quarter in self.plan.between("quarter", each.start_on, each.end_on):
                yield from (goal(kpi, "company", None, quarter, target, baseline) for kpi, (target, baseline) in COMPANY.items())
        for month in self.plan.between("month", year.start_on, year.end_on):
            yield from self.activity_of(month)

    def revenue_of(self, year: Window) -> Iterator[Goal]:
        """Yield every scope's revenue target for each quarter, and their sum for the year."""
        whole: dict[int, tuple[str, Region | Team | Rep | None, int]] = {}
        for quarter in self.plan.between("quarter", year.start_on, year.end_on):
            for scope, row, target in self.cascade(quarter):
                yield goal("revenue", scope, row, quarter, Decimal(target))
                whole[id(row)] = (scope, row, target + whole.get(id(row), (scope, row, 0))[2])
        yield from (goal("revenue", scope, row, year, Decimal(target)) for scope, row, target in whole.values())

    def cascade(self, quarter: Window) -> Iterator[tuple[str, Region | Team | Rep | None, int]]:
        """Yield the targets of a quarter from the reps up to the company."""
        own = {part.name: self.own(part, quarter) for part in cast.TEAMS}
        for seller in self.staff.sellers:
            if share := sum(own[name] * HEDGE * part for name, part in self.parts_of(seller, quarter)):
                yield "rep", seller.rep, max(round(share / 1000), 1) * 1000
        for team in self.staff.teams.values():
            yield "team", team, sum(own[name] for name, other in self.staff.teams.items() if other is team or other.parent is team)
        for region in self.staff.regions:
            yield "region", region, sum(own[name] for name, team in self.staff.teams.items() if region_of(team) is region)
        yield "company", None, sum(own.values())

    def own(self, part: cast.TeamPart, quarter: Window) -> int:
        """Return a team's target for a quarter without the teams below it, in steps of 5,000."""
        team = self.staff.teams[part.name]
        if quarter.end_on <= self.on:
            target = self.won(team, quarter) / self.rng.uniform(*BEFORE)
        else:
            target = self.wanted(team, quarter, part.pace)
        return max(round(target / 5000), 1) * 5000

    def wanted(self, team: Team, quarter: Window, pace: float) -> float:
        """Return the target at which a team's pace is as wanted today, as long as last year makes it believable."""
        last_year = self.plan.containing("quarter", add_months(quarter.start_on, -12))
        lately = self.plan.previous(self.plan.containing("quarter", self.on))
        usual = (self.won(team, last_year) * MORE + self.won(team, lately)) / 2
        elapsed = self.plan.working_days(quarter.start_on, self.on + DAY) / max(self.plan.working_days(quarter.start_on, quarter.end_on), 1)
        if elapsed < EARLY:
            return usual
        return min(max(self.won(team, quarter) / (elapsed * pace), usual * BAND[0]), usual * BAND[1])

    def won(self, team: Team, window: Window) -> float:
        return sum(amount for day, seller, amount in self.wins if day in window and seller.team_on(day) is team)

    def parts_of(self, seller: Seller, quarter: Window) -> Iterator[tuple[str, float]]:
        """Yield which share of which team's own target a rep carries."""
        for stint in seller.stints:
            weights = {other: self.weight(other, stint.team, quarter) for other in self.staff.sellers}
            if weights[seller]:
                yield stint.team.name, weights[seller] / sum(weights.values())

    def weight(self, seller: Seller, team: Team, quarter: Window) -> float:
        """Return how much of a quarter a rep is in a team, times how strong they are in it."""
        days = sum((min(s.end_on or date.max, quarter.end_on) - max(s.start_on, quarter.start_on)).days for s in seller.stints if s.team is team)
        return max(days, 0) / quarter.days * seller.strength**0.6 * seller.ramp(max(quarter.last_on, seller.rep.hired_on))

    def activity_of(self, month: Window) -> Iterator[Goal]:
        for seller in self.staff.sellers:
            if any(seller.team_on(day) for day in (month.start_on, month.last_on)):
                yield from (goal(kpi, "rep", seller.rep, month, target) for kpi, target in MONTHLY.items())


def goal(kpi: str, scope: str, row: Region | Team | Rep | None, window: Window, target: Decimal, baseline: Decimal | None = None) -> Goal:
    """Return a goal over all days of a window, not yet saved."""
    whose = {scope: row} if row else {}
    return Goal(kpi=kpi, scope=scope, start_on=window.start_on, last_on=window.last_on, target=target, baseline=baseline, **whose)


def wins(deals: Iterable[Deal], staff: Staff) -> list[tuple[date, Seller, float]]:
    """Return the day, rep and amount of every share in a deal won."""
    sellers = {id(seller.rep): seller for seller in staff.sellers}
    won = [deal for deal in deals if deal.row.stage.kind == Stage.Kind.WON]
    return [(deal.row.closed_on, sellers[id(rep)], float(deal.row.amount * part / 100)) for deal in won for rep, part in deal.credited]
