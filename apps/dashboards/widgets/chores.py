"""What an admin has to look after: targets missing, records without what counting needs, and how the last night went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Chore:
    """One thing to look after: `tone` is risk where something is to be done, ahead where all is well."""

    text: str
    url: str
    tone: str


@dataclass(frozen=True)
class Chores:
    """The admin's list."""

    template: ClassVar[str] = "dashboards/widgets/_chores.html"
    title: str
    chores: tuple[Chore, ...]


def chores(found: Sequence[Chore]) -> Chores:
    """What is to be done first, what is well after it."""
    return Chores(_("To look after"), tuple(sorted(found, key=lambda one: one.tone != "risk")))
