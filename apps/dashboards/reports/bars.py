"""A waterfall as a chart and its table: totals stand on the ground, parts float where the one before ended.

Where all that changed is little beside what was there, the scale begins above 0, and the page says where.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from apps.core import numbers

CLOSE = 4  # levels lie close together when they differ by at most a quarter of the lowest


@dataclass(frozen=True)
class Step:
    """One bar: `amount` is signed, `note` says how many records it is, `about` what they are, `url` opens them."""

    key: str
    name: str
    amount: Decimal
    is_total: bool
    url: str
    note: str = ""
    about: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    key: str
    name: str
    raw: str
    text: str
    short: str
    note: str
    about: str
    url: str
    tone: str
    is_total: bool


@dataclass(frozen=True)
class Bars:
    """A waterfall drawn by script, and the same for reading."""

    id: str
    title: str
    drawing: Mapping[str, Any]
    rows: tuple[Row, ...]
    begins: str = ""

    @property
    def is_counted(self) -> bool:
        """Whether any row says how many records it is."""
        return any(row.note for row in self.rows)

    @property
    def drawing_id(self) -> str:
        return f"{self.id}-drawing"


def bars(key: str, title: str, steps: Sequence[Step], currency: str) -> Bars:
    """Draw steps, the first of which is a total; `begins` says where the scale does, if not at 0."""
    ground = _ground(steps)
    drawing = {"bars": _drawing(steps, ground), "begin": float(ground), "locale": get_language() or "en", "currency": currency}
    return Bars(key, title, drawing, tuple(_row(one, currency) for one in steps), numbers.short(ground, "money") if ground else "")


def tone(amount: Decimal, *, is_total: bool) -> str:
    return "total" if is_total else "ahead" if amount > 0 else "behind" if amount < 0 else "quiet"


def _levels(steps: Iterable[Step]) -> list[tuple[Decimal, Decimal]]:
    """Where each bar begins and ends; a total begins on the ground."""
    found, level = [], Decimal(0)
    for one in steps:
        before = Decimal(0) if one.is_total else level
        level = one.amount if one.is_total else level + one.amount
        found.append((before, level))
    return found


def _ground(steps: Sequence[Step]) -> Decimal:
    """Where the scale begins: at 0, unless all levels lie close together, far above it."""
    levels = [level for _before, level in _levels(steps)]
    low, reach = min(levels), max(levels) - min(levels)
    if low <= 0 or reach > low / CLOSE:
        return Decimal(0)
    begin = low - max(reach, low / 100)
    unit = Decimal(1).scaleb(begin.adjusted() - 1)
    return begin // unit * unit


def _drawing(steps: Sequence[Step], ground: Decimal) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "from": float(ground if one.is_total else before),
            "to": float(level),
            "amount": float(one.amount),
            "url": one.url,
            "tone": tone(one.amount, is_total=one.is_total),
        }
        for one, (before, level) in zip(steps, _levels(steps), strict=True)
    ]


def _row(one: Step, currency: str) -> Row:
    sign = "+" if one.amount > 0 and not one.is_total else ""
    full, short = numbers.whole(one.amount, "money", currency), numbers.short(one.amount, "money")
    drawn = tone(one.amount, is_total=one.is_total)
    return Row(one.key, one.name, numbers.plain(one.amount), sign + full, sign + short, one.note, one.about, one.url, drawn, one.is_total)
