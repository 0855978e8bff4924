"""All that a page asks about people and teams, in one query: whom the viewer may see, and who is in the scope they look at."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from apps.accounts.models import User
from apps.core.periods import Window
from apps.core.replica import connection
from apps.reps import access, rosters
from apps.reps.models import Team
from apps.reps.rosters import Branch, Member
from apps.reps.scopes import KINDS, Only, Scope, narrowed, regrouped

COLUMNS = "list, kind, id, name, end_on, left_on, parent, region"


@dataclass(frozen=True)
class Directory:
    """Whom a viewer may see; and of a scope its people over a window, its teams as a tree, its regions; of a rep, the peers to be ranked with."""

    allowed: tuple[Scope, ...]
    members: tuple[Member, ...]
    branches: tuple[Branch, ...]
    regions: tuple[Scope, ...]
    peers: tuple[Scope, ...]

    @property
    def scopes(self) -> list[Scope]:
        """Everybody and everything in the scope."""
        return [*(one.scope for one in self.members), *(one.scope for one in self.branches), *self.regions, *self.peers]

    def narrowed(self, only: Only | None) -> "Directory":
        """Return the same people, teams and regions with the facts of one product or campaign; whom one may see does not depend on it."""
        if only is None:
            return self
        return replace(
            self,
            members=tuple(replace(one, scope=narrowed(one.scope, only)) for one in self.members),
            branches=tuple(replace(one, scope=narrowed(one.scope, only)) for one in self.branches),
            regions=tuple(narrowed(one, only) for one in self.regions),
            peers=tuple(narrowed(one, only) for one in self.peers),
        )


def read(user: User, today: date, kind: str, pk: int, window: Window, *, on: date, company: Scope, is_own: bool, members_on: date | None = None) -> Directory:
    """Read it all; teams and managers count as of `today`, the scope's people as of the window and day `on`. `is_own`: the scope is the viewer themself.

    With `members_on`, what is in the scope is regrouped; `allowed` never is, and never depends on it.
    """
    visible, given = access.visible(user, today)
    last = rosters.last_day(window, on)
    params = {
        **given,
        "kind": kind,
        "scope": pk,
        "first": window.start_on,
        "last": last,
        "day": today if is_own else on,
        "working": is_own,
        "members_on": members_on,
    }
    within = _INSIDE.format(people=rosters.people_sql(kind, members_on))
    inside = _PEERS if kind == "rep" else f"{within} UNION ALL {_REGIONS}" if kind == "company" else within
    with connection.prepared() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} FROM (SELECT 'allowed', v.*, {_NOTHING} FROM ({visible}) v UNION ALL {inside}) d({COLUMNS}) ORDER BY name, id", params
        )
        rows = cursor.fetchall()
    found: dict[str, list[Any]] = {}
    for place, *row in rows:
        found.setdefault(place, []).append(row)
    of_kind = {name: [Scope(*row[:3]) for row in found.get("allowed", []) if row[0] == name] for name in KINDS}
    allowed = [company] if access.sees_all(user) else []
    teams = {row[1]: Team(id=row[1], name=row[2], parent_id=row[5], region_id=row[6]) for row in found.get("teams", [])}
    return Directory(
        allowed=(*allowed, *(scope for scopes in of_kind.values() for scope in scopes)),
        members=tuple(rosters.member(pk, name, end_on, left_on, last) for _kind, pk, name, end_on, left_on, _parent, _region in found.get("people", [])),
        branches=tuple(Branch(regrouped(one.scope, members_on), one.depth) for one in rosters.tree(Scope(kind, pk, ""), teams)),
        regions=tuple(regrouped(Scope(*row[:3]), members_on) for row in found.get("regions", [])),
        peers=tuple(Scope(*row[:3]) for row in found.get("peers", [])),
    )


def inside(
    asked: Iterable[tuple[Scope, Window]], *, on: date, today: date, own: int | None = None, members_on: date | None = None
) -> dict[tuple[Scope, Window], Directory]:
    """Return who and what is in each of several scopes, each over a window, in one query; of a rep the peers. Nobody is `allowed`: that is asked apart.

    `own`: the rep who looks, whose peers are those of today who work. With `members_on`, teams and regions are regrouped.
    """
    wanted = list(dict.fromkeys(asked))
    params: dict[str, Any] = {"members_on": members_on}
    arms = []
    for n, (scope, window) in enumerate(wanted):
        is_own, last = scope.kind == "rep" and scope.id == own, rosters.last_day(window, on)
        given = {"kind": scope.kind, "scope": scope.id, "first": window.start_on, "last": last, "day": today if is_own else on, "working": is_own}
        params |= {f"{name}_{n}": value for name, value in given.items()}
        arm = _PEERS if scope.kind == "rep" else _PEOPLE.format(people=rosters.people_sql(scope.kind, members_on))
        arms.append(f"SELECT {n}, a.* FROM ({_numbered(arm, n)}) a")
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT n, {COLUMNS} FROM ({' UNION ALL '.join([*arms, _EVERY])}) d(n, {COLUMNS}) ORDER BY name, id", params)
        rows = cursor.fetchall()
    found: dict[tuple[int, str], list[Any]] = {}
    for n, place, *row in rows:
        found.setdefault((n, place), []).append(row)
    every = {row[1]: Team(id=row[1], name=row[2], parent_id=row[5], region_id=row[6]) for row in found.get((_ANYWHERE, "teams"), [])}
    regions = tuple(regrouped(Scope(*row[:3]), members_on) for row in found.get((_ANYWHERE, "regions"), []))
    return {
        (scope, window): Directory(
            allowed=(),
            members=tuple(
                rosters.member(pk, name, end_on, left_on, rosters.last_day(window, on))
                for _kind, pk, name, end_on, left_on, *_rest in found.get((n, "people"), [])
            ),
            branches=() if scope.kind == "rep" else tuple(Branch(regrouped(one.scope, members_on), one.depth) for one in rosters.tree(scope, every)),
            regions=regions if scope.kind == "company" else (),
            peers=tuple(Scope(*row[:3]) for row in found.get((n, "peers"), [])),
        )
        for n, (scope, window) in enumerate(wanted)
    }


def _numbered(sql: str, n: int) -> str:
    """Give a question's parameters names of its own, so that it can stand beside the same about somebody else."""
    return _NAMED.sub(lambda found: f"%({found[1]}_{n})s", sql)


_ANYWHERE = -1
_NAMED = re.compile(r"%\((kind|scope|first|last|day|working)\)s")
_NOTHING = "NULL::date, NULL::date, NULL::bigint, NULL::bigint"
_PEOPLE = "SELECT 'people', 'rep', p.*, NULL::bigint, NULL::bigint FROM ({people}) p"
_TEAMS = "SELECT 'teams', 'team', id, name, NULL::date, NULL::date, parent_id, region_id FROM reps_team"
_INSIDE = f"{_PEOPLE} UNION ALL {_TEAMS}"
_REGIONS = f"SELECT 'regions', 'region', id, name, {_NOTHING} FROM reps_region"
_PEERS = f"SELECT 'peers', 'rep', p.*, {_NOTHING} FROM ({access.PEERS}) p"
_EVERY = f"SELECT {_ANYWHERE}, t.* FROM ({_TEAMS}) t UNION ALL SELECT {_ANYWHERE}, r.* FROM ({_REGIONS}) r"
