"""What a page says where teams and regions are seen as their members of today make them."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import dates, numbers
from apps.dashboards.selection import Selection
from apps.kpis.restatements import GRAINS
from apps.reps import rosters


def words(selection: Selection) -> str:
    """Say who counts, how many do not, and what stays as it is; nothing where teams are seen as they were, or of a rep. One query."""
    scope = selection.scope
    if not selection.is_regrouped or scope.kind == "rep":
        return ""
    left = rosters.left_behind(scope, selection.window, on=selection.on, members_on=selection.today)
    told = [WORDS[scope.kind]() % {"day": dates.day(selection.today)}, LEFT_OUT[scope.kind](left.count, left.gone)]
    if scope.kind != "company":
        told.append(_("Targets are its own, as they were set."))
    if selection.window.grain in GRAINS and selection.is_over:
        told.append(_("What was reported of a closed period was reported of teams as they were, and is not set beside these."))
    return " ".join(one for one in told if one)


WORDS = {
    "company": lambda: _(
        "Teams and regions as they are today, %(day)s: their members count there with all of their past. The company’s own figures are the same."
    ),
    "region": lambda: _(
        "As the teams are today, %(day)s: the region’s customers count as ever; what has no customer’s region counts by the team its rep is in today."
    ),
    "team": lambda: _("As the team is today, %(day)s: its members count with all of their past, and nobody else does."),
}


def _of_team(count: int) -> str:
    return ngettext(
        "%(count)s person who was here in this period is not here today and is left out",
        "%(count)s people who were here in this period are not here today and are left out",
        count,
    )


def _of_region(count: int) -> str:
    """Its customers' facts stay, whosever they are."""
    return ngettext(
        "%(count)s person who was here in this period is not here today: what they did for customers of no region is left out",
        "%(count)s people who were here in this period are not here today: what they did for customers of no region is left out",
        count,
    )


def _left_out(text: Callable[[int], str], count: int, gone: int) -> str:
    if not count:
        return _("Everybody who was here in this period is here today.")
    several = {"count": numbers.decimal(Decimal(count), 0), "gone": numbers.decimal(Decimal(gone), 0)}
    return text(count) % several + _gone(gone, several)


def _gone(gone: int, words: dict[str, str]) -> str:
    return " " + ngettext("(%(gone)s has left the company).", "(%(gone)s have left the company).", gone) % words if gone else "."


def _company(count: int, gone: int) -> str:
    if not count:
        return ""
    text = ngettext(
        "%(count)s person who worked here in this period is in no team today: they count for the company, and in no team.",
        "%(count)s people who worked here in this period are in no team today: they count for the company, and in no team.",
        count,
    )
    return text % {"count": numbers.decimal(Decimal(count), 0)}


LEFT_OUT: dict[str, Callable[[int, int], str]] = {"company": _company, "region": partial(_left_out, _of_region), "team": partial(_left_out, _of_team)}
