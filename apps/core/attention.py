"""What an admin has to look after, told by whichever app knows of it: pages ask here, and need not know the apps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Attention:
    """One thing to look after, and where."""

    text: str
    url: str


TELL: list[Callable[[], Iterable[Attention]]] = []


def everything() -> list[Attention]:
    """Return all there is to look after now."""
    return [one for tell in TELL for one in tell()]
