"""Fields that know who is asking and which day it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn, cast

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from apps.api import visibility
from apps.core import clock
from apps.core.forms import EARLIEST

KEY = "external_key"


@dataclass(frozen=True)
class Known:
    """Rows that may be named, by id and by external key."""

    ids: Mapping[int, Model]
    keys: Mapping[str, Model]


class Related(serializers.PrimaryKeyRelatedField):
    """Name another row by its id, or as {"external_key": …}, or leave the one that is named already.

    Where many rows are written together, `known` holds those that they name, so that none is asked for by itself.
    """

    default_error_messages = {
        "does_not_exist": _("There is no row {pk_value} here, or it is not yours to use. List this kind of row to see which you may name."),
        "incorrect_type": _("Write the id of a row, a number, or {{“external_key”: …}}, not {data_type}."),
        "no_such_key": _("There is no row with the external key “{named}” here, or it is not yours to use. Add it first, or correct the key."),
        "keyless": _("This kind of row has no external keys. Write its id, a number."),
    }
    known: Known | None = None

    def to_internal_value(self, data: Any) -> Model:
        if isinstance(data, dict):
            return self._by_key(data)
        is_number = isinstance(data, int) and not isinstance(data, bool)
        if self.known is not None and is_number and data in self.known.ids:
            return self.known.ids[data]
        if isinstance(data, int | str) and str(getattr(self._row, f"{self.source}_id", "")) == str(data):
            return getattr(self._row, str(self.source))
        if not is_number and not isinstance(data, str):
            self.fail("incorrect_type", data_type=type(data).__name__)
        if self.known is not None and is_number:
            self.fail("does_not_exist", pk_value=data)
        return super().to_internal_value(data)

    def _by_key(self, data: dict[str, Any]) -> Model:
        key = data.get(KEY)
        if not isinstance(key, str) or len(data) != 1:
            self.fail("incorrect_type", data_type="dict")
        if not self.has_keys:
            self.fail("keyless")
        row = self._keyed(key) or getattr(self._row, str(self.source), None)
        return row if row is not None and row.external_key == key else self.fail("no_such_key", named=key)

    def _keyed(self, key: str) -> Any:
        if self.known is not None:
            return self.known.keys.get(key)
        rows = cast(QuerySet[Any], self.get_queryset())
        return rows.filter(external_key=key).first() if "\x00" not in key else None

    @property
    def _row(self) -> Model | None:
        """The row that is written, if it is there already."""
        row = getattr(self.parent, "instance", None)
        return row if isinstance(row, Model) else None

    @property
    def has_keys(self) -> bool:
        """Whether rows of this kind have external keys."""
        model: type[Model] = cast(QuerySet[Any], self.queryset).model  # type: ignore[arg-type]
        return any(field.name == KEY for field in model._meta.concrete_fields)


class VisibleRelated(Related):
    """Name a row that the user may see."""

    def get_queryset(self) -> QuerySet[Any]:
        rows = cast(QuerySet[Any], super().get_queryset())
        return visibility.visible(rows, self.context["request"].user, self.context["view"].on)


class Choice(serializers.ChoiceField):
    """One of some values, which a refusal names."""

    default_error_messages = {"invalid_choice": _("“{input}” is none of the values. Use one of: {known}.")}

    def fail(self, key: str, **more: Any) -> NoReturn:
        super().fail(key, known=", ".join(map(str, self.choices)), **more)


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


def refuse_unknown(data: Any, known: Iterable[str]) -> None:
    """Refuse what is no field, which would silently change nothing."""
    names = list(known)
    if unknown := sorted(set(data) - set(names)) if isinstance(data, Mapping) else []:
        words = _("This field is not known here. The fields are: %(known)s.") % {"known": ", ".join(names)}
        raise serializers.ValidationError({name: [words] for name in unknown})
