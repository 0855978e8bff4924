"""Among whom an objective can be split: who is below whose it is."""

from datetime import date

from apps.objectives.models import Objective
from apps.reps import rosters, scopes
from apps.reps.models import Region, Rep, Team
from apps.reps.scopes import Scope

AMONG = {"company": ("region", "team"), "region": ("team",), "team": ("team", "rep"), "rep": ()}  # kinds of parts by whose the whole is


def kinds(objective: Objective, today: date) -> list[str]:
    """Return the kinds of parts an objective can be split into: of those of whom there are any."""
    return [kind for kind in AMONG[objective.scope] if among(objective, kind, today)]


def among(objective: Objective, kind: str, today: date) -> list[Scope]:
    """Return all regions, the teams directly below, or everybody in the teams below whose an objective is: of today or, of one that does not run, of its nearest day."""
    if kind not in AMONG[objective.scope]:
        return []
    if kind == "region":
        return [scopes.of(region) for region in Region.objects.all()]
    whose = scopes.get(objective.scope, objective.owner_id)
    branches = [branch for branch in rosters.teams(whose) if branch.scope != whose]
    if kind == "team":
        least = min((branch.depth for branch in branches), default=0)
        return [branch.scope for branch in branches if branch.depth == least]
    on = objective.nearest_day(today)
    teams = Team.objects.filter(pk__in=[whose.id, *(branch.scope.id for branch in branches)])
    return [scopes.of(rep) for rep in Rep.objects.standing_in(teams, on).working_on(on)]
