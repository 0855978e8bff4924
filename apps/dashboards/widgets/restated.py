"""What was reported of a closed period beside what is known today."""

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import dates, numbers
from apps.dashboards.selection import Selection, written
from apps.kpis.figures import Figure
from apps.kpis.restatements import PLACES


@dataclass(frozen=True)
class Restated:
    """A closed period's figure then and now, in words; `url` opens the records that made the difference (empty without one)."""

    reported: str
    raw: str
    words: str
    by: str
    url: str


def restated(figure: Figure, selection: Selection) -> Restated | None:
    """Say what was reported; None for a period that is open."""
    found, unit = figure.restatement, str(figure.kpi.unit)
    if found is None:
        return None
    reported = numbers.short(found.reported, unit) if found.reported is not None else numbers.NO_VALUE
    words = _("as reported at close on %(day)s: %(value)s") % {"day": dates.day(found.closed_on), "value": reported}
    if not found.is_restated:
        return Restated(reported, "0", words, "", "")
    return Restated(
        reported,
        numbers.plain(found.difference) if found.difference is not None else "",
        words,
        signed(found.difference, unit),
        explained_url(figure.kpi.key, found.close, selection.at(scope=figure.scope, window=figure.window)),
    )


def signed(difference: Decimal | None, unit: str) -> str:
    """Write a difference with its sign; percentages in points. One that cannot be told is a change from or to no value."""
    if difference is None:
        return _("from or to no value")
    sign = "+" if difference > 0 else numbers.MINUS if difference <= -PLACES else ""
    size = abs(difference)
    if unit == "percent":
        return sign + _("%(number)s points") % {"number": numbers.decimal(size, 1 if size >= Decimal("0.1") else 3)}
    text = numbers.short(size, unit)
    is_seen = any(digit.isdecimal() and digit != "0" for digit in text)
    return sign + text if is_seen else _("too little to show")


def explained_url(kpi: str, close: int, selection: Selection) -> str:
    """The address of the page that names the records."""
    query = {key: value for key, value in selection.query.items() if key != "period"}
    return reverse("dashboards:restatement", args=[close, kpi]) + written(query)
