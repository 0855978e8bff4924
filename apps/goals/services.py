"""Writes targets. Boards show them on their next look: nothing has to be counted for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from apps.core import authorship
from apps.core.periods import Window
from apps.goals.models import Goal, validate_scope
from apps.reps.scopes import Scope


@dataclass(frozen=True)
class Saved:
    """How many targets were set anew, changed and taken away."""

    created: int
    changed: int
    deleted: int

    @property
    def total(self) -> int:
        return self.created + self.changed + self.deleted


def whose(scope: Scope) -> dict[str, object]:
    """Return the fields of a goal that say whose it is."""
    named = {} if scope.kind == "company" else {f"{scope.kind}_id": scope.id}
    return {"scope": scope.kind, "region_id": None, "team_id": None, "rep_id": None, **named}


def set_targets(kpi: str, window: Window, targets: Mapping[Scope, Decimal | None], *, by: int | None = None, reason: str = "") -> Saved:
    """Set the targets of one KPI over exactly one window, all or none; None takes a target away. Raises ValidationError.

    `by` is the number of the user who does, kept with the reason.
    """
    with authorship.written(by=by, reason=reason):
        return _set(kpi, window, targets)


def _set(kpi: str, window: Window, targets: Mapping[Scope, Decimal | None]) -> Saved:
    created = changed = deleted = 0
    for scope, target in targets.items():
        if target is not None:
            validate_scope(kpi, scope.kind)
        owner = {**whose(scope), "kpi": kpi, "start_on": window.start_on, "last_on": window.last_on}
        goal = Goal.objects.select_for_update().filter(**owner).first()
        if target is None:
            deleted += goal.delete()[0] if goal else 0
        elif goal is None:
            Goal.objects.create(**owner, target=target)
            created += 1
        elif goal.target != target:
            goal.target = target
            goal.save(update_fields=["target", "updated_at"])
            changed += 1
    return Saved(created, changed, deleted)
