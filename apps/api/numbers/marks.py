"""Cursors of records: one says for each measure of a KPI after which record its next page begins."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from apps.api import pagination
from apps.kpis import catalogue
from apps.kpis.figures import Mark, Records


def opened(cursor: str, kpi: str) -> list[Mark | None]:
    """Return the marks of a KPI's measures, or raise ValidationError where the cursor is not of its records."""
    return [_mark(*told) if told else None for (told,) in pagination.opened(cursor, _order(kpi))]


def sealed(found: Sequence[Records], kpi: str) -> str:
    """Return the cursor of what comes after these pages."""
    return pagination.sealed(_order(kpi), *([_told(one.last) if one.last else None] for one in found))


def _order(kpi: str) -> list[str]:
    return ["records", *(f"{use.basis}:{use.measure}" for use in catalogue.KPIS[kpi].uses)]


def _told(mark: Mark) -> list[str | int]:
    return [mark.excluded, str(mark.amount), mark.day.isoformat(), mark.record]


def _mark(excluded: int, amount: str, day: str, record: int) -> Mark:
    return Mark(excluded, Decimal(amount), date.fromisoformat(day), record)
