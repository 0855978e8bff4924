"""A year's plan beside what it was at the end of a day: which targets differ, by how much, and who changed them why."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.periods import Calendar
from apps.dashboards.goals import words
from apps.goals import filling, grids, versions
from apps.goals.grids import Grid, Line, Targets
from apps.goals.versions import PlanChange
from apps.reps.scopes import Scope

SHOWN = 200  # single changes


@dataclass(frozen=True)
class Cell:
    """A target now and then, in words; `change` says by how much it differs."""

    now: str
    then: str = ""
    change: str = ""


@dataclass(frozen=True)
class Row:
    """One line: its cells, None where its owner is not there, and the year's sum."""

    scope: Scope
    kind: str
    depth: int
    cells: tuple[Cell | None, ...]
    whole: Cell | None
    is_changed: bool


@dataclass(frozen=True)
class Told:
    """One change in words."""

    at: str
    whose: str
    days: str
    before: str
    after: str
    by: str
    reason: str


@dataclass(frozen=True)
class Comparison:
    """The whole: rows, how many targets differ, and the single changes, of which there are `more` beside those shown."""

    rows: tuple[Row, ...]
    count: int
    told: tuple[Told, ...]
    more: int


def compared(grid: Grid, on: date, calendar: Calendar, currency: str, *, all_rows: bool) -> Comparison:
    """Compare a plan with what it was at the end of a day; only the lines that differ, unless all are wanted."""
    then = grids.targets(grid.kpi, grid.columns, on=on)
    rows = [_row(line, grid, then) for line in grid.lines]
    changes = versions.since(grid.kpi.key, grid.year.start_on, grid.year.last_on, on=on)
    count = sum(bool(cell and cell.change) for row in rows for cell in row.cells)
    told = tuple(_told(one, grid, calendar, currency) for one in changes[:SHOWN])
    return Comparison(tuple(row for row in rows if all_rows or row.is_changed), count, told, max(0, len(changes) - SHOWN))


def _row(line: Line, grid: Grid, then: Targets) -> Row:
    owner = (line.scope.kind, line.scope.id)
    before = [then.get((owner, window)) for window in grid.columns]
    pairs = [(now, was) if there else None for now, was, there in zip(line.targets, before, line.is_there, strict=True)]
    cells = tuple(_cell(*pair, grid) if pair else None for pair in pairs)
    known = [pair for pair in pairs if pair]
    whole = _cell(filling.known_sum(now for now, _was in known), filling.known_sum(was for _now, was in known), grid) if grid.adds_up else None
    return Row(line.scope, words.kind_of(line.scope), line.depth, cells, whole, any(cell and cell.change for cell in cells))


def _cell(now: Decimal | None, then: Decimal | None, grid: Grid) -> Cell:
    unit = str(grid.kpi.unit)
    if now == then:
        return Cell(_short(now, unit))
    difference = (now or Decimal(0)) - (then or Decimal(0))
    change = ("+" if difference > 0 else "") + numbers.short(difference, unit)
    return Cell(_short(now, unit), _("was %(target)s") % {"target": _short(then, unit)}, change)


def _short(target: Decimal | None, unit: str) -> str:
    return numbers.NO_VALUE if target is None else numbers.short(target, unit)


def _told(one: PlanChange, grid: Grid, calendar: Calendar, currency: str) -> Told:
    version, change, unit = one.version, one.change, str(grid.kpi.unit)
    whose = version.region or version.team or version.rep or version.get_scope_display()
    window = calendar.from_to(version.start_on, version.last_on)
    before, after = (words.target(target, unit, currency) for target in (change.before, change.after))
    return Told(dates.instant(change.at), str(whose), dates.window_name(window), before, after, change.by, change.reason)


def titles(grid: Grid) -> list[str]:
    """Return the names of the columns."""
    return [dates.column_name(window) for window in grid.columns]
