"""Objectives, what is told of them by hand, and where they stand."""

from copy import copy
from functools import cached_property
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

from apps.accounts.models import Role
from apps.api import violations
from apps.api.fields import Choice
from apps.api.filters import AMOUNTS, DAYS, ROWS, SOME
from apps.api.numbers.answers import amount
from apps.api.permissions import WritesFacts
from apps.api.resources.base import Rows, RowSerializer
from apps.api.resources.goals import KPIS, OwnedRows
from apps.core import authorship
from apps.core.authorship import LONGEST_REASON
from apps.goals import flat
from apps.objectives import access, selectors, services, standing
from apps.objectives.models import CheckIn, Measured, Objective, ObjectiveVersion, Step
from apps.objectives.selectors import Node
from apps.reps.scopes import Scope


class ObjectiveSerializer(RowSerializer):
    kpi = Choice(choices=KPIS, required=False, allow_blank=True)
    reason = serializers.CharField(required=False, write_only=True, max_length=LONGEST_REASON, help_text=_("Why it is set or changed; kept in its history."))

    class Meta:
        model = Objective
        fields = [
            "id",
            "parent",
            "weight",
            "name",
            "measured",
            "kpi",
            "unit",
            "scope",
            "region",
            "team",
            "rep",
            "is_personal",
            "start_on",
            "last_on",
            "target",
            "baseline",
            "stay",
            "note",
            "updated_at",
            "reason",
        ]

    def validate(self, row: dict[str, Any]) -> dict[str, Any]:
        whole = copy(self.instance) if isinstance(self.instance, Objective) else Objective()
        for name, value in row.items():
            if name != "reason":
                setattr(whole, name, value)
        try:
            whole.clean()
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return super().validate(row)

    def to_representation(self, row: Objective) -> dict[str, Any]:
        """Name no whole that the reader does not see."""
        told = super().to_representation(row)
        seen: set[int] = self.context["view"].seen
        return {**told, "parent": told["parent"] if told["parent"] in seen else None}


class StandingSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text=_("The objective’s."))
    actual = amount(_("What it stands at, in its unit; null where it is measured in none, or nothing can be told."))
    target = amount(_("The target that it is held against: its own, or the plan’s."))
    expected = amount(_("What is expected by now."))
    attainment = amount(_("A ratio: 0.69 is 69 %. Null where it is held or not, or cannot be told."))
    done = amount(_("What it counts for among the parts of its whole, as a ratio; null without a target."))
    due = amount(_("How much of it is expected by now, as a ratio."))
    status = serializers.ChoiceField(choices=[(one, one) for one in standing.STATUSES])
    is_met = serializers.BooleanField()
    parts_attainment = amount(_("Where its parts stand together, as a ratio; null without parts that have a target."))
    parts_are = Choice(
        choices=[("", ""), ("summed", "summed"), ("weighed", "weighed")], help_text=_("Whether its parts are added up, or averaged by their weights.")
    )
    parts_met = serializers.IntegerField(help_text=_("How many of its parts have reached their targets."))
    parts_counted = serializers.IntegerField(help_text=_("How many of its parts have a target."))


class ObjectiveVersionSerializer(serializers.ModelSerializer[Any]):
    at = serializers.DateTimeField(source="set_at")
    by = serializers.SerializerMethodField(help_text=_("Who did it; empty where nobody was signed in."))

    class Meta:
        model = ObjectiveVersion
        fields = ["at", "by", "reason", "name", "measured", "kpi", "unit", "start_on", "last_on", "target", "baseline", "stay", "weight", "note"]

    def get_by(self, version: ObjectiveVersion) -> str:
        return str(version.set_by or "")


