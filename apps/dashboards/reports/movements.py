"""The movement of recurring revenue as a page: the whole period drawn, its months beneath each other, and the records of each part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core import dates, numbers
from apps.core.periods import Window
from apps.dashboards.records import kinds
from apps.dashboards.records.sheets import Cell, Table
from apps.dashboards.reports import lists
from apps.dashboards.reports.bars import Bars, Step, bars
from apps.dashboards.reports.lists import PAGE, Found, Listing, listing
from apps.dashboards.reports.places import Place
from apps.dashboards.widgets.deals import record_url
from apps.kpis.figures import Record
from apps.kpis.reports import movement
from apps.kpis.reports.movement import CHANGES, MOVED, Part, Statement

ELSEWHERE = ("mrr_passed", MOVED)
UNRATED = "mrr_unrated"
AT_NEED = (*ELSEWHERE, UNRATED)  # shown only when there is any
TOTALS = ("start", "end")
MEANINGS = {
    "start": gettext_lazy("a month, at the start of the first day"),
    "mrr_new": gettext_lazy("customers who had never paid before"),
    "mrr_expansion": gettext_lazy("customers who pay more than before"),
    "mrr_contraction": gettext_lazy("customers who pay less than before"),
    "mrr_churned": gettext_lazy("customers who no longer pay"),
    "mrr_reactivated": gettext_lazy("customers who had stopped paying and pay again"),
    "mrr_passed": gettext_lazy("subscriptions handed to or taken over from others"),
    UNRATED: gettext_lazy("customers of whom a part has no exchange rate"),
    MOVED: gettext_lazy("subscriptions of reps who came or went"),
    "end": gettext_lazy("a month, at the end of the last day"),
}


@dataclass(frozen=True)
class Amount:
    """One part in one month; `url` opens its records."""

    key: str
    name: str
    raw: str
    text: str
    full: str
    url: str


@dataclass(frozen=True)
class Row:
    """One month from its start to its end."""

    month: str
    is_running: bool
    amounts: tuple[Amount, ...]


@dataclass(frozen=True)
class Page:
    """Everything under the head."""

    bars: Bars
    summary: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    empty: str


@dataclass(frozen=True)
class Whole:
    """The whole period drawn, without its months."""

    bars: Bars
    summary: str
    empty: str


def whole(place: Place, *, key: str) -> Whole:
    """Draw the whole period; `key` is what its chart is called on the page."""
    found = movement.statement(place.scope, place.window, on=place.on, calendar=place.calendar)
    shown = [part for part in found.parts if part.key not in AT_NEED or part.amount]
    drawn = bars(key, _("Monthly recurring revenue over the period"), [_step(part, place) for part in shown], place.currency)
    return Whole(drawn, _summary(found), _empty(found, place))


def page(place: Place) -> Page:
    """Put the report together."""
    whole = movement.statement(place.scope, place.window, on=place.on, calendar=place.calendar)
    months = movement.statements(place.scope, place.window, "month", on=place.on, calendar=place.calendar)
    shown = [n for n, part in enumerate(whole.parts) if part.key not in AT_NEED or any(one.parts[n].amount for one in (whole, *months))]
    return Page(
        bars=bars("movement", _("Monthly recurring revenue over the period"), [_step(whole.parts[n], place) for n in shown], place.currency),
        summary=_summary(whole),
        names=tuple(str(whole.parts[n].name) for n in shown),
        rows=tuple(_row(one, shown, place) for one in reversed(months)),
        notes=tuple(_notes(shown, whole)),
        empty=_empty(whole, place),
    )


def _empty(whole: Statement, place: Place) -> str:
    if place.only:
        return _("Recurring revenue comes from subscriptions, which name no product or campaign: it cannot be narrowed to one.")
    if not place.has_begun:
        return _("The period has not begun.")
    if any(part.amount for part in whole.parts):
        return ""
    return _("There is no recurring revenue here in this period. Subscriptions come in by file, by the API, or by hand in the admin.")


def _step(part: Part, place: Place) -> Step:
    url = place.list(part=part.key) if part.amount else ""
    return Step(part.key, str(part.name), part.amount, part.key in TOTALS, url, about=str(MEANINGS[part.key]))


def _row(one: Statement, shown: Sequence[int], place: Place) -> Row:
    there = place.at(window=one.window)
    amounts = (_amount(one.parts[n], there) for n in shown)
    return Row(dates.window_name(one.window), one.window.last_on > one.on, tuple(amounts))


def _amount(part: Part, place: Place) -> Amount:
    sign = "+" if part.amount > 0 and part.key not in TOTALS else ""
    text = sign + numbers.short(part.amount, "money") if part.amount or part.key in TOTALS else numbers.NO_VALUE
    full = numbers.whole(part.amount, "money", place.currency)
    return Amount(part.key, str(part.name), numbers.plain(part.amount), text, full, place.list(part=part.key) if part.amount else "")


def _summary(whole: Statement) -> str:
    words = {"start": numbers.short(whole.start.amount, "money"), "end": numbers.short(whole.end.amount, "money")}
    return _("From %(start)s to %(end)s a month.") % words


def _notes(shown: Sequence[int], whole: Statement) -> list[str]:
    notes = [
        _(
            "Start + new + expansion − contraction − churn + reactivation = end. Which of these a change is, the sum of all the customer’s subscriptions decides."
        ),
        _("A subscription without an amount, or without an exchange rate for it, is left out."),
    ]
    keys = {whole.parts[n].key for n in shown}
    if UNRATED in keys:
        notes.append(_("Where a part of what a customer pays has no exchange rate, nobody can say what kind a change is. Enter the rate, and it is told."))
    if keys & set(ELSEWHERE):
        notes.append(
            _(
                "Subscriptions that passed between reps, or that a rep took along to another team, move revenue into or out of what is looked at without changing the company’s."
            )
        )
    return notes


def records(place: Place, user: User, query: Mapping[str, str], number: int) -> Listing:
    """Open one part into the records behind it."""
    key = query.get("part", "")
    found = movement.statement(place.scope, place.window, on=place.on, calendar=place.calendar)
    part = next((one for one in found.parts if one.key == key), None)
    if part is None:
        raise Http404(_("There is no such part."))
    return _movers(found, part, number, place) if key == MOVED else _records(found, part, number, user, place)


def _records(found: Statement, part: Part, number: int, user: User, place: Place) -> Listing:
    sign = CHANGES[part.key][1] if part.key in CHANGES else 1
    read = movement.records(found, part.key, limit=PAGE, offset=(number - 1) * PAGE)
    heads = (Cell(_("Record")), Cell(_("Customer")), Cell(_("Rep")), Cell(_("Day")), Cell(_("Adds a month"), is_number=True))
    rows = tuple(_line(one, sign, url, place) for one, url in zip(read.rows, _urls(read.rows, user, place), strict=True))
    table = Table(_titled(part, place.window), heads, rows, _("No record: nothing of this happened in the period."))
    return listing(str(part.name), table, Found(read.count, read.total * sign, int(read.excluded)), number, place, {"part": part.key})


def _urls(rows: Sequence[Record], user: User, place: Place) -> list[str]:
    model = rows[0].model if rows else ""
    seen = kinds.visible_ids(model, (row.id for row in rows), user, place.today)
    return [record_url(kinds.BY_LABEL[model].key, row.id) if row.id in seen else "" for row in rows]


def _line(one: Record, sign: int, url: str, place: Place) -> tuple[Cell, ...]:
    amount = None if one.is_excluded else one.amount * sign
    return (Cell(one.label, url), Cell(one.customer), Cell(one.rep), Cell(dates.day(one.day) if one.day else ""), lists.money(amount, place, lists.NO_AMOUNT))


def _movers(found: Statement, part: Part, number: int, place: Place) -> Listing:
    movers = movement.movers(found)
    heads = (Cell(_("Rep")), Cell(_("Day")), Cell(_("Adds a month"), is_number=True))
    rows = tuple((Cell(one.name), Cell(dates.day(one.day)), lists.money(one.amount, place)) for one in movers[(number - 1) * PAGE : number * PAGE])
    table = Table(_titled(part, place.window), heads, rows, _("Nobody changed teams in the period."))
    return listing(str(part.name), table, Found(len(movers), sum((one.amount for one in movers), Decimal(0))), number, place, {"part": part.key})


def _titled(part: Part, window: Window) -> str:
    return _("%(part)s in %(period)s") % {"part": part.name, "period": dates.window_name(window)}
