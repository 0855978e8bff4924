"""Columns, or a line, side by side: steps of time beside those of the time before, or ranges with how many records lie in each; the same as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.dashboards.selection import Selection
from apps.kpis.declarations import Kpi
from apps.kpis.figures import Point, Range, Spread


@dataclass(frozen=True)
class Row:
    """One line of the table; `url` opens what the column stands for."""

    name: str
    text: str
    earlier: str
    url: str
    is_running: bool = False


@dataclass(frozen=True)
class Columns:
    """A chart; `drawing` is what the script draws, `rows` the same for reading. `earlier` names the second line of columns, empty without one."""

    template: ClassVar[str] = "dashboards/widgets/_columns.html"
    id: str
    title: str
    summary: str
    step: str
    now: str
    earlier: str
    drawing: Mapping[str, Any] = field(hash=False)
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    empty: str

    @property
    def drawing_id(self) -> str:
        return f"{self.id}-drawing"


def trend(
    key: str, kpi: Kpi, points: Sequence[Point], before: Sequence[Point], since: str, selection: Selection, *, is_line: bool, title: str = "", grain: str
) -> Columns:
    """Draw a KPI step by step: what adds up as columns from zero, everything else as a line. `before` are as many steps of an earlier time, each below its own."""
    earlier = [point.value for point in before[: len(points)]] if any(point.value is not None for point in before) else []
    rows = tuple(
        Row(
            dates.window_name(point.window),
            _whole(point.value, kpi, selection),
            _whole(earlier[n], kpi, selection) if n < len(earlier) else "",
            selection.figure_of(kpi.key, selection.scope, point.window),
            point.is_running,
        )
        for n, point in enumerate(points)
    )
    known = [point for point in points if point.value is not None]
    name = title or str(kpi.name)
    return Columns(
        id=key,
        title=name,
        summary=_spoken(name, known, kpi) if known else _("There is no value in this time."),
        step=step_name(grain),
        now=str(kpi.name),
        earlier=since if earlier else "",
        drawing=_drawing(
            _labels(points),
            [point.value for point in points],
            earlier,
            [row.url for row in rows],
            kpi,
            selection,
            {"now": str(kpi.name), "earlier": since},
            is_line=is_line,
            running=len(points) - 1 if points and points[-1].is_running else None,
        ),
        rows=rows,
        notes=(_("Hatched: the running one, not over yet."),) if points and points[-1].is_running and not is_line else (),
        empty="" if known and (is_line or any(point.value for point in points) or any(earlier)) else _("Nothing of this happened in this time."),
    )


def _labels(points: Sequence[Point]) -> list[list[str]]:
    """Return what stands below each column: with its year where that is another than the column's before."""
    found, year = [], ""
    for point in points:
        name, of_year = dates.step_label(point.window)
        found.append([name, of_year] if of_year and of_year != year else [name])
        year = of_year
    return found


def step_name(grain: str) -> str:
    """Return how one step is called at the head of a table."""
    return {"day": _("Day"), "week": _("Week"), "month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}[grain]


def spread(key: str, kpi: Kpi, found: Spread, selection: Selection, *, title: str) -> Columns:
    """Draw how many records lie in which range."""
    unit, url = str(kpi.unit), selection.figure(kpi.key)
    names = [_range(one, unit) for one in found.ranges]
    rows = tuple(Row(name, numbers.decimal(Decimal(one.count), 0), "", url) for name, one in zip(names, found.ranges, strict=True))
    top = max(range(len(names)), key=lambda n: found.ranges[n].count)
    words = {"count": numbers.short(Decimal(found.count), "count"), "median": numbers.short(found.median, unit), "range": names[top]}
    return Columns(
        id=key,
        title=title,
        summary=ngettext(
            "%(count)s record, half of them below %(median)s; most lie in %(range)s.",
            "%(count)s records, half of them below %(median)s; most lie in %(range)s.",
            found.count,
        )
        % words,
        step=str(kpi.name),
        now=_("Records"),
        earlier="",
        drawing={
            "columns": [one.count for one in found.ranges],
            "earlier": [],
            "labels": [[name] for name in names],
            "edges": [numbers.short(one.low, unit) for one in found.ranges],
            "texts": [row.text for row in rows],
            "urls": [url] * len(names),
            "isLine": False,
            "isDense": True,
            "running": None,
            "unit": "count",
            "locale": get_language() or "en",
            "currency": selection.currency,
            "words": {"now": _("Records"), "earlier": ""},
        },
        rows=rows,
        notes=(_("%(count)s records · median %(median)s") % words,),
        empty="",
    )


def _range(one: Range, unit: str) -> str:
    low = numbers.short(one.low, unit)
    if one.high is None:
        return _("%(low)s or more") % {"low": low}
    return _("%(low)s to %(high)s") % {"low": low, "high": numbers.short(one.high, unit)}


def _spoken(name: str, known: Sequence[Point], kpi: Kpi) -> str:
    """Say in a sentence what the columns show."""
    best = max(known, key=lambda point: point.value or Decimal(0))
    words = {
        "name": name,
        "last": dates.window_name(known[-1].window),
        "value": numbers.short(known[-1].value or Decimal(0), str(kpi.unit)),
        "top": dates.window_name(best.window),
        "most": numbers.short(best.value or Decimal(0), str(kpi.unit)),
    }
    return _("%(name)s: %(value)s in %(last)s; most in %(top)s, %(most)s.") % words


def _whole(value: Decimal | None, kpi: Kpi, selection: Selection) -> str:
    return numbers.NO_VALUE if value is None else numbers.whole(value, str(kpi.unit), selection.currency)


def _drawing(
    labels: Sequence[list[str]],
    values: Sequence[Decimal | None],
    earlier: Sequence[Decimal | None],
    urls: Sequence[str],
    kpi: Kpi,
    selection: Selection,
    words: Mapping[str, str],
    *,
    is_line: bool,
    running: int | None = None,
) -> dict[str, Any]:
    return {
        "columns": [None if value is None else float(value) for value in values],
        "earlier": [None if value is None else float(value) for value in earlier],
        "labels": list(labels),
        "texts": [numbers.NO_VALUE if value is None else numbers.short(value, str(kpi.unit)) for value in values],
        "urls": list(urls),
        "isLine": is_line,
        "running": running,
        "unit": str(kpi.unit),
        "locale": get_language() or "en",
        "currency": selection.currency,
        "words": dict(words),
    }
