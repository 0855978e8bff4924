"""What was measured: a number in its unit, and the limit it has to keep where there is one."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One line of the report. `limit` is the most that is allowed, or with `is_least` the least; None is told only."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    is_least: bool = False
    note: str = ""

    @property
    def passes(self) -> bool | None:
        if self.limit is None:
            return None
        return self.value >= self.limit if self.is_least else self.value <= self.limit


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that nineteen in twenty stay at or below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * 95 // 100) - 1)]
