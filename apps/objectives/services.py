"""Writes objectives: what is to be reached, how it is split into parts, and what is told of it by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import authorship, violations
from apps.goals import filling
from apps.goals.services import whose
from apps.objectives.models import WITH_TARGET, CheckIn, Measured, Objective, Step
from apps.reps.scopes import Scope

CENT, ONE = Decimal("0.01"), Decimal(1)


def save(objective: Objective, *, steps: Sequence[str] | None = None, by: int | None = None, reason: str = "") -> Objective:
    """Write an objective and, where given, the names of its checklist's steps: those that were there keep what was done. Raises ValidationError."""
    try:
        with authorship.written(by=by, reason=reason):
            objective.save()
            if steps is not None:
                _set_steps(objective, steps)
    except DatabaseError as error:
        raise ValidationError(violations.explain(error)) from error
    return objective


def _set_steps(objective: Objective, names: Sequence[str]) -> None:
    present: dict[str, list[Step]] = {}
    for step in objective.steps.select_for_update():
        present.setdefault(step.name, []).append(step)
    for position, name in enumerate(names):
        kept = present.get(name)
        step = kept.pop(0) if kept else Step(objective=objective, name=name)
        step.position = position
        step.save()
    for gone in present.values():
        for step in gone:
            step.delete()


def delete(objective: Objective, *, by: int | None = None, reason: str = "") -> int:
    """Take an objective away with all its parts; return how many they were together."""
    with authorship.written(by=by, reason=reason):
        _deleted, of_kinds = objective.delete()
    return of_kinds[Objective._meta.label]


def tell(objective: Objective, day: date, value: Decimal, *, today: date, note: str = "", by: User | None = None) -> CheckIn:
    """Note what an objective that is measured by hand stands at on a day. Raises ValidationError, also for days to come."""
    told = CheckIn(objective=objective, day=day, value=value, note=note, told_by=by)
    check(told, today=today)
    told.full_clean()
    told.save()
    return told


def check(told: CheckIn, *, today: date) -> None:
    """Refuse what cannot be told; raises ValidationError."""
    if told.day > today:
        raise ValidationError({"day": _("This day is still to come. Tell what it stood at today or before.")})
    told.clean()


def tick(step: Step, done_on: date | None, *, today: date, note: str = "", by: User | None = None) -> None:
    """Say on which day a step was done, or that it is not. Raises ValidationError for days to come and for days outside the objective's."""
    check_done(step.objective, done_on, today=today)
    step.done_on, step.done_by, step.note = done_on, by if done_on else None, note
    step.full_clean()
    step.save()


def check_done(objective: Objective, done_on: date | None, *, today: date) -> None:
    """Refuse a day on which no step of an objective can have been done; raises ValidationError."""
    if done_on and done_on > today:
        raise ValidationError({"done_on": _("This day is still to come. A step is done today or before.")})
    if done_on and not objective.start_on <= done_on <= objective.last_on:
        raise ValidationError({"done_on": _("Choose a day from the first to the last of “%(name)s”.") % {"name": objective.name}})


@dataclass(frozen=True)
class Split:
    """Into whose parts an objective is split, and whether its target is given to them equally or, without, the plan's count."""

    among: Sequence[Scope]
    equally: bool


def split(objective: Objective, how: Split, *, by: int | None = None) -> list[Objective]:
    """Give an objective a part for each of some teams or people, over the same days and measured alike; return the parts.

    A target that is given equally adds up again exactly. Who has such a part already gets none more. Raises ValidationError.
    """
    if objective.is_personal or objective.measured not in (Measured.KPI, *WITH_TARGET):
        raise ValidationError(_("Only what a KPI measures, or a number, can be split. Add the parts one by one."))
    there = {(part.scope, part.owner_id) for part in objective.parts.filter(measured=objective.measured, kpi=objective.kpi)}
    among = [scope for scope in how.among if (scope.kind, scope.id) not in there]
    if not among:
        raise ValidationError(_("Everybody has a part of it already."))
    targets: Sequence[Decimal | None] = [None] * len(among)
    if how.equally:
        if objective.target is None or there:
            raise ValidationError(_("Only a target of its own that nobody has a part of can be split equally."))
        targets = equal_parts(objective.target, len(among))
    elif objective.measured in WITH_TARGET:
        raise ValidationError(_("What is counted by hand is in no plan: split its target equally."))
    parts = [_part(objective, scope, target) for scope, target in zip(among, targets, strict=True)]
    try:
        with authorship.written(by=by):
            for part in parts:
                part.full_clean()
                part.save()
    except DatabaseError as error:
        raise ValidationError(violations.explain(error)) from error
    return parts


def equal_parts(target: Decimal, count: int) -> tuple[Decimal, ...]:
    """Split a target into equal parts that add up again exactly: in whole numbers where it is one that is large enough, else in hundredths."""
    unit = CENT if target != target.to_integral_value() or target < count else ONE
    return filling.split(target, [ONE] * count, unit=unit)


def _part(whole: Objective, scope: Scope, target: Decimal | None) -> Objective:
    return Objective(
        parent=whole,
        name=whole.name,
        measured=whole.measured,
        kpi=whole.kpi,
        unit=whole.unit,
        stay=whole.stay if target is not None else "",
        start_on=whole.start_on,
        last_on=whole.last_on,
        target=target,
        **whose(scope),
    )
