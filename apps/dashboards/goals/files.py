"""A year's plan as a file that can be changed and brought in again: a column for each period, or a line for each target."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

import openpyxl

from apps.core import numbers
from apps.core.spreadsheets import safe
from apps.goals.grids import Grid, Line
from apps.reps.models import Region, Rep, Team
from apps.reps.scopes import Scope

WHOSE = ("kpi", "scope", "region", "team", "rep")
LAYOUTS, FORMATS = ("wide", "long"), ("csv", "xlsx")
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MODELS = {"region": Region, "team": Team, "rep": Rep}
Value = str | date | Decimal | None
Row = Sequence[Value]


def name_of(grid: Grid, layout: str, form: str) -> str:
    """Return what a file is called: the shipped mapping `plan` knows by it how to read it."""
    return f"plan-{grid.kpi.key}-{grid.year.key}-{f'{grid.grain}s' if layout == 'wide' else 'long'}.{form}"


def written(grid: Grid, layout: str, form: str) -> bytes:
    rows = list(wide(grid) if layout == "wide" else long(grid))
    return _workbook(rows, grid.year.key) if form == "xlsx" else _text(rows)


def wide(grid: Grid) -> Iterator[Row]:
    """Yield a line for everybody, with a column for each period, which is called by its first day."""
    yield (*WHOSE, *(window.start_on.isoformat() for window in grid.columns))
    names = _Names(grid)
    for scope in dict.fromkeys(line.scope for line in grid.lines):
        yield (*names.whose(scope), *_targets([line for line in grid.lines if line.scope == scope]))


def long(grid: Grid) -> Iterator[Row]:
    """Yield a line for each target there is."""
    yield (*WHOSE, "start_on", "last_on", "target")
    names = _Names(grid)
    for scope in dict.fromkeys(line.scope for line in grid.lines):
        targets = _targets([line for line in grid.lines if line.scope == scope])
        for window, target in zip(grid.columns, targets, strict=True):
            if target is not None:
                yield (*names.whose(scope), window.start_on, window.last_on, target)


def _targets(lines: Sequence[Line]) -> list[Decimal | None]:
    """Return somebody's targets, whichever of their lines a column stands in."""
    return [numbers.tidy(lines[0].targets[n]) if any(line.is_there[n] for line in lines) else None for n in range(len(lines[0].targets))]


class _Names:
    """How a file calls regions, teams and reps: by name, or by external key where two have the same name."""

    def __init__(self, grid: Grid) -> None:
        self.kpi = grid.kpi.key
        self.called: dict[tuple[str, int], str] = {}
        for kind, model in MODELS.items():
            rows = list(model.objects.values_list("pk", "name", "external_key"))  # type: ignore[attr-defined]
            known = [name for _pk, name, _key in rows]
            self.called |= {(kind, pk): key if key and known.count(name) > 1 else name for pk, name, key in rows}

    def whose(self, scope: Scope) -> tuple[str, ...]:
        return (self.kpi, scope.kind, *(safe(self.called.get((kind, scope.id), "")) if scope.kind == kind else "" for kind in MODELS))


def _text(rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([_plain(value) for value in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def _plain(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _workbook(rows: Iterable[Row], title: str) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "F2"
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
