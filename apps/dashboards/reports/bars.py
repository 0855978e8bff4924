"""A waterfall as a chart and its table: totals stand on the ground, parts float where the one before ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from apps.core import numbers


@dataclass(frozen=True)
class Step:
    """One bar: `amount` is signed, `note` says how many records it is, `url` opens them."""

    key: str
    name: str
    amount: Decimal
    is_total: bool
    url: str
    note: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    key: str
    name: str
    raw: str
    text: str
    short: str
    note: str
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

    @property
    def drawing_id(self) -> str:
        return f"{self.id}-drawing"


def bars(key: str, title: str, steps: Sequence[Step], currency: str) -> Bars:
    """Draw steps, the first of which is a total."""
    return Bars(key, title, {**_drawing(steps), "locale": get_language() or "en", "currency": currency}, tuple(_row(one, currency) for one in steps))


def tone(amount: Decimal, *, is_total: bool) -> str:
    return "total" if is_total else "ahead" if amount > 0 else "behind" if amount < 0 else "quiet"


def _drawing(steps: Iterable[Step]) -> dict[str, Any]:
    made, level = [], Decimal(0)
    for one in steps:
        low = Decimal(0) if one.is_total else level
        level = one.amount if one.is_total else level + one.amount
        made.append(
            {
                "name": one.name,
                "from": float(low),
                "to": float(level),
                "amount": float(one.amount),
                "url": one.url,
                "tone": tone(one.amount, is_total=one.is_total),
            }
        )
    return {"bars": made}


def _row(one: Step, currency: str) -> Row:
    sign = "+" if one.amount > 0 and not one.is_total else ""
    full, short = numbers.whole(one.amount, "money", currency), numbers.short(one.amount, "money")
    return Row(
        one.key, one.name, numbers.plain(one.amount), sign + full, sign + short, one.note, one.url, tone(one.amount, is_total=one.is_total), one.is_total
    )
