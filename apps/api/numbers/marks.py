"""Cursors of records: one says for each measure of a KPI after which record its next page begins."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from apps.api import pagination
from apps.kpis import catalogue
from apps.kpis.figures import Mark, Records


def opened(cursor: str, asked: Mapping[str, Any]) -> list[Mark | None]:
    """Return the marks of the measures of what is asked, or raise ValidationError where the cursor is not of these records."""
    return [_mark(*told) if told else None for (told,) in pagination.opened(cursor, _order(asked))]


def sealed(found: Sequence[Records], asked: Mapping[str, Any]) -> str:
    """Return the cursor of what comes after these pages."""
    return pagination.sealed(_order(asked), *([_told(one.last) if one.last else None] for one in found))


def _order(asked: Mapping[str, Any]) -> list[str]:
    """Name the lists that a cursor belongs to: by KPI, scope, period, day and way, and by measure."""
    (_scope, scope), (_period, window) = asked["scope"], asked["period"]
    what = [asked["kpi"], scope.key, f"{window.start_on}/{window.end_on}", asked["on"].isoformat(), *map(str, asked["way"].values())]
    return ["records", *what, *(f"{use.basis}:{use.measure}" for use in catalogue.KPIS[asked["kpi"]].uses)]


def _told(mark: Mark) -> list[str | int]:
    return [mark.excluded, str(mark.amount), mark.day.isoformat(), mark.record]


def _mark(excluded: int, amount: str, day: str, record: int) -> Mark:
    return Mark(excluded, Decimal(amount), date.fromisoformat(day), record)
