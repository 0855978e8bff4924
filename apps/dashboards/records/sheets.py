"""Puts the page of one fact together: its fields, and for a deal its states, shares, quotes and activities."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.core import dates, numbers
from apps.core.elsewhere import address_of
from apps.customers.models import Customer
from apps.dashboards.records import kinds
from apps.dashboards.records.kinds import KINDS, Kind
from apps.dashboards.shown import agreed
from apps.dashboards.widgets.deals import record_url
from apps.opportunities.models import Opportunity

SHOWN = 50
NO_RATE = gettext_lazy("no exchange rate")
MONEY, PERCENT = {"amount", "cost", "mrr", "change"}, {"probability", "share"}


@dataclass(frozen=True)
class Cell:
    """One value; `url` opens what it names."""

    text: str
    url: str = ""
    full: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells under heads; `note` says what is left out."""

    title: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    note: str = ""

    @property
    def lines(self) -> list[list[tuple[Cell, Cell]]]:
        """Each row's cells with the heads they stand under."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Sheet:
    """One fact as a page."""

    kind: str
    title: str
    fields: tuple[tuple[str, Cell], ...]
    tables: tuple[Table, ...]
    change_url: str
    elsewhere: str


@dataclass(frozen=True)
class Reader:
    """Who reads, on which day, in which money and time zone."""

    user: Any
    on: date
    currency: str
    is_admin: bool
    zone: ZoneInfo


def sheet(kind: Kind, row: Any, reader: Reader) -> Sheet:
    """Put a fact's page together."""
    return Sheet(
        kind=str(kind.model._meta.verbose_name).capitalize(),
        title=str(row),
        fields=tuple(_fields(kind, row, reader)),
        tables=tuple(_tables(row, reader)),
        change_url=reverse(kind.changed_at, args=[row.pk]) if reader.is_admin else "",
        elsewhere=address_of(kinds.elsewhere(kind.label), getattr(row, "external_key", None)),
    )


def _fields(kind: Kind, row: Any, reader: Reader) -> list[tuple[str, Cell]]:
    found = []
    for name in kind.fields:
        label = str(row._meta.get_field(name).verbose_name).capitalize()
        value = cell(row, name, reader)
        if value.text:
            found.append((label, value))
    return found


def cell(row: Any, name: str, reader: Reader) -> Cell:
    """Write one field as people read it; what it names is a link where the reader may open it."""
    value = getattr(row, name)
    if name.startswith("original_"):
        return Cell(agreed(value, row.currency), is_number=True)
    if value is None and getattr(row, f"original_{name}", None) is not None:
        return Cell(str(NO_RATE), is_number=True)
    if isinstance(value, Model):
        return Cell(str(value), _link(value, reader))
    if value is None or value == "":
        return Cell("")
    if isinstance(value, bool):
        return Cell(_("yes") if value else _("no"))
    if isinstance(value, datetime):
        return Cell(dates.instant(value.astimezone(reader.zone)))
    if isinstance(value, date):
        return Cell(dates.day(value))
    if isinstance(value, int):
        return Cell(numbers.decimal(Decimal(value), 0), is_number=True)
    if isinstance(value, Decimal):
        return _amount(value, reader) if name in MONEY else Cell(numbers.percent(value) if name in PERCENT else numbers.decimal(value, 2), is_number=True)
    display = getattr(row, f"get_{name}_display", None)
    return Cell(str(display() if display else value))


def _money(row: Any, reader: Reader) -> Cell:
    """Write a fact's amount, with what was agreed where that is in another currency."""
    known = (
        numbers.whole(row.amount, "money", reader.currency) if row.amount is not None else str(NO_RATE) if row.original_amount is not None else numbers.NO_VALUE
    )
    entered = agreed(row.original_amount, row.currency)
    return Cell(f"{known} ({entered})" if entered else known, is_number=True)


def _amount(value: Decimal | None, reader: Reader) -> Cell:
    return Cell(numbers.whole(value, "money", reader.currency) if value is not None else numbers.NO_VALUE, is_number=True)


def _link(row: Model, reader: Reader) -> str:
    kind = next((kind for kind in KINDS.values() if kind.model is type(row)), None)
    if kind is None or row.pk not in kinds.visible_ids(kind.label, [row.pk], reader.user, reader.on):
        return ""
    return record_url(kind.key, row.pk)


def _tables(row: Any, reader: Reader) -> list[Table]:
    if isinstance(row, Opportunity):
        return [_states(row, reader), *_credits(row), *_quotes(row, reader), _activities(row, reader, {"opportunity": row})]
    if isinstance(row, Activity):
        return []
    field = {"Customer": "customer", "Lead": "lead"}.get(type(row).__name__)
    if field is None:
        return []
    paid = [_subscriptions(row, reader)] if isinstance(row, Customer) else []
    return [_deals(row, reader, field), *paid, _activities(row, reader, {field: row})]


