"""What a page shows as a board: a head and sections, each as wide as it needs."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from apps.accounts.models import User


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
    """Who looks: which rep they are themself, and whether they may set targets."""

    user: User
    rep_id: int | None
    may_set_goals: bool
    is_admin: bool
    leads: bool = False
