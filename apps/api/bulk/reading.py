"""Reads the rows of a request by the serializer that reads one, and sees for each what would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.validators import UniqueValidator

from apps.api import visibility
from apps.api.bulk import naming
from apps.api.bulk.drafts import Draft, Refusal, refusal
from apps.api.fields import KEY
from apps.reps import access

LONGEST_KEY = 120


@dataclass(frozen=True)
class Present:
    """The rows that are there already, by key: those that the user may change, and the keys of others."""

    rows: Mapping[str, Model]
    hidden: frozenset[str]


class Reader:
    """Reads rows for one view, which says whose they may be and how they are written."""

    def __init__(self, view: Any) -> None:
        self.view = view
        self.serializer = view.get_serializer()
        for name in view.told_for_all:
            self.serializer.fields.pop(name)
        self.model: type[Model] = self.serializer.Meta.model
        self.serializer.validators = []  # what only the database can say is asked of it once, for all rows
        for field in self.serializer.fields.values():
            field.validators = [one for one in field.validators if not isinstance(one, UniqueValidator)]

    def read(self, rows: Sequence[Any]) -> list[Draft | Refusal]:
        """Return what each row comes to; the rows that are there are kept from other writers until the transaction ends."""
        keys = [key_of(row) for row in rows]
        present = self._present(rows, {key for key in keys if key})
        naming.look_up(self.serializer, rows)
        seen: dict[str, int] = {}
        found: list[Draft | Refusal] = []
        for place, (row, key) in enumerate(zip(rows, keys, strict=True)):
            try:
                found.append(self._draft(place, row, key, present, seen))
            except ValidationError as error:
                found.append(refusal(place, key, error))
        return self._without_others(found)

    def _present(self, rows: Sequence[Any], keys: set[str]) -> Present:
        user, wanted = self.view.request.user, self.model._default_manager.filter(external_key__in=sorted(keys))
        beside = [name for name in self.serializer.beside if any(isinstance(row, Mapping) and name in row for row in rows)]
        theirs = visibility.visible(wanted, user, self.view.on).select_for_update(of=("self",)).prefetch_related(*beside)
        there = {str(row.external_key): row for row in theirs.order_by("pk")}
        hidden = set() if access.sees_all(user) else set(wanted.values_list("external_key", flat=True)) - there.keys()
        return Present(there, frozenset(hidden))

    def _draft(self, place: int, row: Any, key: str | None, present: Present, seen: dict[str, int]) -> Draft:
        if not isinstance(row, Mapping):
            raise ValidationError(_("Write a row as an object with its fields."))
        if key is None:
            raise ValidationError(
                {KEY: [_("Each row needs the key by which the other system knows it: a text of 1 to %(most)d characters.") % {"most": LONGEST_KEY}]}
            )
        if key in seen:
            raise ValidationError({KEY: [_("Row %(row)d of this request has this key, too. Send one of them.") % {"row": seen[key]}]})
        seen[key] = place
        if key in present.hidden:
            raise ValidationError({KEY: [_("A row with this key is there already, and it is not yours to change. Ask an admin whose it is.")]})
        return self._differing(place, row, key, present.rows.get(key))

    def _differing(self, place: int, row: Mapping[str, Any], key: str, instance: Model | None) -> Draft:
        """Validate a row against the one that is there, or as a new one, and name what differs."""
        self.serializer.instance, self.serializer.partial = instance, instance is not None
        values = self.serializer.run_validation(row)
        beside = {name: values.pop(name) for name in self.serializer.beside if name in values}
        passing = {name: values.pop(name) for name in self.serializer.passing if instance is not None and name in values}
        if instance is None:
            new = self.model(**values)
            draft = Draft(place, key, new, is_new=True, beside=beside, whose=self.view.whose(new))
        else:
            before = self.view.whose(instance)
            changed = [name for name, value in values.items() if differs(instance, name, value)]
            changed += [name for name, value in beside.items() if self.serializer.differs_beside(name, instance, value)]
            for name, value in (values | passing).items():
                setattr(instance, name, value)
            draft = Draft(place, key, instance, is_new=False, changed=tuple(changed), beside=beside, whose=before | self.view.whose(instance))
        return draft

    def _without_others(self, found: list[Draft | Refusal]) -> list[Draft | Refusal]:
        """Refuse the rows that are not their writer's, or would not be any more."""
        others = self.view.not_theirs(frozenset().union(*(one.whose for one in found if isinstance(one, Draft))))
        if not others:
            return found
        refused = ValidationError(self.view.said_of_others)
        return [refusal(one.place, one.key, refused) if isinstance(one, Draft) and one.whose & others else one for one in found]


def differs(row: Model, name: str, value: Any) -> bool:
    """Say whether a field of a row is another than it shall be; which row it names is known without reading that."""
    field: Any = row._meta.get_field(name)
    return bool(getattr(row, field.attname) != (getattr(value, "pk", None) if field.is_relation else value))


def key_of(row: Any) -> str | None:
    """Return the key of a row; None where it has none that could be one."""
    key = row.get(KEY) if isinstance(row, Mapping) else None
    if not isinstance(key, str):
        return None
    key = key.strip()
    return key if 0 < len(key) <= LONGEST_KEY and "\x00" not in key else None
