"""Writes of boards. Each locks its board first, so that two people who arrange it at once lose nothing of either."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.boards.kinds import KINDS, WIDTHS
from apps.boards.models import Board, Home, Share, Widget
from apps.reps.models import Team

MOST, MOST_OF_RECORDS, MOST_BOARDS = 24, 8, 100
COPIED = ("kind", "position", "width", "title", "kpis", "scope", "period", "grain", "comparison", "among", "text")


@dataclass(frozen=True)
class Placed:
    """A widget to be put on a board: its kind and what differs from the kind's own settings."""

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)


class Gone(ValidationError):
    """What was to be changed is no longer there."""


def create(name: str, owner: User, widgets: Iterable[Placed] = ()) -> Board:
    """Make a board with some widgets in their order."""
    with transaction.atomic():
        board = _new(name, owner)
        rows = [_made(board, one, place) for place, one in enumerate(widgets)]
        _check(rows)
        Widget.objects.bulk_create(rows)
    return board


def copied(row: Widget) -> dict[str, Any]:
    """Return what makes a widget what it is, wherever it stands."""
    return {name: getattr(row, name) for name in COPIED}


def _new(name: str, owner: User) -> Board:
    """Write a board without widgets, if its owner may have one more."""
    if Board.objects.filter(owner=owner).count() >= MOST_BOARDS:
        raise ValidationError(_("You have %(most)s boards, and that is the most. Delete one first.") % {"most": MOST_BOARDS})
    board = Board(name=name.strip(), owner=owner)
    board.full_clean()
    board.save()
    return board


def _made(board: Board, one: Placed, position: int) -> Widget:
    kind = KINDS[one.kind]
    row = Widget(board=board, kind=one.kind, position=position, **{"width": kind.width, "kpis": list(kind.usual), **one.settings})
    row.full_clean(exclude=["board"])
    return row


def _check(rows: Sequence[Widget]) -> None:
    """Refuse more than a board holds: each widget that reads records costs queries of its own."""
    if len(rows) > MOST:
        raise ValidationError(_("A board holds %(most)s widgets at most. Take one away first, or make another board.") % {"most": MOST})
    if sum(row.declared.reads_records for row in rows) > MOST_OF_RECORDS:
        words = {"most": MOST_OF_RECORDS}
        raise ValidationError(
            _("At most %(most)s widgets of a board can be lists, reports or divided figures, which are read apart. Take one away first.") % words
        )


def duplicate(board: Board, name: str, owner: User) -> Board:
    """Make a copy that is its new owner's alone."""
    with transaction.atomic():
        copy = _new(name, owner)
        Widget.objects.bulk_create(Widget(board=copy, **copied(row)) for row in board.widgets.all())
    return copy


def rename(board: Board, name: str) -> None:
    board.name = name.strip()
    board.full_clean()
    board.save(update_fields=["name", "changed_at"])


def _locked(board: Board) -> list[Widget]:
    """Lock a board and return its widgets in their order, by which every writer waits for the one before."""
    if not Board.objects.select_for_update().filter(pk=board.pk).exists():
        raise Gone(_("This board was deleted meanwhile."))
    return list(Widget.objects.filter(board=board))


def _written(board: Board, rows: Sequence[Widget]) -> None:
    """Number the widgets as they stand now, and say that the board changed."""
    for place, row in enumerate(rows):
        row.position = place
    Widget.objects.bulk_update(rows, ["position"])
    board.save(update_fields=["changed_at"])


def _found(rows: Sequence[Widget], pk: int) -> Widget:
    row = next((one for one in rows if one.pk == pk), None)
    if row is None:
        raise Gone(_("This widget was taken away meanwhile."))
    return row


@transaction.atomic
def add(board: Board, row: Widget) -> Widget:
    """Put a widget at the end of a board."""
    rows = _locked(board)
    row.board, row.position = board, len(rows)
    row.full_clean()
    _check([*rows, row])
    row.save()
    board.save(update_fields=["changed_at"])
    return row


@transaction.atomic
def configure(board: Board, row: Widget) -> Widget:
    """Write a widget's settings; its place stays that of now."""
    row.position = _found(_locked(board), row.pk).position
    row.full_clean()
    row.save()
    board.save(update_fields=["changed_at"])
    return row


@transaction.atomic
def move(board: Board, pk: int, position: int) -> None:
    """Move a widget to another place, counted from 0; past either end is the end."""
    rows = _locked(board)
    row = _found(rows, pk)
    rows.remove(row)
    rows.insert(max(0, min(position, len(rows))), row)
    _written(board, rows)


@transaction.atomic
def step(board: Board, pk: int, by: int) -> None:
    """Move a widget so many places on, or back."""
    rows = _locked(board)
    move(board, pk, rows.index(_found(rows, pk)) + by)


@transaction.atomic
def resize(board: Board, pk: int, by: int) -> None:
    """Make a widget so many steps wider, or narrower; as far as the grid goes."""
    row = _found(_locked(board), pk)
    row.width = WIDTHS[max(0, min(WIDTHS.index(row.width) + by, len(WIDTHS) - 1))]
    row.save(update_fields=["width"])
    board.save(update_fields=["changed_at"])


@transaction.atomic
def repeat(board: Board, pk: int) -> Widget:
    """Put a copy of a widget right behind it."""
    rows = _locked(board)
    row = _found(rows, pk)
    copy = Widget(board=board, **copied(row))
    _check([*rows, copy])
    copy.save()
    rows.insert(rows.index(row) + 1, copy)
    _written(board, rows)
    return copy


@transaction.atomic
def remove(board: Board, pk: int) -> Widget:
    """Take a widget away; it is returned, so that it can be put back."""
    rows = _locked(board)
    row = _found(rows, pk)
    rows.remove(row)
    Widget.objects.filter(pk=pk).delete()
    _written(board, rows)
    return row


@transaction.atomic
def share(board: Board, team: Team | None, *, may_edit: bool) -> None:
    """Let a team, or without one everybody, see a board; who had it already may then do what is said now."""
    Share.objects.update_or_create(board=board, team=team, defaults={"may_edit": may_edit})


def unshare(board: Board, pk: int) -> None:
    """Take a share back; whose first page the board was and who no longer sees it sees the standard board instead."""
    Share.objects.filter(board=board, pk=pk).delete()


def set_home(user: User, board: Board | None) -> None:
    """Let somebody see a board first, or (None) the standard one."""
    if board is None:
        Home.objects.filter(user=user).delete()
    else:
        Home.objects.update_or_create(user=user, defaults={"board": board})
