"""What a wall display celebrates: deals won today from an amount on, and goals that are reached."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.dashboards.selection import Selection
from apps.goals import selectors as goals
from apps.kpis import selectors as kpis
from apps.opportunities import selectors as opportunities
from apps.reps import directory
from apps.reps.scopes import Scope

MOST = 50
GRAINS = ("month", "quarter")
GOALS = ("revenue",)


@dataclass(frozen=True)
class Milestone:
    """One event; `key` names it for good, so that it is celebrated once."""

    key: str
    what: str
    about: str


def milestones(look: Selection, celebrated_from: Decimal) -> list[Milestone]:
    """Return what there is to celebrate in a scope today: deals, then goals of the scope, its teams and its people over the running month and quarter."""
    return [*_deals(look, celebrated_from), *_goals(look)]


def _deals(look: Selection, celebrated_from: Decimal) -> list[Milestone]:
    found = opportunities.changes(look.scope, since=look.on, on=look.on, limit=MOST)
    return [
        Milestone(
            f"deal:{one.id}:{one.day.isoformat()}",
            _("Won: %(amount)s") % {"amount": numbers.whole(one.amount, "money", look.currency)},
            _("%(deal)s, by %(owner)s") % {"deal": one.label, "owner": one.owner},
        )
        for one in found.single
        if one.kind == "won" and one.amount is not None and one.amount >= celebrated_from
    ]


def _goals(look: Selection) -> list[Milestone]:
    windows = [look.calendar.containing(grain, look.on) for grain in GRAINS]
    inside = directory.inside([(look.scope, window) for window in windows], on=look.on, today=look.today)
    asked = {window: [(key, scope) for key in GOALS for scope in _scopes(look.scope, inside[look.scope, window])] for window in windows}
    found = goals.over_windows(asked, on=look.on, calendar=look.calendar)
    return [
        Milestone(
            f"goal:{key}:{scope.kind}:{scope.id}:{window.key}",
            _("Goal reached: %(name)s") % {"name": scope.name},
            _("%(kpi)s, %(period)s: %(share)s of the target") % {"kpi": kpis.kpi(key).name, "period": dates.window_name(window), "share": numbers.share(share)},
        )
        for (window, key, scope), one in found.items()
        if one.progress and one.progress.is_met and one.progress.target > 0 and (share := one.progress.attainment) is not None
    ]


def _scopes(scope: Scope, inside: directory.Directory) -> list[Scope]:
    return list(dict.fromkeys([scope, *(branch.scope for branch in inside.branches), *(member.scope for member in inside.members)]))
