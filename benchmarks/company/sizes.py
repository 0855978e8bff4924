"""How large a company is, and over which days it has been selling."""

from dataclasses import dataclass
from datetime import date
from typing import Any

FIRST = date(2023, 5, 30)
LAST = date(2026, 5, 29)  # the company's today: a Friday in the middle of a quarter, 36 months after its first day
REPS_A_TEAM = 10
REGIONS = 5


@dataclass(frozen=True)
class Size:
    """How many deals and reps; activities, leads and the rest follow."""

    name: str
    deals: int
    reps: int

    @property
    def params(self) -> dict[str, Any]:
        """What the statements that make a company are told."""
        return {
            "deals": self.deals,
            "reps": self.reps,
            "regions": REGIONS,
            "teams": self.teams,
            "customers": max(20, self.deals // 20),
            "activities": self.deals * 3,
            "leads": self.deals // 2,
            "campaigns": 24,
            "first": FIRST,
            "last": LAST,
            "span": (LAST - FIRST).days,
        }

    @property
    def teams(self) -> int:
        return max(2, self.reps // REPS_A_TEAM)


SIZES = {size.name: size for size in (Size("S", 100_000, 200), Size("M", 1_000_000, 200), Size("L", 5_000_000, 2_000))}
SMALLER = {"M": "S", "L": "M"}  # which company a larger one is compared with
