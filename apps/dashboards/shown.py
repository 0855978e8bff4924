"""A number as a page shows it: its digits for machines, its words for people, and the page that opens it."""

from dataclasses import dataclass
from decimal import Decimal

from apps.core import numbers
from apps.core.remembering import remembered
from apps.dashboards.selection import Selection
from apps.kpis.figures import Figure


@dataclass(frozen=True)
class Number:
    """One figure, ready to be read. `raw` is empty and `reason` says why where there is no value."""

    kpi: str
    name: str
    raw: str
    text: str
    full: str
    reason: str
    url: str
    excluded: int = 0


def agreed(amount: Decimal | None, currency: str) -> str:
    """Write what was agreed in another currency; nothing where that is the company's."""
    return numbers.whole(amount, "money", currency) if currency and amount is not None else ""


def number(figure: Figure, selection: Selection) -> Number:
    """Make a figure readable; its link opens it as it is seen now."""
    kpi, url = figure.kpi, selection.figure_of(figure.kpi.key, figure.scope, figure.window)
    if figure.value is None:
        return Number(kpi.key, str(kpi.name), "", numbers.NO_VALUE, "", figure.reason, url, int(figure.excluded))
    written = _written(figure.value, str(kpi.unit), selection.currency)
    return Number(kpi.key, str(kpi.name), written.raw, written.text, written.full, "", url, int(figure.excluded))


@dataclass(frozen=True)
class Amount:
    """One amount that is no figure of its own, such as a target: short for the eye, in full for who asks."""

    raw: str
    text: str
    full: str


def amount(value: Decimal | None, unit: str, currency: str) -> Amount | None:
    return None if value is None else _written(value, unit, currency)


@remembered()
def _written(value: Decimal, unit: str, currency: str) -> Amount:
    return Amount(numbers.plain(value), numbers.short(value, unit), numbers.whole(value, unit, currency))
