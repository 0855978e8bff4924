"""A table of scopes by KPIs: sortable, with what stands out in each column marked, and the way the first KPI has gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.selection import Selection
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets.sparkline import Sparkline, sparkline
from apps.goals.selectors import GoalFigure
from apps.kpis.declarations import Better, Kpi
from apps.kpis.figures import Figure, Point
from apps.reps.scopes import Scope

FEWEST = 5  # rows with a value, for the first and the last fifth to mean something


@dataclass(frozen=True)
class Cell:
    """One figure; `mark` is best, last or empty, `target` says how it stands against its goal."""

    number: Number
    mark: str
    target: str
    tone: str


@dataclass(frozen=True)
class Row:
    name: str
    url: str
    cells: tuple[Cell, ...]
    line: Sparkline | None
    is_own: bool


@dataclass(frozen=True)
class Head:
    """A column: the KPI's name and its definition; `total` is the whole scope's own figure, which no column of rates adds up to."""

    name: str
    definition: str
    total: Number


@dataclass(frozen=True)
class Matrix:
    """The table; `whole` names what the last line is of."""

    template: ClassVar[str] = "dashboards/widgets/_matrix.html"
    id: str
    title: str
    caption: str
    head: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    whole: str
    has_lines: bool
    lines: str
    empty: str

    @property
    def is_long(self) -> bool:
        return len(self.rows) > 14


def matrix(
    key: str,
    kpis: Sequence[Kpi],
    scopes: Sequence[Scope],
    found: Mapping[tuple[str, Scope], GoalFigure],
    lines: Mapping[Scope, Sequence[Point]],
    selection: Selection,
    *,
    head: str,
    title: str = "",
    own_id: int | None = None,
) -> Matrix:
    """Put the figures side by side, by the first KPI, the best first."""
    places = {kpi.key: _marks([found[kpi.key, scope].figure for scope in scopes], kpi) for kpi in kpis}
    rows = [
        Row(
            name=scope.name,
            url=selection.board_of(scope),
            cells=tuple(_cell(found[kpi.key, scope], places[kpi.key].get(scope, ""), selection) for kpi in kpis),
            line=sparkline(lines.get(scope, ())),
            is_own=scope.kind == "rep" and scope.id == own_id,
        )
        for scope in sorted(scopes, key=lambda scope: _order(found[kpis[0].key, scope].figure))
    ]
    is_marked = any(cell.mark for row in rows for cell in row.cells)
    return Matrix(
        id=key,
        title=title or _("Side by side"),
        caption=_("▲ the best fifth of a column, ▼ the last; rates of too few records are not marked.") if is_marked else "",
        head=head,
        heads=tuple(Head(str(kpi.name), str(kpi.definition), number(found[kpi.key, selection.scope].figure, selection)) for kpi in kpis),
        rows=tuple(rows),
        whole=selection.scope.name,
        has_lines=any(row.line for row in rows),
        lines=_("%(kpi)s lately") % {"kpi": kpis[0].name},
        empty=_("Nobody stood here in this period."),
    )


def _order(one: Figure) -> tuple[bool, Decimal, str]:
    sign = -1 if one.kpi.better == Better.UP else 1
    return (one.value is None, sign * (one.value or Decimal(0)), one.scope.name)


def _cell(found: GoalFigure, mark: str, selection: Selection) -> Cell:
    progress = found.progress
    attained = numbers.share(progress.attainment) if progress and progress.attainment is not None else ""
    tone = {"behind": "behind", "missed": "behind", "at_risk": "risk"}.get(progress.status, "") if progress else ""
    return Cell(number(found.figure, selection), mark, attained, tone)


def _marks(figures: Sequence[Figure], kpi: Kpi) -> dict[Scope, str]:
    """Say who is in the first and in the last fifth, of those who have a value made of enough records."""
    judged = [one for one in figures if one.value is not None and (one.denominator is None or one.denominator >= max(kpi.minimum_volume, 1))]
    if len(judged) < FEWEST:
        return {}
    values = sorted((one.value or Decimal(0) for one in judged), reverse=kpi.better == Better.UP)
    fifth = len(judged) // 5
    best, last = values[fifth - 1], values[-fifth]
    if best == last:
        return {}
    is_up = kpi.better == Better.UP
    marked = {}
    for one in judged:
        value = one.value or Decimal(0)
        if value >= best if is_up else value <= best:
            marked[one.scope] = "best"
        elif value <= last if is_up else value >= last:
            marked[one.scope] = "last"
    return marked
