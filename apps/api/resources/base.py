"""What every kind of row has in common: who finds it, who writes it, and what a refusal looks like."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from apps.api import conditional, fields, permissions, violations, visibility
from apps.api.bulk.views import Bulk
from apps.api.grants import Granted
from apps.core import clock
from apps.core.models import Organisation
from apps.reps import access

HAPPENED = {"created_on", "first_contact_on", "acquired_on", "ordered_on", "read_on", "posted_on", "taken_on"}  # days that lie behind us
MONEY = ["amount", "currency", "original_amount"]
FOLLOWS = gettext_lazy("This amount follows from the one in another currency. Write `%(field)s` instead, or empty that.")


class RowSerializer(serializers.ModelSerializer[Any]):
    """One row. Other rows are named by their ids or, in what is sent, also by their external keys."""

    serializer_related_field = fields.VisibleRelated
    serializer_choice_field = fields.Choice
    beside: tuple[str, ...] = ()  # fields that are kept in tables of their own
    passing: tuple[str, ...] = ()  # fields that say how a change is meant, and are no change by themselves
    instants: tuple[tuple[str, str], ...] = ()  # the field of an instant, and that of the day that follows from it

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what is no field, which would silently change nothing."""
        fields.refuse_unknown(data, self.fields)
        return super().to_internal_value(data)

    def validate(self, row: dict[str, Any]) -> dict[str, Any]:
        self._refuse_lost_amounts(row)
        for at, on in self.instants:
            instant, day = row.get(at), row.get(on)
            follows = clock.day_of(instant, self.context["view"].organisation) if instant is not None else None
            if follows is not None and day not in (None, follows):
                raise ValidationError({on: [clock.another_day(follows)]})
            if instant is not None:
                row[on] = follows
            elif day is None and not self.partial and not self.Meta.model._meta.get_field(on).null:  # type: ignore[attr-defined]
                raise ValidationError({on: [fields.PastDate.default_error_messages["required"]]})
        return row

    def differs_beside(self, name: str, row: Any, value: Any) -> bool:
        """Say whether what is kept beside a row is another than it shall be."""
        raise NotImplementedError

    def save_beside(self, drafts: Sequence[Any]) -> None:
        """Write what is kept beside many rows (`bulk.drafts`)."""

    def _refuse_lost_amounts(self, row: dict[str, Any]) -> None:
        """Refuse an amount that would be forgotten, because it follows from what was agreed."""
        for name in sorted(set(row) & {"amount", "cost"}):
            original, before = f"original_{name}", getattr(self.instance, name, None)
            agreed = row[original] if original in row else getattr(self.instance, original, None)
            if agreed is not None and row[name] not in (None, before, agreed):
                raise ValidationError({name: [FOLLOWS % {"field": original}]})

    def build_standard_field(self, field_name: str, model_field: Any) -> tuple[type, dict[str, Any]]:
        field, options = super().build_standard_field(field_name, model_field)
        if field_name in HAPPENED:
            field = fields.PastDate
        return (fields.ExternalKey if field_name == "external_key" else field), options


class Rows(ModelViewSet[Any]):
    """List, read and write the rows that the user may see; what is not theirs is not found."""

    lookup_value_converter = "int"
    http_method_names = ["get", "post", "put", "patch", "delete", "head", "options"]

    def get_permissions(self) -> Any:
        return [*super().get_permissions(), Granted()]

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.get()

    @cached_property
    def seen_reps(self) -> set[int]:
        """The numbers of the reps whose rows the user may write."""
        return set(access.reps_for(self.request.user, self.on).values_list("pk", flat=True))  # type: ignore[arg-type]

    @cached_property
    def on(self) -> date:
        """The organisation's day of this request."""
        return clock.today()

    def get_queryset(self) -> QuerySet[Any]:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return visibility.visible(queryset, self.request.user, self.on)  # type: ignore[arg-type]

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return tagged(super().retrieve(request, *args, **kwargs))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return tagged(super().create(request, *args, **kwargs))

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            return tagged(super().update(request, *args, **kwargs))

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            return super().destroy(request, *args, **kwargs)

    def get_object(self) -> Any:
        """Return the row that the address names; where the request says what it has to be still, nobody else changes it until the answer."""
        row = super().get_object()
        if self.request.method in ("PUT", "PATCH", "DELETE") and conditional.is_conditional(self.request):
            type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).order_by().first()
            row = super().get_object()
            conditional.check(self.request, self.get_serializer(row).data)
        return row

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        self._write(serializer)

    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        self._write(serializer)

    def perform_destroy(self, instance: Model) -> None:
        with violations.answered():
            instance.delete()

    def _write(self, serializer: serializers.BaseSerializer[Any]) -> None:
        """Save, and answer with what the database made of it; the row must still be the writer's to see."""
        with violations.answered():
            saved = serializer.save()
            row = self.get_queryset().filter(pk=saved.pk).first()
            if row is None:
                owner = visibility.OWNERS.get(type(saved), "detail")
                raise ValidationError({owner: [visibility.NOT_YOURS]})
        serializer.instance = row


def tagged(response: Response) -> Response:
    """Say of one row which state of it this is."""
    response["ETag"] = conditional.etag(response.data)
    return response


class Facts(Bulk, Rows):
    """Rows that belong to a rep: admins write all, managers and reps those of the reps they see."""

    permission_classes = [IsAuthenticated, permissions.WritesFacts]

    @property
    def owner(self) -> str | None:
        return visibility.OWNERS.get(self.queryset.model)  # type: ignore[arg-type,union-attr]

    @property
    def said_of_others(self) -> dict[str, Any]:
        return {self.owner or "detail": [visibility.NOT_YOURS]}

    def whose(self, row: Model) -> frozenset[Any]:
        return frozenset({getattr(row, f"{self.owner}_id")}) if self.owner else frozenset()

    def not_theirs(self, whose: frozenset[Any]) -> frozenset[Any]:
        return frozenset() if access.sees_all(self.request.user) else whose - self.seen_reps  # type: ignore[arg-type]


class CompanyRows(Rows):
    """Rows that the company keeps: only admins write them."""

    permission_classes = [IsAuthenticated, permissions.AdminsWrite]


class KeyedCompanyRows(Bulk, CompanyRows):
    """Rows that the company keeps and other systems know, too."""

    def whose(self, row: Model) -> frozenset[Any]:
        return frozenset()

    def not_theirs(self, whose: frozenset[Any]) -> frozenset[Any]:
        return frozenset()
