"""How lists are narrowed and put in order."""

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import FilterSet, NumberFilter
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.rest_framework.filterset import FILTER_FOR_DBFIELD_DEFAULTS
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView

DAYS = ["exact", "gte", "lte", "isnull"]
AMOUNTS = ["exact", "gte", "lte", "isnull"]
ROWS = ["exact", "in"]
SOME = ["exact", "in", "isnull"]
ALWAYS = frozenset({"search", "ordering", "cursor", "page_size"})
BIGGEST_ID = 2**63 - 1


class IdFilter(NumberFilter):
    """The id of another row: a number, so that no list of all rows is read to check it."""

    def get_max_validator(self) -> None:
        return None


class Narrowing(FilterSet):
    """A filter set that takes ids for related rows."""

    FILTER_DEFAULTS = {**FILTER_FOR_DBFIELD_DEFAULTS, models.ForeignKey: {"filter_class": IdFilter}, models.OneToOneField: {"filter_class": IdFilter}}


class Filters(DjangoFilterBackend):
    """Narrow a list by its declared filters, and refuse what is none of them, which would silently narrow nothing."""

    filterset_base = Narrowing

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        filterset = self.get_filterset_class(view, queryset)
        refuse_unknown(request, ALWAYS.union(filterset.base_filters if filterset else ()))
        return super().filter_queryset(request, queryset, view)


def refuse_unknown(request: Request, known: frozenset[str] | set[str]) -> None:
    """Refuse parameters that mean nothing here."""
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        words = _("This parameter means nothing here. Use: %(known)s.") % {"known": ", ".join(sorted(known))}
        raise ValidationError({name: [words] for name in unknown})


class Ordering(OrderingFilter):
    """Rows that are equal by the chosen order come by id, so that no page shows a row twice."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        self.refuse_unknown(request, queryset, view)
        ordering = self.get_ordering(request, queryset, view) or queryset.model._meta.ordering
        return queryset.order_by(*ordering, "pk")

    def refuse_unknown(self, request: Request, queryset: QuerySet[Any], view: APIView) -> None:
        """Refuse an order by what no order is by, instead of leaving it out."""
        known = [name for name, _label in self.get_valid_fields(queryset, view, {"request": request})]
        asked = [name.strip().removeprefix("-") for name in request.query_params.get(self.ordering_param, "").split(",") if name.strip()]
        if not set(asked) <= set(known):
            words = _("Nothing is put in order by that. Use: %(known)s, with a “-” before it for the other way round.")
            raise ValidationError({self.ordering_param: [words % {"known": ", ".join(known)}]})
