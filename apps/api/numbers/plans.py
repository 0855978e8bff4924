"""A year's plan of one KPI: everybody's targets, read whole and written together, never over what somebody else wrote meanwhile."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.api import problems
from apps.api.described import Problem
from apps.api.numbers import asking
from apps.api.numbers.answers import amount
from apps.api.numbers.asking import KpiField, PeriodField, ScopeField
from apps.api.numbers.desk import Desk
from apps.api.numbers.views import Numbers
from apps.core import clock
from apps.core.authorship import LONGEST_REASON
from apps.goals import flat, grids, services
from apps.goals.services import Edit
from apps.kpis import catalogue
from apps.reps import access
from apps.reps.scopes import Scope

MOST_EDITS = 5_000
COLUMNS = [(grain, grain) for grain in grids.GRAINS]


class PlannableField(KpiField):
    """The key of a KPI that can have targets."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        key = super().run_validation(data)
        if not catalogue.KPIS[key].has_goals:
            raise serializers.ValidationError(_("This KPI can have no targets."))
        return key


class PlanAsked(asking.AsOf):
    kpi = PlannableField(error_messages=asking.missing("kpi=revenue"))
    period = PeriodField(error_messages=asking.missing("period=2025"), help_text=_("The fiscal year that this period lies in is told."))
    by = serializers.ChoiceField(choices=COLUMNS, required=False, help_text=_("The columns. Empty: those that most of the year’s targets are in."))
    on = None  # type: ignore[assignment]
    team = None  # type: ignore[assignment]


class PlanColumn(serializers.Serializer[Any]):
    period = serializers.CharField()
    start_on = serializers.DateField()
    last_on = serializers.DateField()
    is_locked = serializers.BooleanField(help_text=_("Nobody may change a target of this column."))


class PlanLine(serializers.Serializer[Any]):
    scope = serializers.CharField(help_text=_("company, region:NAME, team:NAME or rep:NAME."))
    kind = serializers.CharField()
    id = serializers.IntegerField()
    targets = serializers.ListField(child=amount(), help_text=_("Column by column; null without a target."))
    is_there = serializers.ListField(child=serializers.BooleanField(), help_text=_("False where a rep does not work, or not below this team."))
    is_fixed = serializers.BooleanField(help_text=_("You may not change these targets: others set them."))
    below = serializers.ListField(child=amount(), help_text=_("What the people of a scope have together, column by column; empty for reps."))


class Plan(serializers.Serializer[Any]):
    kpi = serializers.CharField()
    period = serializers.CharField()
    by = serializers.CharField()
    columns = PlanColumn(many=True)
    lines = PlanLine(many=True)


class PlanEdit(serializers.Serializer[Any]):
    scope = ScopeField(help_text=_("company, region:NAME, team:NAME or rep:NAME."))
    period = PeriodField(help_text=_("2025, 2025-Q1, 2025-03 or 2025-01-01..2025-03-14."))
    was = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, help_text=_("The target that was seen there; null for none."))
    target = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, help_text=_("What it is to be; null takes it away."))

    def validate_target(self, target: Any) -> Any:
        if target is not None and target <= 0:
            raise serializers.ValidationError(_("A target is more than zero. Write null for no target."))
        return target


class PlanEdits(serializers.Serializer[Any]):
    kpi = PlannableField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_REASON, help_text=_("Kept with every target that is changed."))
    edits = PlanEdit(many=True, allow_empty=False)

    def validate_edits(self, edits: list[Any]) -> list[Any]:
        if len(edits) > MOST_EDITS:
            raise serializers.ValidationError(_("That is too much at once. Send at most %(most)d edits.") % {"most": MOST_EDITS})
        places = [(edit["scope"][1].kind, edit["scope"][1].id, edit["period"][1].start_on, edit["period"][1].end_on) for edit in edits]
        if len(set(places)) < len(places):
            raise serializers.ValidationError(_("Two edits are of the same target. Send one."))
        return edits


