"""A board as tables that a spreadsheet can count with: the same figures as on the page, as numbers."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import Any

import openpyxl
from django.utils.text import slugify
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell

from apps.core import numbers
from apps.core.spreadsheets import safe
from apps.dashboards.boards import peopled
from apps.dashboards.boards.group import Read
from apps.dashboards.boards.sources import OWN, Sources
from apps.dashboards.selection import Selection
from apps.dashboards.widgets.deals import reasons
from apps.goals.selectors import GoalFigure
from apps.kpis.declarations import Unit
from apps.kpis.figures import Figure
from apps.opportunities import selectors as opportunities
from apps.reps.scopes import Scope

MONEY, SHARE, NUMBER, DAY, TEXT = "#,##0.00", "0.0%", "#,##0.##", "yyyy-mm-dd", ""
FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_DEALS = 1000
Value = str | Decimal | date | None


@dataclass(frozen=True)
class Column:
    """One column: its name, and how a spreadsheet shows its numbers."""

    name: str
    format: str = TEXT


@dataclass(frozen=True)
class Table:
    """One table of a board; `key` is how an address names it. Percentages are ratios: 0.69 is 69 %."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables(read: Read, stages: Iterable[tuple[int, str]], *, is_latest: bool) -> list[Table]:
    """Return all tables of a board that have rows."""
    found = [_figures(read), _standings(read), _days(read), Table("funnel", _("Funnel"), *funnel(read.sources, stages)), _deals(read, is_latest=is_latest)]
    only = read.selection.only
    return [replace(table, title=f"{table.title} · {only.name}") if only else table for table in found if table.rows]


def _figures(read: Read) -> Table:
    columns = (
        *(Column(_("KPI")), Column(_("Unit")), Column(_("Value"), NUMBER), Column(read.before.since, NUMBER), Column(_("Target"), NUMBER)),
        *(Column(_("Attainment"), SHARE), Column(_("Expected by now"), NUMBER), Column(_("Pace"), SHARE), Column(_("Projection"), NUMBER)),
        Column(_("Left out"), NUMBER),
    )
    return Table("figures", _("Key figures"), columns, tuple(_figure(read.own(key), read.before.of(key, read.selection.scope), read) for key in OWN))


def _figure(one: GoalFigure, before: Figure | None, read: Read) -> tuple[Value, ...]:
    figure, progress, unit = one.figure, one.progress, one.figure.kpi.unit
    return (
        str(figure.kpi.name),
        read.selection.currency if unit == Unit.MONEY else str(unit),
        figure.value,
        before.value if before else None,
        *((progress.target, progress.attainment, progress.expected, progress.pace, progress.projection) if progress else (None,) * 5),
        Decimal(figure.excluded),
    )


def _standings(read: Read) -> Table:
    """Teams, regions and people with what they won: each line says what it is, so that nobody adds a team to its people."""
    last = peopled.last_days((member.scope for member in read.inside.members), read.selection)
    kinds = {"team": _("Team"), "region": _("Region"), "rep": _("Person")}
    scopes: list[Scope] = [branch.scope for branch in read.inside.branches] + list(read.inside.regions) + [member.scope for member in read.inside.members]
    rows = []
    for scope in scopes:
        revenue, coverage = read.now["revenue", scope], read.now["pipeline_coverage", scope].figure
        progress = revenue.progress
        held = (progress.target, progress.attainment, progress.expected, progress.pace) if progress else (None,) * 4
        rows.append((kinds[scope.kind], scope.name, revenue.figure.value, *held, coverage.value, last.get(scope.id) if scope.kind == "rep" else None))
    columns = (
        *(Column(_("Kind")), Column(_("Name")), Column(_("Won"), MONEY), Column(_("Target"), MONEY), Column(_("Attainment"), SHARE)),
        *(Column(_("Expected by now"), MONEY), Column(_("Pace"), SHARE), Column(_("Coverage"), NUMBER), Column(_("Last activity"), DAY)),
    )
    return Table("standings", _("Teams and people"), columns, tuple(rows))


