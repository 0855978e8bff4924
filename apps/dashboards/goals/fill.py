"""Fills in a year's plan in one of several ways; what comes of it is shown in the fields, and saved only then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from apps.core.periods import Calendar, Window
from apps.dashboards.goals.fill_form import EVERYBODY, least
from apps.goals import filling, grids
from apps.goals.filling import Amounts, Member
from apps.goals.grids import Grid, Line
from apps.goals.models import NO_RAMP, Ramp
from apps.kpis import selectors
from apps.reps.scopes import Scope

HEAVIEST = 10**12
YEAR = timedelta(days=365)
Key = tuple[str, int, int]  # kind and number of whose it is, and the column


class CannotFill(ValueError):
    """Why it cannot be filled like this, and what to do."""


@dataclass(frozen=True)
class Filling:
    """A plan as it stands in the fields, and how it is to be filled."""

    grid: Grid
    values: Mapping[Key, Decimal | None]
    said: Mapping[str, object]
    calendar: Calendar
    today: date

    @property
    def least(self) -> Decimal:
        """The smallest amount there is."""
        return least(self.grid.kpi)

    @property
    def unit(self) -> Decimal:
        """What amounts are rounded to."""
        return Decimal(self.text("unit") or self.least)

    def text(self, name: str) -> str:
        return str(self.said.get(name) or "")

    def number(self, name: str) -> Decimal | None:
        found = self.said.get(name)
        return found if isinstance(found, Decimal) else None

    def percent(self, name: str) -> Decimal:
        """Return a percentage, nothing where none was written."""
        percent = self.number(name) or Decimal(0)
        if percent < -100:
            raise CannotFill(_("Less than nothing cannot be planned: write −100 per cent at the least."))
        return percent

    # --- Whose ---------------------------------------------------------------------------------------
    def line(self, name: str) -> Line:
        found = next((line for line in self.grid.lines if f"{line.scope.kind}-{line.scope.id}" == self.text(name)), None)
        if found is None:
            raise CannotFill(_("Choose whose targets are meant."))
        return found

    def lines(self, name: str) -> list[Line]:
        """Return the chosen lines: everybody's, or somebody's and those of the people below them."""
        if self.text(name) in ("", EVERYBODY):
            return list(self.grid.lines)
        one = self.line(name)
        return [line for line in self.grid.lines if line.scope == one.scope or one.scope.kind != "rep" and self.is_below(line, one)]

    def is_below(self, line: Line, group: Line) -> bool:
        return line.scope.kind == "rep" and line.teams[0] in group.teams

    def people(self, group: Line) -> list[Line]:
        return [line for line in self.grid.lines if self.is_below(line, group)]

    def teams(self, group: Line) -> list[Line]:
        """Return the teams directly below somebody."""
        inside = [line for line in self.grid.lines if line.scope.kind == "team" and line.scope != group.scope and set(line.teams) <= set(group.teams)]
        return [line for line in inside if not any(other is not line and set(line.teams) < set(other.teams) for other in inside)]

    # --- What stands there ------------------------------------------------------------------------------
    def amounts(self, line: Line) -> Amounts:
        return tuple(self.values.get((line.scope.kind, line.scope.id, n)) if there else None for n, there in enumerate(line.is_there))

    def put(self, line: Line, amounts: Sequence[Decimal | None]) -> dict[Key, Decimal | None]:
        """Return fields with what is to stand in them, but for locked ones: a target of nothing is none."""
        found = enumerate(zip(amounts, line.is_there, self.grid.is_locked, strict=True))
        return {(line.scope.kind, line.scope.id, n): amount or None for n, (amount, there, is_locked) in found if there and not is_locked}

    # --- The year before -----------------------------------------------------------------------------------
    @property
    def year_before(self) -> Window:
        return self.calendar.previous(self.grid.year)

    def columns_before(self) -> list[Window]:
        columns = list(self.calendar.between(self.grid.grain, self.year_before.start_on, self.year_before.end_on))
        if len(columns) != len(self.grid.columns):
            raise CannotFill(_("The year before has another number of periods. Choose another way."))
        return columns

    def columns_of_results(self) -> list[Window]:
        """Return the year before, column by column; of one that is not over yet, the same of the year before that."""
        columns = self.columns_before()
        earlier = self.calendar.previous(self.year_before)
        older = list(self.calendar.between(self.grid.grain, earlier.start_on, earlier.end_on))
        return [window if window.last_on < self.today or n >= len(older) else older[n] for n, window in enumerate(columns)]

    def whole_year_before(self) -> Window:
        """Return the year before; while it runs, the 365 days until yesterday."""
        year = self.year_before
        return year if year.last_on < self.today else self.calendar.from_to(self.today - YEAR, self.today - timedelta(days=1))

    def results(self, scopes: Iterable[Scope], window: Window) -> dict[Scope, Decimal]:
        key = self.grid.kpi.key
        found = selectors.figures([key], list(dict.fromkeys(scopes)), window, on=min(self.today, window.last_on), calendar=self.calendar)
        return {scope: figure.value for (_key, scope), figure in found.items() if figure.value is not None}


def fill(way: str, one: Filling) -> dict[Key, Decimal | None]:
    """Return what is to stand in which fields, but for those that who fills may not change; raise CannotFill."""
    if way not in WAYS:
        raise CannotFill(_("Choose one of the ways to fill."))
    fixed = {(line.scope.kind, line.scope.id) for line in one.grid.lines if line.is_fixed}
    return {key: amount for key, amount in WAYS[way](one).items() if key[:2] not in fixed}


def spread(one: Filling) -> dict[Key, Decimal | None]:
    """Part a year's amount over the columns in which somebody is there."""
    line, total = one.line("spread_whose"), one.number("spread_amount")
    _must_add_up(one)
    if total is None or total <= 0:
        raise CannotFill(_("Write the amount of the year, such as 1200000."))
    there = [any(each) for each in zip(*(other.is_there for other in one.grid.lines if other.scope == line.scope), strict=True)]
    columns = [n for n, is_there in enumerate(there) if is_there and not one.grid.is_locked[n]]
    if not columns:
        raise CannotFill(_("All of the year is locked."))
    locked = sum((line.targets[n] or Decimal(0) for n, is_locked in enumerate(one.grid.is_locked) if is_locked), Decimal(0))
    if total <= locked:
        raise CannotFill(_("Locked targets make up all of it already."))
    weights = _weights(one, line.scope)
    parts = filling.split(total - locked, [weights[n] for n in columns], unit=one.unit)
    return {(line.scope.kind, line.scope.id, n): part or None for n, part in zip(columns, parts, strict=True)}


