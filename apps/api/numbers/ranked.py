"""Who is ranked, and how much of it the asking user may see."""

from datetime import date
from typing import Any

from django.db.models import Q

from apps.api.numbers.desk import THEN, Desk
from apps.core.periods import Window
from apps.goals import flat
from apps.goals import selectors as goals
from apps.goals.selectors import GoalFigure
from apps.kpis import selectors
from apps.kpis.figures import Place
from apps.reps import access
from apps.reps.models import Rep
from apps.reps.scopes import Only, Scope, of


def scopes(desk: Desk, kind: str, window: Window, *, team: str, only: Only | None = None) -> list[Scope]:
    """Return the scopes of a kind that the user may see ranked; reps who never worked in the window are left out."""
    mine = [desk.seen(scope, team, only) for scope in desk.scopes if scope.kind == kind]
    if kind != "rep":
        return mine
    peers = access.peers_of(desk.user, desk.today)
    worked = Rep.objects.filter(Q(left_on=None) | Q(left_on__gt=window.start_on), hired_on__lt=window.end_on)
    return [desk.seen(of(rep), team, only) for rep in worked.filter(pk__in={scope.id for scope in mine}.union(peers))]


def places(desk: Desk, kpi: str, ranked: list[Scope], window: Window, *, on: date) -> list[dict[str, Any]]:
    """Return the ranking; a peer's row has a rank and no figures."""
    found = goals.figures([kpi], dict.fromkeys(ranked), window, on=on, calendar=desk.calendar)
    order = selectors.rank([one.figure for one in found.values()], better_is_up=selectors.kpi(kpi).better == "up")
    mine = set(desk.scopes)
    return [_row(place, found[kpi, place.figure.scope], is_hidden=desk.seen(place.figure.scope, THEN) not in mine) for place in order]


def _row(place: Place, one: GoalFigure, *, is_hidden: bool) -> dict[str, Any]:
    scope, progress = one.figure.scope, one.progress
    shown = not is_hidden
    return {
        "rank": place.rank,
        "scope": scope.key,
        "id": scope.id,
        "name": scope.name,
        "value": flat.text(one.figure.value) if shown else None,
        "target": flat.text(progress.target) if shown and progress else None,
        "attainment": flat.text(progress.attainment) if shown and progress else None,
        "is_hidden": is_hidden,
    }
