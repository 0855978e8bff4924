"""Targets."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.resources.base import CompanyRows, RowSerializer
from apps.goals.models import Goal, validate_scope
from apps.kpis import catalogue


class GoalSerializer(RowSerializer):
    kpi = serializers.ChoiceField(choices=[(kpi.key, kpi.name) for kpi in catalogue.with_goals()])

    class Meta:
        model = Goal
        fields = ["id", "kpi", "scope", "region", "team", "rep", "start_on", "last_on", "target", "baseline", "note", "external_key", "updated_at"]
        validators: list[object] = []  # one goal per window is held by the database, which knows the empty owners

    def validate(self, goal: dict[str, Any]) -> dict[str, Any]:
        before = {name: getattr(self.instance, name, "") for name in ("kpi", "scope")}
        try:
            validate_scope(goal.get("kpi", before["kpi"]), goal.get("scope", before["scope"]))
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return goal


class Goals(CompanyRows):
    """Targets for one KPI of the company, a region, a team or a rep over any window of days, both days in it."""

    queryset = Goal.objects.all()
    serializer_class = GoalSerializer
    filterset_fields = {
        "kpi": ROWS,
        "scope": ROWS,
        "region": SOME,
        "team": SOME,
        "rep": SOME,
        "start_on": DAYS,
        "last_on": DAYS,
        "target": AMOUNTS,
        "external_key": ROWS,
    }
    search_fields = ["note"]
    ordering_fields = ["id", "kpi", "scope", "start_on", "last_on", "target", "updated_at"]
