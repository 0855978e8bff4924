"""Where the targets come from that a closed period keeps: who owns them lies above, and says here how to ask for them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from apps.core.periods import Window
from apps.reps.scopes import Scope

Targets = Mapping[tuple[str, Scope], Decimal]  # by KPI and scope
Source = Callable[[Window, date], Targets]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let closing keep what a source returns: every target that holds over exactly a window."""
    _sources.append(source)


def over(window: Window, on: date) -> Targets:
    """Return every target that holds over exactly a window as of day `on`, of every KPI and scope."""
    return {key: target for source in _sources for key, target in source(window, on).items()}
