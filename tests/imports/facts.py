"""Everything that imports may write, as it stands in the database, to be compared."""

from typing import Any

from django.db import connection

from apps.customers.models import Movement, PayingAccount
from apps.goals.models import GoalVersion
from apps.imports.entities import ENTITIES
from apps.opportunities.models import OpportunityVersion, Pulse

MODELS = [*(entity.model for entity in ENTITIES.values()), OpportunityVersion, Pulse, GoalVersion, Movement, PayingAccount]
STAMPS = ("updated_at", "changed_at")
HISTORY = """
SELECT o.external_key, o.name, r.name, s.name, o.amount, o.created_on, o.closed_on, o.expected_close_on, o.effective_on,
    (SELECT jsonb_agg(jsonb_build_array(v.sequence, v.valid_from, v.valid_to, w.name, z.name, v.amount, v.probability, v.stage_since, p.name, v.previous_stage_since)
        ORDER BY v.sequence) FROM opportunities_opportunityversion v JOIN reps_rep w ON w.id = v.owner_id JOIN opportunities_stage z ON z.id = v.stage_id
        LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id WHERE v.opportunity_id = o.id)
FROM opportunities_opportunity o JOIN reps_rep r ON r.id = o.owner_id JOIN opportunities_stage s ON s.id = o.stage_id ORDER BY o.external_key, o.name
"""


def everything() -> dict[str, list[Any]]:
    """Return all rows of all facts, with their numbers, past states included."""
    found = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            cursor.execute(f"SELECT (to_jsonb(t) - %s::text[])::text FROM {model._meta.db_table} t ORDER BY 1", [list(STAMPS)])
            found[model._meta.label] = cursor.fetchall()
    return found


def deals() -> list[Any]:
    """Return all deals with their past states, by their keys, without numbers."""
    with connection.cursor() as cursor:
        cursor.execute(HISTORY)
        return cursor.fetchall()
