"""Writes targets. Boards show them on their next look: nothing has to be counted for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from apps.core import authorship, clock, violations
from apps.core.periods import Window
from apps.goals.models import Goal, validate_days, validate_scope
from apps.goals.selectors import owner_of
from apps.reps.scopes import Scope

BATCH = 1000
Place = tuple[str, int, date, date]  # kind and number of whose it is, first and last day


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
    """Set the targets of one KPI over exactly one window, all or none; None takes a target away. Raises ValidationError, also where days are locked.

    `by` is the number of the user who does, kept with the reason.
    """
    if targets:
        validate_days(window.start_on)
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


@dataclass(frozen=True)
class Edit:
    """One target that somebody wrote over what they saw; None is no target."""

    scope: Scope
    window: Window
    was: Decimal | None
    target: Decimal | None

    @property
    def place(self) -> Place:
        return self.scope.kind, self.scope.id, self.window.start_on, self.window.last_on


class Meanwhile(Exception):
    """Somebody else changed some targets since they were seen: what stands there now, by edit. Nothing is saved."""

    def __init__(self, present: Mapping[Edit, Decimal | None]) -> None:
        super().__init__(f"{len(present)} targets were changed meanwhile")
        self.present = present


def save_edits(kpi: str, edits: Sequence[Edit], *, by: int | None = None, reason: str = "") -> Saved:
    """Write targets of one KPI over any windows, all or none. Raises Meanwhile where what was seen is no longer there, ValidationError for a scope without the KPI and for locked days."""
    edits = [edit for edit in edits if edit.was != edit.target]
    validate_days(*(edit.window.start_on for edit in edits))
    for edit in {edit.scope.kind: edit for edit in edits if edit.target is not None}.values():
        validate_scope(kpi, edit.scope.kind)
    if not edits:
        return Saved(0, 0, 0)
    try:
        return _save_edits(kpi, edits, by, reason)
    except IntegrityError:  # somebody wrote a target for the same people and days in this very moment: now it is seen
        try:
            return _save_edits(kpi, edits, by, reason)
        except IntegrityError as error:
            raise ValidationError(violations.explain(error)) from error


def _save_edits(kpi: str, edits: Sequence[Edit], by: int | None, reason: str) -> Saved:
    with authorship.written(by=by, reason=reason):
        windows = {edit.window for edit in edits}
        first, last = min(window.start_on for window in windows), max(window.last_on for window in windows)
        rows = Goal.objects.select_for_update().filter(kpi=kpi, start_on__gte=first, last_on__lte=last).order_by("pk")
        present = {_place(goal): goal for goal in rows}
        standing = {edit: present[edit.place].target if edit.place in present else None for edit in edits}
        if changed := {edit: target for edit, target in standing.items() if target not in (edit.was, edit.target)}:
            raise Meanwhile(changed)
        wanted = [edit for edit in edits if standing[edit] != edit.target]
        written = {edit: edit.target for edit in wanted if edit.target is not None}
        new = [_goal(kpi, edit, target) for edit, target in written.items() if edit.place not in present]
        other = [_with(present[edit.place], target) for edit, target in written.items() if edit.place in present]
        gone = [present[edit.place].pk for edit in wanted if edit.target is None]
        Goal.objects.filter(pk__in=gone).delete()
        Goal.objects.bulk_update(other, ["target", "updated_at"], batch_size=BATCH)
        Goal.objects.bulk_create(new, batch_size=BATCH)
        return Saved(len(new), len(other), len(gone))


def _place(goal: Goal) -> Place:
    return *owner_of(goal), goal.start_on, goal.last_on


def _goal(kpi: str, edit: Edit, target: Decimal) -> Goal:
    return Goal(kpi=kpi, start_on=edit.window.start_on, last_on=edit.window.last_on, target=target, **whose(edit.scope))


def _with(goal: Goal, target: Decimal) -> Goal:
    goal.target, goal.updated_at = target, clock.now()
    return goal
