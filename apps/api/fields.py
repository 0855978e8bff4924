"""Fields that know who is asking and which day it is."""

from datetime import date, datetime
from typing import Any, cast

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.api import visibility
from apps.core import clock
from apps.core.forms import EARLIEST


class VisibleRelated(serializers.PrimaryKeyRelatedField):
    """Name another row by its id: one that the user may see, or the one that is named already."""

    default_error_messages = {
        "does_not_exist": _("There is no row {pk_value} here, or it is not yours to use. List this kind of row to see which you may name."),
        "incorrect_type": _("Write the id of a row, a number, not {data_type}."),
    }

    def get_queryset(self) -> QuerySet[Any]:
        rows = cast(QuerySet[Any], super().get_queryset())
        return visibility.visible(rows, self.context["request"].user, self.context["view"].on)

    def to_internal_value(self, data: Any) -> Model:
        row = getattr(self.parent, "instance", None)
        if isinstance(row, Model) and isinstance(data, int | str) and str(getattr(row, f"{self.source}_id", "")) == str(data):
            return getattr(row, str(self.source))
        return super().to_internal_value(data)


class PastDate(serializers.DateField):
    """The day of something that has happened: today at the latest."""

    default_error_messages = {
        "future": _("This day is still to come. Enter what has happened, with today at the latest."),
        "ancient": _("This day lies before 1900. Check the year."),
    }

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if day > self.context["view"].on:
            self.fail("future")
        if day < EARLIEST:
            self.fail("ancient")
        return day


class PastInstant(serializers.DateTimeField):
    """The instant of something that has happened: now at the latest."""

    default_error_messages = {"future": _("This instant is still to come. Enter what has happened.")}

    def to_internal_value(self, value: Any) -> datetime:
        instant = super().to_internal_value(value)
        if instant > clock.now():
            self.fail("future")
        return instant


def past_instant(**options: Any) -> PastInstant:
    """A past instant that may be left empty."""
    return PastInstant(required=False, allow_null=True, **options)


def past_date(**options: Any) -> PastDate:
    """A past day that may be left empty."""
    return PastDate(required=False, allow_null=True, **options)


class ExternalKey(serializers.CharField):
    """The key another system knows a row by; an empty one is none."""

    def run_validation(self, data: Any = serializers.empty) -> str | None:
        return super().run_validation(None if isinstance(data, str) and not data.strip() else data)