def _weights(one: Filling, scope: Scope) -> list[Decimal]:
    by = one.text("spread_by") or "even"
    if by == "days":
        return [Decimal(one.calendar.working_days(window.start_on, window.end_on)) for window in one.grid.columns]
    if by == "shape":
        company = one.grid.lines[0].scope
        for whose in dict.fromkeys((scope, company)):  # who is new has no shape of their own
            shape = [max(one.results([whose], window).get(whose, Decimal(0)), Decimal(0)) for window in one.columns_of_results()]
            if any(shape):
                return shape
        raise CannotFill(_("Nothing was counted in the year before, so it has no shape. Choose another way."))
    if by == "weights":
        return _read_weights(one.text("spread_weights"), len(one.grid.columns))
    return [Decimal(1)] * len(one.grid.columns)


def _read_weights(text: str, wanted: int) -> list[Decimal]:
    try:
        weights = [Decimal(part) for part in text.replace(";", " ").split()]
    except InvalidOperation as error:
        raise CannotFill(_("Write weights as numbers with a space between them, such as 8 8 9.")) from error
    if len(weights) != wanted or any(not weight.is_finite() or not 0 <= weight <= HEAVIEST for weight in weights) or not any(weights):
        raise CannotFill(_("Write %(count)s weights, one for each column, none of them below zero.") % {"count": wanted})
    return weights


def copy(one: Filling) -> dict[Key, Decimal | None]:
    """Take the year before, so many per cent more or less."""
    percent, columns, lines = one.percent("copy_percent"), one.columns_before(), one.lines("copy_whose")
    if (one.text("copy_from") or "targets") == "targets":
        kept = grids.targets(one.grid.kpi, columns)
        before = [{line.scope: kept.get(((line.scope.kind, line.scope.id), window)) for line in lines} for window in columns]
    else:
        before = [dict(one.results([line.scope for line in lines], window)) for window in one.columns_of_results()]
    found: dict[Key, Decimal | None] = {}
    for line in lines:
        amounts = tuple(column.get(line.scope) if there else None for column, there in zip(before, line.is_there, strict=True))
        known = tuple(amount if amount and amount > 0 else None for amount in amounts)
        found |= {key: amount for key, amount in one.put(line, filling.raised(known, percent, unit=one.unit, least=one.least)).items() if amount is not None}
    if not found:
        raise CannotFill(_("The year before has nothing to copy. Choose another way."))
    return found


