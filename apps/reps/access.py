"""The only place that says who sees whom, and who may write what.

Admins and viewers see everybody, managers their teams, the teams below and the reps in them, reps themselves.
`on` is the day of the asking: teams and managers count as of that day, whatever day a board shows.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import Model, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from apps.accounts.models import Role, User
from apps.core.models import Organisation
from apps.core.replica import connection
from apps.reps import scopes
from apps.reps.models import Membership, Region, Rep, Team, TeamManager
from apps.reps.querysets import RepQuerySet, TeamQuerySet, covers
from apps.reps.scopes import Scope

SEE_ALL = (Role.ADMIN, Role.VIEWER)
Row = TypeVar("Row", bound=Model)


def sees_all(user: User) -> bool:
    return bool(user.is_active and user.role in SEE_ALL)


def teams_for(user: User, on: date) -> TeamQuerySet:
    """Return the teams whose board the user may open."""
    if sees_all(user):
        return Team.objects.all()
    if user.is_active and user.role == Role.MANAGER:
        return Team.objects.managed_by(user.pk, on)
    return Team.objects.none()


def reps_for(user: User, on: date) -> RepQuerySet:
    """Return the reps whose facts the user may see."""
    if sees_all(user):
        return Rep.objects.all()
    if not user.is_active:
        return Rep.objects.none()
    own = Rep.objects.filter(user=user)
    if user.role != Role.MANAGER:
        return own
    led = Rep.objects.standing_in(teams_for(user, on), on)
    return Rep.objects.filter(Q(pk__in=led.values("pk")) | Q(pk__in=own.values("pk")))


def scopes_for(user: User, on: date) -> list[Scope]:
    """Return every scope whose board the user may open: company, regions, teams, reps, each by name."""
    sql, params = visible(user, on)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({sql}) v ORDER BY array_position('{{region,team,rep}}', kind), name, id", params)
        rows = cursor.fetchall()
    return [*([scopes.company()] if sees_all(user) else []), *(Scope(*row) for row in rows)]


def visible(user: User, on: date) -> tuple[str, dict[str, Any]]:
    """Return the SQL of the regions, teams and reps whose boards the user may open (kind, id, name), and its parameters."""
    sql, params = _visible(user.pk, getattr(user, "role", ""), user.is_active, on)  # who is not signed in has no role
    return sql, dict(params)


@lru_cache(maxsize=1024)
def _visible(pk: int, role: str, is_active: bool, on: date) -> tuple[str, dict[str, Any]]:
    """The words of a question depend on nothing else, so they are put together once; its answer is read every time."""
    user = User(pk=pk, role=role, is_active=is_active)
    kinds: dict[str, QuerySet[Any]] = {"region": Region.objects.all() if sees_all(user) else Region.objects.none()}
    kinds |= {"team": teams_for(user, on), "rep": reps_for(user, on)}
    params: dict[str, Any] = {}
    arms = ["SELECT NULL::text AS kind, NULL::bigint AS id, NULL AS name WHERE FALSE"]
    for kind, rows in kinds.items():
        try:
            sql, given = rows.order_by().values_list("pk", "name").query.sql_with_params()
        except EmptyResultSet:
            continue
        names = [f"{kind}_{n}" for n in range(len(given))]
        params |= dict(zip(names, given, strict=True))
        arms.append(f"SELECT '{kind}', r.* FROM ({sql % tuple(f'%({name})s' for name in names)}) r")
    return " UNION ALL ".join(arms), params


def home(user: User, on: date) -> Scope | None:
    """Return whose board the user sees first; None when there is nobody's."""
    if sees_all(user):
        return scopes.company()
    teams = list(teams_for(user, on))
    if teams:
        return scopes.of(_topmost(teams))
    own = Rep.objects.filter(user=user).first() if user.is_active else None
    return scopes.of(own) if own else None


def _topmost(teams: list[Team]) -> Team:
    """Return the team with the most of the others below it; among equals the first by name."""
    parents = {team.pk: team.parent_id for team in teams}

    def is_below(pk: int | None, top: int) -> bool:
        while pk is not None and pk != top:
            pk = parents.get(pk)
        return pk == top

    return max(teams, key=lambda team: sum(is_below(other.pk, team.pk) for other in teams))


def may_see(user: User, scope: Scope, on: date) -> bool:
    """Say whether the user may open the board of a scope."""
    if sees_all(user):
        return True
    if scope.kind == "team":
        return teams_for(user, on).filter(pk=scope.id).exists()
    return scope.kind == "rep" and reps_for(user, on).filter(pk=scope.id).exists()


def scope_or_404(user: User, kind: str, pk: int, on: date) -> Scope:
    """Return a scope; what is not there and what is not theirs is equally not found."""
    try:
        scope = scopes.get(kind, pk)
    except scopes.UnknownScope as error:
        raise Http404(str(error)) from error
    if not may_see(user, scope, on):
        raise Http404(_("There is no %(kind)s with number %(pk)s.") % {"kind": kind, "pk": pk})
    return scope