class Objectives(OwnedRows):
    """What is to be reached beside the plan, in parts if wanted. Personal ones are seen by the rep and who leads them, and by nobody else."""

    queryset = Objective.objects.all()
    serializer_class = ObjectiveSerializer
    permission_classes = [IsAuthenticated, WritesFacts]
    filterset_fields = {
        "parent": SOME,
        "measured": ROWS,
        "kpi": ROWS,
        "scope": ROWS,
        "region": SOME,
        "team": SOME,
        "rep": SOME,
        "start_on": DAYS,
        "last_on": DAYS,
        "target": AMOUNTS,
    }
    search_fields = ["name", "note"]
    ordering_fields = ["id", "name", "start_on", "last_on", "target", "updated_at"]

    def settable(self) -> list[Scope]:
        return access.scopes_to_set(self.request.user, self.on)  # type: ignore[arg-type]

    def _refuse_others(self, scope: str, owner: int) -> None:
        """Let a rep write what is personal, and nobody else."""
        if not self._is_own:
            super()._refuse_others(scope, owner)
        elif (rep := access.own_rep(self.request.user)) is None or (scope, owner) != ("rep", rep.pk):  # type: ignore[arg-type]
            raise PermissionDenied(_("Personal objectives are a rep’s own. Name yourself."))

    _is_own = False

    @cached_property
    def seen(self) -> set[int]:
        """The numbers of the objectives that the user sees."""
        return set(access.visible(self.request.user, self.on).values_list("pk", flat=True))  # type: ignore[arg-type]

    def _refuse_row(self, row: Objective) -> None:
        if not access.may_set(self.request.user, row, self.on):  # type: ignore[arg-type]
            raise PermissionDenied(_("This objective is set by others."))

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        before = getattr(serializer.instance, "is_personal", None)
        self._is_own = serializer.validated_data.get("is_personal", bool(before))
        if before is not None and before != self._is_own:
            raise serializers.ValidationError({"is_personal": [_("What is personal stays so, and nothing becomes it. Add another objective.")]})
        whole = serializer.validated_data.get("parent")
        if whole and whole.pk != getattr(serializer.instance, "parent_id", None) and not access.may_add_parts(self.request.user, whole, self.on):  # type: ignore[arg-type]
            raise PermissionDenied(_("Parts of this objective are set by others."))
        row, sent = serializer.instance, serializer.validated_data
        if row is None:
            sent["is_admins"] = self.request.user.role == Role.ADMIN  # type: ignore[union-attr]
            super()._write(serializer)
            return
        self._refuse_row(row)
        after = copy(row)
        after.start_on, after.last_on = sent.get("start_on", row.start_on), sent.get("last_on", row.last_on)
        with violations.answered():
            if (after.start_on, after.last_on) != (row.start_on, row.last_on) and not access.may_move(self.request.user, row, self.on):  # type: ignore[arg-type]
                raise PermissionDenied(_("Parts that others set would move along. Ask an admin to move it."))
            with authorship.written(by=self.request.user.pk, reason=sent.get("reason", "")):
                services.move_along(row, after)
            super()._write(serializer)

    def perform_destroy(self, instance: Any) -> None:
        self._is_own = instance.is_personal
        if not access.may_delete(self.request.user, instance, self.on):  # type: ignore[arg-type]
            raise PermissionDenied(_("This objective, or some of its parts, are set by others."))
        super().perform_destroy(instance)

    @extend_schema(responses=StandingSerializer)
    @action(detail=True, pagination_class=None, filter_backends=[])
    def standing(self, request: Request, pk: int) -> Response:
        """Where an objective stands today, by itself and by its parts."""
        (node,) = selectors.trees([self.get_object().pk], on=self.on)
        return Response(_told(node))

    @extend_schema(responses=ObjectiveVersionSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=[])
    def history(self, request: Request, pk: int) -> Response:
        """What an objective was, with who set it, when and why; the latest first. What it was of somebody you do not see is left out."""
        versions = access.versions(request.user, self.get_object(), self.on)  # type: ignore[arg-type]
        return Response(ObjectiveVersionSerializer(versions[::-1], many=True).data)


def _told(node: Node) -> dict[str, Any]:
    own, parts = node.standing, node.by_parts
    numbers = {name: flat.text(getattr(own, name)) for name in ("actual", "target", "expected", "attainment", "done", "due")}
    return {
        "id": node.objective.pk,
        **numbers,
        "status": own.status,
        "is_met": own.is_met,
        "parts_attainment": flat.text(parts.standing.done) if parts else None,
        "parts_are": ("summed" if parts.is_sum else "weighed") if parts and parts.counted else "",
        "parts_met": parts.met if parts else 0,
        "parts_counted": parts.counted if parts else 0,
    }


