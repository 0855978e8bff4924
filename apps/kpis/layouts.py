"""Where a stream's measures stand in the array of sums that is stored for it.

A stream's sums are stored side by side in one row: first what each measure adds up to, then, for measures that cannot
always be told, how many records were left out.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from apps.kpis import catalogue
from apps.kpis.amounts import Slot
from apps.kpis.declarations import Kind, Measure
from apps.kpis.streams import STREAMS, Stream

NEVER = "FALSE"


@dataclass(frozen=True)
class Layout:
    """The measures of one stream, in the order in which their sums are stored."""

    stream: Stream
    measures: tuple[Measure, ...]

    @property
    def key(self) -> str:
        return self.stream.key

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(measure.kind for measure in self.measures)

    @property
    def is_windowed(self) -> bool:
        return self.stream.is_windowed

    @property
    def excludable(self) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.unknown != NEVER)

    @property
    def width(self) -> int:
        return len(self.measures) + len(self.excludable)

    @property
    def zeros(self) -> str:
        """An array of nothing, in SQL."""
        return "'{" + ",".join("0" * self.width) + "}'::numeric[]"

    @property
    def is_shareable(self) -> bool:
        return self.stream.is_shareable

    def sums(self, amounts: str = "t.amounts", *, only: Kind | None = None) -> str:
        """Sum arrays element by element; `only` leaves nothing where measures of another kind stand."""
        return self._each("sum({amount})", amounts, only)

    def running(self, amounts: str, window: str, *, only: Kind | None = None) -> str:
        """Sum arrays element by element over a window of rows."""
        return self._each(f"coalesce(sum({{amount}}) OVER {window}, 0)", amounts, only)

    def times(self, amounts: str, factor: str, *, only: Kind | None = None) -> str:
        return self._each(f"{{amount}} * {factor}", amounts, only)

    def only(self, kind: Kind, amounts: str) -> str:
        return amounts if self.kinds == {kind} else self._each("{amount}", amounts, kind)

    def negated(self, amounts: str) -> str:
        return self._each("-{amount}", amounts, None)

    def added(self, left: str, right: str) -> str:
        return self._array(f"{left}[{n}] + {right}[{n}]" for n in self.slots)

    @property
    def slots(self) -> range:
        return range(1, self.width + 1)

    def _each(self, text: str, amounts: str, only: Kind | None) -> str:
        kinds = [measure.kind for measure in (*self.measures, *self.excludable)]
        return self._array(text.format(amount=f"{amounts}[{n}]") if only in (None, kind) else "0" for n, kind in enumerate(kinds, 1))

    @staticmethod
    def _array(elements: Iterable[str]) -> str:
        return "ARRAY[" + ", ".join(elements) + "]"

    def slots_of(self, keys: frozenset[str]) -> tuple[Slot, ...]:
        """Return where measures stand in a stored array."""
        return _slots(self.key, keys)

    def amounts(self, stored: list[Decimal]) -> list[tuple[str, Decimal, int]]:
        """Return each measure's sum and how many records it left out."""
        left_out = dict(zip((m.key for m in self.excludable), stored[len(self.measures) :], strict=True))
        return [(m.key, amount, int(left_out.get(m.key, 0))) for m, amount in zip(self.measures, stored, strict=False)]


@cache
def layouts() -> dict[str, Layout]:
    """Return the layout of every stream whose sums are stored, by the stream's key."""
    found: dict[str, list[Measure]] = {}
    for measure in catalogue.MEASURES.values():
        if measure.kind != Kind.SPAN:
            found.setdefault(measure.stream, []).append(measure)
    return {key: Layout(STREAMS[key], tuple(found[key])) for key in STREAMS if key in found}


@cache
def _slots(stream: str, keys: frozenset[str]) -> tuple[Slot, ...]:
    layout = layouts()[stream]
    left_out = {measure.key: len(layout.measures) + n for n, measure in enumerate(layout.excludable)}
    return tuple((measure.key, n, left_out.get(measure.key)) for n, measure in enumerate(layout.measures) if measure.key in keys)


def of_source(source: str) -> list[Layout]:
    """Return the layouts that a source feeds."""
    return [layout for layout in layouts().values() if layout.stream.source == source]


def windowed() -> list[Layout]:
    """Return the layouts that are counted per period: another calendar is another count."""
    return [layout for layout in layouts().values() if layout.is_windowed]


@cache
def fingerprint() -> str:
    """Return a text that changes when what is stored, or where, changes: then everything is counted anew."""
    text = repr(
        [(replace(layout.stream, candidates=""), [(m.key, m.amount, m.when, m.unknown, m.is_split) for m in layout.measures]) for layout in layouts().values()]
    )
    return hashlib.sha256(text.encode()).hexdigest()
