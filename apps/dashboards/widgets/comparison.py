"""Scopes or parts beneath each other as bars: people, teams, regions, stages, campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.selection import Selection
from apps.goals.selectors import GoalFigure
from apps.kpis.declarations import Better, Kpi
from apps.kpis.figures import Figure, Part

SHOWN = 12


@dataclass(frozen=True)
class Bar:
    """One bar: `width` and `target_at` in hundredths of the longest; without a value, `reason` says why. `is_thin`: a rate of too few records to go by."""

    name: str
    url: str
    text: str
    full: str
    width: str
    target_at: str
    reason: str = ""
    is_own: bool = False
    is_thin: bool = False


@dataclass(frozen=True)
class Comparison:
    """Bars, the best first or in the order of what they are parts of; those past the first dozen folded."""

    template: ClassVar[str] = "dashboards/widgets/_comparison.html"
    title: str
    caption: str
    head: str
    kpi: str
    bars: tuple[Bar, ...]
    rest: tuple[Bar, ...]
    has_targets: bool
    empty: str


def among(found: Sequence[GoalFigure], kpi: Kpi, head: str, selection: Selection, *, title: str = "", own_id: int | None = None) -> Comparison:
    """Compare scopes, the best first; after them rates of too few records, and last who has no value."""
    most = _most([value for one in found for value in (one.figure.value, one.progress.target if one.progress else None)])
    sign = -1 if kpi.better == Better.UP else 1
    ordered = sorted(found, key=lambda one: (one.figure.value is None, _is_thin(one.figure), sign * (one.figure.value or Decimal(0)), one.figure.scope.name))
    bars = tuple(
        Bar(
            name=one.figure.scope.name,
            url=selection.figure_of(kpi.key, one.figure.scope, selection.window),
            text=numbers.NO_VALUE if one.figure.value is None else numbers.short(one.figure.value, str(kpi.unit)),
            full="" if one.figure.value is None else numbers.whole(one.figure.value, str(kpi.unit), selection.currency),
            width=_width(one.figure.value, most),
            target_at=_width(one.progress.target, most) if one.progress else "",
            reason=one.figure.reason,
            is_own=one.figure.scope.kind == "rep" and one.figure.scope.id == own_id,
            is_thin=_is_thin(one.figure),
        )
        for one in ordered
    )
    has_targets = any(bar.target_at for bar in bars)
    told = [_("The tick is the target.") if has_targets else ""]
    if any(bar.is_thin for bar in bars):
        told.append(_("Rates of fewer than %(count)s records come last, drawn pale.") % {"count": kpi.minimum_volume})
    caption = " ".join(filter(None, told))
    return Comparison(title or str(kpi.name), caption, head, str(kpi.name), bars[:SHOWN], bars[SHOWN:], has_targets, _("Nobody stood here in this period."))


def parts(found: Sequence[Part], kpi: Kpi, head: str, selection: Selection, *, title: str = "") -> Comparison:
    """Compare the parts of one figure, in their own order."""
    most, url = _most([one.figure.value for one in found]), selection.figure(kpi.key)
    bars = tuple(
        Bar(
            name=one.name,
            url=url,
            text=numbers.NO_VALUE if one.figure.value is None else numbers.short(one.figure.value, str(kpi.unit)),
            full="" if one.figure.value is None else numbers.whole(one.figure.value, str(kpi.unit), selection.currency),
            width=_width(one.figure.value, most),
            target_at="",
            reason=one.figure.reason,
        )
        for one in found
    )
    filled = bars if any(one.figure.value for one in found) else ()
    return Comparison(title or str(kpi.name), "", head, str(kpi.name), filled, (), False, _("Nothing of this happened in this period."))


def _is_thin(figure: Figure) -> bool:
    """Whether a rate is made of too few records to be compared."""
    return figure.value is not None and figure.denominator is not None and figure.denominator < figure.kpi.minimum_volume


def _most(values: Sequence[Decimal | None]) -> Decimal:
    return max((value for value in values if value is not None), default=Decimal(0))


def _width(value: Decimal | None, most: Decimal) -> str:
    return f"{max(value, Decimal(0)) / most * 100:.2f}" if value is not None and most > 0 else "0"
