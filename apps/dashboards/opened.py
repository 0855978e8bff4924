"""Opens a figure: what it means, what was left out, and the records that add up to it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import dates, numbers
from apps.core.elsewhere import address_of
from apps.core.periods import Window
from apps.dashboards.asking import last_page
from apps.dashboards.records import kinds
from apps.dashboards.selection import Selection, board_path, written
from apps.dashboards.shown import Amount, Number, agreed, amount, number
from apps.dashboards.widgets.bullet import Bullet, bullet
from apps.dashboards.widgets.deals import record_url
from apps.dashboards.widgets.restated import Restated, restated
from apps.dashboards.widgets.sparkline import Sparkline, sparkline
from apps.dashboards.widgets.status import Status, status
from apps.goals import selectors as goal_selectors
from apps.goals.selectors import GoalFigure
from apps.kpis import reference, selectors
from apps.kpis.declarations import Kpi
from apps.kpis.divisions import DIVISIONS, Division
from apps.kpis.figures import Record, Records
from apps.reps import access
from apps.reps.scopes import Scope

PREVIEW, PAGE = 10, 100
STEPS = 12


@dataclass(frozen=True)
class Row:
    """One record as a line; `url` opens it where the reader may."""

    label: str
    url: str
    day: str
    rep: str
    customer: str
    amount: str
    is_excluded: bool
    agreed: str
    elsewhere: str


@dataclass(frozen=True)
class Sorting:
    """The head of a column: where a press leads, and how the column is sorted now (ascending, descending or empty)."""

    name: str
    url: str
    now: str
    is_number: bool = False


@dataclass(frozen=True)
class Part:
    """One measure of the figure with its records, or a page of them."""

    key: str
    name: str
    total: str
    raw: str
    count: int
    excluded: int
    rows: tuple[Row, ...]
    url: str
    previous_url: str
    next_url: str
    place: str
    sortings: tuple[Sorting, ...]


@dataclass(frozen=True)
class Step:
    """One step of the way a figure went."""

    name: str
    text: str
    is_running: bool


@dataclass(frozen=True)
class Opened:
    """A figure with all that stands behind it."""

    kpi: Kpi
    number: Number
    median: Amount | None
    means_median: str
    restated: Restated | None
    formula: str
    numerator: str
    denominator: str
    status: Status | None
    bullet: Bullet | None
    course: tuple[Step, ...]
    line: Sparkline | None
    division: Division | None
    by_part: tuple[tuple[str, Number], ...]


def opened(found: GoalFigure, selection: Selection) -> Opened:
    """Put a figure's page together, but for its records."""
    figure, kpi = found.figure, found.figure.kpi
    course = _course(kpi, selection)
    return Opened(
        kpi=kpi,
        number=number(figure, selection),
        median=amount(selectors.median(kpi.key, selection.scope, selection.window, on=selection.on), str(kpi.unit), selection.currency),
        means_median=reference.median(kpi),
        restated=restated(figure, selection),
        formula=reference.in_words(kpi),
        numerator=_exact(figure.numerator) if kpi.formula.denominator else "",
        denominator=_exact(figure.denominator) if kpi.formula.denominator else "",
        status=status(found.progress) if found.progress else None,
        bullet=bullet(figure, found.progress),
        course=tuple(Step(dates.window_name(p.window), _short(p.value, kpi), p.is_running) for p in reversed(course)),
        line=sparkline(course),
        division=DIVISIONS.get(kpi.part),
        by_part=_by_part(kpi, selection),
    )


def _exact(value: Decimal | None) -> str:
    return numbers.NO_VALUE if value is None else numbers.decimal(value, 0 if value == value.to_integral_value() else 2)


def _short(value: Decimal | None, kpi: Kpi) -> str:
    return numbers.NO_VALUE if value is None else numbers.short(value, str(kpi.unit))


def _course(kpi: Kpi, selection: Selection) -> list[selectors.Point]:
    """The last twelve months; nothing for what is defined by another period or a target."""
    if len(kpi.bases) > 1 or kpi.target_of:
        return []
    last = first = selection.calendar.containing("month", min(selection.on, selection.window.last_on))
    for _step in range(STEPS - 1):
        first = selection.calendar.previous(first)
    span = Window("", None, first.start_on, last.end_on)
    return goal_selectors.series(kpi.key, selection.scope, span, "month", on=selection.on, calendar=selection.calendar)


def _by_part(kpi: Kpi, selection: Selection) -> tuple[tuple[str, Number], ...]:
    if not kpi.part:
        return ()
    found = selectors.breakdown(kpi.key, selection.scope, selection.window, on=selection.on)
    return tuple((part.name, number(part.figure, selection)) for part in found)