def cascade(one: Filling) -> dict[Key, Decimal | None]:
    """Hand somebody's targets down to the people, or the teams, below."""
    _must_add_up(one)
    group, by, is_teams = one.line("cascade_whose"), one.text("cascade_by") or "equal", one.text("cascade_to") == "teams"
    below, own = one.teams(group) if is_teams else one.people(group), one.amounts(group)
    if not below:
        raise CannotFill(_("There is nobody below to hand it down to. Choose somebody else."))
    if not any(own):
        raise CannotFill(_("%(name)s has no targets to hand down. Write them first.") % {"name": group.scope.name})
    heads, weights = _heads(one, below), {}
    if by == "last_year":
        weights = one.results([line.scope for line in below], one.whole_year_before())
    members = []
    for line in below:
        there = tuple(Decimal(1) for _column in own) if is_teams and by != "heads" else heads[line]
        members.append(Member(there, max(weights.get(line.scope, Decimal(0)), Decimal(0)) if by == "last_year" else Decimal(1)))
    factor = 1 + one.percent("cascade_percent") / 100
    wanted = tuple(None if amount is None else filling.rounded(amount * factor, one.least) for amount in own)
    parts = filling.handed_down(wanted, members, unit=one.unit)
    found = ((line, key, amount) for line, part in zip(below, parts, strict=True) for key, amount in one.put(line, part).items())
    return {key: amount for _line, key, amount in found if wanted[key[2]] is not None}


def _heads(one: Filling, lines: Sequence[Line]) -> dict[Line, tuple[Decimal, ...]]:
    """Return how many people each line stands for in each column: a rep for the part that they are there."""
    everybody = [line for line in one.grid.lines if line.scope.kind == "rep"]
    there = grids.presence(everybody, one.grid.columns, one.calendar)

    def of(line: Line) -> tuple[Decimal, ...]:
        return tuple(part if is_there else Decimal(0) for part, is_there in zip(there[line.scope], line.is_there, strict=True))

    return {
        line: of(line)
        if line.scope.kind == "rep"
        else tuple(sum(column, Decimal(0)) for column in zip(*map(of, one.people(line)), strict=True)) or (Decimal(0),) * len(one.grid.columns)
        for line in lines
    }


def rollup(one: Filling) -> dict[Key, Decimal | None]:
    """Set teams', regions' and the company's targets to what their people have together."""
    _must_add_up(one)
    chosen = one.lines("rollup_whose")
    found: dict[Key, Decimal | None] = {}
    for line in (line for line in chosen if line.scope.kind != "rep"):
        people = one.people(line)
        sums = filling.together([one.amounts(each) for each in people]) if people else ()
        found |= {key: amount for key, amount in (one.put(line, sums) if sums else {}).items() if amount is not None}
    if not found:
        raise CannotFill(_("Nobody below has a target to add up. Write theirs first."))
    return found


def ramp(one: Filling) -> dict[Key, Decimal | None]:
    """Lower what stands in the first months of those who start."""
    shares = _read_shares(one)
    lines = [line for line in one.lines("ramp_whose") if line.scope.kind == "rep"]
    months = grids.months_since_start(lines, one.grid.columns, one.calendar)
    found: dict[Key, Decimal | None] = {}
    for line in lines:
        before = one.amounts(line)
        after = filling.ramped(before, months[line.scope], shares, unit=one.unit)
        found |= {key: amount for key, amount in one.put(line, after).items() if amount != before[key[2]]}
    if not found:
        raise CannotFill(_("Nobody here starts in these months with a target to lower."))
    return found


def _read_shares(one: Filling) -> tuple[Decimal, ...]:
    kept = Ramp.objects.filter(pk=int(chosen)).first() if (chosen := one.text("ramp_kept")) else None
    try:
        return filling.percentages(kept.shares if kept else one.text("ramp_shares"))
    except ValueError as error:
        raise CannotFill(str(NO_RAMP)) from error


def default(one: Filling) -> dict[Key, Decimal | None]:
    """Give everybody without a target the same, less where they are there for a part of a column."""
    amount = one.number("default_amount")
    if amount is None or amount <= 0:
        raise CannotFill(_("Write the target that people get who have none, such as 50."))
    lines = [line for line in one.lines("default_whose") if line.scope.kind == "rep"]
    there = grids.presence(lines, one.grid.columns, one.calendar)
    found: dict[Key, Decimal | None] = {}
    for line in lines:
        parts = there[line.scope] if one.grid.adds_up else tuple(Decimal(part > 0) for part in there[line.scope])
        given, present = filling.for_part(amount, parts, unit=one.unit), one.amounts(line)
        found |= {key: part for key, part in one.put(line, given).items() if present[key[2]] is None and part}
    if not found:
        raise CannotFill(_("Everybody here has a target already."))
    return found


def _must_add_up(one: Filling) -> None:
    if not one.grid.adds_up:
        raise CannotFill(_("%(kpi)s cannot be parted: targets of its periods and people do not add up.") % {"kpi": one.grid.kpi.name})


WAYS: dict[str, Callable[[Filling], dict[Key, Decimal | None]]] = {
    "spread": spread,
    "copy": copy,
    "cascade": cascade,
    "rollup": rollup,
    "ramp": ramp,
    "default": default,
}
