"""Why a record adds another amount than it did when its period was closed, and how that is said."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apps.kpis import catalogue
from apps.kpis.declarations import Measure

COUNTERS = ("1", "sign")
ALWAYS_KNOWN = ("FALSE", "is_undated")  # what has no day lies in no period
MONEY = ("amount IS NULL", "mrr IS NULL")


class Cause(StrEnum):
    """Why a record adds another amount than it did when the period was closed."""

    ENTERED = "entered"
    ENTERED_OR_KNOWN = "entered_or_known"
    ENTERED_OR_COMPLETED = "entered_or_completed"
    KNOWN = "known"
    KNOWN_OR_RATED = "known_or_rated"
    COMPLETED = "completed"
    REOPENED = "reopened"
    MOVED = "moved"
    DELETED = "deleted"
    REMOVED = "removed"
    AMOUNT = "amount"
    RATE = "rate"
    UNRATED = "unrated"
    HANDED_OVER = "handed_over"
    SHARED = "shared"
    REGION = "region"
    TEAM = "team"
    EMPLOYMENT = "employment"


WORDS = {
    Cause.ENTERED: _("added, or dated into the period"),
    Cause.ENTERED_OR_KNOWN: _("added, dated into the period, or its amount became known"),
    Cause.ENTERED_OR_COMPLETED: _("added, dated into the period, or what it adds became known"),
    Cause.KNOWN: _("its amount became known"),
    Cause.KNOWN_OR_RATED: _("its amount, or its exchange rate, became known"),
    Cause.COMPLETED: _("what it adds changed, or became known"),
    Cause.REOPENED: _("reopened"),
    Cause.MOVED: _("moved to another day"),
    Cause.DELETED: _("deleted"),
    Cause.REMOVED: _("no longer counted"),
    Cause.AMOUNT: _("amount changed"),
    Cause.RATE: _("amount, or the exchange rate of its currency, changed"),
    Cause.UNRATED: _("its exchange rate is missing"),
    Cause.HANDED_OVER: _("handed over"),
    Cause.SHARED: _("shared otherwise"),
    Cause.REGION: _("customer’s region changed"),
    Cause.TEAM: _("the team of its people changed"),
    Cause.EMPLOYMENT: _("hired or left on another day"),
}
COUNTED = {
    Cause.ENTERED: ngettext_lazy("%(count)d added, or dated into the period", "%(count)d added, or dated into the period", "count"),
    Cause.ENTERED_OR_KNOWN: ngettext_lazy(
        "%(count)d added, dated into the period, or with an amount that became known",
        "%(count)d added, dated into the period, or with an amount that became known",
        "count",
    ),
    Cause.ENTERED_OR_COMPLETED: ngettext_lazy(
        "%(count)d added, dated into the period, or completed", "%(count)d added, dated into the period, or completed", "count"
    ),
    Cause.KNOWN: ngettext_lazy("%(count)d amount became known", "%(count)d amounts became known", "count"),
    Cause.KNOWN_OR_RATED: ngettext_lazy(
        "%(count)d record whose amount, or exchange rate, became known", "%(count)d records whose amounts, or exchange rates, became known", "count"
    ),
    Cause.COMPLETED: ngettext_lazy("%(count)d record changed or completed", "%(count)d records changed or completed", "count"),
    Cause.REOPENED: ngettext_lazy("%(count)d reopened", "%(count)d reopened", "count"),
    Cause.MOVED: ngettext_lazy("%(count)d moved to another day", "%(count)d moved to other days", "count"),
    Cause.DELETED: ngettext_lazy("%(count)d deleted", "%(count)d deleted", "count"),
    Cause.REMOVED: ngettext_lazy("%(count)d no longer counted", "%(count)d no longer counted", "count"),
    Cause.AMOUNT: ngettext_lazy("%(count)d amount changed", "%(count)d amounts changed", "count"),
    Cause.RATE: ngettext_lazy(
        "%(count)d record whose amount, or exchange rate, changed", "%(count)d records whose amounts, or exchange rates, changed", "count"
    ),
    Cause.UNRATED: ngettext_lazy("%(count)d record whose exchange rate is missing", "%(count)d records whose exchange rates are missing", "count"),
    Cause.HANDED_OVER: ngettext_lazy("%(count)d handed over", "%(count)d handed over", "count"),
    Cause.SHARED: ngettext_lazy("%(count)d shared otherwise", "%(count)d shared otherwise", "count"),
    Cause.REGION: ngettext_lazy("%(count)d record whose customer’s region changed", "%(count)d records whose customers’ regions changed", "count"),
    Cause.TEAM: ngettext_lazy("%(count)d record whose people changed team", "%(count)d records whose people changed team", "count"),
    Cause.EMPLOYMENT: ngettext_lazy("%(count)d person hired or gone on another day", "%(count)d people hired or gone on other days", "count"),
}


def counted(cause: Cause, count: int) -> str:
    """Say how many records changed for a cause: `2 amounts changed`."""
    return str(COUNTED[cause] % {"count": count})


def witnesses(measure: Measure) -> tuple[list[str], list[str]]:
    """Return what counts the records that a measure is of: all of them, and those whose amount is known."""
    where = (measure.stream, measure.kind, measure.when)
    counts = [one for one in catalogue.MEASURES.values() if (one.stream, one.kind, one.when) == where and one.amount in COUNTERS]
    return [one.key for one in counts if one.unknown == "FALSE"], [one.key for one in counts if one.unknown == measure.unknown]


def cause(measure: Measure, row: dict[str, Any], fact: Any) -> Cause:
    """Say what happened to a record, from all it added to its measure then and adds now, and from the fact as it is."""
    if row["reps_before"] is None:
        return _come(measure, row, fact)
    if row["reps_after"] is None:
        return _gone(row, fact)
    if row["day_before"] != row["day_after"]:
        return Cause.MOVED
    if row["reps_before"] != row["reps_after"]:
        return Cause.HANDED_OVER if len(row["reps_before"]) == len(row["reps_after"]) == 1 else Cause.SHARED
    if row["region_before"] != row["region_after"]:
        return Cause.REGION
    if sum(row["amounts_before"]) != sum(row["amounts_after"]):
        return _of_amount(fact)
    return Cause.SHARED if row["amounts_before"] != row["amounts_after"] else Cause.TEAM


def _of_amount(fact: Any) -> Cause:
    return Cause.RATE if getattr(fact, "currency", "") else Cause.AMOUNT


def _come(measure: Measure, row: dict[str, Any], fact: Any) -> Cause:
    """Tell a record that is new from one that was there and left out, or added 0; where what was kept does not say, say both.

    Whether an amount or its rate was missing is kept nowhere: a closed deal's last state is corrected together with the deal.
    """
    is_money = measure.unknown in MONEY
    if measure.unknown in ALWAYS_KNOWN or row["was_there"] is False:
        return Cause.ENTERED
    if row["was_known"]:
        return _of_amount(fact)
    if row["was_there"] is None:
        return Cause.ENTERED_OR_KNOWN if is_money else Cause.ENTERED_OR_COMPLETED
    if not is_money or row["was_known"] is None:
        return Cause.COMPLETED
    return Cause.KNOWN_OR_RATED if getattr(fact, "currency", "") else Cause.KNOWN


def _gone(row: dict[str, Any], fact: Any) -> Cause:
    if fact is None:
        return Cause.DELETED
    if getattr(fact, "original_amount", None) is not None and fact.amount is None:
        return Cause.UNRATED
    closed_on = getattr(fact, "closed_on", row["day_before"])
    if closed_on is None:
        return Cause.REOPENED
    return Cause.MOVED if closed_on != row["day_before"] else Cause.REMOVED
