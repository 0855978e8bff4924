"""What money of other currencies is worth in the organisation's, day by day: the plain twin of the database's function."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.core.models import Rate

CENT = Decimal("0.01")


class Rates:
    """All stored rates, read once."""

    def __init__(self, rows: Iterable[Rate] | None = None) -> None:
        self.known = {(row.currency, row.day): row.rate for row in (Rate.objects.all() if rows is None else rows)}

    def rate(self, currency: str, day: date | None) -> Decimal | None:
        """The newest rate of a day, the day before, or one of the six before that."""
        for back in range(8) if day else ():
            found = self.known.get((currency, day - timedelta(days=back)))
            if found is not None:
                return found
        return None

    def money(self, fact: Any, day: date | None, name: str = "amount") -> Decimal | None:
        """A fact's amount in the organisation's money, from what was entered."""
        if not fact.currency:
            return getattr(fact, name)
        original, rate = getattr(fact, f"original_{name}"), self.rate(fact.currency, day)
        return None if original is None or rate is None else (original * rate).quantize(CENT, ROUND_HALF_UP)
