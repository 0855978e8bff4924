"""What a preset says: by which columns a table of a system is known, and which of its columns feeds which field."""

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from apps.imports.mapping import Condition, TimesBy

# Two fields that no entity has; `loads` makes of them what it has.
CLOSE = "close"  # one column for the expected close of open deals and the closing day of the others
OUTCOME = "outcome"  # a column that says open, won or lost beside one that says the stage
YES = frozenset({"true", "TRUE", "True", "1", "yes", "Yes"})


def plain(name: str) -> str:
    """Write a column's name so that case, signs and spaces do not matter."""
    return " ".join(re.findall(r"[^\W_]+|%", name.casefold()))


@dataclass(frozen=True)
class Preset:
    """One table as a system exports it. `tell` are columns by which it is known: all of them, any name of each.

    `fields` name the columns of each field, the likeliest first. `ended` are columns with the day of winning and of losing.
    `open_words` are what `outcome` says of open deals. `deleted` is a column that says a row was deleted.
    """

    system: str
    table: str
    entity: str
    tell: tuple[tuple[str, ...], ...]
    fields: Table[str, tuple[str, ...]]
    ended: tuple[str, ...] = ()
    open_words: tuple[str, ...] = ("Open", "open")
    deleted: str = ""
    constants: Table[str, str] = field(default_factory=dict)
    defaults: Table[str, str] = field(default_factory=dict)
    factor: str | None = None
    times_by: TimesBy | None = None

    def skip(self, header: tuple[str, ...]) -> tuple[Condition, ...]:
        return (Condition(self.deleted, YES),) if self.deleted in header else ()
