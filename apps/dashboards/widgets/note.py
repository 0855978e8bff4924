"""Words in a card: people's own, or why a widget has nothing to show."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Note:
    """A title and a text of plain paragraphs; addresses in it become links."""

    template: ClassVar[str] = "dashboards/widgets/_note.html"
    title: str
    text: str


@dataclass(frozen=True)
class Notice:
    """Why there is nothing to see, and what to do; `state` is forbidden, empty or failed."""

    template: ClassVar[str] = "dashboards/widgets/_notice.html"
    title: str
    text: str
    state: str


def forbidden(title: str) -> Notice:
    return Notice(title, _("These numbers are not yours to see, or are no longer there. Whoever made the board can choose others."), "forbidden")


def failed(title: str) -> Notice:
    return Notice(title, _("This widget could not be drawn. The others are right. If it stays so, ask your admin to look into the log."), "failed")


def empty(title: str, text: str) -> Notice:
    return Notice(title, text, "empty")
