"""Figures and records as flat objects of plain values, for commands and the API alike."""

from decimal import Decimal, localcontext
from typing import Any

from apps.goals.selectors import GoalFigure
from apps.kpis import reference
from apps.kpis.declarations import Kpi
from apps.kpis.figures import Records

PLACES = Decimal("1e-10")


def text(amount: Decimal | None) -> str | None:
    """Write an amount as plain digits, without an exponent or trailing zeros; nothing stays nothing."""
    if amount is None:
        return None
    with localcontext(prec=60):  # a ratio of the largest and the smallest amount has more digits than are usual
        written = f"{amount.quantize(PLACES):f}".rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def figure(found: GoalFigure, *, scope_text: str, period_text: str) -> dict[str, Any]:
    """One figure with its progress. Values are in the KPI's unit (percent: 63.2 is 63.2 %); attainment and pace are ratios."""
    one, progress, restatement = found.figure, found.progress, found.figure.restatement
    return {
        "kpi": one.kpi.key,
        "scope": scope_text,
        "period": period_text,
        "value": text(one.value),
        "numerator": text(one.numerator),
        "denominator": text(one.denominator),
        "target": text(progress.target) if progress else None,
        "attainment": text(progress.attainment) if progress else None,
        "expected": text(progress.expected) if progress else None,
        "pace": text(progress.pace) if progress else None,
        "projection": text(progress.projection) if progress else None,
        "remaining": text(progress.remaining) if progress else None,
        "per_working_day": text(progress.per_working_day) if progress else None,
        "status": progress.status if progress else None,
        "target_changed_on": changed.isoformat() if (changed := min((goal.ended_on for goal in found.goals if goal.ended_on), default=None)) else None,
        "excluded": one.excluded,
        "reported": text(restatement.reported) if restatement else None,
        "restated_by": text(restatement.difference) if restatement else None,
        "restated_because": (restatement.because or None) if restatement else None,
        "closed_on": restatement.closed_on.isoformat() if restatement else None,
        "as_of": one.on.isoformat(),
        "reason": one.reason or None,
    }


def records(found: Records, *, kpi: str, scope_text: str, period_text: str, as_of: str) -> dict[str, Any]:
    """The records behind one measure of a figure; `sum` is over all of them."""
    return {
        "kpi": kpi,
        "scope": scope_text,
        "period": period_text,
        "measure": found.measure,
        "name": found.name,
        "sum": text(found.total),
        "count": found.count,
        "excluded": int(found.excluded),
        "as_of": as_of,
        "rows": [
            {
                "model": row.model,
                "id": row.id,
                "record": row.label,
                "day": row.day.isoformat() if row.day else None,
                "rep": row.rep or None,
                "customer": row.customer or None,
                "amount": text(row.amount),
                "is_excluded": row.is_excluded,
                "currency": row.currency,
                "original_amount": text(row.original_amount),
            }
            for row in found.rows
        ],
    }


def kpi(one: Kpi) -> dict[str, Any]:
    """One entry of the catalogue."""
    return {
        "key": one.key,
        "name": str(one.name),
        "unit": str(one.unit),
        "better": str(one.better),
        "family": str(one.family),
        "definition": str(one.definition),
        "formula": reference.by_keys(one),
        "scopes": list(one.scopes),
    }
