"""How somebody stands among their peers, KPI by KPI: where they are strong, and where there is something to gain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import ClassVar

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.dashboards.selection import Selection
from apps.dashboards.shown import Number, number
from apps.dashboards.widgets.change import Change, change
from apps.dashboards.widgets.sparkline import Sparkline, sparkline
from apps.kpis import selectors
from apps.kpis.declarations import Better, Unit
from apps.kpis.figures import Figure, Point

FEWEST = 3  # people with a value, to be compared at all
VOLUME = 5  # of what a rate or an average is made of, to be judged
COUNTED = (Unit.COUNT, Unit.MONEY)


@dataclass(frozen=True)
class Standing:
    """One KPI: the own figure, what is usual among the peers, the place among them, and whether that is a strength or a gap.

    `distance` is how far the figure lies from what is usual, as a share of that: how much there is to say about it.
    """

    number: Number
    usual: str
    place: str
    mark: str
    why: str
    distance: Decimal
    change: Change | None
    sparkline: Sparkline | None


@dataclass(frozen=True)
class Strengths:
    """All KPIs, and what is to be talked about first: gaps and strengths, the largest first."""

    template: ClassVar[str] = "dashboards/widgets/_strengths.html"
    title: str
    standings: tuple[Standing, ...]
    gaps: tuple[str, ...]
    strengths: tuple[str, ...]
    peers: int
    caption: str
    lines: str


def strengths(
    own: Sequence[Figure],
    peers: Mapping[str, Sequence[Figure]],
    before: Mapping[str, Figure],
    since: str,
    lines: Mapping[str, Sequence[Point]],
    selection: Selection,
    told: str = "",
) -> Strengths:
    """Compare figures with those of peers, by KPI; themself are not among these. `told` says what the small lines show."""
    found = tuple(standing(one, peers.get(one.kpi.key, ()), before.get(one.kpi.key), since, lines.get(one.kpi.key, ()), selection) for one in own)
    marked = sorted((one for one in found if one.mark), key=lambda one: -one.distance)
    return Strengths(
        title=_("Among the team"),
        standings=found,
        gaps=tuple(one.why for one in marked if one.mark == "gap"),
        strengths=tuple(one.why for one in marked if one.mark == "strength"),
        peers=max((len(some) for some in peers.values()), default=0),
        lines=told,
        caption=_(
            "What is usual is the median of the others in the team. A strength or a gap is in the first or last third of at least three people who have a value; rates and averages of fewer than five records are not judged."
        ),
    )


def standing(own: Figure, peers: Sequence[Figure], before: Figure | None, since: str, points: Sequence[Point], selection: Selection) -> Standing:
    """Compare one figure with the same of the others."""
    places = [one for one in selectors.rank([own, *peers], better_is_up=own.kpi.better == Better.UP) if one.rank is not None]
    values = [one.figure.value for one in places if one.figure is not own and one.figure.value is not None]
    usual = median(values) if len(values) > 1 else None  # of one other it would be theirs
    rank = next((one.rank for one in places if one.figure is own), None)
    mark, distance = _judged(own, usual, rank, len(places))
    words = {
        "kpi": own.kpi.name,
        "value": numbers.short(own.value, str(own.kpi.unit)) if own.value is not None else "",
        "usual": numbers.short(usual, str(own.kpi.unit)) if usual is not None else "",
        "rank": rank,
        "count": len(places),
    }
    return Standing(
        number=number(own, selection),
        usual=str(words["usual"]),
        place=_("%(rank)s of %(count)s") % words if rank is not None and len(places) > 2 else "",
        mark=mark,
        why=_("%(kpi)s: %(value)s where %(usual)s is usual, place %(rank)s of %(count)s.") % words if mark else "",
        distance=distance,
        change=change(own, before, since),
        sparkline=sparkline(points),
    )


def _judged(own: Figure, usual: Decimal | None, rank: int | None, count: int) -> tuple[str, Decimal]:
    """Say whether a figure is a strength or a gap, and how far it lies from what is usual."""
    if own.value is None or usual is None or rank is None or count < FEWEST or _is_thin(own):
        return "", Decimal(0)
    distance = abs(own.value - usual) / abs(usual) if usual else Decimal(1)
    is_better = own.value > usual if own.kpi.better == Better.UP else own.value < usual
    if rank * 3 <= count and is_better:
        return "strength", distance
    if rank * 3 > count * 2 and own.value != usual and not is_better:
        return "gap", distance
    return "", distance


def _is_thin(own: Figure) -> bool:
    """Whether a rate or an average is made of too few records to say anything."""
    return (
        own.kpi.unit not in COUNTED
        and own.denominator is not None
        and own.denominator < VOLUME
        or own.kpi.key == "average_deal_size"
        and (own.denominator or 0) < VOLUME
    )
