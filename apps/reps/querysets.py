"""Which teams and reps belong to whom on a day, as SQL that other queries can hold."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import DateField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Least

if TYPE_CHECKING:
    from apps.reps.models import Rep, Team  # noqa: F401  (named in the bases below)

MANAGED = """
    WITH RECURSIVE managed(id) AS (
        SELECT team_id FROM reps_teammanager WHERE user_id = %s AND start_on <= %s AND (end_on IS NULL OR end_on > %s)
        UNION
        SELECT t.id FROM reps_team t JOIN managed m ON t.parent_id = m.id
    ) SELECT id FROM managed
"""


def covers(on: date, prefix: str = "") -> Q:
    """Whether `[start_on, end_on)` holds a day; `prefix` leads to the row with the two."""
    return Q(**{f"{prefix}start_on__lte": on}) & (Q(**{f"{prefix}end_on": None}) | Q(**{f"{prefix}end_on__gt": on}))


class TeamQuerySet(QuerySet["Team"]):
    def managed_by(self, user_id: int, on: date) -> "TeamQuerySet":
        """Return the teams somebody manages on a day, with every team below them."""
        return self.filter(pk__in=RawSQL(MANAGED, [user_id, on, on]))


class RepQuerySet(QuerySet["Rep"]):
    def standing_in(self, teams: QuerySet["Team"], on: date) -> "RepQuerySet":
        """Return the reps who are in one of the teams on a day; who has left stays in the team of their last day."""
        last_on = Least(Value(on, DateField()), ExpressionWrapper(F("left_on") - timedelta(days=1), DateField()))
        return self.alias(last_on=last_on).filter(
            Q(memberships__end_on=None) | Q(memberships__end_on__gt=F("last_on")),
            memberships__start_on__lte=F("last_on"),
            memberships__team__in=teams,
        )

    def working_on(self, on: date) -> "RepQuerySet":
        """Return the reps who have been hired and have not left."""
        return self.filter(Q(left_on=None) | Q(left_on__gt=on), hired_on__lte=on)
