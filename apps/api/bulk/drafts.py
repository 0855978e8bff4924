"""What the rows of one request come to: rows to add and to change, rows that are as they should be, and refusals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from rest_framework.exceptions import ValidationError

from apps.api import problems

CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
STATUSES = (CREATED, CHANGED, UNCHANGED, REFUSED)


@dataclass
class Draft:
    """One row of a request as it shall be; `changed` names the fields in which it differs, `beside` holds what is kept in other tables.

    `whose` says whose it was and shall be, as its view tells it.
    """

    place: int
    key: str
    row: Model
    is_new: bool
    changed: tuple[str, ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)
    whose: frozenset[Any] = frozenset()

    @property
    def status(self) -> str:
        return CREATED if self.is_new else CHANGED if self.changed else UNCHANGED

    @property
    def told(self) -> dict[str, Any]:
        return {"row": self.place, "external_key": self.key, "id": self.row.pk, "status": self.status, "changed": list(self.changed), "errors": []}


@dataclass(frozen=True)
class Refusal:
    """One row of a request that is not written, with what is wrong at which field."""

    place: int
    key: str | None
    faults: Sequence[Mapping[str, str]]

    @property
    def told(self) -> dict[str, Any]:
        return {"row": self.place, "external_key": self.key, "id": None, "status": REFUSED, "changed": [], "errors": list(self.faults)}


def refusal(place: int, key: str | None, error: ValidationError) -> Refusal:
    return Refusal(place, key, problems.faults(error))