def restrict(queryset: QuerySet[Row], user: User, on: date, *, owner: str = "owner") -> QuerySet[Row]:
    """Keep the facts whose rep the user may see; facts of nobody are for those who see everybody."""
    return queryset if sees_all(user) else queryset.filter(**{f"{owner}__in": reps_for(user, on).values("pk")})


# A rep, and who is in their team on a day; `working`: only those who then work.
PEERS = """SELECT r.id, r.name FROM reps_rep r WHERE r.id = %(scope)s OR (
    (NOT %(working)s OR r.hired_on <= %(day)s AND (r.left_on IS NULL OR r.left_on > %(day)s)) AND r.id IN (
        SELECT m.rep_id FROM reps_membership m JOIN reps_membership o ON o.team_id = m.team_id WHERE o.rep_id = %(scope)s
            AND m.start_on <= %(day)s AND (m.end_on IS NULL OR m.end_on > %(day)s) AND o.start_on <= %(day)s AND (o.end_on IS NULL OR o.end_on > %(day)s)))"""


def peers_of(user: User, on: date) -> list[int]:
    """Return the reps whose rank, and no other figure, a rep may see: the team of that day with themself, by number."""
    own: Any = Rep.objects.filter(user=user).values_list("pk", flat=True).first() if user.is_active else None
    if own is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(PEERS, {"scope": own, "day": on, "working": True})
        return sorted(pk for pk, _name in cursor.fetchall())


def may_write(user: User) -> bool:
    """Say whether the user may write facts at all (whose, see `may_write_for`)."""
    return bool(user.is_active and user.role in (Role.ADMIN, Role.MANAGER, Role.REP))


def may_write_for(user: User, rep_id: int | None, on: date) -> bool:
    """Say whether the user may write facts of a rep; facts of nobody are written by admins."""
    if not may_write(user):
        return False
    return user.role == Role.ADMIN or (rep_id is not None and reps_for(user, on).filter(pk=rep_id).exists())


def may_import(user: User) -> bool:
    """Say whether the user may bring files in: they write everybody's facts, and make people and teams."""
    return bool(user.is_active and user.role == Role.ADMIN)


def may_write_goals(user: User) -> bool:
    """Say whether the user may set everybody's targets, and what goes with a plan as a whole."""
    return bool(user.is_active and user.role == Role.ADMIN)


Target = tuple[Scope, date, date]  # whose it is, its first and its last day


def others_targets(user: User, wanted: Iterable[Target], on: date) -> list[Scope]:
    """Return whose of some targets the user may not set."""
    return list(dict.fromkeys(scope for scope, _first, _last in not_to_set(user, wanted, on)))


def not_to_set(user: User, wanted: Iterable[Target], on: date) -> list[Target]:
    """Return which of some targets the user may not set: those of nobody whom `targets_to_set` names, and those of people who, at the end of their days,
    were in none of the user's teams: who moves within them stands in the later team, as in the plan.
    """
    wanted = list(wanted)
    theirs = {(scope.kind, scope.id) for scope in targets_to_set(user, on)}
    found = [one for one in wanted if (one[0].kind, one[0].id) not in theirs]
    if not may_write_goals(user):
        reps = {scope.id for scope, _first, _last in wanted if scope.kind == "rep"}
        teams = set(teams_for(user, on).values_list("pk", flat=True))
        stays: dict[int, list[Any]] = {}
        for stay in Membership.objects.filter(rep__in=reps).order_by("-start_on"):
            stays.setdefault(stay.rep_id, []).append(stay)
        for one in wanted:
            scope, first, last = one
            later = (stay for stay in stays.get(scope.id, ()) if stay.start_on <= last and (stay.end_on is None or stay.end_on > first))
            if scope.kind == "rep" and getattr(next(later, None), "team_id", None) not in teams:
                found.append(one)
    return found


def targets_to_set(user: User, on: date) -> list[Scope]:
    """Return whose targets of the plan the user may set: an admin everybody's; a manager, where the organisation allows it, those of the people
    they lead and of the teams below their own, but neither their own teams' nor, where they sell themselves, their own.
    """
    if may_write_goals(user):
        return scopes_for(user, on)
    if not user.is_active or user.role != Role.MANAGER or Organisation.get().managers_set != Organisation.ManagersSet.TARGETS:
        return []
    own = {("team", team) for team in TeamManager.objects.filter(covers(on), user=user).values_list("team", flat=True)}
    own |= {("rep", rep) for rep in Rep.objects.filter(user=user).values_list("pk", flat=True)}
    return [scope for scope in scopes_for(user, on) if (scope.kind, scope.id) not in own]
