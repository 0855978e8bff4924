"""What was won from the first day to the last, against the target's curve; the same numbers as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.core.remembering import remembered
from apps.dashboards.selection import Selection
from apps.goals.progress import Progress
from apps.kpis.figures import Point

MOST_POINTS = 100


@dataclass(frozen=True)
class Row:
    """One line of the table: a day, what was won by its end, what was expected, what is projected."""

    day: str
    actual: str
    plan: str
    projected: str


@dataclass(frozen=True)
class Chart:
    """A cumulative line; `drawing` is what the script draws, `rows` the same for reading."""

    template: ClassVar[str] = "dashboards/widgets/_chart.html"
    id: str
    title: str
    summary: str
    drawing: Mapping[str, Any] = field(hash=False)
    rows: tuple[Row, ...]
    won: str
    plan: str
    projected: str

    @property
    def is_empty(self) -> bool:
        """Whether no line runs at all: a period to come, without a target."""
        return all(value is None for line in self.drawing["lines"].values() for value in line)

    @property
    def drawing_id(self) -> str:
        return f"{self.id}-drawing"


@dataclass(frozen=True)
class Lines:
    """The three lines by day; None where a line does not run."""

    days: tuple[date, ...]
    actual: tuple[Decimal | None, ...]
    plan: tuple[Decimal | None, ...]
    projected: tuple[Decimal | None, ...]


def chart(points: Sequence[Point], curve: Sequence[tuple[date, Decimal]], progress: Progress | None, selection: Selection) -> Chart:
    """Draw the sum of a day-by-day series against its target's curve."""
    lines = thin(_lines(points, dict(curve), progress, selection))
    rows = _rows(lines, selection.today, selection.currency)
    won = next((value for value in reversed(lines.actual) if value is not None), None)
    projection = progress.projection if progress and not selection.is_over and selection.has_begun else None
    return Chart(
        id="course",
        title=_("The period so far") if not selection.is_over else _("The course of the period"),
        summary=_summary(won, progress, projection),
        drawing=_drawing(lines, [row.day for row in rows], selection.currency),
        rows=rows,
        won=_money(won),
        plan=_money(progress.target if progress else None),
        projected=_money(projection),
    )


def _lines(points: Sequence[Point], plan: Mapping[date, Decimal], progress: Progress | None, selection: Selection) -> Lines:
    days = dates.days_in(selection.window)
    by_day = {point.window.start_on: point.value or Decimal(0) for point in points}
    actual: list[Decimal | None] = []
    total = Decimal(0)
    for day in days:
        total += by_day.get(day, Decimal(0))
        actual.append(total if day <= selection.on else None)
    planned = tuple(plan.get(day) for day in days)
    return Lines(tuple(days), tuple(actual), planned, _projected(days, plan, progress, total, selection))


def _projected(
    days: Sequence[date], plan: Mapping[date, Decimal], progress: Progress | None, total: Decimal, selection: Selection
) -> tuple[Decimal | None, ...]:
    """From now on, the plan's own curve, raised or lowered to what was won so far."""
    by_now = plan.get(selection.on)
    if progress is None or progress.projection is None or not by_now or selection.is_over:
        return (None,) * len(days)
    return tuple(plan[day] * total / by_now if day >= selection.on else None for day in days)


def thin(lines: Lines) -> Lines:
    """Keep so few days that they can be told apart: the last one, and every n-th before it."""
    step = -(-len(lines.days) // MOST_POINTS)
    if step == 1:
        return lines
    kept = [n for n in range(len(lines.days)) if (len(lines.days) - 1 - n) % step == 0]
    return Lines(*(tuple(line[n] for n in kept) for line in (lines.days, lines.actual, lines.plan, lines.projected)))  # type: ignore[arg-type]


def _drawing(lines: Lines, labels: list[str], currency: str) -> dict[str, Any]:
    return {
        "labels": labels,
        "lines": {name: [None if value is None else float(value) for value in getattr(lines, name)] for name in ("actual", "plan", "projected")},
        "locale": get_language() or "en",
        "currency": currency,
        "words": {"actual": _("Won"), "plan": _("Plan"), "projected": _("Projected")},
    }


@remembered(dates.written_in, most=100)
def _rows(lines: Lines, today: date, currency: str) -> tuple[Row, ...]:
    """Most looks find every row as it was, and after a change most rows are: so both are remembered."""
    return tuple(_row(*line, today, currency) for line in zip(lines.days, lines.actual, lines.plan, lines.projected, strict=True))


@remembered(dates.written_in)
def _row(day: date, actual: Decimal | None, plan: Decimal | None, projected: Decimal | None, today: date, currency: str) -> Row:
    return Row(dates.near(day, today), *(_whole(value, currency) for value in (actual, plan, projected)))


def _whole(value: Decimal | None, currency: str) -> str:
    return "" if value is None else numbers.whole(value, "money", currency)


def _money(value: Decimal | None) -> str:
    return "" if value is None else numbers.short(value, "money")


def _summary(won: Decimal | None, progress: Progress | None, projection: Decimal | None) -> str:
    if won is None:
        return _("The period has not begun.")
    if progress is None:
        return _("Won %(won)s so far; no target is set.") % {"won": _money(won)}
    if projection is None:
        return _("Won %(won)s against a target of %(target)s.") % {"won": _money(won), "target": _money(progress.target)}
    words = {"won": _money(won), "expected": _money(progress.expected), "projected": _money(projection), "target": _money(progress.target)}
    return _("Won %(won)s against %(expected)s expected by now; projected %(projected)s of %(target)s.") % words
