"""Writes objectives: what is to be reached, how it is split into parts, and what is told of it by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

from apps.accounts.models import Role, User
from apps.core import authorship, clock, violations
from apps.goals import filling
from apps.goals.services import whose
from apps.kpis import catalogue
from apps.objectives import selectors
from apps.objectives.models import WITH_TARGET, CheckIn, Measured, Objective, Step
from apps.reps.scopes import Scope

CENT, ONE = Decimal("0.01"), Decimal(1)
LIKE = 0.6  # of a name, in common
EQUALLY, SAME, PLAN = "equally", "same", "plan"
Row = TypeVar("Row", bound=models.Model)


@contextmanager
def _written(*, by: int | None = None, reason: str = "") -> Iterator[None]:
    """Write in one transaction, at whose end parts fit their wholes; raise ValidationError where the database refuses."""
    try:
        with authorship.written(by=by, reason=reason):
            yield
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        raise ValidationError(violations.explain(error)) from error


def _held(row: Row) -> Row:
    """Return a row as it stands now, and keep others from writing it meanwhile; raise ValidationError where it is gone."""
    found: Row | None = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise ValidationError(_("It was deleted meanwhile."))
    return found


def save(objective: Objective, *, steps: Sequence[str] | None = None, by: int | None = None, reason: str = "") -> Objective:
    """Write an objective and, where given, the names of its checklist's steps: those that were there keep what was done.

    Parts over the same days as their whole move along with it, and so do theirs. Raises ValidationError, also where it was deleted meanwhile.
    """
    with _written(by=by, reason=reason):
        before = _held(objective) if objective.pk else None
        if before is None and by is not None:
            objective.is_admins = not User.objects.filter(pk=by).exclude(role=Role.ADMIN).exists()
        if before:
            move_along(before, objective)
        objective.save()
        if steps is not None:
            _set_steps(objective, steps)
    return objective


def move_along(before: Objective, after: Objective) -> None:
    """Let the parts that are over the same days as a whole go along to its new ones; call it in a transaction, before the whole is saved."""
    if (before.start_on, before.last_on) != (after.start_on, after.last_on):
        alike = Objective.objects.filter(pk__in=selectors.moving_along(before))
        alike.update(start_on=after.start_on, last_on=after.last_on, updated_at=clock.now())


def _set_steps(objective: Objective, names: Sequence[str]) -> None:
    """Keep the steps whose names stay or were only corrected; what is neither is new, or gone."""
    present = list(objective.steps.select_for_update())
    kept: dict[int, Step] = {}
    for is_same in (_is_equal, _is_like):
        for place, name in enumerate(names):
            found = next((step for step in present if is_same(step, name, place)), None) if place not in kept else None
            if found:
                kept[place] = found
                present.remove(found)
    for place, name in enumerate(names):
        step = kept.get(place) or Step(objective=objective)
        step.name, step.position = name, place
        step.save()
    for gone in present:
        gone.delete()


def _is_equal(step: Step, name: str, _place: int) -> bool:
    return step.name == name


def _is_like(step: Step, name: str, place: int) -> bool:
    """Say whether a step was only written anew: in the same place, in much the same words."""
    return step.position == place and SequenceMatcher(None, step.name.casefold(), name.casefold()).ratio() >= LIKE


def delete(objective: Objective, *, by: int | None = None, reason: str = "") -> int:
    """Take an objective away with all its parts; return how many they were together."""
    with authorship.written(by=by, reason=reason):
        _deleted, of_kinds = objective.delete()
    return of_kinds.get(Objective._meta.label, 0)


def tell(objective: Objective, day: date, value: Decimal, *, today: date, note: str = "", by: User | None = None) -> CheckIn:
    """Note what an objective that is measured by hand stands at on a day. Raises ValidationError, also for days to come."""
    with _written():
        told = CheckIn(objective=_held(objective), day=day, value=value, note=note, told_by=by)
        check(told, today=today)
        told.full_clean()
        told.save()
    return told


def check(told: CheckIn, *, today: date) -> None:
    """Refuse what cannot be told; raises ValidationError."""
    if told.day > today:
        raise ValidationError({"day": _("This day is still to come. Tell what it stood at today or before.")})
    told.clean()
    if not selectors.is_told(told.objective, on=today):
        raise ValidationError(_("“%(name)s” is what its parts reached: tell it of them.") % {"name": told.objective.name})


def take_back(told: CheckIn, *, by: User | None) -> None:
    """Let what was told count no more; who did it, and when, is kept. Raises ValidationError where it was taken back already."""
    with _written():
        if _held(told).taken_back_at:
            raise ValidationError(_("It was taken back already."))
        told.taken_back_by, told.taken_back_at = by, clock.now()
        told.save(update_fields=["taken_back_by", "taken_back_at"])


def tick(step: Step, done_on: date | None, *, today: date, note: str = "", by: User | None = None) -> None:
    """Say on which day a step was done, or that it is not. Raises ValidationError for days to come and for days outside the objective's."""
    check_done(step.objective, done_on, today=today)
    with _written():
        step = _held(step)
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
    """Into whose parts an objective is split, and which targets these have: the plan's, the same, or equal shares."""

    among: Sequence[Scope]
    how: str


