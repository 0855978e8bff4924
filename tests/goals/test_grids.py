"""A year's plan: everybody in it has a line, a rep only in the months they are there, and what people have together stands beside their team's own."""

from decimal import Decimal

import pytest

from apps.core import periods
from apps.goals import grids
from apps.kpis import catalogue
from apps.reps.models import Rep
from tests import make

pytestmark = pytest.mark.django_db
REVENUE = catalogue.KPIS["revenue"]


def grid(kpi: str = "revenue", year: str = "2025", grain: str = "month") -> grids.Grid:
    calendar = periods.calendar()
    return grids.read(catalogue.KPIS[kpi], calendar.parse(year), grain, calendar)


def line(found: grids.Grid, name: str, team: int | None = None) -> grids.Line:
    return next(one for one in found.lines if one.scope.name == name and (team is None or one.teams == (team,)))


def months(which: tuple[bool, ...]) -> str:
    return "".join("x" if is_there else "." for is_there in which)


def test_the_company_regions_and_teams_have_a_line_and_each_rep_one_below_their_team() -> None:
    north = make.team("North", region=make.region("Europe"))
    make.rep("Bea", team=north)
    make.rep("Ann", team=make.team("Far North", parent=north))
    make.rep("Zoe")
    found = grid()
    assert [(one.scope.name, one.depth) for one in found.lines][1:] == [("Europe", 0), ("North", 0), ("Bea", 1), ("Far North", 1), ("Ann", 2), ("Zoe", 0)]
    assert len(found.columns) == 12 and len(grid(grain="quarter").columns) == 4


def test_who_joins_moves_and_leaves_has_the_months_they_are_there() -> None:
    north, south = make.team("North"), make.team("South")
    rep = make.rep("Ann", team=north, hired="2025-03-10")
    make.move(rep, south, on="2025-06-01")
    Rep.objects.filter(pk=rep.pk).update(left_on="2025-10-01")
    found = grid()
    assert months(line(found, "Ann", north.pk).is_there) == "..xxx......."
    assert months(line(found, "Ann", south.pk).is_there) == ".....xxxx..."


def test_a_target_for_when_somebody_is_nowhere_stands_in_their_first_line_only() -> None:
    north = make.team("North")
    rep = make.rep("Ann", team=north, hired="2025-03-10")
    make.goal(scope=rep, start="2025-01-01", last="2025-01-31", target=5)
    assert months(line(grid(), "Ann").is_there) == "x.xxxxxxxxxx"


def test_what_people_have_together_stands_beside_their_teams_own_target() -> None:
    north = make.team("North", region=make.region("Europe"))
    reps = [make.rep("Ann", team=north), make.rep("Bea", team=make.team("Far North", parent=north)), make.rep("Zoe")]
    for rep, target in zip(reps, (100, 20, 3), strict=True):
        make.goal(scope=rep, start="2025-02-01", last="2025-02-28", target=target)
    make.goal(scope=north, start="2025-02-01", last="2025-02-28", target=110)
    found = grid()
    assert {one.scope.name: one.below[1] for one in found.lines if one.below} == {
        found.lines[0].scope.name: 123,
        "Europe": 120,
        "North": 120,
        "Far North": 20,
    }
    assert line(found, "North").targets[1] == Decimal(110)
    assert all(one.below[0] is None for one in found.lines if one.below)


def test_targets_of_rates_are_not_added_up() -> None:
    rep = make.rep("Ann", team=make.team("North"))
    make.goal("win_rate", rep, start="2025-02-01", last="2025-02-28", target=50)
    found = grid("win_rate")
    assert not found.adds_up
    assert all(below is None for one in found.lines for below in one.below)


def test_a_year_is_planned_in_the_columns_that_most_of_its_targets_are_in() -> None:
    year, calendar = periods.calendar().parse("2025"), periods.calendar()
    assert grids.usual_grain(REVENUE, year, calendar) == "month"
    make.goal(start="2025-01-01", last="2025-03-31")
    assert grids.usual_grain(REVENUE, year, calendar) == "quarter"


def test_only_who_a_kpi_makes_sense_for_has_a_line() -> None:
    make.rep("Ann", team=make.team("North"))
    of_company = next(kpi for kpi in catalogue.with_goals() if kpi.scopes == ("company",))
    assert [one.scope.kind for one in grid(of_company.key).lines] == ["company"]
