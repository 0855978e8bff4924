"""Among whom an objective can be split: who is directly below whose it is."""

from datetime import date

from django.db.models import F, Q

from apps.objectives.models import WITH_TARGET, Measured, Objective
from apps.reps import scopes
from apps.reps.models import Region, Rep, Team
from apps.reps.scopes import Scope

AMONG = {"company": ("region", "team"), "region": ("team",), "team": ("team", "rep"), "rep": ()}  # kinds of parts by whose the whole is


def kinds(objective: Objective, today: date) -> list[str]:
    """Return the kinds of parts an objective can be split into: none where it is personal, or not counted, or nobody is below."""
    if objective.is_personal or objective.measured not in (Measured.KPI, *WITH_TARGET):
        return []
    return [kind for kind in AMONG[objective.scope] if among(objective, kind, today)]


def among(objective: Objective, kind: str, today: date) -> list[Scope]:
    """Return the regions, teams or people directly below whose an objective is: those of today or, of one that does not run, of its nearest day."""
    if kind not in AMONG[objective.scope]:
        return []
    on = min(max(today, objective.start_on), objective.last_on)
    if kind == "region":
        return [scopes.of(region) for region in Region.objects.all()]
    if kind == "team":
        return [scopes.of(team) for team in Team.objects.filter(_directly_below(objective))]
    teams = Team.objects.filter(Q(pk=objective.team_id) | Q(parent=objective.team_id) | Q(parent__parent=objective.team_id))
    return [scopes.of(rep) for rep in Rep.objects.standing_in(teams, on).working_on(on)]


def _directly_below(objective: Objective) -> Q:
    if objective.scope == "team":
        return Q(parent=objective.team_id)
    if objective.scope == "region":
        return Q(region=objective.region_id) & (Q(parent=None) | ~Q(parent__region=F("region")))
    return Q(parent=None)
