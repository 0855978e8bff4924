"""A small line without axes, for the way a figure has gone; its numbers are on the page it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.kpis.figures import Point

WIDTH, HEIGHT, MARGIN = 100, 32, 4


@dataclass(frozen=True)
class Sparkline:
    """SVG coordinates: whole steps as lines, broken where there is no value; the running step apart, with its end."""

    lines: tuple[str, ...]
    running: str
    end_x: str
    end_y: str
    is_running: bool


def sparkline(points: Sequence[Point]) -> Sparkline | None:
    """Draw a series; nothing when fewer than two steps have a value, or all are zero."""
    values = [point.value for point in points]
    known = [value for value in values if value is not None]
    if len(known) < 2 or not any(known):
        return None
    places = [None if value is None else (_x(n, len(values)), _y(value, known)) for n, value in enumerate(values)]
    is_running = points[-1].is_running and places[-1] is not None and len(places) > 1
    whole = places[:-1] if is_running else places
    end = next(place for place in reversed(places) if place)
    last = [place for place in (whole[-1], places[-1]) if place] if is_running else []
    return Sparkline(
        lines=tuple(_runs(whole)),
        running=" ".join(map(_pair, last)) if len(last) == 2 else "",
        end_x=f"{end[0]:.1f}",
        end_y=f"{end[1]:.1f}",
        is_running=is_running,
    )


def _x(position: int, count: int) -> Decimal:
    return MARGIN + Decimal(position) / (count - 1) * (WIDTH - 2 * MARGIN)


def _y(value: Decimal, known: Sequence[Decimal]) -> Decimal:
    low, high = min(known), max(known)
    level = (value - low) / (high - low) if high > low else Decimal("0.5")
    return HEIGHT - MARGIN - level * (HEIGHT - 2 * MARGIN)


def _pair(place: tuple[Decimal, Decimal]) -> str:
    return f"{place[0]:.1f},{place[1]:.1f}"


def _runs(places: Sequence[tuple[Decimal, Decimal] | None]) -> list[str]:
    """Return the unbroken stretches of two steps or more."""
    runs: list[list[str]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(_pair(place))
    return [" ".join(run) for run in runs if len(run) > 1]