def ways(objective: Objective) -> list[str]:
    """Return how the targets of an objective's parts can be set: shares only of what adds up, and only while nobody has a part."""
    is_counted = objective.measured in WITH_TARGET or objective.kpi in catalogue.KPIS
    if objective.is_personal or not is_counted:
        return []
    found = [PLAN] if objective.measured == Measured.KPI else []
    if objective.target is not None and _adds_up(objective) and not objective.parts.exists():
        found.append(EQUALLY)
    return [*found, SAME] if objective.target is not None else found


def _adds_up(objective: Objective) -> bool:
    if objective.stay or objective.baseline or not objective.target:
        return False
    kpi = catalogue.KPIS.get(objective.kpi)
    return kpi is None or catalogue.is_cumulative(kpi) and kpi.better == "up"


def split(objective: Objective, how: Split, *, by: int | None = None) -> list[Objective]:
    """Give an objective a part for each of some teams or people, over the same days and measured alike; return the parts.

    A target that is given equally adds up again exactly. Who has such a part already gets none more. Raises ValidationError.
    """
    with _written(by=by):
        whole = _held(objective)
        there = {(part.scope, part.owner_id) for part in whole.parts.filter(measured=whole.measured, kpi=whole.kpi)}
        among = [scope for scope in how.among if (scope.kind, scope.id) not in there]
        if not among:
            raise ValidationError(_("Everybody has a part of it already."))
        if how.how not in ways(whole):
            raise ValidationError(_("It cannot be split like this. Choose another way, or add the parts one by one."))
        is_admins = not User.objects.filter(pk=by).exclude(role=Role.ADMIN).exists() if by is not None else True
        parts = [_part(whole, scope, target, is_admins=is_admins) for scope, target in zip(among, _targets(whole, how.how, len(among)), strict=True)]
        for part in parts:
            part.full_clean()
            part.save()
    return parts


def _targets(whole: Objective, how: str, count: int) -> Sequence[Decimal | None]:
    if how != EQUALLY or whole.target is None:
        return [whole.target if how == SAME else None] * count
    found = equal_parts(whole.target, count)
    if not all(found):
        raise ValidationError(_("The target is too small to be split among %(count)s.") % {"count": count})
    return found


def equal_parts(target: Decimal, count: int) -> tuple[Decimal, ...]:
    """Split a target into equal parts that add up again exactly: in whole numbers where it is one that is large enough, else in hundredths."""
    unit = CENT if target != target.to_integral_value() or target < count else ONE
    return filling.split(target, [ONE] * count, unit=unit)


def _part(whole: Objective, scope: Scope, target: Decimal | None, *, is_admins: bool) -> Objective:
    return Objective(
        parent=whole,
        name=f"{whole.name} · {scope.name}"[: Objective._meta.get_field("name").max_length],
        measured=whole.measured,
        kpi=whole.kpi,
        unit=whole.unit,
        stay=whole.stay if target is not None else "",
        baseline=whole.baseline if target is not None else None,
        start_on=whole.start_on,
        last_on=whole.last_on,
        target=target,
        is_admins=is_admins,
        **whose(scope),
    )
