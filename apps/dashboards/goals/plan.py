"""A year's plan as people fill it in: a field for each target, what is wrong with some, and sums beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.periods import Calendar, Window
from apps.dashboards.goals import words
from apps.dashboards.selection import Unreadable
from apps.goals import drafts, filling
from apps.goals.grids import Grid, Line
from apps.goals.models import Draft
from apps.goals.services import Edit
from apps.reps.scopes import Scope

NAME = "t"
PER_QUARTER = 3


@dataclass(frozen=True)
class Cell:
    """One field: its name says what stood in it; `below` is what the people have together, `over` how much that is more or less; `stay` says that it is a floor or a limit."""

    name: str
    label: str
    text: str
    was: str
    is_changed: bool = False
    error: str = ""
    below: str = ""
    over: str = ""
    is_over: bool = False
    is_locked: bool = False
    plain: str = ""
    stay: str = ""


@dataclass(frozen=True)
class Column:
    """One column of fields; `sum_after` names the sum that stands after it, if one does."""

    name: str
    title: str
    sum_after: str = ""
    is_locked: bool = False


@dataclass(frozen=True)
class Row:
    """One line: cells, None where its owner is not there, and between them the sums that follow."""

    scope: Scope
    kind: str
    depth: int
    teams: str
    cells: tuple[Cell | None, ...]
    columns: tuple[Column, ...]
    sums: tuple[str, ...]

    @property
    def laid_out(self) -> Iterable[tuple[Cell | None, Column, str]]:
        """Return each cell with its column, and the sum that stands after it."""
        for n, (cell, column) in enumerate(zip(self.cells, self.columns, strict=True)):
            yield cell, column, self.sums[n // PER_QUARTER] if column.sum_after else ""

    @property
    def whole(self) -> str:
        return self.sums[-1] if self.sums else ""


class Filled:
    """What somebody sent: texts by line and column, read into edits; errors by the same."""

    def __init__(self, data: Mapping[str, str], grid: Grid) -> None:
        self.columns = grid.columns
        self.texts: dict[tuple[str, int, int], str] = {}
        self.errors: dict[tuple[str, int, int], str] = {}
        self.edits: dict[tuple[str, int, int], Edit] = {}
        self.seen: dict[tuple[str, int, int], Decimal | None] = {}
        self.lost = 0  # written for people who are no longer in the plan
        self.values = {(line.scope.kind, line.scope.id, n): target for line in grid.lines for n, target in enumerate(line.targets)}
        field = forms.DecimalField(required=False, localize=True, max_digits=18, decimal_places=4)
        owners = {(line.scope.kind, line.scope.id): line.scope for line in grid.lines}
        for name, text in data.items():
            if name.startswith(f"{NAME}-"):
                self._read(name, text, field, owners, grid.columns)

    def _read(self, name: str, text: str, field: forms.DecimalField, owners: Mapping[tuple[str, int], Scope], columns: tuple[Window, ...]) -> None:
        key, was = _named(name)
        scope = owners.get(key[:2])
        if key[2] >= len(columns):
            raise Unreadable(_("The plan has other periods now. Open it again and repeat the change."))
        if scope is None:
            self.lost += bool(text.strip() or was)
            return
        self.texts[key], self.seen[key] = text, was
        try:
            target = field.clean(text)
        except forms.ValidationError:
            self.errors[key] = _("Write a number, such as 120000, or leave it empty for no target.")
            return
        if not numbers.is_grouped(text):
            self.errors[key] = _("Write a number, such as 120000, or leave it empty for no target.")
        elif target == was:
            pass
        elif target is not None and target <= 0:
            self.errors[key] = _("A target is more than zero. Leave it empty for no target.")
        else:
            self.edits[key] = Edit(scope, columns[key[2]], was, target)
        self.values[key] = target

    def put(self, values: Mapping[tuple[str, int, int], Decimal | None]) -> int:
        """Write into fields, to be saved when they are sent again; return how many have another target now."""
        changed = {key: value for key, value in values.items() if value != self.values.get(key)}
        self.texts |= {key: numbers.editable(value) for key, value in changed.items()}
        return len(changed)

    def take(self, draft: Draft) -> None:
        """Write a draft into the fields; where somebody changed the target since it was kept, say so."""
        places = {window.start_on: n for n, window in enumerate(self.columns)}
        for kept in drafts.cells(draft):
            key = (kept.kind, kept.owner, places.get(kept.start_on, -1))
            if key not in self.values or self.values[key] == kept.target:
                continue  # nobody has such a target any more, or it is in force
            if self.values[key] != kept.was:
                self.errors[key] = _meanwhile(self.values[key])
            self.texts[key] = numbers.editable(kept.target)

    def refuse(self, present: Mapping[Edit, Decimal | None]) -> None:
        """Mark what somebody else changed meanwhile; the next time, that is what was seen."""
        for key, edit in self.edits.items():
            if edit in present:
                self.errors[key], self.seen[key] = _meanwhile(present[edit]), present[edit]


def _meanwhile(now: Decimal | None) -> str:
    told = numbers.decimal(now, 2) if now is not None else _("no target")
    return _("Somebody changed this meanwhile to %(target)s. Check it and save again.") % {"target": told}


def _named(name: str) -> tuple[tuple[str, int, int], Decimal | None]:
    """Read a field's name: `t-rep-12-3=1500` is the fourth column of rep 12, where 1500 stood."""
    try:
        place, was = name.split("=")
        _t, kind, owner, column = place.split("-")
        seen = Decimal(was) if was else None
        if seen is not None and not seen.is_finite():
            raise ValueError(name)
        return (kind, int(owner), int(column)), seen
    except (ValueError, InvalidOperation) as error:
        raise Unreadable(_("What the plan showed cannot be read any more. Open it again and repeat the change.")) from error


