"""How each kind of widget is drawn: what it asks to be read, and what it makes of that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apps.dashboards.boards.board import Widget
from apps.dashboards.boards.sources import Sources
from apps.dashboards.own.reading import Asks
from apps.dashboards.own.spots import Spot

Draw = Callable[[Spot, Sources], Widget]


@dataclass(frozen=True)
class Drawer:
    """Two steps of one kind."""

    asks: Callable[[Spot], Asks]
    draw: Draw


Drawers = Mapping[str, Drawer]
