"""Who sees which objectives, who sets them, and who tells how far they have come.

What is not personal follows who sees whom (`reps.access`). Personal objectives are seen by the rep and by who leads them: the
managers of their team or, where it has none, of the nearest team above that has; not by admins.
"""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.models import Role, User
from apps.core.models import Organisation
from apps.objectives.models import Objective
from apps.reps import access
from apps.reps.models import Membership, Rep, Team, TeamManager
from apps.reps.querysets import covers
from apps.reps.scopes import Scope


def visible(user: User, on: date) -> QuerySet[Objective]:
    """Return the objectives the user may see."""
    if not user.is_active:
        return Objective.objects.none()
    led = Q(team__in=access.teams_for(user, on).values("pk")) | Q(rep__in=access.reps_for(user, on).values("pk"))
    shared = Q(is_personal=False) & (Q() if access.sees_all(user) else led)
    return Objective.objects.filter(shared | Q(is_personal=True, rep__in=[*personal_of(user, on)]))


def personal_of(user: User, on: date) -> set[int]:
    """Return the numbers of the reps whose personal objectives the user sees."""
    own = set(Rep.objects.filter(user=user).values_list("pk", flat=True))
    if user.role != Role.MANAGER:
        return own
    parents = dict(Team.objects.values_list("pk", "parent"))
    managers: dict[int, set[int]] = {}
    for team, manager in TeamManager.objects.filter(covers(on)).values_list("team", "user"):
        managers.setdefault(team, set()).add(manager)

    def leads(team: int | None) -> bool:
        while team is not None and team not in managers:
            team = parents.get(team)
        return team is not None and user.pk in managers[team]

    members: Any = Membership.objects.filter(covers(on)).values_list("rep", "team")
    return own | {rep for rep, team in members if leads(team)}


def scopes_to_set(user: User, on: date) -> list[Scope]:
    """Return for whom the user may set objectives that are not personal: an admin for everybody, a manager as the organisation allows."""
    if user.role == Role.ADMIN and user.is_active:
        return access.scopes_for(user, on)
    if user.role == Role.MANAGER and Organisation.get().managers_set != Organisation.ManagersSet.NOTHING:
        return access.scopes_for(user, on)
    return []


def own_rep(user: User) -> Rep | None:
    """Return the rep who the user is, who may have personal objectives."""
    return Rep.objects.filter(user=user).first() if user.is_active else None


def may_set(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may change an objective, take it away and give it parts."""
    if objective.is_personal:
        own = own_rep(user)
        return own is not None and own.pk == objective.rep_id
    return any((scope.kind, scope.id) == (objective.scope, objective.owner_id) for scope in scopes_to_set(user, on))


def may_tell(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may tell how far an objective has come: whose it is, who leads them, and who may set it."""
    own = own_rep(user)
    if own is not None and objective.rep_id == own.pk:
        return True
    if objective.is_personal:
        return False
    leads = user.is_active and user.role == Role.MANAGER and objective.scope in ("team", "rep")
    return may_set(user, objective, on) or (leads and visible(user, on).filter(pk=objective.pk).exists())
