"""Who leads: by attainment, or by what was won where nobody has a target. Ties share a rank."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.selection import Selection
from apps.goals.selectors import GoalFigure
from apps.kpis.declarations import Better, Kpi, Unit
from apps.reps.scopes import Scope

SHOWN = 8
COUNTED = (Unit.COUNT, Unit.MONEY)


@dataclass(frozen=True)
class Place:
    """One line: rank and name, and the figure where the reader may see it. Rank None: nothing to rank by. `is_own`: the reader themself."""

    rank: int | None
    name: str
    url: str
    value: str
    full: str
    is_looked_at: bool
    is_own: bool


@dataclass(frozen=True)
class Leaderboard:
    """The first places, the reader's own where it is not among them, and the rest, folded."""

    template: ClassVar[str] = "dashboards/widgets/_leaderboard.html"
    title: str
    basis: str
    places: tuple[Place, ...]
    own: Place | None
    rest: tuple[Place, ...]

    @property
    def more(self) -> int:
        return len(self.rest)


def leaderboard(
    found: Sequence[GoalFigure],
    selection: Selection,
    *,
    own_id: int | None,
    told: Collection[Scope] | None = None,
    title: str = "",
    shown: int = SHOWN,
    kpi: Kpi | None = None,
) -> Leaderboard:
    """Rank reps, teams or regions by one KPI, revenue where none is named. Of who is not in `told`, where that is given, only rank and name are handed on."""
    has_targets = is_by_attainment(found)
    ranked = [
        place(one, rank, selection, own_id=own_id, is_told=told is None or one.figure.scope in told, by_attainment=has_targets)
        for rank, one in ranks(found, by_attainment=has_targets)
    ]
    own = next((one for one in ranked[shown:] if one.is_looked_at), None)
    return Leaderboard(
        title=title or _("Leaderboard"),
        basis=_basis(kpi, has_targets=has_targets),
        places=tuple(ranked[:shown]),
        own=own,
        rest=tuple(one for one in ranked[shown:] if one is not own),
    )


def _basis(kpi: Kpi | None, *, has_targets: bool) -> str:
    if kpi is None or kpi.key == "revenue":
        return _("by attainment of the revenue target") if has_targets else _("by revenue; nobody has a target for this period")
    told = _("by attainment of the target: %(kpi)s") if has_targets else _("by %(kpi)s")
    words = [told % {"kpi": kpi.name}]
    if kpi.minimum_volume and not has_targets:
        words.append(_("rates of fewer than %(count)s records are not ranked") % {"count": kpi.minimum_volume})
    return "; ".join(words)


def is_by_attainment(found: Sequence[GoalFigure]) -> bool:
    """Say whether ranks go by attainment: somebody has one. A target of what shall come down has none without a figure to begin from."""
    return any(one.progress and one.progress.attainment is not None for one in found)


def ranks(found: Sequence[GoalFigure], *, by_attainment: bool) -> list[tuple[int | None, GoalFigure]]:
    """Pair each figure with its rank, best first; who cannot be ranked comes last, by name."""
    scored = [(score(one, by_attainment=by_attainment), one) for one in found]
    order = sorted((pair for pair in scored if pair[0] is not None), key=lambda pair: (-(pair[0] or 0), pair[1].figure.scope.name))
    ranked: list[tuple[int | None, GoalFigure]] = []
    for position, (value, one) in enumerate(order, 1):
        is_tied = position > 1 and order[position - 2][0] == value
        ranked.append((ranked[-1][0] if is_tied else position, one))
    rest = sorted((one for value, one in scored if value is None), key=lambda one: one.figure.scope.name)
    return ranked + [(None, one) for one in rest]


def score(one: GoalFigure, *, by_attainment: bool) -> Decimal | None:
    """Return what somebody is ranked by, more of which is better; None for who cannot be."""
    figure, kpi = one.figure, one.figure.kpi
    if by_attainment:
        return one.progress.attainment if one.progress else None
    if figure.value is None or (figure.denominator is not None and figure.denominator < kpi.minimum_volume):
        return None
    if kpi.better == Better.DOWN:
        return -figure.value
    return figure.value or None if kpi.unit in COUNTED else figure.value  # who won nothing leads nobody


def place(one: GoalFigure, rank: int | None, selection: Selection, *, own_id: int | None, is_told: bool, by_attainment: bool) -> Place:
    scope, progress = one.figure.scope, one.progress
    is_own = scope.kind == "rep" and scope.id == own_id
    value, full = _value(one, selection) if is_told else ("", "")
    url = selection.board_of(scope) if is_told else ""
    if progress is None and rank is None:
        value, full = (_("no target") if by_attainment else value) if value else "", ""
    return Place(rank, scope.name, url, value, full, is_own or scope == selection.scope, is_own)


def _value(one: GoalFigure, selection: Selection) -> tuple[str, str]:
    value, unit = one.figure.value, str(one.figure.kpi.unit)
    full = numbers.whole(value, unit, selection.currency) if value is not None else ""
    if one.progress and one.progress.attainment is not None:
        return numbers.share(one.progress.attainment), full
    return numbers.short(value, unit) if value is not None else numbers.NO_VALUE, full
