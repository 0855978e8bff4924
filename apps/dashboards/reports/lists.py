"""The records behind one number of a report, page by page, and their sum: the number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.core import numbers
from apps.dashboards.asking import last_page
from apps.dashboards.records import kinds
from apps.dashboards.records.sheets import Cell, Table
from apps.dashboards.reports.places import Place
from apps.dashboards.widgets.deals import record_url
from apps.opportunities.selectors import told_apart

PAGE = 100
NO_AMOUNT = gettext_lazy("no amount, or no exchange rate")


@dataclass(frozen=True)
class Listing:
    """A page of records: `total` is the sum of the last column over all pages, `raw` the same for machines; `back_url` leads to the report."""

    title: str
    summary: str
    table: Table
    total: str
    raw: str
    place: str
    previous_url: str
    next_url: str
    back_url: str

    @property
    def span(self) -> int:
        """How many columns stand before the last."""
        return len(self.table.heads) - 1


@dataclass(frozen=True)
class Found:
    """What was found for a page of a list: all records' number, sum, and how many have no amount."""

    count: int
    amount: Decimal
    unpriced: int = 0


def listing(title: str, table: Table, found: Found, number: int, place: Place, query: dict[str, str], back: dict[str, str] | None = None) -> Listing:
    """Put a page of a list together; `query` is what its address says, `back` what the report's says, besides what a place says."""
    first = (number - 1) * PAGE + 1
    words = {"first": first, "last": first + len(table.rows) - 1, "count": numbers.decimal(Decimal(found.count), 0)}
    total = numbers.whole(found.amount, "money", place.currency)
    return Listing(
        title=title,
        summary=" · ".join(text for text in (_counted(found.count), total, _unpriced(found.unpriced)) if text),
        table=table,
        total=total,
        raw=numbers.plain(found.amount),
        place=_("%(first)s–%(last)s of %(count)s") % words if table.rows else "",
        previous_url=place.list(**query, page=str(number - 1)) if number > 1 else "",
        next_url=place.list(**query, page=str(number + 1)) if number < last_page(found.count, PAGE) else "",
        back_url=place.having(**(back or {})).board,
    )


def _counted(count: int) -> str:
    return ngettext("%(count)s record", "%(count)s records", count) % {"count": numbers.decimal(Decimal(count), 0)}


def _unpriced(count: int) -> str:
    return (
        ngettext("%(count)s without an amount or its exchange rate", "%(count)s without an amount or its exchange rate", count) % {"count": count}
        if count
        else ""
    )


def money(value: Decimal | None, place: Place, unknown: str | Promise = "") -> Cell:
    """Write an amount in full."""
    return Cell(str(unknown) if value is None else numbers.whole(value, "money", place.currency), is_number=True)


def names(rows: Sequence[tuple[int, str, str]], user: User, place: Place) -> list[Cell]:
    """Write each deal's name and customer, as a link where the reader may open it."""
    seen = visible((pk for pk, _name, _customer in rows), user, place)
    return [Cell(told_apart(name, customer), record_url("opportunity", pk) if pk in seen else "") for pk, name, customer in rows]


def visible(ids: Iterable[int], user: User, place: Place) -> set[int]:
    return kinds.visible_ids("opportunities.Opportunity", ids, user, place.today)
