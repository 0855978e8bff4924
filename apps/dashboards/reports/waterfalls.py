"""The pipeline waterfall as a page: two days, the days deals are expected in, the bars, and each bar's deals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.core import dates, numbers
from apps.core.periods import DAY
from apps.dashboards.boards.header import Choice
from apps.dashboards.records.sheets import Cell, Table
from apps.dashboards.reports import lists
from apps.dashboards.reports.bars import Bars, Step, bars
from apps.dashboards.reports.lists import PAGE, Found, Listing, listing
from apps.dashboards.reports.places import Place, left_out
from apps.dashboards.selection import Unreadable, read_day
from apps.kpis.reports import waterfall
from apps.kpis.reports.waterfall import BARS, Bar, Moved, Span, Waterfall

NAMES = {
    "start": gettext_lazy("Start"),
    "new": gettext_lazy("New"),
    "pulled_in": gettext_lazy("Pulled in"),
    "handed_in": gettext_lazy("Handed in"),
    "reopened": gettext_lazy("Reopened"),
    "known": gettext_lazy("Became known"),
    "amount_up": gettext_lazy("Amount up"),
    "amount_down": gettext_lazy("Amount down"),
    "unknown": gettext_lazy("No longer known"),
    "handed_out": gettext_lazy("Handed out"),
    "pushed_out": gettext_lazy("Pushed out"),
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
    "end": gettext_lazy("End"),
}
MEANINGS = {
    "start": gettext_lazy("open at the start of the first day"),
    "new": gettext_lazy("created since"),
    "pulled_in": gettext_lazy("expected close moved into these days"),
    "handed_in": gettext_lazy("deals, or shares of them, from other people or teams"),
    "reopened": gettext_lazy("had been won or lost"),
    "known": gettext_lazy("amount or expected close was unknown"),
    "amount_up": gettext_lazy("amount raised"),
    "amount_down": gettext_lazy("amount lowered"),
    "unknown": gettext_lazy("amount or expected close no longer known"),
    "handed_out": gettext_lazy("deals, or shares of them, to other people or teams"),
    "pushed_out": gettext_lazy("expected close moved out of these days"),
    "won": gettext_lazy("closed as won, at the amount won"),
    "lost": gettext_lazy("closed as lost"),
    "end": gettext_lazy("open at the end of the last day"),
}
AT_NEED = ("handed_in", "reopened", "known", "unknown", "handed_out")  # shown only when there are any
OPEN = "open"


@dataclass(frozen=True)
class Page:
    """Everything under the head: the two days, the ways to look at other deals, the bars, and what is said about them."""

    bars: Bars
    summary: str
    whose: str
    dues: tuple[Choice, ...]
    since: str
    until: str
    kept: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    empty: str


def own(query: Mapping[str, str]) -> dict[str, str]:
    """Keep what the pickers keep: whether all open deals are looked at."""
    if query.get("due", "") not in ("", OPEN):
        raise Unreadable(_("Write due=open for all open deals, or leave it out for those expected in the period."))
    return {"due": OPEN} if query.get("due") else {}


def span(place: Place, query: Mapping[str, str]) -> Span:
    """Read the two days: from the start of `since` to the end of `until`; the period as far as it is over, when none is named."""
    usual = place.window.start_on if place.has_begun else place.running.start_on
    until = read_day(query["until"]) if query.get("until") else min(place.on, place.window.last_on) if place.has_begun else place.on
    since = read_day(query["since"]) if query.get("since") else min(usual, until)
    if since > until:
        raise Unreadable(_("The first day, %(since)s, is after the last, %(until)s.") % {"since": since.isoformat(), "until": until.isoformat()})
    if until > place.on:
        raise Unreadable(_("%(day)s is still to come, seen from %(on)s. Choose an earlier last day.") % {"day": until.isoformat(), "on": place.on.isoformat()})
    return Span(since - DAY, until, None if dict(place.own).get("due") else place.window)


def named(asked: Span, place: Place, query: Mapping[str, str]) -> dict[str, str]:
    """Return the two days as an address names them, where it does."""
    days = {"since": asked.first_on + DAY, "until": asked.last_on}
    return {key: day.isoformat() for key, day in days.items() if query.get(key)}


def page(place: Place, query: Mapping[str, str], *, key: str = "waterfall") -> Page:
    """Put the report together; `key` is what its chart is called on the page."""
    asked = span(place, query)
    found, days = waterfall.read(place.scope, asked), named(asked, place, query)
    shown = [key for key in BARS if key not in AT_NEED or found[key].amount]
    return Page(
        bars=bars(key, _("How the pipeline moved"), [_step(found[key], place, days) for key in shown], place.currency),
        summary=_summary(found),
        whose=_whose(asked),
        dues=tuple(_dues(place, days)),
        since=(asked.first_on + DAY).isoformat(),
        until=asked.last_on.isoformat(),
        kept=(*place.query.items(), *place.own),
        notes=tuple(_notes(found)),
        empty="" if found.bars else _("No deal was open and expected in these days. Choose other days, or all open deals."),
    )


def _step(bar: Bar, place: Place, days: dict[str, str]) -> Step:
    note = ngettext("%(count)s deal", "%(count)s deals", bar.count) % {"count": numbers.short(Decimal(bar.count), "count")}
    url = place.list(bar=bar.key, **days) if bar.count else ""
    return Step(bar.key, str(NAMES[bar.key]), bar.amount, bar.key in ("start", "end"), url, note, str(MEANINGS[bar.key]))


def _summary(found: Waterfall) -> str:
    words = {key: numbers.short(abs(found[key].amount), "money") for key in ("start", "end", "won", "lost", "new")}
    return _("From %(start)s to %(end)s: %(new)s new, %(won)s won, %(lost)s lost.") % words


def _whose(asked: Span) -> str:
    words = {"since": dates.day(asked.first_on + DAY), "until": dates.day(asked.last_on)}
    if asked.due is None:
        return _("All open deals, from the start of %(since)s to the end of %(until)s.") % words
    return _("Deals expected to close in %(due)s, from the start of %(since)s to the end of %(until)s.") % {**words, "due": dates.window_name(asked.due)}


def _dues(place: Place, days: dict[str, str]) -> list[Choice]:
    is_all = bool(dict(place.own).get("due"))
    return [
        Choice(_("Expected in the period"), place.having(due="", **days).board, not is_all),
        Choice(_("All open deals"), place.having(due=OPEN, **days).board, is_all),
    ]


def _notes(found: Waterfall) -> list[str]:
    notes = [_("The pipeline is what was open at the end of a day; a deal that came and closed on one day never stood in it.")]
    for key, text in (
        ("start", _("At the start, deals without an amount, or without an exchange rate for it: %(count)s.")),
        ("end", _("At the end, deals without an amount, or without an exchange rate for it: %(count)s.")),
    ):
        if found[key].unpriced:
            notes.append(text % {"count": found[key].unpriced})
    return [*notes, *filter(None, [left_out(found.undated)])]


def deals(place: Place, user: User, query: Mapping[str, str], number: int) -> Listing:
    """Open one bar into its deals, before and after."""
    bar, asked = query.get("bar", ""), span(place, query)
    if bar not in BARS:
        raise Http404(_("There is no such bar."))
    found = waterfall.deals(place.scope, asked, bar, limit=PAGE, offset=(number - 1) * PAGE)
    heads = (
        Cell(_("Deal")),
        Cell(_("Rep")),
        Cell(_("Stage")),
        Cell(_("Expected close")),
        Cell(_("Before"), is_number=True),
        Cell(_("After"), is_number=True),
        Cell(_("Adds"), is_number=True),
    )
    cells = lists.names([(one.deal, one.name, one.customer) for one in found.rows], user, place)
    rows = tuple(_line(name, one, place) for name, one in zip(cells, found.rows, strict=True))
    table = Table(f"{NAMES[bar]}: {_whose(asked)}", heads, rows, _("No deal: nothing of this happened between the two days."))
    days = named(asked, place, query)
    return listing(str(NAMES[bar]), table, Found(found.count, found.amount, found.unpriced), number, place, {"bar": bar, **days}, days)


def _line(name: Cell, one: Moved, place: Place) -> tuple[Cell, ...]:
    return (
        name,
        Cell(one.rep),
        Cell(_changed(one.stage_before, one.stage_after)),
        Cell(_changed(_day(one.due_before), _day(one.due_after))),
        lists.money(one.before, place, numbers.NO_VALUE),
        lists.money(one.after, place, numbers.NO_VALUE),
        lists.money(one.part, place, lists.NO_AMOUNT),
    )


def _day(value: date | None) -> str:
    return dates.day(value) if value else ""


def _changed(before: str, after: str) -> str:
    if before == after or not (before and after):
        return after or before
    return _("%(before)s, then %(after)s") % {"before": before, "after": after}
