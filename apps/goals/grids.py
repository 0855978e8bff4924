"""A year's targets of one KPI as a grid: a line for everybody, a column for each month or quarter."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from apps.core.models import Organisation
from apps.core.periods import Calendar, Window
from apps.goals import filling
from apps.goals.models import Goal, GoalVersion
from apps.goals.selectors import owner_of
from apps.kpis import catalogue
from apps.kpis.declarations import Kpi
from apps.reps import rosters, scopes
from apps.reps.models import Region, Rep
from apps.reps.rosters import Branch
from apps.reps.scopes import Scope

GRAINS = ("month", "quarter")
DAY = timedelta(days=1)
Owner = tuple[str, int]
Targets = Mapping[tuple[Owner, Window], Decimal]


@dataclass(frozen=True)
class Line:
    """Somebody's targets, column by column; `is_there` is False where a rep does not work, or not in this team.

    `teams` are those whose people belong to a scope (a rep's: the team it stands below), 0 for who is in none. `below` is what they have
    together, None where nobody has a target or where targets do not add up; empty for reps. `is_fixed`: who looks may not change it. `stays` says
    which targets are floors or limits (see `Goal.stay`): they are no part of what people have together.
    """

    scope: Scope
    depth: int
    targets: tuple[Decimal | None, ...]
    is_there: tuple[bool, ...]
    teams: tuple[int, ...]
    below: tuple[Decimal | None, ...] = ()
    is_fixed: bool = False
    stays: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """What is planned of a KPI over a year; `is_locked` says which columns nobody may change."""

    kpi: Kpi
    year: Window
    grain: str
    columns: tuple[Window, ...]
    lines: tuple[Line, ...]
    is_locked: tuple[bool, ...]

    @property
    def adds_up(self) -> bool:
        """Whether targets of some columns, or of some people, make one of all."""
        return catalogue.is_cumulative(self.kpi)


def targets(kpi: Kpi, windows: Iterable[Window], *, on: date | None = None) -> Targets:
    """Return the targets there are, or were at the end of a day, over exactly some windows, by owner and window."""
    spans = {(window.start_on, window.last_on): window for window in windows}
    first, last = min(start for start, _last in spans), max(last for _start, last in spans)
    found: QuerySet[Any] = Goal.objects.all()
    if on:
        found = GoalVersion.objects.filter(Q(ended_on=None) | Q(ended_on__gt=on), set_on__lte=on)
    rows = found.filter(kpi=kpi.key, start_on__gte=first, last_on__lte=last)
    return {(owner_of(goal), spans[goal.start_on, goal.last_on]): goal.target for goal in rows if (goal.start_on, goal.last_on) in spans}


def held(kpi: Kpi, columns: Sequence[Window]) -> dict[tuple[Owner, Window], str]:
    """Return which targets over some windows are floors or limits, by owner and window."""
    spans = {(window.start_on, window.last_on): window for window in columns}
    rows = Goal.objects.filter(kpi=kpi.key, start_on__gte=columns[0].start_on, last_on__lte=columns[-1].last_on).exclude(stay="")
    return {(owner_of(goal), spans[goal.start_on, goal.last_on]): goal.stay for goal in rows if (goal.start_on, goal.last_on) in spans}


def usual_grain(kpi: Kpi, year: Window, calendar: Calendar) -> str:
    """Return in which columns a year is planned: those with most targets, months where there are none."""
    counts = {grain: len(targets(kpi, calendar.between(grain, year.start_on, year.end_on))) for grain in GRAINS}
    return max(GRAINS, key=lambda grain: counts[grain])


def wholes(grid: "Grid", calendar: Calendar) -> list[tuple[Window, int]]:
    """Return the longer periods of a plan's year that have targets of their own, and how many: boards of those count against them."""
    longer = [grid.year, *(calendar.between("quarter", grid.year.start_on, grid.year.end_on) if grid.grain == "month" else ())]
    seen = {(line.scope.kind, line.scope.id) for line in grid.lines}
    counts = Counter(window for owner, window in targets(grid.kpi, longer) if owner in seen)
    return [(window, counts[window]) for window in longer if counts[window]]


def read(kpi: Kpi, year: Window, grain: str, calendar: Calendar) -> Grid:
    """Return the grid of a year, with everybody who can have a target in any of its columns."""
    columns = tuple(calendar.between(grain, year.start_on, year.end_on))
    there = Places(columns)
    found, stays = targets(kpi, columns), held(kpi, columns)
    lines = [_line(place, columns, there, found, kpi, stays) for place in there.everybody() if place.scope.kind in kpi.scopes]
    locked_until = Organisation.get().targets_locked_until
    return Grid(kpi, year, grain, columns, tuple(lines), tuple(bool(locked_until and window.start_on <= locked_until) for window in columns))


def limited(grid: Grid, *, seen: Iterable[Scope], settable: Iterable[Scope]) -> Grid:
    """Return a grid with no lines but those of whom somebody sees, a rep's only below a team they see; what they may not set is fixed."""
    owners, theirs = {(scope.kind, scope.id) for scope in seen}, {(scope.kind, scope.id) for scope in settable}
    sees_all = ("company", 0) in owners

    def is_seen(line: Line) -> bool:
        return sees_all or (line.scope.kind, line.scope.id) in owners and (line.scope.kind != "rep" or ("team", line.teams[0]) in owners)

    lines = (replace(line, is_fixed=(line.scope.kind, line.scope.id) not in theirs) for line in grid.lines if is_seen(line))
    return replace(grid, lines=tuple(lines))


@dataclass(frozen=True)
class Place:
    """A line's owner, how deep it lies, and for a rep the team it stands below (0 for none)."""

    scope: Scope
    depth: int
    team: int | None = None


class Places:
    """Who works where in each column: company, regions, teams as a tree, and each team's people by name."""

    def __init__(self, columns: Sequence[Window]) -> None:
        self.company = scopes.company()
        self.branches: list[Branch] = rosters.teams(self.company)
        self.regions = [scopes.of(region) for region in Region.objects.all()]
        self.inside: dict[Owner, set[int]] = {("company", 0): {0, *(branch.scope.id for branch in self.branches)}}
        for place, branch in enumerate(self.branches):
            self.inside["team", branch.scope.id] = {branch.scope.id, *(one.scope.id for one in _below(self.branches, place))}
        for region in self.regions:
            self.inside["region", region.id] = {branch.scope.id for branch in rosters.teams(region)}
        self.teams = [{rep: team for team, reps in rosters.by_team(window).items() for rep in reps} for window in columns]

    def everybody(self) -> Iterable[Place]:
        """Yield every owner; a rep once below each team they are in."""
        yield Place(self.company, 0)
        yield from (Place(region, 0) for region in self.regions)
        for branch in self.branches:
            yield Place(branch.scope, branch.depth)
            yield from (Place(rep, branch.depth + 1, branch.scope.id) for rep in self.people(branch.scope.id))
        yield from (Place(rep, 0, 0) for rep in self.people(0))

    def first_team(self, rep: Scope) -> int | None:
        """Return the team below which a rep stands first."""
        teams = {column[rep] for column in self.teams if rep in column}
        return next((one for one in (*(branch.scope.id for branch in self.branches), 0) if one in teams), None)

    def people(self, team: int) -> list[Scope]:
        """Return who is in a team in any column, by name."""
        found = {rep for column in self.teams for rep, one in column.items() if one == team}
        return sorted(found, key=lambda rep: (rep.name, rep.id))


def _below(branches: Sequence[Branch], place: int) -> Iterable[Branch]:
    """Yield the teams that lie below one of them: those that follow it, as long as they lie deeper."""
    for branch in branches[place + 1 :]:
        if branch.depth <= branches[place].depth:
            return
        yield branch


def _line(place: Place, columns: Sequence[Window], there: Places, found: Targets, kpi: Kpi, stays: Mapping[tuple[Owner, Window], str]) -> Line:
    owner = (place.scope.kind, place.scope.id)
    own = tuple(found.get((owner, window)) for window in columns)
    kept = tuple(stays.get((owner, window), "") for window in columns) if stays else ()
    if place.team is not None:
        is_there = tuple(_is_there(place, column, target, there) for column, target in zip(there.teams, own, strict=True))
        return Line(place.scope, place.depth, own, is_there, (place.team,), stays=kept)
    teams = there.inside[owner]
    below: tuple[Decimal | None, ...] = (None,) * len(columns)
    if catalogue.is_cumulative(kpi):
        reached = {place: target for place, target in found.items() if place not in stays}
        below = tuple(_together(column, teams, window, reached) for column, window in zip(there.teams, columns, strict=True))
    return Line(place.scope, place.depth, own, (True,) * len(columns), tuple(sorted(teams)), below, stays=kept)


def _is_there(place: Place, column: Mapping[Scope, int], target: Decimal | None, there: Places) -> bool:
    """Whether a rep is in this team in a column; a target for when they are nowhere stands in their first line."""
    return column.get(place.scope) == place.team or target is not None and place.scope not in column and there.first_team(place.scope) == place.team


def _together(column: Mapping[Scope, int], teams: set[int], window: Window, found: Targets) -> Decimal | None:
    return filling.known_sum(found.get((("rep", rep.id), window)) for rep, team in column.items() if team in teams)


def presence(lines: Iterable[Line], columns: Sequence[Window], calendar: Calendar) -> dict[Scope, tuple[Decimal, ...]]:
    """Return for how much of each column's working days each rep of some lines is employed, from 0 to 1."""
    reps = {line.scope.id: line.scope for line in lines if line.scope.kind == "rep"}
    found = {}
    for rep in Rep.objects.filter(pk__in=reps):
        found[reps[rep.pk]] = tuple(_share(rep, window, calendar) for window in columns)
    return found


def _share(rep: Rep, window: Window, calendar: Calendar) -> Decimal:
    start, end = max(rep.hired_on, window.start_on), min(rep.left_on or window.end_on, window.end_on)
    days, whole = calendar.working_days(start, end) if start < end else 0, calendar.working_days(window.start_on, window.end_on)
    return Decimal(days) / whole if whole else Decimal(start < end)


def months_since_start(lines: Iterable[Line], columns: Sequence[Window], calendar: Calendar) -> dict[Scope, tuple[tuple[int, ...], ...]]:
    """Return, per rep and column, which months since they were hired it holds: 0 is the one they were hired in."""
    reps = {line.scope.id: line.scope for line in lines if line.scope.kind == "rep"}
    return {reps[rep.pk]: tuple(_months(rep, window, calendar) for window in columns) for rep in Rep.objects.filter(pk__in=reps)}


def _months(rep: Rep, window: Window, calendar: Calendar) -> tuple[int, ...]:
    first = calendar.containing("month", rep.hired_on).start_on
    since = {month.start_on: n for n, month in enumerate(calendar.between("month", first, window.end_on))} if first < window.end_on else {}
    return tuple(since[month.start_on] for month in calendar.between("month", window.start_on, window.end_on) if month.start_on in since)
