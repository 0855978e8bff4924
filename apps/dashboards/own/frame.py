"""A look at somebody's own board; its pickers lead to the same board."""

from dataclasses import dataclass
from typing import Self

from apps.dashboards.selection import Selection, address, scope_key, written
from apps.reps.scopes import Scope


@dataclass(frozen=True)
class Frame(Selection):
    """A look at the board with this number."""

    pk: int = 0

    __hash__ = Selection.__hash__

    @classmethod
    def of(cls, look: Selection, pk: int) -> Self:
        return cls(*look.looks, pk)

    def board_of(self, scope: Scope) -> str:
        """The address of this board with another scope, where a board's pickers would lead to that scope's board."""
        return address("dashboards:own", self.pk) + written(self.query_of(scope, self.window))

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        return (("scope", scope_key(self.scope)), *super().kept)
