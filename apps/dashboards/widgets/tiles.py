"""The few figures beside the hero: value, change against the same point, target, and the way it has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.selection import Selection, address, written
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets.change import Change, change
from apps.dashboards.widgets.restated import Restated, restated
from apps.dashboards.widgets.sparkline import Sparkline, sparkline
from apps.dashboards.widgets.status import Status, status
from apps.goals.selectors import GoalFigure
from apps.kpis.figures import Figure, Point

PIPELINE = ("pipeline_value", "pipeline_coverage")  # their way is told by the waterfall


@dataclass(frozen=True)
class Tile:
    """One figure in a box."""

    number: Number
    change: Change | None
    target: str
    status: Status | None
    sparkline: Sparkline | None
    note: str = ""
    report_url: str = ""
    restated: Restated | None = None


@dataclass(frozen=True)
class Tiles:
    """A row of figures, and what their small lines show."""

    template: ClassVar[str] = "dashboards/widgets/_tiles.html"
    title: str
    tiles: tuple[Tile, ...]
    caption: str


def tile(found: GoalFigure, before: Figure | None, points: Sequence[Point], *, since: str, selection: Selection, note: str = "") -> Tile:
    """Make one tile."""
    figure, progress = found.figure, found.progress
    target = numbers.short(progress.target, str(figure.kpi.unit)) if progress else ""
    return Tile(
        number=number(figure, selection),
        change=change(figure, before, since) if selection.has_begun else None,
        target=_("target %(target)s") % {"target": target} if target else "",
        status=status(progress) if progress else None,
        sparkline=sparkline(points),
        note=note,
        report_url=address("dashboards:waterfall") + written(selection.query) if figure.kpi.key in PIPELINE else "",
        restated=restated(figure, selection),
    )
