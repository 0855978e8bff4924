"""The demo company's objectives: the year's revenue down to the teams, a plan for the south, a manager's for her team, and a rep's own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from apps.core.periods import Calendar, Window
from apps.demo.staff import Staff, region_of
from apps.objectives.models import CheckIn, Objective, Step
from apps.reps import scopes
from apps.reps.models import Region, Rep, Team

SOUTH, NORTH, SPEAKER = "Mediterranean", "North", "Amara Lindqvist"
KIT = ("Price list for partners", "Slides", "Two reference customers", "Training for partners", "A page of our own")
METERS = ("Read the manual", "Calibrate one with the engineers", "Show it to a customer", "Pass the assessment")
Owner = Region | Team | Rep | None


@dataclass
class Objectives:
    """Sets objectives as of a day; each is listed after the one it is a part of."""

    plan: Calendar
    staff: Staff
    on: date
    rows: list[Objective] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def set(self) -> "Objectives":
        year, quarter = self.plan.containing("year", self.on), self.plan.containing("quarter", self.on)
        self.revenue_of(year)
        self.south(quarter)
        self.north(quarter)
        self.own(quarter)
        return self

    def revenue_of(self, year: Window) -> None:
        """Follow the plan's targets from the company down to the teams."""
        whole = self.add("A record year", None, year, measured="kpi", kpi="revenue", note="What the plan asks for, from the company down to the teams.")
        for region in self.staff.regions:
            part = self.add(f"Revenue of {region.name}", region, year, whole, measured="kpi", kpi="revenue")
            for team in self.staff.teams.values():
                if region_of(team) is region and team.parent is None:
                    self.add(f"Revenue of {team.name}", team, year, part, measured="kpi", kpi="revenue")

    def south(self, quarter: Window) -> None:
        """Set what no KPI counts beside what one does."""
        team = self.staff.teams[SOUTH]
        whole = self.add(
            "Sell through partners in the south", team, quarter, measured="parts", note="Half of it is preparation: it counts before the first order."
        )
        partners = self.add("Sign partners", team, quarter, whole, measured="number", unit="partners", target=Decimal(8), weight=Decimal(2))
        for value, day, note in zip((1, 3, 5), self.days(quarter), ("Valencia", "Two in Lombardy", "Athens and Porto"), strict=False):
            self.check_ins.append(CheckIn(objective=partners, day=day, value=Decimal(value), note=note))
        kit = self.add("Launch kit", team, quarter, whole, measured="checklist")
        days = list(self.days(quarter))
        self.steps += [Step(objective=kit, position=n, name=name, done_on=days[n] if n < len(days) else None) for n, name in enumerate(KIT)]
        self.add("Showroom open in Barcelona", team, quarter, whole, measured="yes_no")
        self.add("Revenue as planned", team, quarter, whole, measured="kpi", kpi="revenue", weight=Decimal(2))

    def north(self, quarter: Window) -> None:
        team = self.staff.teams[NORTH]
        whole = self.add("Fewer deals, better won", team, quarter, measured="parts", is_admins=False)
        self.add("Win at least three of ten", team, quarter, whole, measured="kpi", kpi="win_rate", target=Decimal(30), stay="above", is_admins=False)
        self.add("Close within two months", team, quarter, whole, measured="kpi", kpi="sales_cycle", target=Decimal(60), is_admins=False)
        self.add("Meet before every offer", team, quarter, whole, measured="kpi", kpi="meetings", target=Decimal(150), is_admins=False)

    def own(self, quarter: Window) -> None:
        rep = next(seller.rep for seller in self.staff.sellers if seller.rep.name == SPEAKER)
        self.add("Speak at a trade fair", rep, quarter, measured="yes_no", is_personal=True, is_admins=False)
        meters = self.add("Know the new flow meters", rep, quarter, measured="checklist", is_personal=True, is_admins=False)
        days = list(self.days(quarter))
        self.steps += [Step(objective=meters, position=n, name=name, done_on=days[n] if n < min(len(days), 2) else None) for n, name in enumerate(METERS)]

    def add(self, name: str, owner: Owner, window: Window, whole: Objective | None = None, *, is_admins: bool = True, **fields: Any) -> Objective:
        kind = next((kind for kind, model in scopes.MODELS.items() if isinstance(owner, model)), "company")
        whose = {kind: owner} if owner else {}
        row = Objective(is_admins=is_admins, name=name, parent=whole, scope=kind, start_on=window.start_on, last_on=window.last_on, **whose, **fields)
        self.rows.append(row)
        return row

    def days(self, quarter: Window) -> Iterator[date]:
        """Yield some days of a quarter that are over, three weeks apart."""
        day = quarter.start_on + timedelta(days=9)
        while day < min(self.on, quarter.end_on):
            yield day
            day += timedelta(days=21)

    def save(self) -> None:
        """Write them; the people, teams and regions are there."""
        for row in (*self.rows, *self.check_ins, *self.steps):
            row.save()
