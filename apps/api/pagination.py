"""How lists are cut into pages: each goes on after the last row of the one before, so that rows that come or go meanwhile repeat and hide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

SALT = "apps.api.pagination"


@dataclass(frozen=True)
class Column:
    """One column of an order; nothing comes after everything, as the database has it."""

    path: str
    is_descending: bool
    may_be_empty: bool

    @property
    def name(self) -> str:
        return f"-{self.path}" if self.is_descending else self.path

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Return the condition of what comes strictly after a value; None where nothing does."""
        if self.is_descending != backwards:
            return Q(**{f"{self.path}__isnull": False}) if value is None else Q(**{f"{self.path}__lt": value})
        if value is None:
            return None
        return Q(**{f"{self.path}__gt": value}) | (Q(**{f"{self.path}__isnull": True}) if self.may_be_empty else Q())

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def bound(self, value: Any, *, backwards: bool) -> Q:
        """Return what an index can start at: nothing that comes after lies before it."""
        is_descending = self.is_descending != backwards
        if value is None or (self.may_be_empty and not is_descending):
            return Q()
        return Q(**{f"{self.path}__{'lte' if is_descending else 'gte'}": value})


class Cursors(BasePagination):
    """A hundred rows a page; `?page_size=` up to a thousand, and `?cursor=` as `next` and `previous` have it."""

    page_size = 100
    max_page_size = 1000

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Return the rows of the page that is asked for, in one query however far on it is."""
        self.url = request.build_absolute_uri()
        self.order = order_of(queryset)
        size, (values, backwards) = self._size(request), self._cursor(request)
        rows = queryset.order_by(*(column.name for column in self.order))
        if values is not None:
            rows = rows.filter(after(self.order, values, backwards=backwards))
        if backwards:
            rows = rows.reverse()
        found = list(rows[: size + 1])
        has_more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        has_next, has_previous = (True, has_more) if backwards else (has_more, values is not None)
        self.next = self._link(found[-1], backwards=False) if has_next and found else None
        self.previous = self._link(found[0], backwards=True) if has_previous and found else None
        return found

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": str(gettext_lazy("Where a page begins: follow `next` and `previous`.")),
            },
            {"name": "page_size", "in": "query", "schema": size, "description": str(gettext_lazy("How many rows a page has at most."))},
        ]

    def _size(self, request: Request) -> int:
        asked = request.query_params.get("page_size", str(self.page_size))
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 9 and 1 <= int(asked) <= self.max_page_size):
            raise ValidationError({"page_size": [_("Write a number from 1 to %(most)d.") % {"most": self.max_page_size}]})
        return int(asked)

    def _cursor(self, request: Request) -> tuple[list[Any] | None, bool]:
        if "cursor" not in request.query_params:
            return None, False
        values, backwards = opened(request.query_params["cursor"], [column.name for column in self.order])
        return values, backwards

    def _link(self, row: Model, *, backwards: bool) -> str:
        values = [_told(value) for value in _values(row, self.order)]
        return replace_query_param(self.url, "cursor", sealed([column.name for column in self.order], values, backwards))


def sealed(order: Sequence[str], *place: Any) -> str:
    """Return a cursor: a place in a list of this order."""
    return signing.dumps([list(order), *place], salt=SALT)


def opened(cursor: str, order: Sequence[str]) -> list[Any]:
    """Return the place that a cursor seals, or raise ValidationError where it is none of a list of this order."""
    try:
        of, *place = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise ValidationError(
            {"cursor": [_("This is no cursor. Follow `next` and `previous` of a list, or leave it out to begin at the first page.")]}
        ) from error
    if of != list(order):
        raise ValidationError({"cursor": [_("This cursor belongs to another list, or to another order. Leave it out to begin at the first page.")]})
    return list(place)


def after(order: Sequence[Column], values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition of the rows that come after one with these values."""
    found, same = Q(pk__in=[]), Q()
    for column, value in zip(order, values, strict=True):
        beyond = column.beyond(value, backwards=backwards)
        if beyond is not None:
            found |= same & beyond
        same &= column.same(value)
    return order[0].bound(values[0], backwards=backwards) & found


def order_of(queryset: QuerySet[Any]) -> tuple[Column, ...]:
    """Return the order of some rows, made whole by their numbers; a related row counts by its own order."""
    found: dict[str, Column] = {}
    for name in (*(queryset.query.order_by or queryset.model._meta.ordering), "pk"):
        for column in _columns(queryset.model, str(name)):
            found.setdefault(column.path, column)
    return tuple(found.values())


def _columns(model: type[Model], name: str, before: str = "") -> list[Column]:
    is_descending, path = name.startswith("-"), name.removeprefix("-")
    field: Any = _field(model, path)
    if field.is_relation and not path.endswith(field.attname):
        inner = [f"-{each}".replace("--", "") if is_descending else each for each in field.related_model._meta.ordering or ["pk"]]
        return [column for each in inner for column in _columns(field.related_model, each, f"{before}{path}__")]
    path = "pk" if field.primary_key else path
    return [Column(f"{before}{path}", is_descending, field.null or bool(before))]


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    first, _dots, rest = path.partition("__")
    field: Any = model._meta.pk if first == "pk" else model._meta.get_field(first)
    return _field(field.related_model, rest) if rest else field


def _values(row: Model, order: Sequence[Column]) -> Sequence[Any]:
    paths = [column.path for column in order]
    if any("__" in path for path in paths):
        return type(row)._default_manager.values_list(*paths).get(pk=row.pk)
    return [getattr(row, path) for path in paths]


def _told(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value  # an instant is a date, too
