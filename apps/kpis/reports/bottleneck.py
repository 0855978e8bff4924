"""Which stage holds deals up: the one that got worst against its own twelve months before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.kpis.reports.funnel import Passage

ENOUGH = 10  # visits, now and before; below, a median or a share says nothing
WORSE = Decimal("0.1")  # of what it was; less is the way numbers wobble


@dataclass(frozen=True)
class Bottleneck:
    """A stage, what got worse (`days` or `conversion`), what it is now and was before, and by which share of what it was."""

    stage: str
    of: str
    now: Decimal
    before: Decimal
    worse_by: Decimal


def find(now: Sequence[Passage], before: Sequence[Passage]) -> Bottleneck | None:
    """Return the stage that got worst; None when none did by a tenth, or too few went through to say so."""
    found = [one for pair in zip(now, before, strict=True) for one in (_slower(*pair), _leakier(*pair)) if one and one.worse_by >= WORSE]
    return max(found, key=lambda one: one.worse_by, default=None)


def is_enough(now: Sequence[Passage], before: Sequence[Passage]) -> bool:
    """Whether any stage can be judged at all."""
    return any(min(one.entered.count, other.entered.count) >= ENOUGH for one, other in zip(now, before, strict=True))


def _slower(now: Passage, before: Passage) -> Bottleneck | None:
    if min(now.ended, before.ended) < ENOUGH or not before.median_days or now.median_days is None:
        return None
    days, usual = Decimal(str(now.median_days)), Decimal(str(before.median_days))
    return Bottleneck(now.name, "days", days, usual, days / usual - 1) if days - usual >= 1 else None


def _leakier(now: Passage, before: Passage) -> Bottleneck | None:
    if min(now.entered.count, before.entered.count) < ENOUGH or not before.conversion or now.conversion is None:
        return None
    return Bottleneck(now.name, "conversion", now.conversion, before.conversion, 1 - now.conversion / before.conversion)