class PlanSaved(serializers.Serializer[Any]):
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    deleted = serializers.IntegerField()


class PlanClash(serializers.Serializer[Any]):
    scope = serializers.CharField()
    period = serializers.CharField()
    target = amount(_("What stands there now; null for none."))


class PlanClashes(Problem):
    clashes = PlanClash(many=True)


class Planners(BasePermission):
    """A plan is read by who sets some of its targets, and as far as they see it."""

    message = _("Plans are for admins, and for managers where the organisation allows it.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User) and bool(access.targets_to_set(request.user, clock.today()))


class Plans(Numbers):
    """A year's targets of one KPI. Written together, all or none; 409 where somebody else changed one meanwhile."""

    asks = PlanAsked
    permission_classes = [IsAuthenticated, Planners]

    @extend_schema(parameters=[PlanAsked], responses=forced_singular_serializer(Plan))
    def list(self, request: Request) -> Response:
        asked = self.asked()
        kpi, calendar = catalogue.KPIS[asked["kpi"]], self.desk.calendar
        year = calendar.containing("year", asked["period"][1].start_on)
        grid = grids.read(kpi, year, asked.get("by") or grids.usual_grain(kpi, year, calendar), calendar)
        return Response(_told(grids.limited(grid, seen=self.desk.scopes, settable=_settable(self.desk))))

    @extend_schema(
        request=PlanEdits,
        responses={200: PlanSaved, 409: OpenApiResponse(PlanClashes, description=str(_("Somebody else changed some of these targets; nothing is saved.")))},
    )
    def create(self, request: Request) -> HttpResponse:
        wanted = PlanEdits(data=request.data, context={"desk": self.desk})
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        texts = {(edit["scope"][1], edit["period"][1]): (edit["scope"][0], edit["period"][0]) for edit in asked["edits"]}
        places = [(scope, window.start_on, window.last_on) for scope, window in texts]
        if others := access.others_targets(self.desk.user, places, self.desk.today):
            raise PermissionDenied(_("These targets are set by others: %(whose)s.") % {"whose": ", ".join(sorted(scope.key for scope in others))})
        edits = [Edit(edit["scope"][1], edit["period"][1], edit["was"], edit["target"]) for edit in asked["edits"]]
        try:
            saved = services.save_edits(asked["kpi"], edits, by=request.user.pk, reason=asked.get("reason", ""))
        except services.Meanwhile as meanwhile:
            clashes = [{**_named(texts[edit.scope, edit.window]), "target": flat.text(now)} for edit, now in meanwhile.present.items()]
            words = _("Somebody else changed some of these targets meanwhile. Look at them and send them again.")
            return problems.answer(409, words, instance=request.path, clashes=clashes)
        except Refused as error:
            raise ValidationError({"edits": error.messages}) from error
        return Response({"created": saved.created, "changed": saved.changed, "deleted": saved.deleted})


def _settable(desk: Desk) -> list[Scope]:
    return access.targets_to_set(desk.user, desk.today)


def _named(texts: Iterable[str]) -> dict[str, str]:
    return dict(zip(("scope", "period"), texts, strict=True))


def _told(grid: grids.Grid) -> dict[str, Any]:
    columns = [
        {"period": window.key, "start_on": window.start_on, "last_on": window.last_on, "is_locked": is_locked}
        for window, is_locked in zip(grid.columns, grid.is_locked, strict=True)
    ]
    lines = [
        {
            "scope": line.scope.key,
            "kind": line.scope.kind,
            "id": line.scope.id,
            "targets": [flat.text(target) for target in line.targets],
            "is_there": line.is_there,
            "is_fixed": line.is_fixed,
            "below": [flat.text(together) for together in line.below],
        }
        for line in grid.lines
    ]
    return {"kpi": grid.kpi.key, "period": grid.year.key, "by": grid.grain, "columns": columns, "lines": lines}
