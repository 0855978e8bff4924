"""What came together from the first day to the last, against the target's curve; the same numbers as a table."""

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
from apps.kpis.declarations import Kpi
from apps.kpis.figures import Point

MOST_POINTS = 100


@dataclass(frozen=True)
class Row:
    """One line of the table: a day, what there was by its end, what was expected, what is projected. `until` is the day as an address names it, once it has come."""

    day: str
    until: str
    actual: str
    plan: str
    projected: str


@dataclass(frozen=True)
class Chart:
    """A cumulative line; `drawing` is what the script draws, `rows` the same for reading. `opens`, followed by a row's day, opens what came together by then."""

    template: ClassVar[str] = "dashboards/widgets/_chart.html"
    id: str
    title: str
    summary: str
    drawing: Mapping[str, Any] = field(hash=False)
    rows: tuple[Row, ...]
    opens: str
    word: str
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


def chart(
    points: Sequence[Point],
    curve: Sequence[tuple[date, Decimal]],
    progress: Progress | None,
    selection: Selection,
    *,
    kpi: Kpi | None = None,
    key: str = "course",
) -> Chart:
    """Draw the sum of a day-by-day series against its target's curve: what was won, unless a KPI is named. `key` is its id on the page."""
    unit = str(kpi.unit) if kpi else "money"
    lines = thin(_lines(points, dict(curve), progress, selection))
    rows = _rows(lines, selection.today, selection.currency, unit)
    won = next((value for value in reversed(lines.actual) if value is not None), None)
    projection = progress.projection if progress and not selection.is_over and selection.has_begun else None
    opens = selection.figure_until(kpi.key if kpi else "revenue")
    title, word = _("The period so far") if not selection.is_over else _("The course of the period"), str(kpi.name) if kpi else _("Won")
    return Chart(
        id=key,
        title=_("%(kpi)s: %(title)s") % {"kpi": kpi.name, "title": title} if kpi else title,
        summary=_summary(won, progress, projection, unit, word),
        drawing={**_drawing(lines, rows, selection.currency, unit, word), "opens": opens},
        rows=rows,
        opens=opens,
        word=word,
        won=_short(won, unit),
        plan=_short(progress.target if progress else None, unit),
        projected=_short(projection, unit),
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


def _drawing(lines: Lines, rows: Sequence[Row], currency: str, unit: str, word: str) -> dict[str, Any]:
    return {
        "labels": [row.day for row in rows],
        "days": [row.until for row in rows if row.until],
        "lines": {name: [None if value is None else float(value) for value in getattr(lines, name)] for name in ("actual", "plan", "projected")},
        "locale": get_language() or "en",
        "currency": currency,
        "unit": unit,
        "words": {"actual": word, "plan": _("Plan"), "projected": _("Projected")},
    }


@remembered(dates.written_in, most=100)
def _rows(lines: Lines, today: date, currency: str, unit: str) -> tuple[Row, ...]:
    """Most looks find every row as it was, and after a change most rows are: so both are remembered."""
    return tuple(_row(*line, today, currency, unit) for line in zip(lines.days, lines.actual, lines.plan, lines.projected, strict=True))


@remembered(dates.written_in)
def _row(day: date, actual: Decimal | None, plan: Decimal | None, projected: Decimal | None, today: date, currency: str, unit: str) -> Row:
    until = "" if actual is None else day.isoformat()
    return Row(dates.near(day, today), until, *("" if value is None else numbers.whole(value, unit, currency) for value in (actual, plan, projected)))


def _short(value: Decimal | None, unit: str) -> str:
    return "" if value is None else numbers.short(value, unit)


def _summary(won: Decimal | None, progress: Progress | None, projection: Decimal | None, unit: str, word: str) -> str:
    if won is None:
        return _("The period has not begun.")
    words = {"word": word, "won": _short(won, unit)}
    if progress is None:
        return _("%(word)s %(won)s so far; no target is set.") % words
    words |= {"expected": _short(progress.expected, unit), "projected": _short(projection, unit), "target": _short(progress.target, unit)}
    if projection is None:
        return _("%(word)s %(won)s against a target of %(target)s.") % words
    return _("%(word)s %(won)s against %(expected)s expected by now; projected %(projected)s of %(target)s.") % words