def columns(grid: Grid, calendar: Calendar) -> list[Column]:
    """Return the grid's columns, with a sum after each quarter's months where targets add up."""
    made = []
    for n, window in enumerate(grid.columns):
        is_last = grid.adds_up and grid.grain == "month" and n % PER_QUARTER == PER_QUARTER - 1
        after = dates.column_name(calendar.containing("quarter", window.start_on)) if is_last else ""
        made.append(Column(dates.column_name(window), dates.window_name(window), after, grid.is_locked[n]))
    return made


def rows(grid: Grid, shown: Sequence[Column], filled: Filled | None) -> list[Row]:
    """Return the lines as they are filled in."""
    return [
        Row(
            scope=line.scope,
            kind=words.kind_of(line.scope),
            depth=line.depth,
            teams=" ".join(map(str, line.teams)),
            cells=tuple(_cells(line, grid, filled)),
            columns=tuple(shown),
            sums=_sums(line, grid),
        )
        for line in grid.lines
    ]


def _cells(line: Line, grid: Grid, filled: Filled | None) -> Iterable[Cell | None]:
    below = line.below or tuple(None for _column in grid.columns)
    for n, (is_there, together) in enumerate(zip(line.is_there, below, strict=True)):
        yield _cell(line, n, grid, together, filled) if is_there else None


def _cell(line: Line, n: int, grid: Grid, below: Decimal | None, filled: Filled | None) -> Cell:
    scope, target, window = line.scope, line.targets[n], grid.columns[n]
    key = (scope.kind, scope.id, n)
    was = _plain(filled.seen.get(key, target) if filled else target)  # what was seen, however often the plan is shown again
    shown = numbers.editable(target)
    text = filled.texts.get(key, shown) if filled else shown
    over = (below - target) / target if below is not None and target else None
    return Cell(
        name=f"{NAME}-{scope.kind}-{scope.id}-{n}={was}",
        label=f"{scope.name}, {dates.window_name(window)}",
        text=text,
        was=shown,
        is_changed=text != shown,
        error=filled.errors.get(key, "") if filled else "",
        below=numbers.short(below, "count") if below is not None else "",
        is_locked=grid.is_locked[n] or line.is_fixed,
        plain=_plain(target),
        stay=str(words.STAYS[line.stays[n]]) if line.stays and line.stays[n] else "",
        over=("+" if over > 0 else "") + numbers.percent(over * 100, 0) if over else "",
        is_over=bool(over and over > 0),
    )


def _plain(target: Decimal | None) -> str:
    return "" if target is None else f"{numbers.tidy(target):f}"


def _sums(line: Line, grid: Grid) -> tuple[str, ...]:
    """Return what stands after each quarter's months, and at the end."""
    if not grid.adds_up:
        return ()
    steps = range(0, len(grid.columns), PER_QUARTER) if grid.grain == "month" else ()
    own = tuple(target if there else None for target, there in zip(line.targets, line.is_there, strict=True))
    return tuple(_sum(part) for part in (*(own[n : n + PER_QUARTER] for n in steps), own))


def _sum(targets: Iterable[Decimal | None]) -> str:
    total = filling.known_sum(targets)
    return "" if total is None else numbers.short(total, "count")
