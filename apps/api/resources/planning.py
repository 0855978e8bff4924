"""What plans are filled from: benchmarks for everybody, and how much of a target counts for who has just started."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.api import violations
from apps.api.fields import Choice
from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.resources.base import CompanyRows, RowSerializer
from apps.api.resources.goals import KPIS
from apps.goals import benchmarks
from apps.goals.models import Benchmark, Ramp, validate_scope


class BenchmarkSerializer(RowSerializer):
    kpi = Choice(choices=KPIS)

    class Meta:
        model = Benchmark
        fields = ["id", "kpi", "team", "grain", "target", "first_on", "last_on"]
        validators: list[object] = []  # one per KPI, grain and team is held by the database, which knows the one without a team

    def validate_kpi(self, kpi: str) -> str:
        try:
            validate_scope(kpi, "rep")
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error
        return kpi


class Benchmarks(CompanyRows):
    """What every rep, or every rep of a team, is to reach in each period. The goals that follow are set and changed at once."""

    queryset = Benchmark.objects.all()
    serializer_class = BenchmarkSerializer
    filterset_fields = {"kpi": ROWS, "team": SOME, "grain": ROWS, "target": AMOUNTS, "first_on": DAYS, "last_on": DAYS}
    search_fields = ["kpi", "team__name"]
    ordering_fields = ["id", "kpi", "grain", "target", "first_on", "last_on"]

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        with violations.answered():
            super()._write(serializer)
            benchmarks.apply(self.on, by=self.request.user.pk)

    def perform_destroy(self, instance: Any) -> None:
        with violations.answered():
            benchmarks.remove(instance, self.on, by=self.request.user.pk)


class RampSerializer(RowSerializer):
    shares = serializers.CharField(
        max_length=200, validators=Ramp._meta.get_field("shares").validators, help_text=_("Such as 25 50 75, by month since the start.")
    )

    class Meta:
        model = Ramp
        fields = ["id", "name", "shares"]


class Ramps(CompanyRows):
    """How much of a target somebody has in the first months after they start."""

    queryset = Ramp.objects.all()
    serializer_class = RampSerializer
    filterset_fields = {"name": ["exact"]}
    search_fields = ["name"]
    ordering_fields = ["id", "name"]
