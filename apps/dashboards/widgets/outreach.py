"""Calls, e-mails, meetings and demos, against goals where there are any."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.dashboards.selection import Selection
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets.bullet import Bullet, bullet
from apps.dashboards.widgets.change import Change, change
from apps.dashboards.widgets.status import Status, status
from apps.goals.selectors import GoalFigure
from apps.kpis.figures import Figure


@dataclass(frozen=True)
class Effort:
    """One kind of activity."""

    number: Number
    bullet: Bullet | None
    status: Status | None
    change: Change | None
    period: str = ""


@dataclass(frozen=True)
class Outreach:
    """All kinds of activity, side by side."""

    template: ClassVar[str] = "dashboards/widgets/_outreach.html"
    title: str
    efforts: tuple[Effort, ...]
    is_empty: bool
    empty: str


def effort(found: GoalFigure, before: Figure | None, since: str, selection: Selection, *, period: str = "") -> Effort:
    figure, progress = found.figure, found.progress
    return Effort(number(figure, selection), bullet(figure, progress), status(progress) if progress else None, change(figure, before, since), period)


def outreach(efforts: Sequence[Effort], *, title: str = "") -> Outreach:
    untold = next((one.number.reason for one in efforts), "") if all(one.number.raw == "" for one in efforts) else ""
    return Outreach(
        title=title or _("Activities"),
        efforts=tuple(efforts),
        is_empty=all(one.number.raw in ("", "0") and one.bullet is None for one in efforts),
        empty=untold or _("No call, e-mail, meeting or demo is recorded in this period. They come in by file, by the API, or by hand in the admin."),
    )
