"""A rep's last quarters: what was won in each, and how much of the target that was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.dashboards.selection import Selection
from apps.kpis.figures import Point


@dataclass(frozen=True)
class Quarter:
    """One quarter as a bar: `width` and `target_at` in hundredths of the widest."""

    name: str
    url: str
    won: str
    full: str
    target: str
    attained: str
    width: str
    target_at: str
    is_running: bool
    is_met: bool


@dataclass(frozen=True)
class History:
    """Quarters, the latest first."""

    template: ClassVar[str] = "dashboards/widgets/_history.html"
    title: str
    quarters: tuple[Quarter, ...]
    has_targets: bool
    empty: str


def history(points: Sequence[Point], targets: Mapping[str, Decimal], selection: Selection, *, is_own: bool) -> History:
    """Draw the quarters; `targets` are by the quarters' keys."""
    widest = max([*(point.value or Decimal(0) for point in points), *targets.values()], default=Decimal(0))
    return History(
        title=_("My last quarters") if is_own else _("The last quarters"),
        quarters=tuple(_quarter(point, targets.get(point.window.key), widest, selection) for point in reversed(points)) if widest else (),
        has_targets=bool(targets),
        empty=_("Nothing was won in the last two years."),
    )


def _quarter(point: Point, target: Decimal | None, widest: Decimal, selection: Selection) -> Quarter:
    value = point.value or Decimal(0)
    return Quarter(
        name=dates.window_name(point.window),
        url=selection.at(window=point.window).board,
        won=numbers.short(value, "money"),
        full=numbers.whole(value, "money", selection.currency),
        target=numbers.short(target, "money") if target else "",
        attained=numbers.share(value / target) if target else "",
        width=f"{max(value, Decimal(0)) / widest * 100:.2f}",
        target_at=f"{target / widest * 100:.2f}" if target else "",
        is_running=point.is_running,
        is_met=bool(target and value >= target),
    )
