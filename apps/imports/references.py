"""Finds the rows that a file refers to by key, name or e-mail, many with one query."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.utils.translation import gettext as _

from apps.imports.entities import Entity
from apps.imports.values import Refused

CHUNK = 5_000
Item = TypeVar("Item")


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class References:
    """What the texts of a file stand for. Say with `expect` which texts will come, then `find` each without a query."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], dict[str, list[int]]] = {}

    def expect(self, entity: Entity, by: str | None, texts: Iterable[str]) -> None:
        """Look up many texts at once."""
        fields = ways(entity, by)
        tables = {field: self.known.setdefault((entity.name, field), {}) for field in fields}
        wanted = sorted(text for text in set(texts) - {""} if not any(spelling(field, text) in tables[field] for field in fields))
        for field, found in tables.items():
            for some in chunks([spelling(field, text) for text in wanted]):
                for text, pk in entity.model._default_manager.filter(**{f"{field}__in": some}).values_list(field, "pk"):
                    if pk not in found.setdefault(text, []):
                        found[text].append(pk)

    def find(self, entity: Entity, by: str | None, text: str) -> int:
        """Return the primary key of the one row that a text stands for. Raises Refused where it is none or several."""
        for field in ways(entity, by):
            pks = self.known.get((entity.name, field), {}).get(spelling(field, text), [])
            if len(pks) == 1:
                return pks[0]
            if pks:
                reason = _("%(count)s rows of %(entity)s have this %(field)s.") % {"count": len(pks), "entity": entity.name, "field": field}
                raise Refused(reason, _("Refer to it by its external key."))
        fields = _(" or ").join(ways(entity, by))
        reason = _("No row of %(entity)s has this %(fields)s.") % {"entity": entity.name, "fields": fields}
        raise Refused(reason, _("Correct it, add that row first, or say which row it stands for (in a mapping file: `aliases`)."))


def ways(entity: Entity, by: str | None) -> tuple[str, ...]:
    return (by,) if by else entity.known_by


def spelling(field: str, text: str) -> str:
    return text.lower() if field == "email" else text
