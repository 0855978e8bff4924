"""What pages ask of boards."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from apps.accounts.models import User
from apps.boards import access
from apps.boards.models import Board, Home, Share, Widget


@dataclass(frozen=True)
class Listed:
    """A board among others: whether it is the reader's own, their first page, shared, and whether they may change it."""

    board: Board
    is_own: bool
    is_home: bool
    is_shared: bool
    may_edit: bool


def listed(user: User, on: date) -> list[Listed]:
    """Return every board the user may open, their own first; in two queries."""
    shares = Share.objects.filter(board=OuterRef("pk"))
    rows = access.visible(user, on).annotate(shared=Exists(shares), edits=Exists(access.editable(user, on).filter(pk=OuterRef("pk")))).select_related("owner")
    home = Home.objects.filter(user=user).values_list("board", flat=True).first()
    found = [Listed(row, row.owner_id == user.pk, row.pk == home, row.shared, row.edits) for row in rows]  # type: ignore[attr-defined]
    return sorted(found, key=lambda one: not one.is_own)


@dataclass(frozen=True)
class Laid:
    """A board with its widgets in their order, and what the reader may do with it."""

    board: Board
    widgets: tuple[Widget, ...]
    may_edit: bool
    is_owned: bool
    is_home: bool


def laid(user: User, pk: int, on: date) -> Laid | None:
    """Return a board the user may open, in two queries; None where there is none for them."""
    board = (
        access.visible(user, on)
        .filter(pk=pk)
        .annotate(
            edits=Exists(access.editable(user, on).filter(pk=OuterRef("pk"))),
            owned=Exists(access.owned(user).filter(pk=OuterRef("pk"))),
            home=Exists(Home.objects.filter(user=user, board=OuterRef("pk"))),
        )
        .first()
    )
    if board is None:
        return None
    return Laid(board, tuple(Widget.objects.filter(board=board)), board.edits, board.owned, board.home)  # type: ignore[attr-defined]


def home(user: User, on: date) -> Board | None:
    """Return the board somebody sees first, as long as they may still open it."""
    return access.visible(user, on).filter(pk__in=Home.objects.filter(user=user).values("board")).first()