class ToldSerializer(RowSerializer):
    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        view, row = self.context["view"], self.instance
        if row is not None and told.get("objective", row.objective) != row.objective:  # type: ignore[union-attr]
            raise serializers.ValidationError({"objective": [_("It stays with its objective. Add another one there.")]})
        objective = told.get("objective") or row.objective  # type: ignore[union-attr]
        if not access.may_tell(view.request.user, objective, view.on):
            raise PermissionDenied(_("How far this has come is told by whose it is, and by who leads them."))
        return super().validate(told)


class CheckInSerializer(ToldSerializer):
    class Meta:
        model = CheckIn
        fields = ["id", "objective", "day", "value", "note", "told_at"]

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        told = super().validate(told)
        view = self.context["view"]
        if self.instance is not None and self.instance.told_by_id != view.request.user.pk:
            raise PermissionDenied(_("What was told is changed by who told it."))
        row: dict[str, Any] = {name: getattr(self.instance, name, None) for name in ("objective", "day", "value")} | told
        try:
            services.check(CheckIn(objective=row["objective"], day=row["day"], value=row["value"]), today=self.context["view"].on)
        except ValidationError as error:
            raise serializers.ValidationError(getattr(error, "message_dict", {"detail": error.messages})) from error
        return told


class StepSerializer(ToldSerializer):
    class Meta:
        model = Step
        fields = ["id", "objective", "position", "name", "done_on", "note"]

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        told = super().validate(told)
        objective = told.get("objective") or self.instance.objective  # type: ignore[union-attr]
        view = self.context["view"]
        is_new_or_renamed = self.instance is None or {"objective", "position", "name"} & {name for name in told if told[name] != getattr(self.instance, name)}
        if is_new_or_renamed and not access.may_set(view.request.user, objective, view.on):
            raise PermissionDenied(_("The steps of this checklist are set by others; you may say which are done."))
        try:
            if objective.measured != Measured.CHECKLIST:
                raise ValidationError({"objective": _("This is no checklist.")})
            services.check_done(objective, told.get("done_on"), today=view.on)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return told


class Told(Rows):
    """What belongs to an objective is seen by who sees that, and written by who may tell of it."""

    permission_classes = [IsAuthenticated, WritesFacts]


class CheckIns(Told):
    """What objectives that are measured by hand stood at, by day: of a yes or no, 1 or 0. The latest day counts, of one day the last told."""

    queryset = CheckIn.objects.filter(taken_back_at=None)
    serializer_class = CheckInSerializer
    filterset_fields = {"objective": ROWS, "day": DAYS, "value": AMOUNTS}
    search_fields = ["note"]
    ordering_fields = ["id", "day", "value", "told_at"]

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        if serializer.instance is None:
            serializer.validated_data["told_by"] = self.request.user
        super()._write(serializer)

    def perform_destroy(self, instance: Any) -> None:
        """Let it count no more; that it was told, and who took it back, is kept."""
        if not access.may_take_back(self.request.user, instance, self.on):  # type: ignore[arg-type]
            raise PermissionDenied(_("What was told is taken back by who told it, and by who sets the objective."))
        services.take_back(instance, by=self.request.user)  # type: ignore[arg-type]


class Steps(Told):
    """The steps of objectives that are checklists, done on a day or not yet."""

    queryset = Step.objects.all()
    serializer_class = StepSerializer
    filterset_fields = {"objective": ROWS, "done_on": SOME}
    search_fields = ["name", "note"]
    ordering_fields = ["id", "position", "name", "done_on"]

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        if "done_on" in serializer.validated_data:
            serializer.validated_data["done_by"] = self.request.user if serializer.validated_data["done_on"] else None
        super()._write(serializer)

    def perform_destroy(self, instance: Any) -> None:
        if not access.may_set(self.request.user, instance.objective, self.on):  # type: ignore[arg-type]
            raise PermissionDenied(_("The steps of this checklist are set by others."))
        super().perform_destroy(instance)
