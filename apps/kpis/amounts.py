"""Sums that have been read: by scope, and in it by measure and part."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from apps.reps.scopes import Scope

Owner = tuple[str, int]  # kind and id of a scope
Cell = tuple[str, int]  # measure, part
Slot = tuple[str, int, int | None]  # a measure, where its sum stands in a stored array, and where what it left out does
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Amounts:
    """Sums by scope, and in it by measure and part; and how many records each left out."""

    amount: dict[Owner, dict[Cell, Decimal]] = field(default_factory=dict)
    excluded: dict[Owner, dict[Cell, int]] = field(default_factory=dict)

    def of(self, scope: Scope, part: int | None = None) -> dict[str, Decimal]:
        """Return each measure's sum for a scope, over all parts or in one."""
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for (measure, in_part), value in self.amount.get((scope.kind, scope.id), {}).items():
            if part in (None, in_part):
                sums[measure] += value
        return sums

    def parts(self, scope: Scope) -> set[int]:
        """Return the parts in which something is counted for a scope."""
        return {part for (_measure, part), value in self.amount.get((scope.kind, scope.id), {}).items() if value}

    def left_out(self, scope: Scope) -> dict[str, int]:
        """Return how many records each measure left out for a scope."""
        counts: dict[str, int] = defaultdict(int)
        for (measure, _part), value in self.excluded.get((scope.kind, scope.id), {}).items():
            counts[measure] += value
        return counts

    def add(self, owner: Owner, cell: Cell, amount: Decimal, excluded: int) -> None:
        sums, counts = self.amount.setdefault(owner, {}), self.excluded.setdefault(owner, {})
        sums[cell] = sums.get(cell, NOTHING) + amount
        if excluded:
            counts[cell] = counts.get(cell, 0) + int(excluded)

    def add_stored(self, owner: Owner, part: int, stored: list[Decimal], slots: Iterable[Slot]) -> None:
        """Add the measures that are wanted out of a stored array."""
        for measure, slot, left_out in slots:
            self.add(owner, (measure, part), stored[slot], int(stored[left_out]) if left_out is not None else 0)

    def add_excluded(self, owner: Owner, stored: list[Decimal], slots: Iterable[Slot]) -> None:
        """Add only what a stored array says was left out."""
        for measure, _slot, left_out in slots:
            if left_out is not None:
                self.add(owner, (measure, 0), NOTHING, int(stored[left_out]))
