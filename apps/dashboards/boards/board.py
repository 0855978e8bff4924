"""What a page shows as a board: a head and sections, each as wide as it needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Protocol, Self

from apps.accounts.models import Role, User
from apps.reps import access
from apps.reps.scopes import Scope


class Widget(Protocol):
    """Anything that names the template that draws it."""

    template: ClassVar[str]


@dataclass(frozen=True)
class Files:
    """Where a card goes out as a table."""

    csv: str
    xlsx: str


@dataclass(frozen=True)
class Section:
    """One card of a board, or several widgets in one; `width` is in twelfths of the page.

    `caption` says whose and when, where that is not the board's; `kind`, `pk` and `name` are those of a widget on somebody's own board.
    """

    id: str
    width: int
    widgets: tuple[Widget, ...]
    caption: str = ""
    kind: str = ""
    pk: int = 0
    name: str = ""
    files: Files | None = None


@dataclass(frozen=True)
class Viewer:
    """Who looks: which rep they are themself, whether they may set targets, and the reps whose boards they may open, by number."""

    user: User
    rep_id: int | None
    may_set_goals: bool
    is_admin: bool
    leads: bool = False
    sees: frozenset[int] = frozenset()

    @classmethod
    def of(cls, user: User, own_rep: int | None, allowed: Iterable[Scope]) -> Self:
        """Put together who looks, from the scopes whose boards they may open."""
        allowed = list(allowed)
        return cls(
            user,
            own_rep if user.role in (Role.REP, Role.MANAGER) else None,
            access.may_write_goals(user),
            user.role == Role.ADMIN,
            leads=any(scope.kind == "team" for scope in allowed),
            sees=frozenset(scope.id for scope in allowed if scope.kind == "rep"),
        )
