"""Learns from Salesforce's columns IsClosed and IsWon which stages are open, won or lost; a blank there means no."""

from apps.imports import values
from apps.imports.edges import Line
from apps.imports.values import Cell

STAGE, CLOSED, WON = "StageName", "IsClosed", "IsWon"
MOST = 200


class Outcomes:
    """What the rows of one file say of each stage. Without those columns it learns nothing."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self.places = [header.index(name) for name in (STAGE, CLOSED, WON)] if {STAGE, CLOSED, WON} <= set(header) else []
        self.kinds: dict[str, set[str]] = {}

    def add(self, line: Line) -> None:
        if self.places and len(line.cells) > max(self.places):
            stage, closed, won = (line.cells[place] for place in self.places)
            if len(self.kinds) < MOST:
                self.kinds.setdefault(str(stage).strip(), set()).add("won" if _is_true(won) else "lost" if _is_true(closed) else "open")

    def told(self) -> dict[str, str]:
        """Return the kind of each stage of which all rows say the same."""
        return {stage: next(iter(kinds)) for stage, kinds in self.kinds.items() if len(kinds) == 1}


def _is_true(cell: Cell) -> bool:
    return cell is True or (isinstance(cell, str) and cell.strip().casefold() in values.YES)
