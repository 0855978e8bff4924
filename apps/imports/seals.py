"""The sum of a row and of its past states, by which somebody else's later change is seen.

It covers what can be entered, not what the database makes of it: an amount that follows from a rate may become another by itself.
"""

from dataclasses import dataclass

from django.db import models

from apps.goals.models import Goal, GoalVersion
from apps.imports.copying import quoted
from apps.imports.entities import Entity
from apps.opportunities.models import Opportunity, OpportunityVersion
from apps.opportunities.states import STATE

ENTERED_AMOUNT = "CASE WHEN {row}.currency = '' THEN {row}.{column} END"


@dataclass(frozen=True)
class Past:
    """Where the database keeps the past of a model's rows, the column that names the row, and the trigger that keeps it."""

    model: type[models.Model]
    of: str
    trigger: str
    sealed: tuple[str, ...]

    @property
    def table(self) -> str:
        return quoted(self.model._meta.db_table)


PASTS: dict[type[models.Model], Past] = {
    Opportunity: Past(OpportunityVersion, "opportunity_id", "opportunities.Opportunity:keep_versions", ("valid_from", "valid_to", *STATE.split(", "))),
    Goal: Past(GoalVersion, "goal_id", "goals.Goal:keep_goal_versions", ("set_on", "ended_on", "target", "set_at", "ended_at")),
}


def seal(entity: Entity, row: str = "t") -> str:
    """Return the SQL of the seal of one row of an entity's table."""
    columns = [field.column for name, field in entity.fields.items() if name not in entity.passing]
    parts = [_entered(row, column, has_currency="currency" in columns) for column in columns]
    if past := PASTS.get(entity.model):
        states = ", ".join(_entered("v", column, has_currency="currency" in past.sealed) for column in past.sealed)
        parts.append(f"(SELECT sum(hashtextextended(ROW({states})::text, 0)) FROM {past.table} v WHERE v.{past.of} = {row}.id)")
    return f"hashtextextended(ROW({', '.join(parts)})::text, 0)"


def _entered(row: str, column: str | None, *, has_currency: bool) -> str:
    if has_currency and column in ("amount", "cost", "list_price"):
        return ENTERED_AMOUNT.format(row=row, column=column)
    return f"{row}.{quoted(column)}"
