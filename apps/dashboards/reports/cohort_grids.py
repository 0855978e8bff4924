"""Cohorts as a page: a row for each month deals were created in, a column for each month since."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.core import dates, numbers
from apps.core.periods import DAY, Window
from apps.dashboards.boards.header import Choice
from apps.dashboards.records.sheets import Cell, Table
from apps.dashboards.reports import lists
from apps.dashboards.reports.lists import PAGE, Found, Listing, listing
from apps.dashboards.reports.places import Place, left_out
from apps.dashboards.selection import Unreadable
from apps.kpis.reports import cohorts
from apps.kpis.reports.cohorts import Cohort, Created, Grid, Total

ROWS, COLUMNS, MOST = 12, 13, 36  # months at least, columns at most, months at most
SHADES = 6
VALUE = "value"


@dataclass(frozen=True)
class Box:
    """One cell: the share won so far, `shade` from 0 to 6, and the deals behind it."""

    text: str
    title: str
    url: str
    shade: int
    is_mature: bool
    raw: str


@dataclass(frozen=True)
class Row:
    """One month's deals."""

    month: str
    created: Box
    boxes: tuple[Box, ...]
    rest: range
    won: Box
    lost: Box
    open: Box


@dataclass(frozen=True)
class Page:
    """Everything under the head."""

    rows: tuple[Row, ...]
    columns: tuple[int, ...]
    bases: tuple[Choice, ...]
    is_value: bool
    notes: tuple[str, ...]
    empty: str


def own(query: Mapping[str, str]) -> dict[str, str]:
    """Keep what the pickers keep: whether values are shown, not counts."""
    if query.get("by", "") not in ("", VALUE):
        raise Unreadable(_("Write by=value for values, or leave it out for counts."))
    return {"by": VALUE} if query.get("by") else {}


def months(place: Place) -> list[Window]:
    """Return the months of the period that have begun, with as many before them as make a year."""
    last = place.calendar.containing("month", min(place.on, place.window.last_on) if place.has_begun else place.on)
    found = [last]
    while len(found) < MOST and (len(found) < ROWS or found[0].start_on > place.window.start_on):
        found.insert(0, place.calendar.previous(found[0]))
    return found


def after(place: Place, shown: list[Window]) -> list[Window]:
    """Return the months after those shown, up to the one that runs."""
    return list(place.calendar.between("month", shown[-1].end_on, place.on + DAY))


def page(place: Place) -> Page:
    """Put the report together."""
    is_value, shown = bool(dict(place.own).get("by")), months(place)
    grid = cohorts.read(place.scope, shown, after(place, shown), on=place.on)
    columns = min(grid.columns, COLUMNS)
    filled = any(one.created.count for one in grid.cohorts)
    return Page(
        rows=tuple(_row(one, columns, place, is_value=is_value) for one in reversed(grid.cohorts)) if filled else (),
        columns=tuple(range(columns)),
        bases=(Choice(_("Deals"), place.having(by="").board, not is_value), Choice(_("Value"), place.having(by=VALUE).board, is_value)),
        is_value=is_value,
        notes=tuple(_notes(grid, columns)),
        empty=_("No deal was created in these months."),
    )


def _row(one: Cohort, columns: int, place: Place, *, is_value: bool) -> Row:
    boxes = tuple(_box(one, cell.won, n, place, is_value=is_value, is_mature=cell.is_mature) for n, cell in enumerate(one.cells[:columns]))
    gone = (one.won.count + one.lost.count, one.won.amount + one.lost.amount)
    left = Total(one.created.count - gone[0], one.created.amount - gone[1])
    return Row(
        month=dates.window_name(one.month),
        created=_sum(one.created, place.list(month=one.month.key), place, is_value=is_value),
        boxes=boxes,
        rest=range(columns - len(boxes)),
        won=_box(one, one.won, None, place, is_value=is_value, is_mature=True),
        lost=_sum(one.lost, place.list(month=one.month.key, ended="lost"), place, is_value=is_value),
        open=_sum(left, place.list(month=one.month.key, ended="open"), place, is_value=is_value),
    )


def _sum(total: Total, url: str, place: Place, *, is_value: bool) -> Box:
    """Write a number of deals, or what they are worth."""
    part = total.amount if is_value else Decimal(total.count)
    text = numbers.short(part, "money" if is_value else "count")
    return Box(text, _title_of(total, place), url if total.count else "", 0, is_mature=True, raw=numbers.plain(part))


