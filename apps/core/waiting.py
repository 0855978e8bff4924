"""Facts whose money waits for an exchange rate: which currencies and days are missing, and the facts themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.urls import reverse

from apps.core import currencies
from apps.core.money import KEPT_DAYS, Facts
from apps.core.replica import connection

PARAMETER = "rate"
EVERY = "missing"


@dataclass(frozen=True)
class Waiting:
    """Facts of a model that may wait; `select` is the SQL of those that do: `id, currency, day`."""

    model: str
    select: str


@dataclass(frozen=True)
class Missing:
    """Rates of one currency that facts of one kind wait for, on days without a longer break; `url` lists the facts."""

    currency: str
    first: date
    last: date
    kind: str
    facts: int
    url: str


SELECTS: dict[str, Waiting] = {}


def register(*found: Waiting) -> None:
    """Let the admin know of facts that may wait for a rate."""
    SELECTS.update({one.model: one for one in found})


def of(facts: Facts) -> Waiting:
    """Return how facts wait for the rate of the day that a column names; without a day, there is no rate to wait for."""
    return Waiting(
        facts.model, f"SELECT id, currency, {facts.day} AS day FROM {facts.table} f WHERE {is_waiting(facts.amounts, 'f')} AND {facts.day} IS NOT NULL"
    )


def is_waiting(amounts: Iterable[str], row: str) -> str:
    """Return the condition that a row's money waits for a rate: something was agreed, and nobody knows what it is worth.

    One rate is for all of it, so without one there is no amount either, which is what the index holds.
    """
    unknown = " OR ".join(f"{row}.original_{name} IS NOT NULL AND {row}.{name} IS NULL" for name in amounts)
    return f"{row}.currency <> '' AND {row}.amount IS NULL AND ({unknown})"


# A rate stands for a week, so a break of a week or less is closed by the same rates.
SPANS = f"""
    WITH waiting AS ({{selects}}), marked AS (
        SELECT *, (day - lag(day) OVER (PARTITION BY model, currency ORDER BY day) > {KEPT_DAYS})::int AS begins FROM waiting
    ), spans AS (
        SELECT *, coalesce(sum(begins) OVER (PARTITION BY model, currency ORDER BY day), 0) AS span FROM marked
    )
    SELECT currency, min(day), max(day), model, count(DISTINCT id) FROM spans GROUP BY currency, model, span ORDER BY min(day) DESC, currency, model
"""


def missing() -> list[Missing]:
    """Return every group of facts that wait, the latest days first; one query."""
    selects = " UNION ALL ".join(f"SELECT '{one.model}' AS model, w.* FROM ({one.select}) w" for one in SELECTS.values())
    with connection.cursor() as cursor:
        cursor.execute(SPANS.format(selects=selects))
        return [_group(*row) for row in cursor.fetchall()]


def _group(currency: str, first: date, last: date, label: str, facts: int) -> Missing:
    words = apps.get_model(label)._meta
    url = reverse(f"admin:{words.app_label}_{words.model_name}_changelist") + f"?{PARAMETER}={currency}.{first}.{last}"
    return Missing(currency, first, last, str(words.verbose_name if facts == 1 else words.verbose_name_plural), facts, url)


def waiting(model: type[Model], value: str) -> QuerySet[Any]:
    """Return the facts of a model that wait: for any rate, or for `CURRENCY.FIRST.LAST`; nothing where that is misspelt."""
    select, rows = SELECTS[model._meta.label].select, model._default_manager.all()
    if value == EVERY:
        return rows.filter(pk__in=RawSQL(f"SELECT id FROM ({select}) w", []))
    try:
        currency, first, last = value.split(".")
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return rows.none()
    if currency not in currencies.codes():
        return rows.none()
    return rows.filter(pk__in=RawSQL(f"SELECT id FROM ({select}) w WHERE currency = %s AND day BETWEEN %s AND %s", [currency, *days]))
