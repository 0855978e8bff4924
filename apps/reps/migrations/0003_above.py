"""Which scopes stand above a team: itself, the teams it is part of, and its region."""

from django.db import migrations

ABOVE = """
CREATE VIEW reps_above AS
WITH RECURSIVE walk(team, above_id, region_id, depth) AS (
    SELECT id, id, region_id, 0 FROM reps_team
    UNION ALL
    SELECT w.team, p.id, p.region_id, w.depth + 1
    FROM walk w JOIN reps_team t ON t.id = w.above_id JOIN reps_team p ON p.id = t.parent_id
)
SELECT team, 'team' AS kind, above_id AS scope FROM walk
UNION ALL
(SELECT DISTINCT ON (team) team, 'region', region_id FROM walk WHERE region_id IS NOT NULL ORDER BY team, depth)
"""


class Migration(migrations.Migration):
    dependencies = [("reps", "0002_standing")]

    operations = [migrations.RunSQL(ABOVE, "DROP VIEW reps_above")]
