"""Targets."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.bulk.views import Bulk, ReasonedBulkAsked
from apps.api.fields import Choice
from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.permissions import SetsTargets
from apps.api.resources.base import Rows, RowSerializer
from apps.core import authorship
from apps.core.authorship import LONGEST_REASON
from apps.goals import versions
from apps.goals.models import Goal, validate_baseline, validate_scope
from apps.goals.selectors import owner_of
from apps.kpis import catalogue
from apps.reps import access, scopes
from apps.reps.access import Target
from apps.reps.models import Rep
from apps.reps.scopes import Scope

KPIS = [(kpi.key, kpi.name) for kpi in catalogue.with_goals()]


class GoalSerializer(RowSerializer):
    kpi = Choice(choices=KPIS)

    reason = serializers.CharField(required=False, write_only=True, max_length=LONGEST_REASON, help_text=_("Why it is set or changed; kept in its history."))

    class Meta:
        model = Goal
        fields = [
            "id",
            "kpi",
            "scope",
            "region",
            "team",
            "rep",
            "start_on",
            "last_on",
            "target",
            "baseline",
            "stay",
            "note",
            "external_key",
            "updated_at",
            "reason",
        ]
        validators: list[object] = []  # one goal per window is held by the database, which knows the empty owners

    def validate(self, goal: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {
            name: goal.get(name, getattr(self.instance, name, default)) for name, default in (("kpi", ""), ("scope", ""), ("stay", ""), ("baseline", None))
        }
        try:
            validate_scope(told["kpi"], told["scope"])
            validate_baseline(told["kpi"], told["stay"], told["baseline"])
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return goal


class ChangeSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = serializers.CharField(help_text=_("Who did it; empty where nobody was signed in, as for an import."))
    reason = serializers.CharField()
    before = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, help_text=_("The target before; null where there was none."))
    after = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, help_text=_("The target since; null where it was taken away."))


SET_BY_OTHERS = _("This is set by others. GET /api/v1/scopes/ lists whom you see; admins say whose targets and objectives managers set.")


class OwnedRows(Rows):
    """Rows that belong to the company, a region, a team or a rep; `settable` tells of whom the user may write them."""

    def settable(self) -> list[Scope]:
        raise NotImplementedError

    def _refuse_others(self, scope: str, owner: int) -> None:
        if (scope, owner) not in {(one.kind, one.id) for one in self.settable()}:
            raise PermissionDenied(SET_BY_OTHERS)

    def _refuse_row(self, row: Any) -> None:
        self._refuse_others(*owner_of(row))

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        row, sent = serializer.instance, serializer.validated_data
        if row is not None:
            self._refuse_row(row)
        told = {name: sent.get(name, getattr(row, name, None)) for name in ("scope", "region", "team", "rep")}
        named = {kind: told[kind].pk for kind in ("region", "team", "rep") if told[kind]}
        if set(named) == {told["scope"]} - {"company"}:  # else the database says what is wrong
            self._refuse_others(told["scope"], named.get(told["scope"], 0))
        with authorship.written(by=self.request.user.pk, reason=sent.pop("reason", "")):
            super()._write(serializer)

    def perform_destroy(self, instance: Any) -> None:
        self._refuse_row(instance)
        with authorship.written(by=self.request.user.pk):
            super().perform_destroy(instance)


class Goals(Bulk, OwnedRows):
    """Targets for one KPI of the company, a region, a team or a rep over any window of days, both days in it."""

    asked_by = ReasonedBulkAsked
    told_for_all = ("reason",)
    said_of_others = {"scope": [SET_BY_OTHERS]}

    queryset = Goal.objects.all()
    serializer_class = GoalSerializer
    permission_classes = [IsAuthenticated, SetsTargets]
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

    def settable(self) -> list[Scope]:
        return access.targets_to_set(self.request.user, self.on)  # type: ignore[arg-type]

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        row, sent = serializer.instance, serializer.validated_data
        days = [sent.get(name, getattr(row, name, None)) for name in ("start_on", "last_on")]
        self._refuse_days(sent.get("rep", getattr(row, "rep", None)), *days)
        super()._write(serializer)

    def _refuse_row(self, row: Goal) -> None:
        super()._refuse_row(row)
        self._refuse_days(row.rep, row.start_on, row.last_on)

    def _refuse_days(self, rep: Rep | None, start_on: date, last_on: date) -> None:
        """Refuse a target over days on which its rep was in another team."""
        if rep and access.others_targets(self.request.user, [(scopes.of(rep), start_on, last_on)], self.on):  # type: ignore[arg-type]
            raise PermissionDenied(_("On these days this target is set by others."))

    def whose(self, row: Goal) -> frozenset[Target]:  # type: ignore[override]
        """Tell of whom it is and over which days; of one that names somebody else than its scope says, the database says so."""
        named = {kind for kind in ("region", "team", "rep") if getattr(row, f"{kind}_id")}
        if named != {row.scope} - {"company"}:
            return frozenset()
        return frozenset({(Scope(*owner_of(row), ""), row.start_on, row.last_on)})

    def not_theirs(self, whose: frozenset[Target]) -> frozenset[Target]:
        return frozenset(access.not_to_set(self.request.user, whose, self.on))  # type: ignore[arg-type]

    @extend_schema(responses=ChangeSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def history(self, request: Request, pk: int) -> Response:
        """What was changed of a goal, by whom and why; the latest first."""
        return Response(ChangeSerializer(versions.history(self.get_object()), many=True).data)