@dataclass(frozen=True)
class Asked:
    """Which records: of one measure and a page of it, or the first few of all."""

    selection: Selection
    kpi: Kpi
    user: User
    measure: str = ""
    page: int = 1
    order: str = ""

    @property
    def size(self) -> int:
        return PAGE if self.measure else PREVIEW


def parts(asked: Asked) -> list[Part]:
    """Return the measures of a figure with their records, as far as they were asked for; past the end, the last page."""
    asked = asked if asked.measure else replace(asked, page=1)
    found = _read(asked)
    if asked.page > 1 and found and not found[0][1].rows and found[0][1].count:
        asked = replace(asked, page=last_page(found[0][1].count, asked.size))
        found = _read(asked)
    return [_part(one, n, asked) for n, one in found]


def _read(asked: Asked) -> list[tuple[int, Records]]:
    selection = asked.selection
    lists = selectors.records(
        asked.kpi.key,
        selection.scope,
        selection.window,
        on=selection.on,
        limit=asked.size,
        offset=(asked.page - 1) * asked.size,
        order=asked.order,
    )
    return [(n, one) for n, one in enumerate(lists) if asked.measure in ("", f"{one.measure}-{n}")]


def _part(found: Records, n: int, asked: Asked) -> Part:
    key, base = f"{found.measure}-{n}", reverse("dashboards:figure", args=[asked.kpi.key])
    query = {**asked.selection.query, "measure": key} | ({"sort": asked.order} if asked.order else {})
    first = (asked.page - 1) * asked.size + 1
    is_more = bool(asked.measure) and first + len(found.rows) - 1 < found.count
    words = {"first": first, "last": first + len(found.rows) - 1, "count": numbers.decimal(Decimal(found.count), 0)}
    return Part(
        key=key,
        name=found.name,
        total=_exact(found.total),
        raw=numbers.plain(found.total),
        count=found.count,
        excluded=int(found.excluded),
        rows=tuple(_rows(found.rows, asked)),
        url=base + written(query) if not asked.measure and found.count > len(found.rows) else "",
        previous_url=base + written({**query, "page": str(asked.page - 1)}) if asked.measure and asked.page > 1 else "",
        next_url=base + written({**query, "page": str(asked.page + 1)}) if is_more else "",
        place=_("%(first)s–%(last)s of %(count)s") % words if found.rows else "",
        sortings=tuple(_sortings(base, query, asked.order or "-amount")),
    )


def _sortings(base: str, query: dict[str, str], order: str) -> Iterator[Sorting]:
    """Yield the heads that sort; another press on the one that does turns it round."""
    for key, name, is_number in (("day", _("Day"), False), ("rep", _("Rep"), False), ("amount", _("Adds"), True)):
        now = {key: "ascending", f"-{key}": "descending"}.get(order, "")
        first, other = (f"-{key}", key) if key != "rep" else (key, f"-{key}")
        yield Sorting(name, base + written({**query, "sort": other if order == first else first}), now, is_number)


def _rows(rows: tuple[Record, ...], asked: Asked) -> Iterator[Row]:
    label = rows[0].model if rows else ""
    seen = kinds.visible_ids(label, (row.id for row in rows), asked.user, asked.selection.today)
    template = kinds.elsewhere(label)
    for row in rows:
        yield Row(
            label=row.label,
            url=_url(row, asked) if row.id in seen or label == "reps.Rep" else "",
            day=dates.day(row.day) if row.day else "",
            rep=row.rep,
            customer=row.customer,
            amount=_exact(row.amount),
            is_excluded=row.is_excluded,
            elsewhere=address_of(template, row.external_key) if row.id in seen else "",
            agreed=agreed(row.original_amount, row.currency),
        )


def _url(row: Record, asked: Asked) -> str:
    if row.model == "reps.Rep":
        return board_path(Scope("rep", row.id, row.label)) if access.sees_all(asked.user) else ""
    return record_url(kinds.BY_LABEL[row.model].key, row.id)


def every_record(kpi: Kpi, selection: Selection, size: int = 1000) -> Iterator[tuple[Records, Record]]:
    """Yield every record of every measure of a figure, read in pages."""
    page = 0
    while True:
        lists = selectors.records(kpi.key, selection.scope, selection.window, on=selection.on, limit=size, offset=page * size)
        for one in lists:
            for row in one.rows:
                yield one, row
        if all(len(one.rows) < size for one in lists):
            return
        page += 1


def exact_text(amount: Decimal | None) -> str:
    return "" if amount is None else numbers.plain(amount)


def day_text(day: date | None) -> str:
    return day.isoformat() if day else ""