def _days(read: Read) -> Table:
    points = [point for point in read.sources.daily() if point.window.start_on <= read.selection.on]
    sums, plan = accumulate(point.value or Decimal(0) for point in points), dict(read.sources.curve(read.own("revenue")))
    rows = tuple((point.window.start_on, point.value, so_far, plan.get(point.window.start_on)) for point, so_far in zip(points, sums, strict=True))
    columns = (Column(_("Day"), DAY), Column(_("Won"), MONEY), Column(_("Won so far"), MONEY), Column(_("Expected by then"), MONEY))
    return Table("days", _("Day by day"), columns, rows)


def _deals(read: Read, *, is_latest: bool) -> Table:
    look = read.selection
    found = opportunities.attention(
        look.scope, on=look.on, since=look.calendar.working_day_before(look.on), at_risk=MOST_DEALS, changes=0, is_latest=is_latest
    ).at_risk
    rows = tuple((deal.label, deal.owner, deal.stage, deal.amount, deal.expected_close_on, " · ".join(reasons(deal, look.on))) for deal in found.deals)
    columns = (
        *(Column(_("Deal")), Column(_("Owner")), Column(_("Stage"))),
        Column(_("Amount"), MONEY),
        Column(_("Expected close"), DAY),
        Column(_("Why at risk")),
    )
    return Table("deals", _("Deals at risk"), columns, rows)


def funnel(source: Sources, stages: Iterable[tuple[int, str]]) -> tuple[tuple[Column, ...], tuple[tuple[Value, ...], ...]]:
    """What went through each open stage; nothing where nothing did."""
    columns = (
        *(Column(_("Stage")), Column(_("Entered"), NUMBER), Column(_("Amount"), MONEY), Column(_("Advanced"), NUMBER), Column(_("Lost"), NUMBER)),
        *(Column(_("Moved back"), NUMBER), Column(_("Conversion"), SHARE), Column(_("Average days"), NUMBER), Column(_("Open now"), NUMBER)),
    )
    found = source.passages(stages)
    rows = tuple((one.stage, one.entered, one.amount, one.advanced, one.lost, one.moved_back, one.conversion, one.days_each, one.open_count) for one in found)
    return columns, rows if any(one.entered or one.open_count for one in found) else ()


def workbook(found: Sequence[Table]) -> bytes:
    """Write tables as an Excel file, a sheet for each."""
    book, titles = openpyxl.Workbook(write_only=True), set[str]()
    for table in found:
        sheet = book.create_sheet(_sheet_title(table.title, titles))
        sheet.freeze_panes = "A2"
        for n, column in enumerate(table.columns, start=1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(n)].width = max(12, min(len(column.name) + 4, 40))
        sheet.append([safe(column.name) for column in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value, column) for value, column in zip(row, table.columns, strict=True)])
    if not found:
        book.create_sheet(_("Nothing"))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_title(title: str, taken: set[str]) -> str:
    """Return a title that Excel takes: 31 characters, none of those it keeps for itself, and no two that differ by their case alone."""
    name = _FORBIDDEN.sub(" ", title).strip("' ")[:31].strip() or _("Table")
    found, n = name, 1
    while found.lower() in taken:
        n += 1
        found = f"{name[: 31 - len(str(n)) - 1]} {n}"
    taken.add(found.lower())
    return found


_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def _cell(sheet: object, value: Value, column: Column) -> Any:
    if value is None or isinstance(value, str):
        return safe(value) if value else None
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = column.format or NUMBER
    return cell


def text(table: Table) -> bytes:
    """Write one table as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(_lines(table))
    return ("\ufeff" + out.getvalue()).encode()


def _lines(table: Table) -> Iterator[Iterable[str]]:
    yield [safe(column.name) for column in table.columns]
    for row in table.rows:
        yield [
            numbers.plain(value) if isinstance(value, Decimal) else safe(value) if isinstance(value, str) else value.isoformat() if value else ""
            for value in row
        ]


def name_of(read: Read, form: str, key: str = "") -> str:
    """Return what a file is called, in letters that every system takes."""
    return named(read.selection.scope.name, read.selection, form, key)


def named(what: str, look: Selection, form: str, key: str = "") -> str:
    """Return what a file about something is called, over the days one looks at."""
    period = slugify(look.period.replace("..", "-to-"))
    only = slugify(f"{look.only.field} {look.only.name}") if look.only else ""
    return f"{'-'.join(filter(None, ('kpiboard', slugify(what) or look.scope.kind, period, key, only)))}.{form}"
