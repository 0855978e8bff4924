"""Puts together what changed since periods were closed: a list by period, and the records behind one figure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import dates, numbers
from apps.dashboards.records import kinds
from apps.dashboards.selection import Selection
from apps.dashboards.widgets.deals import record_url
from apps.dashboards.widgets.restated import Restated, explained_url, restated, signed
from apps.goals import selectors as goals
from apps.kpis import catalogue, restatements
from apps.kpis.causes import WORDS, counted
from apps.kpis.explaining import MOST, Changed, Changes
from apps.kpis.figures import Figure, Restatement
from apps.kpis.models import Close
from apps.kpis.recordlists import NAMES
from apps.kpis.restatements import HEADLINES


@dataclass(frozen=True)
class Line:
    """One restated KPI of a closed period."""

    name: str
    reported: str
    now: str
    by: str
    share: str
    url: str


@dataclass(frozen=True)
class Card:
    """One closed period: when and by whom it was closed, what changed since, in a sentence, and by KPI."""

    name: str
    closed: str
    board: str
    sentence: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Row:
    """One record that made a difference."""

    label: str
    url: str
    rep: str
    cause: str
    days: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True)
class Part:
    """One measure of a restated figure with the records whose part in it changed."""

    name: str
    difference: str
    raw: str
    count: int
    causes: str
    rows: tuple[Row, ...]
    left: int


@dataclass(frozen=True)
class Explained:
    """A restated figure with the records behind the difference; `because` says when a target made one."""

    restated: Restated | None
    reported: str
    now: str
    by: str
    closed: str
    because: str
    parts: tuple[Part, ...]


def card(close: Close, selection: Selection) -> Card:
    """Say what changed in one period since it was closed."""
    here = selection.at(window=restatements.window_of(close))
    found = goals.figures(catalogue.KPIS, [here.scope], here.window, on=here.on, calendar=here.calendar)
    changed = {key: one.figure for (key, _scope), one in found.items() if one.figure.restatement and one.figure.restatement.is_restated}
    keys = [key for key in HEADLINES if key in changed] + [key for key in changed if key not in HEADLINES]
    return Card(
        name=here.period_name,
        closed=closed(close),
        board=here.board,
        sentence=_sentence(close, changed.get("revenue"), here),
        lines=tuple(_line(changed[key], close, here) for key in keys),
    )


def closed(close: Close) -> str:
    words = {"day": dates.day(close.closed_on), "who": close.closed_by.name if close.closed_by else ""}
    return _("closed on %(day)s by %(who)s") % words if close.closed_by else _("closed on %(day)s") % words


def _sentence(close: Close, revenue: Figure | None, here: Selection) -> str:
    """Say by how much revenue changed, and why: `Q2 changed by −12,000 since it closed: 2 reopened, 1 amount changed.`"""
    if revenue is None or revenue.restatement is None or revenue.restatement.difference is None:
        return ""
    found = restatements.explain("revenue", close, here.scope, on=here.on)
    words = {"by": signed(revenue.restatement.difference, "money"), "why": because(found)}
    return _("Revenue changed by %(by)s since it closed: %(why)s.") % words


def because(found: Iterable[Changes]) -> str:
    """Count the records by what happened to them."""
    counts = Counter({(row.model, row.id): row.cause for changes in found for row in changes.rows}.values())
    return "; ".join(counted(cause, count) for cause, count in counts.most_common())


def _line(figure: Figure, close: Close, here: Selection) -> Line:
    one, unit = figure.restatement, str(figure.kpi.unit)
    assert one is not None
    share = _share(one) if unit != "percent" else ""
    return Line(
        name=str(figure.kpi.name),
        reported=_exact(one.reported, unit, here),
        now=_exact(figure.value, unit, here),
        by=signed(one.difference, unit),
        share=share,
        url=explained_url(figure.kpi.key, close.pk, here),
    )


def _share(one: Restatement) -> str:
    """Write a difference as a share of what was reported; nothing where it rounds to none."""
    if one.difference is None or not one.reported:
        return ""
    share = (one.difference / abs(one.reported) * 100).quantize(Decimal("0.1"))
    return f"+{numbers.percent(share)}" if share > 0 else numbers.percent(share) if share < 0 else ""


def _exact(value: Decimal | None, unit: str, selection: Selection) -> str:
    return numbers.NO_VALUE if value is None else numbers.whole(value, unit, selection.currency)


def _exactly(figure: Figure, selection: Selection) -> str:
    """Write a difference in full where it is an amount or a count."""
    one, unit = figure.restatement, str(figure.kpi.unit)
    if one is None or one.difference is None or unit in ("percent", "days", "ratio"):
        return signed(one.difference, unit) if one else ""
    text = numbers.whole(abs(one.difference), unit, selection.currency)
    return f"+{text}" if one.difference > 0 else f"{numbers.MINUS}{text}"


def explained(kpi: str, close: Close, selection: Selection, user: User) -> Explained:
    """Open a restated figure into the records that made the difference."""
    found = goals.figures([kpi], [selection.scope], selection.window, on=selection.on, calendar=selection.calendar)
    figure = found[kpi, selection.scope].figure
    unit, one = str(figure.kpi.unit), figure.restatement
    return Explained(
        restated=restated(figure, selection),
        reported=_exact(one.reported if one else None, unit, selection),
        now=_exact(figure.value, unit, selection),
        by=_exactly(figure, selection),
        closed=closed(close),
        because=one.because if one else "",
        parts=tuple(_part(changes, selection, user) for changes in restatements.explain(kpi, close, selection.scope, on=selection.on)),
    )


def _part(changes: Changes, selection: Selection, user: User) -> Part:
    model = changes.rows[0].model if changes.rows else ""
    seen = kinds.visible_ids(model, (row.id for row in changes.rows), user, selection.today)
    return Part(
        name=str(NAMES[changes.basis]) % {"measure": changes.measure.name},
        difference=_amount(changes.difference, is_signed=True),
        raw=numbers.plain(changes.difference),
        count=changes.count,
        causes=because([changes]),
        rows=tuple(_row(row, is_seen=row.id in seen) for row in changes.rows),
        left=max(0, changes.count - MOST),
    )


def _row(row: Changed, *, is_seen: bool) -> Row:
    days = [dates.day(day) for day in dict.fromkeys((row.day_before, row.day_after)) if day]
    return Row(
        label=row.label,
        url=record_url(kinds.BY_LABEL[row.model].key, row.id) if is_seen and row.cause != "deleted" else "",
        rep=row.rep,
        cause=str(WORDS[row.cause]),
        days=" → ".join(days),
        before=_amount(row.before),
        after=_amount(row.after),
        difference=_amount(row.difference, is_signed=True),
    )


def _amount(value: Decimal, *, is_signed: bool = False) -> str:
    text = numbers.decimal(value, 0 if value == value.to_integral_value() else 2)
    return f"+{text}" if is_signed and value > 0 else text
