"""Lists of deals: those at risk, those that would close the gap, and what changed lately."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import dates, numbers
from apps.dashboards.selection import Selection, address, written
from apps.opportunities import selectors
from apps.opportunities.selectors import IDLE_DAYS, PUSHED_OFTEN, Change, DealList, OpenDeal


@dataclass(frozen=True)
class Item:
    """One deal in a list: what it is called, how much, whose, and what is to be said about it."""

    label: str
    url: str
    amount: str
    full: str
    owner: str
    remarks: tuple[str, ...]
    covered: str = ""
    tone: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Deals:
    """A list of deals, and the page with all of them."""

    template: ClassVar[str] = "dashboards/widgets/_deals.html"
    title: str
    items: tuple[Item, ...]
    summary: str
    empty: str
    more_url: str = ""
    more: str = ""


@dataclass(frozen=True)
class Changes:
    """What changed since a day: single deals, and sums of those that came in."""

    template: ClassVar[str] = "dashboards/widgets/_changes.html"
    title: str
    items: tuple[Item, ...]
    rest: str
    empty: str


def at_risk(found: DealList, selection: Selection) -> Deals:
    """List the deals at risk, each with its reasons."""
    query = {key: value for key, value in selection.query.items() if key != "period"}
    return Deals(
        title=_("Deals at risk"),
        items=tuple(item(deal, reasons(deal, selection.on), selection) for deal in found.deals),
        summary=_total(found, selection),
        empty=_("No open deal is overdue, forgotten or pushed out again and again."),
        more_url=address("dashboards:at-risk") + written(query) if found.count > len(found.deals) else "",
        more=_("All %(count)s") % {"count": numbers.short(Decimal(found.count), "count")},
    )


def _total(found: DealList, selection: Selection) -> str:
    if not found.count:
        return ""
    words = {"count": numbers.short(Decimal(found.count), "count"), "amount": numbers.short(found.amount, "money")}
    return ngettext("%(count)s deal, %(amount)s", "%(count)s deals, %(amount)s", found.count) % words


def item(deal: OpenDeal, remarks: Sequence[str], selection: Selection, *, covered: str = "") -> Item:
    return Item(
        label=deal.label,
        url=record_url("opportunity", deal.id),
        amount=_amount(deal),
        full=numbers.whole(deal.amount, "money", selection.currency) if deal.amount is not None else "",
        owner=deal.owner,
        remarks=tuple(remarks),
        covered=covered,
    )


def _amount(deal: OpenDeal | Change) -> str:
    """Say how much, or why that is not known."""
    if deal.amount is None:
        return _("no exchange rate") if deal.is_unrated else _("no amount")
    return numbers.short(deal.amount, "money")


def record_url(model: str, pk: int) -> str:
    return address("dashboards:record", model, pk)


def reasons(deal: OpenDeal, on: date) -> list[str]:
    """Say why a deal is at risk."""
    found = []
    if deal.overdue_days > 0:
        found.append(ngettext("expected close %(days)s day ago", "expected close %(days)s days ago", deal.overdue_days) % {"days": deal.overdue_days})
    if deal.idle_days > IDLE_DAYS:
        found.append(_("nothing happened for %(days)s days") % {"days": deal.idle_days})
    if deal.pushes >= PUSHED_OFTEN:
        found.append(ngettext("close pushed out %(times)s time", "close pushed out %(times)s times", deal.pushes) % {"times": deal.pushes})
    return found


def closing(found: DealList, gap: Decimal | None, selection: Selection, *, is_own: bool) -> Deals:
    """List the open deals by expected close until they would cover the gap; without a gap, the next few."""
    items, sum_so_far, is_covered = [], Decimal(0), False
    for deal in found.deals:
        if is_covered:
            break
        sum_so_far += deal.amount or Decimal(0)
        is_covered = gap is not None and gap > 0 and sum_so_far >= gap
        covered = numbers.share(min(sum_so_far / gap, Decimal(1))) if gap is not None and gap > 0 else ""
        made = item(deal, [_due(deal, selection.on), deal.stage], selection, covered=covered)
        items.append(replace(made, owner="") if is_own else made)
    empty = _("No open deal of yours is expected to close in this period.") if is_own else _("No open deal is expected to close in this period.")
    if selection.is_over:
        empty = _("The period is over: nothing more can be won in it.")
    return Deals(_("What would close it"), tuple(items), _coverage(gap, is_covered, found, len(items)) if items else "", empty)


def _due(deal: OpenDeal, on: date) -> str:
    if deal.expected_close_on is None:
        return _("no expected close")
    day = dates.near(deal.expected_close_on, on)
    return _("was expected %(day)s") % {"day": day} if deal.expected_close_on < on else _("expected %(day)s") % {"day": day}


def _coverage(gap: Decimal | None, is_covered: bool, found: DealList, shown: int) -> str:
    """Say whether the open deals cover the gap: those that are shown, or all there are."""
    if gap is None:
        return ""
    if gap <= 0:
        return _("The target is reached; these would come on top.")
    words = {"gap": numbers.short(gap, "money"), "found": numbers.short(found.amount, "money"), "more": found.count - shown}
    if is_covered:
        return _("%(gap)s to go: these deals, won, would cover it.") % words
    if found.amount >= gap:
        return (
            ngettext(
                "%(gap)s to go: these deals and %(more)s more of this period, worth %(found)s together, would cover it.",
                "%(gap)s to go: these deals and %(more)s more of this period, worth %(found)s together, would cover it.",
                found.count - shown,
            )
            % words
        )
    return _("%(gap)s to go: all deals expected in this period are worth %(found)s. New ones are needed.") % words


KINDS = {"won": gettext_lazy("won"), "lost": gettext_lazy("lost"), "reopened": gettext_lazy("reopened")}
TONES = {"won": "ahead", "lost": "behind", "reopened": "risk"}


def changed(found: selectors.Changes, since: date, selection: Selection) -> Changes:
    """List what was won, lost and reopened since a day, and sum up what came in and what is left over."""
    rest = [_sum_up(kind, *found.others[kind]) for kind in (*TONES, "created") if kind in found.others]
    return Changes(
        title=_("Since yesterday") if (selection.on - since).days <= 1 and selection.is_now else _("Since %(day)s") % {"day": dates.weekday(since)},
        items=tuple(_change(one, selection) for one in found.single),
        rest=" · ".join(rest),
        empty=_("No deal was created, won, lost or reopened."),
    )


def _change(one: Change, selection: Selection) -> Item:
    return Item(
        label=one.label,
        url=record_url("opportunity", one.id),
        amount=_amount(one),
        full=numbers.whole(one.amount, "money", selection.currency) if one.amount is not None else "",
        owner=one.owner,
        remarks=(dates.ago(one.day, selection.on),),
        tone=TONES[one.kind],
        kind=str(KINDS[one.kind]),
    )


def _sum_up(kind: str, count: int, amount: Decimal) -> str:
    words = {"count": numbers.short(Decimal(count), "count"), "amount": numbers.short(amount, "money")}
    texts = {
        "won": ngettext("%(count)s more won, %(amount)s", "%(count)s more won, %(amount)s", count),
        "lost": ngettext("%(count)s more lost, %(amount)s", "%(count)s more lost, %(amount)s", count),
        "reopened": ngettext("%(count)s more reopened, %(amount)s", "%(count)s more reopened, %(amount)s", count),
        "created": ngettext("%(count)s new deal, %(amount)s", "%(count)s new deals, %(amount)s", count),
    }
    return texts[kind] % words
