"""How a figure differs from the same elapsed point of the period before."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import numbers
from apps.kpis.figures import Figure

FLAT = Decimal("0.0005")  # of the earlier value: what rounding hides is no change
WORDS = {
    (True, True): gettext_lazy("up, better"),
    (True, False): gettext_lazy("up, worse"),
    (False, True): gettext_lazy("down, better"),
    (False, False): gettext_lazy("down, worse"),
}


@dataclass(frozen=True)
class Change:
    """`direction` is up, down or flat; `tone` says whether that is good: ahead, behind or quiet; `since` names the earlier point."""

    direction: str
    tone: str
    text: str
    word: str
    since: str


def change(now: Figure, before: Figure | None, since: str) -> Change | None:
    """Compare two figures; `since` names the earlier point. None where either has no value, or nothing happened in both."""
    if before is None or now.value is None or before.value is None or now.value == before.value == 0:
        return None
    difference = now.value - before.value
    if abs(difference) <= abs(before.value) * FLAT:
        return Change("flat", "quiet", _("unchanged"), "", since)
    is_up = difference > 0
    is_good = is_up == (str(now.kpi.better) == "up")
    return Change(
        "up" if is_up else "down",
        "ahead" if is_good else "behind",
        size(abs(difference), before),
        str(WORDS[is_up, is_good]),
        since,
    )


def size(difference: Decimal, before: Figure) -> str:
    """Write a difference: percentages in points, money as a share of what was, everything else in its own unit."""
    unit = str(before.kpi.unit)
    if unit in ("money", "money_per_day") and before.value:
        return numbers.percent(difference / abs(before.value) * 100, 0 if difference >= abs(before.value) / 10 else 1)
    return numbers.difference(difference, unit)
