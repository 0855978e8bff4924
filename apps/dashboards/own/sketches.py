"""A board drawn small: where its widgets would stand, and how wide."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.boards.kinds import KINDS
from apps.boards.services import Placed
from apps.boards.starts import STARTS

GAP, ROW, COLUMN = 3, 17, 10
TALL = {"figure": 0.6, "text": 0.6}  # of a row
INKS = {"figure": "plain", "goal": "plain", "text": "plain", "number": "strong"}


@dataclass(frozen=True)
class Box:
    """One widget, in units of the drawing."""

    x: int
    y: int
    width: int
    height: int
    ink: str


@dataclass(frozen=True)
class Sketch:
    """A board to begin with, and its boxes; `height` is that of the drawing."""

    key: str
    name: object
    about: object
    boxes: tuple[Box, ...]
    height: int


def sketches() -> list[Sketch]:
    """Return what every new board can begin with."""
    found = []
    for start in STARTS.values():
        boxes = tuple(_boxes(start.widgets()))
        found.append(Sketch(start.key, start.name, start.about, boxes, max((box.y + box.height for box in boxes), default=0)))
    return found


def _boxes(widgets: Iterable[Placed]) -> Iterable[Box]:
    """Fill rows as the page does: what does not fit into a row begins the next."""
    x, y, tallest = 0, 0, 0
    for one in widgets:
        width = int(one.settings.get("width", KINDS[one.kind].width))
        height = int(ROW * TALL.get(one.kind, 1))
        if x + width > 12:
            x, y, tallest = 0, y + tallest + GAP, 0
        yield Box(x * COLUMN, y, width * COLUMN - GAP, height, INKS.get(one.kind, "pale"))
        x, tallest = x + width, max(tallest, height)
