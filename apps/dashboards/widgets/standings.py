"""Reps, teams or regions side by side: who is how far from their pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.remembering import remembered
from apps.dashboards.selection import Selection
from apps.dashboards.shown import Amount, Number, amount, number
from apps.dashboards.widgets.bullet import Bullet, bullet
from apps.dashboards.widgets.restated import Restated, restated
from apps.dashboards.widgets.status import Status, status
from apps.goals.selectors import GoalFigure
from apps.kpis.figures import Figure
from apps.reps.rosters import Member
from apps.reps.scopes import Scope

FIT = 14  # rows


@dataclass(frozen=True)
class Row:
    """One rep, team or region with what it won."""

    name: str
    url: str
    note: str
    depth: int
    won: Number
    target: Amount | None
    attained: str
    status: Status
    bullet: Bullet | None
    width: str
    coverage: Number | None
    share: str
    last_active: str
    is_own: bool
    restated: Restated | None = None


@dataclass(frozen=True)
class Standings:
    """A table of rows; the flags say which columns there are."""

    template: ClassVar[str] = "dashboards/widgets/_standings.html"
    id: str
    title: str
    caption: str
    rows: tuple[Row, ...]
    empty: str
    has_targets: bool
    has_coverage: bool = True
    has_amounts: bool = True
    has_share: bool = False
    has_activity: bool = False
    count: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it may not fit into its box on a wide screen."""
        return len(self.rows) > FIT


@dataclass(frozen=True)
class Line:
    """What a row is made of."""

    scope: Scope
    revenue: GoalFigure
    coverage: Figure | None = None
    depth: int = 0
    member: Member | None = None
    last_active_on: date | None = None
    whole: Decimal | None = None
    is_own: bool = False


def by_gap_to_pace(lines: Sequence[Line]) -> list[Line]:
    """Put who is furthest behind first; those without a target follow by what they won."""
    return sorted(lines, key=_order)


def _order(line: Line) -> tuple[bool, Decimal, str]:
    progress, value = line.revenue.progress, line.revenue.figure.value or Decimal(0)
    return (progress is None, value - progress.expected if progress else -value, line.scope.name)


def rows(lines: Sequence[Line], selection: Selection) -> tuple[Row, ...]:
    """Make the rows of a table; where nobody has a target, their bars compare them with each other."""
    most = max((line.revenue.figure.value or Decimal(0) for line in lines), default=Decimal(0))
    return tuple(row(line, most, selection) for line in lines)


@remembered(dates.written_in, get_script_prefix, most=5000)
def row(line: Line, most: Decimal, selection: Selection) -> Row:
    """Make one row; where one person's figures change, the others' rows stay as they are."""
    figure, progress = line.revenue.figure, line.revenue.progress
    return Row(
        name=line.scope.name,
        url=selection.board_of(line.scope),
        note=_note(line.member, selection) if line.member else "",
        depth=line.depth,
        won=number(figure, selection),
        target=amount(progress.target, "money", selection.currency) if progress else None,
        attained=numbers.share(progress.attainment) if progress and progress.attainment is not None else "",
        status=status(progress),
        bullet=bullet(figure, progress),
        width=f"{max(figure.value or Decimal(0), Decimal(0)) / most * 100:.2f}" if most > 0 else "",
        coverage=number(line.coverage, selection) if line.coverage else None,
        share=_share(figure.value, line.whole),
        last_active=dates.ago(line.last_active_on, selection.on) if line.last_active_on else "",
        is_own=line.is_own,
        restated=restated(figure, selection),
    )


def _share(value: Decimal | None, whole: Decimal | None) -> str:
    return numbers.share(value / whole) if value is not None and whole else ""


def _note(member: Member, selection: Selection) -> str:
    if member.left_on:
        return _("left %(day)s") % {"day": dates.near(member.left_on, selection.on)}
    if member.moved_on:
        return _("moved on %(day)s") % {"day": dates.near(member.moved_on, selection.on)}
    return ""