def _box(one: Cohort, won: Total, within: int | None, place: Place, *, is_value: bool, is_mature: bool) -> Box:
    """Write the share that was won."""
    part, whole = (won.amount, one.created.amount) if is_value else (Decimal(won.count), Decimal(one.created.count))
    share = part / whole if whole else None
    query = {"month": one.month.key, "ended": "won", **({} if within is None else {"within": str(within)})}
    return Box(
        text=numbers.NO_VALUE if share is None else numbers.share(share),
        title=_title_of(won, place),
        url=place.list(**query) if won.count else "",
        shade=0 if share is None else min(SHADES, int(share * 10) + (share > 0)),
        is_mature=is_mature,
        raw=numbers.plain(part),
    )


def _title_of(total: Total, place: Place) -> str:
    words = {"count": numbers.decimal(Decimal(total.count), 0), "amount": numbers.whole(total.amount, "money", place.currency)}
    return ngettext("%(count)s deal, %(amount)s", "%(count)s deals, %(amount)s", total.count) % words


def _notes(grid: Grid, columns: int) -> list[str]:
    notes = [
        _(
            "Each cell: the share of the month’s deals that were won by the end of the month so many months later; 0 is the month they were created in. Grey: that month is still running."
        ),
        _("A deal belongs to whoever owned it on the day it was created."),
    ]
    if grid.columns > columns:
        notes.append(_("What was won later than %(count)s months after is in “won so far”.") % {"count": columns - 1})
    if unpriced := sum(one.created.unpriced for one in grid.cohorts):
        notes.append(_("Deals without an amount, or without an exchange rate for it, counted but not in the values: %(count)s.") % {"count": unpriced})
    return [*notes, *filter(None, [left_out(grid.undated)])]


def deals(place: Place, user: User, query: Mapping[str, str], number: int) -> Listing:
    """Open a cell into the deals won, or a row into all its deals."""
    shown = months(place)
    keys, ended, within = [one.key for one in shown], query.get("ended", ""), _within(query.get("within", ""))
    if query.get("month") not in keys or ended not in ("", "won", "lost", "open"):
        raise Http404(_("There is no such cell in this report."))
    row = keys.index(query["month"])
    found = cohorts.deals(place.scope, shown, after(place, shown), row, on=place.on, ended=ended, within=within, limit=PAGE, offset=(number - 1) * PAGE)
    heads = (Cell(_("Deal")), Cell(_("Rep")), Cell(_("Created")), Cell(_("How it stands")), Cell(_("Amount"), is_number=True))
    cells = lists.names([(one.deal, one.name, one.customer) for one in found.rows], user, place)
    rows = tuple(_line(name, one, place) for name, one in zip(cells, found.rows, strict=True))
    title = _title(shown[row], ended, within)
    table = Table(title, heads, rows, _("There is no such deal."))
    asked = {key: query[key] for key in ("month", "ended", "within") if query.get(key)}
    return listing(title, table, Found(found.count, found.amount, found.unpriced), number, place, asked)


def _within(text: str) -> int | None:
    """Read so many months after; empty is as long as can be."""
    if text and (not text.isdecimal() or len(text) > 3):
        raise Http404(_("There is no such cell in this report."))
    return int(text) if text else None


def _title(month: Window, ended: str, within: int | None) -> str:
    words = {"month": dates.window_name(month), "count": within}
    if within is not None:
        return ngettext("Created in %(month)s, won within %(count)s month after", "Created in %(month)s, won within %(count)s months after", within) % words
    titles = {
        "": _("Created in %(month)s"),
        "won": _("Created in %(month)s, won so far"),
        "lost": _("Created in %(month)s, lost so far"),
        "open": _("Created in %(month)s, still open"),
    }
    return titles[ended] % words


def _line(name: Cell, one: Created, place: Place) -> tuple[Cell, ...]:
    kinds = {"won": _("won on %(day)s"), "lost": _("lost on %(day)s"), "open": _("open")}
    ended = kinds[one.kind] % {"day": dates.day(one.closed_on)} if one.closed_on else kinds["open"]
    return (name, Cell(one.rep), Cell(dates.day(one.created_on)), Cell(ended), lists.money(one.amount, place, lists.NO_AMOUNT))
