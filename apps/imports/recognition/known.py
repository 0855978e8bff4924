"""What is there already: the texts by which rows can be referred to, as far as a recognition asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from apps.core.models import Organisation
from apps.imports.entities import ENTITIES
from apps.imports.references import chunks, spelling
from apps.opportunities.models import Product, Stage
from apps.reps.models import Rep


class Known(Protocol):
    """What a recognition may ask about the company."""

    @property
    def currency(self) -> str:
        """The company's own currency."""

    def texts(self, entity: str, wanted: Iterable[str]) -> frozenset[str]:
        """Return those of some texts that are the key, name or e-mail of a row."""

    def names(self, entity: str) -> tuple[str, ...]:
        """Return the names that may be chosen instead of a text that is unknown."""

    def kinds(self) -> dict[str, str]:
        """Return the kind of every stage, by its name and its key."""

    def last_position(self) -> int:
        """Return the position of the last stage."""


@dataclass(frozen=True)
class Company:
    """What the database knows."""

    currency: str

    def texts(self, entity: str, wanted: Iterable[str]) -> frozenset[str]:
        kind, found = ENTITIES[entity], set()
        texts = sorted({text for text in wanted if text and "\x00" not in text})
        for name in kind.known_by:
            for some in chunks(texts):
                there = set(kind.model._default_manager.filter(**{f"{name}__in": [spelling(name, text) for text in some]}).values_list(name, flat=True))
                found |= {text for text in some if spelling(name, text) in there}
        return frozenset(found)

    def names(self, entity: str) -> tuple[str, ...]:
        model = {"reps": Rep, "stages": Stage, "products": Product}[entity]
        return tuple(model._default_manager.order_by("name").values_list("name", flat=True)[:1000])

    def kinds(self) -> dict[str, str]:
        rows = list(Stage.objects.values_list("name", "external_key", "kind"))
        return {text: kind for name, key, kind in rows for text in (name, key) if text}

    def last_position(self) -> int:
        return Stage.objects.order_by("-position").values_list("position", flat=True).first() or 0


def company() -> Company:
    return Company(Organisation.get().currency)


@dataclass(frozen=True)
class Stated:
    """What a caller states is known: for tests and for a look at files before there is a company."""

    currency: str = "EUR"
    rows: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)

    def texts(self, entity: str, wanted: Iterable[str]) -> frozenset[str]:
        return frozenset(wanted) & frozenset(self.names(entity))

    def names(self, entity: str) -> tuple[str, ...]:
        return tuple(self.stages) if entity == "stages" else self.rows.get(entity, ())

    def kinds(self) -> dict[str, str]:
        return self.stages

    def last_position(self) -> int:
        return len(self.stages)
