"""Says in words what every page about goals says: what kind of owner a target has, and what a target is."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import numbers
from apps.goals.models import Goal
from apps.reps.scopes import Scope

STAYS = {"": gettext_lazy("As the KPI says"), **dict(Goal.Stay.choices)}


def kind_of(scope: Scope) -> str:
    """Name what a scope is; nothing for a rep, whose name says it."""
    return {"company": _("Company"), "region": _("Region"), "team": _("Team"), "rep": ""}[scope.kind]


def target(value: Decimal | None, unit: str, currency: str) -> str:
    """Write a target in full, "none" where there is none."""
    return _("none") if value is None else numbers.whole(value, unit, currency)
