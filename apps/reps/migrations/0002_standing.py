"""The view that says in which scopes a rep stands on which days."""

from django.db import migrations

STANDING = """
CREATE VIEW reps_standing AS
WITH RECURSIVE walk(team_id, above_id, region_id, depth) AS (
    SELECT id, id, region_id, 0 FROM reps_team
    UNION ALL
    SELECT w.team_id, p.id, p.region_id, w.depth + 1
    FROM walk w JOIN reps_team t ON t.id = w.above_id JOIN reps_team p ON p.id = t.parent_id
), home AS (
    SELECT DISTINCT ON (team_id) team_id, region_id FROM walk WHERE region_id IS NOT NULL ORDER BY team_id, depth
)
SELECT id AS rep, 'company' AS kind, 0::bigint AS scope, DATE '0001-01-01' AS start_on, DATE '9999-12-31' AS end_on FROM reps_rep
UNION ALL
SELECT id, 'rep', id, DATE '0001-01-01', DATE '9999-12-31' FROM reps_rep
UNION ALL
SELECT m.rep_id, 'team', w.above_id, m.start_on, coalesce(m.end_on, DATE '9999-12-31')
FROM reps_membership m JOIN walk w ON w.team_id = m.team_id
UNION ALL
SELECT m.rep_id, 'region', h.region_id, m.start_on, coalesce(m.end_on, DATE '9999-12-31')
FROM reps_membership m JOIN home h ON h.team_id = m.team_id
"""


class Migration(migrations.Migration):
    dependencies = [("reps", "0001_initial")]

    operations = [migrations.RunSQL(STANDING, "DROP VIEW reps_standing")]
