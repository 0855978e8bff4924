"""Looks up the other rows that the rows of a request name, one question for each kind of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rest_framework import serializers

from apps.api.fields import KEY, Known, Related


def look_up(serializer: serializers.Serializer[Any], rows: Iterable[Any]) -> None:
    """Let every field that names other rows know those that are named, as far as the user sees them."""
    rows = [row for row in rows if isinstance(row, Mapping)]
    for name, field in serializer.fields.items():
        if isinstance(field, Related) and not field.read_only:
            field.known = _known(field, (row.get(name) for row in rows))
        elif isinstance(field, serializers.ListSerializer) and isinstance(field.child, serializers.Serializer):
            look_up(field.child, _inner(rows, name))


def _inner(rows: Iterable[Mapping[str, Any]], name: str) -> Iterator[Any]:
    for row in rows:
        some = row.get(name)
        yield from some if isinstance(some, list) else []


def _known(field: Related, named: Iterable[Any]) -> Known:
    ids, keys = set(), set()
    for one in named:
        if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63:
            ids.add(one)
        elif isinstance(one, dict) and isinstance(one.get(KEY), str) and "\x00" not in one[KEY]:
            keys.add(one[KEY])
    found: Any = field.get_queryset()
    by_key = {row.external_key: row for row in found.filter(external_key__in=keys)} if keys and field.has_keys else {}
    return Known(found.in_bulk(ids), by_key)
