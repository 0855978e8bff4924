"""Where people work: the calendar with the working days of the region that a scope stands in."""

from collections.abc import Iterable
from datetime import date

from apps.core.periods import Calendar
from apps.core.replica import connection
from apps.reps.scopes import Scope

HOMES = """
SELECT 'team', team, scope FROM reps_above WHERE kind = 'region' AND team = ANY(%(teams)s)
UNION ALL
SELECT 'rep', rep, scope FROM reps_standing WHERE kind = 'region' AND rep = ANY(%(reps)s) AND start_on <= %(on)s AND end_on > %(on)s
"""


def calendars(calendar: Calendar, scopes: Iterable[Scope], on: date) -> dict[Scope, Calendar]:
    """Return each scope's calendar: a region's own, a team's by its region, a rep's by their team of day `on`, else the organisation's.

    One query, and none where no region has working days of its own.
    """
    scopes = list(scopes)
    homes = {("region", scope.id): scope.id for scope in scopes if scope.kind == "region"}
    if calendar.places:
        homes |= _homes(scopes, on)
    return {scope: calendar.at(homes.get((scope.kind, scope.id), 0)) for scope in scopes}


def calendar_of(calendar: Calendar, scope: Scope, on: date) -> Calendar:
    """Return one scope's calendar."""
    return calendars(calendar, [scope], on)[scope]


def _homes(scopes: list[Scope], on: date) -> dict[tuple[str, int], int]:
    ids = {kind: [scope.id for scope in scopes if scope.kind == kind] for kind in ("team", "rep")}
    with connection.cursor() as cursor:
        cursor.execute(HOMES, {"teams": ids["team"], "reps": ids["rep"], "on": on})
        return {(kind, pk): region for kind, pk, region in cursor.fetchall()}