def _subscriptions(customer: Customer, reader: Reader) -> Table:
    rows = kinds.visible(KINDS["subscription"], reader.user, reader.on).filter(customer=customer).select_related("rep")
    found = list(rows.order_by("-started_on", "-pk")[: SHOWN + 1])
    made = tuple(
        (
            Cell(one.plan or str(one), record_url("subscription", one.pk)),
            Cell(one.rep.name),
            _amount(one.mrr, reader) if one.mrr is not None else _money(one, reader),
            Cell(dates.day(one.started_on)),
            Cell(dates.day(one.ended_on) if one.ended_on else ""),
        )
        for one in found[:SHOWN]
    )
    heads = (Cell(_("Subscription")), Cell(_("Rep")), Cell(_("A month"), is_number=True), Cell(_("Started")), Cell(_("Ended")))
    return Table(_("Subscriptions"), heads, made, _("No subscription is recorded."), _more(len(found)))


def _states(deal: Opportunity, reader: Reader) -> Table:
    rows = deal.versions.select_related("stage", "owner").order_by("-valid_from", "-sequence")[: SHOWN + 1]
    made = tuple(
        (
            Cell(dates.day(one.valid_from)),
            Cell(dates.day(one.valid_to) if one.valid_to else _("now")),
            Cell(one.stage.name),
            Cell(one.owner.name),
            _money(one, reader),
            Cell(dates.day(one.expected_close_on) if one.expected_close_on else ""),
        )
        for one in list(rows)[:SHOWN]
    )
    heads = (Cell(_("From")), Cell(_("Until")), Cell(_("Stage")), Cell(_("Owner")), Cell(_("Amount"), is_number=True), Cell(_("Expected close")))
    empty = _("No state is known, because the deal has no creation day. Enter it, and it counts from then on.")
    return Table(_("Every state it was in"), heads, made, empty, _more(len(rows)))


def _credits(deal: Opportunity) -> list[Table]:
    rows = list(deal.credits.select_related("rep"))
    if not rows:
        return []
    made = tuple((Cell(one.rep.name), Cell(numbers.percent(one.share), is_number=True)) for one in rows)
    return [Table(_("Whose it is"), (Cell(_("Rep")), Cell(_("Share"), is_number=True)), made, "")]


def _quotes(deal: Opportunity, reader: Reader) -> list[Table]:
    found = list(
        kinds.visible(KINDS["quote"], reader.user, reader.on).filter(opportunity=deal).select_related("rep").order_by("number", "-revision")[: SHOWN + 1]
    )
    if not found:
        return []
    made = tuple(
        (
            Cell(one.number, record_url("quote", one.pk)),
            Cell(numbers.decimal(Decimal(one.revision), 0), is_number=True),
            Cell(one.rep.name),
            _money(one, reader),
            Cell(dates.day(one.sent_on) if one.sent_on else _("not sent")),
            Cell(dates.day(one.accepted_on) if one.accepted_on else ""),
        )
        for one in found[:SHOWN]
    )
    heads = (Cell(_("Quote")), Cell(_("Revision"), is_number=True), Cell(_("Rep")), Cell(_("Amount"), is_number=True), Cell(_("Sent")), Cell(_("Accepted")))
    return [Table(_("Quotes"), heads, made, "", _("Only the first %(shown)s are shown.") % {"shown": SHOWN} if len(found) > SHOWN else "")]


def _activities(row: Any, reader: Reader, of: dict[str, Any]) -> Table:
    found = kinds.visible(KINDS["activity"], reader.user, reader.on).filter(**of).select_related("rep").order_by("-completed_on", "-due_on")[: SHOWN + 1]
    made = tuple(
        (
            Cell(dates.day(one.completed_on) if one.completed_on else _("planned for %(day)s") % {"day": dates.day(one.due_on)}),
            Cell(one.get_kind_display()),
            Cell(str(one), record_url("activity", one.pk)),
            Cell(one.rep.name),
        )
        for one in list(found)[:SHOWN]
    )
    heads = (Cell(_("Day")), Cell(_("Kind")), Cell(_("Subject")), Cell(_("Rep")))
    return Table(_("Activities"), heads, made, _("No activity is recorded."), _more(len(found)))


def _deals(row: Any, reader: Reader, field: str) -> Table:
    rows = kinds.visible(KINDS["opportunity"], reader.user, reader.on).filter(**{field: row})
    found = rows.select_related("stage", "owner").order_by("-created_on", "-pk")[: SHOWN + 1]
    made = tuple(
        (
            Cell(str(one), record_url("opportunity", one.pk)),
            Cell(one.stage.name),
            Cell(one.owner.name),
            _money(one, reader),
            Cell(dates.day(one.closed_on or one.expected_close_on) if one.closed_on or one.expected_close_on else ""),
        )
        for one in list(found)[:SHOWN]
    )
    heads = (Cell(_("Deal")), Cell(_("Stage")), Cell(_("Owner")), Cell(_("Amount"), is_number=True), Cell(_("Closed, or expected")))
    return Table(_("Deals"), heads, made, _("No deal is recorded."), _more(len(found)))


def _more(count: int) -> str:
    return _("Only the latest %(shown)s are shown.") % {"shown": SHOWN} if count > SHOWN else ""
