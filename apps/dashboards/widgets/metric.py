"""One figure in a card of its own: the value, its change, its target as a bullet, and the way it has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.selection import Selection
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets.bullet import Bullet, bullet
from apps.dashboards.widgets.change import Change, change
from apps.dashboards.widgets.restated import Restated, restated
from apps.dashboards.widgets.sparkline import Sparkline, sparkline
from apps.dashboards.widgets.status import Status, no_target, status
from apps.goals.progress import Progress
from apps.goals.selectors import GoalFigure
from apps.kpis.figures import Figure, Point


@dataclass(frozen=True)
class Metric:
    """A figure; without a target `bullet` is None, and `missing` says so where one was asked for."""

    template: ClassVar[str] = "dashboards/widgets/_metric.html"
    title: str
    number: Number
    change: Change | None
    status: Status | None
    bullet: Bullet | None
    facts: tuple[str, ...]
    sparkline: Sparkline | None
    restated: Restated | None
    missing: str = ""


def figure(found: GoalFigure, before: Figure | None, points: Sequence[Point], since: str, selection: Selection, *, title: str = "") -> Metric:
    """Show a figure with its change and its small line; where it has a target, that too."""
    one, progress = found.figure, found.progress
    target = numbers.short(progress.target, str(one.kpi.unit)) if progress else ""
    return Metric(
        title=title or str(one.kpi.name),
        number=number(one, selection),
        change=change(one, before, since) if selection.has_begun else None,
        status=status(progress) if progress else None,
        bullet=None,
        facts=tuple(filter(None, [_("target %(target)s") % {"target": target} if target else "", one.note])),
        sparkline=sparkline(points),
        restated=restated(one, selection),
    )


def goal(found: GoalFigure, selection: Selection, *, title: str = "") -> Metric:
    """Show a figure against its target."""
    one, progress = found.figure, found.progress
    drawn = bullet(one, progress)
    return Metric(
        title=title or str(one.kpi.name),
        number=number(one, selection),
        change=None,
        status=status(progress),
        bullet=drawn,
        facts=tuple(_facts(progress, str(one.kpi.unit), selection)) if progress else (),
        sparkline=None,
        restated=restated(one, selection),
        missing="" if progress else no_target(selection),
    )


def _facts(progress: Progress, unit: str, selection: Selection) -> list[str]:
    """Say what is left, and where it ends when it goes on like this."""
    facts = []
    if progress.projection is not None and selection.has_begun and not selection.is_over:
        facts.append(_("projected %(amount)s") % {"amount": numbers.short(progress.projection, unit)})
    if progress.remaining is not None and progress.remaining > 0 and progress.better_is_up:
        facts.append(_("%(amount)s to go") % {"amount": numbers.short(progress.remaining, unit)})
    return facts
