"""Where an admin begins in an installation that holds nothing yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Step:
    """One thing to do; `link` says where it is done, and is empty where it is no page."""

    text: str
    url: str = ""
    link: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class Beginning:
    """The steps in their order."""

    template: ClassVar[str] = "dashboards/widgets/_beginning.html"
    title: str
    steps: tuple[Step, ...]


def beginning(steps: Sequence[Step]) -> Beginning:
    return Beginning(_("Where to begin"), tuple(steps))
