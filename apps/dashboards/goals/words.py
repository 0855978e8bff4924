"""Says in words what every page about goals says: what kind of owner a target has, and what a target is."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import numbers
from apps.goals.models import Goal
from apps.goals.progress import Progress
from apps.kpis.declarations import Kpi
from apps.reps.scopes import Scope

STAYS = {"": gettext_lazy("As the KPI says"), **dict(Goal.Stay.choices)}


def kind_of(scope: Scope) -> str:
    """Name what a scope is; nothing for a rep, whose name says it."""
    return {"company": _("Company"), "region": _("Region"), "team": _("Team"), "rep": ""}[scope.kind]


def outcome(kpi: Kpi, actual: Decimal | None, progress: Progress | None) -> str:
    """Say how a goal ended that is over: reached or missed, a limit kept or exceeded, and by how much; nothing of one that runs."""
    if progress is None or progress.status not in ("met", "missed") or actual is None:
        return ""
    by = abs(actual - progress.target)
    words = {"amount": numbers.short(by, str(kpi.unit))}
    if not progress.better_is_up:
        return _("Kept, by %(amount)s.") % words if progress.is_met else _("Exceeded by %(amount)s.") % words
    if progress.is_met:
        return _("Reached, by %(amount)s.") % words if by else _("Reached, to the point.")
    return _("Missed by %(amount)s.") % words


def target(value: Decimal | None, unit: str, currency: str) -> str:
    """Write a target in full, "none" where there is none."""
    return _("none") if value is None else numbers.whole(value, unit, currency)
