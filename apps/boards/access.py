"""Who sees and who changes which board. What stands on it follows who sees whom (`reps.access`), whoever made the board."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from apps.accounts.models import Role, User
from apps.boards.models import Board, Share
from apps.reps import access
from apps.reps.models import Team

# The teams somebody stands in or leads on a day, with those above and, of those they lead, below: who shares with a team shares with all of these people.
TEAMS = """SELECT s.scope FROM reps_standing s JOIN reps_rep r ON r.id = s.rep
        WHERE s.kind = 'team' AND r.user_id = %(user)s AND s.start_on <= %(on)s AND s.end_on > %(on)s
    UNION SELECT a.scope FROM reps_above a JOIN reps_teammanager m ON m.team_id = a.team
        WHERE a.kind = 'team' AND m.user_id = %(user)s AND m.start_on <= %(on)s AND (m.end_on IS NULL OR m.end_on > %(on)s)"""
POSITIONAL = TEAMS.replace("%(user)s", "%s").replace("%(on)s", "%s")


def _teams(user: User, on: date) -> RawSQL:
    return RawSQL(POSITIONAL, [user.pk, on, on, user.pk, on, on])


def _shared() -> Q:
    """Select what is shared at all."""
    return Q(Exists(Share.objects.filter(board=OuterRef("pk"))))


def _shared_with(user: User, on: date, **more: bool) -> Q:
    """Select what is shared with everybody, or with a team in which or above which the user stands, or that they lead."""
    led = Team.objects.managed_by(user.pk, on).values("pk") if user.role == Role.MANAGER else Team.objects.none()
    theirs = Q(team=None) | Q(team__in=_teams(user, on)) | Q(team__in=led)
    return Q(Exists(Share.objects.filter(theirs, board=OuterRef("pk"), **more)))


def visible(user: User, on: date) -> QuerySet[Board]:
    """Return the boards the user may open: their own, and those shared with them, or at all where they see everybody; an admin also those whose owner is gone."""
    if not user.is_active:
        return Board.objects.none()
    rule = Q(owner=user) | (_shared() if access.sees_all(user) else _shared_with(user, on))
    return Board.objects.filter(rule | Q(owner=None) if user.role == Role.ADMIN else rule)


def editable(user: User, on: date) -> QuerySet[Board]:
    """Return the boards the user may change: their own, those shared with them for that; an admin all that are shared or nobody's."""
    if not user.is_active:
        return Board.objects.none()
    if user.role == Role.ADMIN:
        return owned(user)
    return Board.objects.filter(Q(owner=user) | _shared_with(user, on, may_edit=True))


def owned(user: User) -> QuerySet[Board]:
    """Return the boards the user may share and delete: their own; an admin also those that are nobody's or shared."""
    if not user.is_active:
        return Board.objects.none()
    if user.role == Role.ADMIN:
        return Board.objects.filter(Q(owner=user) | Q(owner=None) | _shared())
    return Board.objects.filter(owner=user)


@dataclass(frozen=True)
class Circle:
    """With whom somebody may share: teams, and, unless they are a rep, everybody."""

    teams: tuple[Team, ...]
    everybody: bool


def circle(user: User, on: date) -> Circle:
    """Return with whom the user may share: the teams they see and the ones they stand in."""
    teams = Team.objects.filter(Q(pk__in=access.teams_for(user, on).values("pk")) | Q(pk__in=_teams(user, on)))
    return Circle(tuple(teams.order_by("name", "pk")), user.role in (Role.ADMIN, Role.MANAGER))
