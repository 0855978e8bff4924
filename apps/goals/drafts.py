"""Drafts of plans: what is written and not in force, kept until it is published or thrown away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.core.periods import Window
from apps.goals.models import Draft
from apps.goals.services import Edit


@dataclass(frozen=True)
class Kept:
    """One target of a draft: whose, from which day, what was seen there and what is to be."""

    kind: str
    owner: int
    start_on: date
    was: Decimal | None
    target: Decimal | None


def find(kpi: str, year: Window, grain: str) -> Draft | None:
    return Draft.objects.filter(kpi=kpi, start_on=year.start_on, grain=grain).select_related("saved_by").first()


def keep(kpi: str, year: Window, grain: str, edits: Sequence[Edit], *, by: int | None) -> int:
    """Keep some edits as the draft of a plan, in place of the one there was; without any there is none. Returns how many there are."""
    cells = [
        [edit.scope.kind, edit.scope.id, edit.window.start_on.isoformat(), _text(edit.was), _text(edit.target)] for edit in edits if edit.was != edit.target
    ]
    if cells:
        Draft.objects.update_or_create(kpi=kpi, start_on=year.start_on, grain=grain, defaults={"cells": cells, "saved_by_id": by})
    else:
        discard(kpi, year, grain)
    return len(cells)


def discard(kpi: str, year: Window, grain: str) -> None:
    Draft.objects.filter(kpi=kpi, start_on=year.start_on, grain=grain).delete()


def cells(draft: Draft) -> Iterator[Kept]:
    """Yield the targets of a draft."""
    for kind, owner, start_on, was, target in draft.cells:
        yield Kept(kind, owner, date.fromisoformat(start_on), _amount(was), _amount(target))


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
