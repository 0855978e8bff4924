"""Progress drawn as a bullet: the bar is the actual value, the thick tick the target, the thin tick what is expected by now."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import numbers
from apps.core.remembering import remembered
from apps.goals.progress import Progress
from apps.kpis import catalogue
from apps.kpis.declarations import Better, Kpi
from apps.kpis.figures import Figure

ROOM = Decimal("1.1")  # the scale reaches at least so far beyond the target


@dataclass(frozen=True)
class Bullet:
    """Positions in hundredths of the scale, as digits for SVG; `words` says the same to people."""

    actual: str
    target: str
    expected: str
    band: str
    words: str


def bullet(figure: Figure, progress: Progress | None) -> Bullet | None:
    """Draw a figure against its target; nothing without one. The bar is never cut off at the target."""
    if progress is None or progress.target <= 0:
        return None
    return _drawn(figure.kpi.key, figure.value, progress)


@remembered(most=5000)
def _drawn(kpi: str, value: Decimal | None, progress: Progress) -> Bullet:
    one, actual = catalogue.KPIS[kpi], max(value or Decimal(0), Decimal(0))
    scale = max(actual, progress.target * ROOM)
    expected = progress.expected if catalogue.is_cumulative(one) and progress.status not in ("met", "missed") else None
    return Bullet(
        actual=place(actual, scale),
        target=place(progress.target, scale),
        expected=place(expected, scale) if expected is not None else "",
        band=place(progress.target * Decimal("0.9"), scale),
        words=words(one, value, progress),
    )


def place(value: Decimal, scale: Decimal) -> str:
    """Return where a value stands on a scale, in hundredths."""
    return f"{value / scale * 100:.2f}"


def words(kpi: Kpi, value: Decimal | None, progress: Progress) -> str:
    """Say it: `62K of 90K · 69% · expected 71%`; where lower is better: `60 days, at most 55 days`."""
    unit = str(kpi.unit)
    written = numbers.NO_VALUE if value is None else numbers.beside(value, progress.target, unit)
    if not progress.better_is_up:
        return _below(written, progress, unit)
    words = {"value": written, "target": numbers.short(progress.target, unit)}
    is_floor = progress.is_held or kpi.better == Better.DOWN
    parts = [_("%(value)s, at least %(target)s") % words if is_floor else _("%(value)s of %(target)s") % words]
    if progress.attainment is not None:
        parts.append(numbers.share(progress.attainment))
    if expected := expected_share(kpi, progress):
        parts.append(_("expected %(share)s") % {"share": expected})
    return " · ".join(parts)


def _below(value: str, progress: Progress, unit: str) -> str:
    """Where lower is better the target is a limit, and attainment the part of the way down to it."""
    parts = [_("%(value)s, at most %(target)s") % {"value": value, "target": numbers.short(progress.target, unit)}]
    if progress.attainment is not None:
        parts.append(_("%(share)s of the way") % {"share": numbers.share(progress.attainment)})
    return " · ".join(parts)


def expected_share(kpi: Kpi, progress: Progress) -> str:
    """Write what is expected by now as a share of the target; nothing where all of it is, or where none is expected by parts."""
    if not catalogue.is_cumulative(kpi) or not progress.target or progress.status in ("met", "missed"):
        return ""
    return numbers.share(progress.expected / progress.target)
