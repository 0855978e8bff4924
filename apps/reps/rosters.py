"""Who stood where over some days: the people of a scope, and the teams in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.core.periods import Window
from apps.core.replica import connection
from apps.reps import scopes, standing
from apps.reps.models import Membership, Rep, Team
from apps.reps.querysets import covers
from apps.reps.scopes import REGROUPED, Scope

PEOPLE = """
    SELECT r.id, r.name, max(s.end_on), r.left_on FROM {stands} s JOIN reps_rep r ON r.id = s.rep
    WHERE s.kind = %(kind)s AND s.scope = %(scope)s AND s.start_on <= %(last)s AND s.end_on > %(first)s
        AND r.hired_on <= %(last)s AND (r.left_on IS NULL OR r.left_on > %(first)s)
    GROUP BY r.id ORDER BY r.name, r.id
"""

# Of those who worked on some days and stood in the scope (the company's: worked), who counts nowhere in it, or in none of its teams, as they are on another day.
LEFT_BEHIND = f"""SELECT count(*), count(*) FILTER (WHERE p.left_on <= %(members_on)s) FROM ({PEOPLE.format(stands=standing.AS_IT_WAS)}) p
    WHERE NOT EXISTS (SELECT FROM {standing.REGROUPED} m WHERE m.rep = p.id AND m.kind = CASE %(kind)s WHEN 'company' THEN 'team' ELSE %(kind)s END
        AND (%(kind)s = 'company' OR m.scope = %(scope)s))"""

BY_TEAM = """
    SELECT coalesce((SELECT m.team_id FROM reps_membership m WHERE m.rep_id = r.id AND m.start_on <= %(last)s AND (m.end_on IS NULL OR m.end_on > %(first)s)
        ORDER BY m.start_on DESC LIMIT 1), 0), r.id, r.name
    FROM reps_rep r WHERE r.hired_on <= %(last)s AND (r.left_on IS NULL OR r.left_on > %(first)s) ORDER BY r.name, r.id
"""


@dataclass(frozen=True)
class Member:
    """One rep who stood in a scope on some of the days; `moved_on` and `left_on` say when they no longer did."""

    scope: Scope
    moved_on: date | None
    left_on: date | None


@dataclass(frozen=True)
class Branch:
    """One team of a tree, and how deep it lies below the first."""

    scope: Scope
    depth: int


@dataclass(frozen=True)
class LeftBehind:
    """How many reps stood in a scope over some days and are none of its members now; `gone` of them have left the company."""

    count: int
    gone: int


def teammates(rep: int, day: date) -> list[Scope]:
    """Return who works in the team of a rep on a day, themself too, by name; nobody where they are in none."""
    teams = Team.objects.filter(pk__in=Membership.objects.filter(covers(day), rep=rep).values("team"))
    return [scopes.of(row) for row in Rep.objects.standing_in(teams, day).working_on(day).order_by("name", "pk")]


def people(scope: Scope, window: Window, *, on: date) -> list[Member]:
    """Return the reps who stood in a scope on any day of a window up to day `on`, by name; in a regrouped one, its members."""
    last = last_day(window, on)
    params: dict[str, Any] = {"kind": scope.kind, "scope": scope.id, "first": window.start_on, "last": last, "members_on": scope.members_on}
    with connection.cursor() as cursor:
        cursor.execute(people_sql(scope.kind, scope.members_on), params)
        rows = cursor.fetchall()
    return [member(pk, name, end_on, left_on, last) for pk, name, end_on, left_on in rows]


def people_sql(kind: str, members_on: date | None) -> str:
    """Return the SELECT of a scope's people: `id, name, end_on, left_on`."""
    return PEOPLE.format(stands=standing.relation(members_on if kind in REGROUPED else None))


def left_behind(scope: Scope, window: Window, *, on: date, members_on: date) -> LeftBehind:
    """Count who stood in a scope on any day of a window up to day `on` and is not its member on another; of the company, who is in no team then."""
    params: dict[str, Any] = {"kind": scope.kind, "scope": scope.id, "first": window.start_on, "last": last_day(window, on), "members_on": members_on}
    with connection.cursor() as cursor:
        cursor.execute(LEFT_BEHIND, params)
        return LeftBehind(*cursor.fetchone())


def last_day(window: Window, on: date) -> date:
    """Return the last day of a window up to day `on`; of one to come, its first."""
    return max(min(window.last_on, on), window.start_on)


def member(pk: int, name: str, end_on: date, left_on: date | None, last: date) -> Member:
    """Return a row of PEOPLE, seen from the last day of those that were asked for."""
    gone = left_on if left_on and left_on <= last else None
    return Member(Scope("rep", pk, name), None if gone or end_on > last else end_on, gone)


def by_team(window: Window) -> dict[int, list[Scope]]:
    """Return the reps who work on any day of a window by the number of the team they were last in then; 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute(BY_TEAM, {"first": window.start_on, "last": window.last_on})
        rows = cursor.fetchall()
    found: dict[int, list[Scope]] = {}
    for team, pk, name in rows:
        found.setdefault(team, []).append(Scope("rep", pk, name))
    return found


def teams(scope: Scope) -> list[Branch]:
    """Return the teams of the company or a region, or those below a team, as a tree in order of names."""
    return tree(scope, {team.pk: team for team in Team.objects.order_by("name")})


def tree(scope: Scope, every: dict[int, Team]) -> list[Branch]:
    """Put the teams that lie in a scope in order; `every` has all there are, by name."""
    children: dict[int | None, list[Team]] = {}
    for team in every.values():
        children.setdefault(team.parent_id, []).append(team)
    if scope.kind == "team":
        return _branches(children.get(scope.id, []), children, 0)
    if scope.kind == "company":
        return _branches(children.get(None, []), children, 0)
    inside = {pk for pk in every if _region(every, pk) == scope.id}
    tops = [team for team in every.values() if team.pk in inside and team.parent_id not in inside]
    within = {parent: [team for team in found if team.pk in inside] for parent, found in children.items()}
    return _branches(tops, within, 0)


def _region(every: dict[int, Team], pk: int | None) -> int | None:
    """A team without a region is in its parent's."""
    while pk is not None:
        if every[pk].region_id is not None:
            return every[pk].region_id
        pk = every[pk].parent_id
    return None


def _branches(teams: list[Team], children: dict[int | None, list[Team]], depth: int) -> list[Branch]:
    found = []
    for team in teams:
        found.append(Branch(Scope("team", team.pk, team.name), depth))
        found += _branches(children.get(team.pk, []), children, depth + 1)
    return found
