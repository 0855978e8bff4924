"""Who sees which objectives, who sets them, and who tells how far they have come.

What is not personal follows who sees whom (`reps.access`). Personal objectives are seen by the rep and by who leads them: the
managers of their team or, where it has none, of the nearest team above that has; not by admins.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.models import Role, User
from apps.core.models import Organisation
from apps.objectives import selectors
from apps.objectives.models import CheckIn, Objective, ObjectiveVersion
from apps.reps import access
from apps.reps.models import Rep
from apps.reps.scopes import Scope


def visible(user: User, on: date) -> QuerySet[Objective]:
    """Return the objectives the user may see."""
    if not user.is_active:
        return Objective.objects.none()
    led = Q(team__in=access.teams_for(user, on).values("pk")) | Q(rep__in=access.reps_for(user, on).values("pk"))
    shared = Q(is_personal=False) & (Q() if access.sees_all(user) else led)
    personal = Q(rep__in=Rep.objects.filter(user=user).values("pk")) | Q(rep__in=RawSQL(LED, [on, on, on, on, user.pk]))
    return Objective.objects.filter(shared | Q(is_personal=True) & personal)


# The reps whom a user leads: of whose team or, where nobody else leads it, of whose nearest team above, they are a manager on a day.
LED = """WITH RECURSIVE leaders AS (
        SELECT m.team_id, m.user_id FROM reps_teammanager m JOIN accounts_user u ON u.id = m.user_id AND u.is_active AND u.role = 'manager'
        WHERE m.start_on <= %s AND (m.end_on IS NULL OR m.end_on > %s)
    ), climb(rep, sign_in, team) AS (
        SELECT m.rep_id, r.user_id, m.team_id FROM reps_membership m JOIN reps_rep r ON r.id = m.rep_id
        WHERE m.start_on <= %s AND (m.end_on IS NULL OR m.end_on > %s)
        UNION
        SELECT c.rep, c.sign_in, t.parent_id FROM climb c JOIN reps_team t ON t.id = c.team AND t.parent_id IS NOT NULL
        WHERE NOT EXISTS (SELECT FROM leaders l WHERE l.team_id = c.team AND l.user_id IS DISTINCT FROM c.sign_in)
    ) SELECT c.rep FROM climb c JOIN leaders l ON l.team_id = c.team WHERE l.user_id = %s AND l.user_id IS DISTINCT FROM c.sign_in"""


def versions(user: User, objective: Objective, on: date) -> list[ObjectiveVersion]:
    """Return what an objective was, the latest last; what it was while it was somebody's whom the user does not see is left out."""
    seen = {(scope.kind, scope.id) for scope in access.scopes_for(user, on)}
    kept = objective.versions.select_related("set_by", "region", "team", "rep")
    return [one for one in kept if objective.is_personal or (one.scope, one.owner_id) in seen]


def scopes_to_set(user: User, on: date) -> list[Scope]:
    """Return for whom the user may set objectives that are not personal: an admin for everybody, a manager as the organisation allows."""
    if user.role == Role.ADMIN and user.is_active:
        return access.scopes_for(user, on)
    if user.role == Role.MANAGER and user.is_active and Organisation.get().managers_set != Organisation.ManagersSet.NOTHING:
        own = own_rep(user)
        return [scope for scope in access.scopes_for(user, on) if own is None or (scope.kind, scope.id) != ("rep", own.pk)]
    return []


def _owners_to_set(user: User, on: date) -> set[tuple[str, int]]:
    return {(scope.kind, scope.id) for scope in scopes_to_set(user, on)}


def own_rep(user: User) -> Rep | None:
    """Return the rep who the user is, who may have personal objectives."""
    return Rep.objects.filter(user=user).first() if access.may_write(user) else None


def may_add_parts(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may give an objective parts: who sets for whose it is, and the rep of a personal one."""
    if objective.is_personal:
        own = own_rep(user)
        return own is not None and own.pk == objective.rep_id
    return (objective.scope, objective.owner_id) in _owners_to_set(user, on)


def may_set(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may change an objective: admins all, the rep a personal one, and a manager what no admin has set, for whom they set.

    How a part counts in its whole is up to who sets the whole, so a manager must be free to set that, too.
    """
    if objective.is_personal or user.role == Role.ADMIN:
        return may_add_parts(user, objective, on)
    theirs = _owners_to_set(user, on)
    row: Objective | None = objective
    while row is not None:
        if (row.scope, row.owner_id) not in theirs or row.is_admins:
            return False
        row = row.parent
    return True


def may_delete(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may take an objective away with all its parts: each of them is theirs to set."""
    return _sets_all(user, objective, selectors.below([objective.pk]), on)


def may_move(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may put an objective on other days: what is over the same days moves along, and is theirs to set, too."""
    return _sets_all(user, objective, Objective.objects.filter(pk__in=[objective.pk, *selectors.moving_along(objective)]), on)


def _sets_all(user: User, objective: Objective, rows: Iterable[Objective], on: date) -> bool:
    if not may_set(user, objective, on):
        return False
    if objective.is_personal or user.role == Role.ADMIN:
        return True
    theirs = _owners_to_set(user, on)
    return all((row.scope, row.owner_id) in theirs and not row.is_admins for row in rows)


def may_tell(user: User, objective: Objective, on: date) -> bool:
    """Say whether the user may tell how far an objective has come: whose it is, who leads them, and who may set it."""
    own = own_rep(user)
    if own is not None and objective.rep_id == own.pk:
        return True
    if objective.is_personal:
        return False
    leads = user.is_active and user.role == Role.MANAGER and objective.scope in ("team", "rep")
    return may_add_parts(user, objective, on) or (leads and visible(user, on).filter(pk=objective.pk).exists())


def taken_back_by(user: User, objective: Objective, on: date) -> Callable[[CheckIn], bool]:
    """Return what says whether the user may take back something that was told: who told it may, and who sets the objective."""
    tells, sets = may_tell(user, objective, on), may_set(user, objective, on)
    return lambda told: told.taken_back_at is None and (sets or tells and told.told_by_id == user.pk)


def may_take_back(user: User, told: CheckIn, on: date) -> bool:
    """Say whether the user may take back one thing that was told."""
    return taken_back_by(user, told.objective, on)(told)
