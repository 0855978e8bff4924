"""A company of any size, written set-based in SQL: the same seed gives the same company.

Rows are what the database's own triggers would have written (a test compares), only faster: they are switched off meanwhile.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

LAST = date(2026, 6, 30)  # the company's today
FIRST = date(2023, 7, 1)
OPEN_STAGES = 5


@dataclass(frozen=True)
class Size:
    """How many deals and reps; activities, leads and the rest follow."""

    name: str
    deals: int
    reps: int

    @property
    def activities(self) -> int:
        return self.deals * 3

    @property
    def leads(self) -> int:
        return self.deals // 2

    @property
    def customers(self) -> int:
        return max(10, self.deals // 20)

    @property
    def teams(self) -> int:
        return max(2, self.reps // 10)


SIZES = {size.name: size for size in (Size("S", 100_000, 200), Size("M", 1_000_000, 200), Size("L", 5_000_000, 2_000))}

PEOPLE = """
INSERT INTO core_organisation (id, name, currency, time_zone, fiscal_year_start, first_weekday, working_weekdays)
    VALUES (1, 'Benchmark', 'EUR', 'UTC', 1, 1, '12345');
INSERT INTO reps_region (id, name) SELECT n, 'Region ' || n FROM generate_series(1, 5) n;
INSERT INTO reps_team (id, name, region_id) SELECT n, 'Group ' || n, n FROM generate_series(1, 5) n;
INSERT INTO reps_team (id, name, parent_id) SELECT 5 + n, 'Team ' || n, 1 + n %% 5 FROM generate_series(1, %(teams)s) n;
INSERT INTO reps_rep (id, name, hired_on) SELECT n, 'Rep ' || n, DATE '2023-01-01' FROM generate_series(1, %(reps)s) n;
INSERT INTO reps_membership (rep_id, team_id, start_on, end_on)
    SELECT n, 6 + (n - 1) %% %(teams)s, DATE '2023-01-01', CASE WHEN n %% 20 = 0 THEN DATE '2025-04-01' END FROM generate_series(1, %(reps)s) n;
INSERT INTO reps_membership (rep_id, team_id, start_on)
    SELECT n, 6 + n %% %(teams)s, DATE '2025-04-01' FROM generate_series(20, %(reps)s, 20) n;
INSERT INTO opportunities_stage (id, name, kind, position, probability) VALUES
    (1, 'Qualify', 'open', 1, 10), (2, 'Discover', 'open', 2, 25), (3, 'Propose', 'open', 3, 50), (4, 'Negotiate', 'open', 4, 75),
    (5, 'Commit', 'open', 5, 90), (6, 'Won', 'won', 6, 100), (7, 'Lost', 'lost', 7, 0);
INSERT INTO opportunities_product (id, name, family) SELECT n, 'Product ' || n, '' FROM generate_series(1, 12) n;
"""

# A customer is mostly in the region of the rep who serves them; one in ten has none.
CUSTOMERS = """
INSERT INTO customers_customer (id, name, industry, lost_reason, owner_id, acquired_by_id, region_id, acquired_on)
    SELECT n, 'Customer ' || n, '', '', r, r, CASE WHEN n %% 10 = 0 THEN NULL WHEN n %% 7 = 0 THEN 1 + n %% 5 ELSE 1 + (1 + (r - 1) %% %(teams)s) %% 5 END,
        DATE '2023-07-01' + (random() * 1094)::int
    FROM (SELECT n, 1 + n %% %(reps)s AS r FROM generate_series(1, %(customers)s) n) t;
"""

# A deal goes through its first stages, a step each some days, and then is won or lost, if that lies before today.
DEALS = """
CREATE TEMP TABLE plan AS
    SELECT n AS id, 1 + (random() * (%(reps)s - 1))::int AS rep, DATE '2023-07-01' + ((n::float8 / %(deals)s) * 1090)::int AS created_on,
        1 + (random() * 4)::int AS steps, 4 + (random() * 18)::int AS gap, random() < 0.45 AS wins,
        CASE WHEN random() < 0.03 THEN NULL ELSE (500 + random() * 40000)::numeric(18, 2) END AS amount, (random() * 50)::int - 10 AS late,
        (random() * 10000000)::int AS pick
    FROM generate_series(1, %(deals)s) n;
CREATE TEMP TABLE state AS
    SELECT p.id, s.n AS sequence, p.rep, p.created_on + (s.n - 1) * p.gap AS valid_from,
        CASE WHEN s.n <= p.steps THEN s.n WHEN p.wins THEN 6 ELSE 7 END AS stage, s.n > p.steps AS ends,
        round(p.amount * (1 + least(s.n, p.steps) * 0.05), 2) AS amount, p.created_on + p.steps * p.gap + p.late + (s.n / 3) * 21 AS expected_close_on,
        p.created_on + (s.n - 2) * p.gap AS before_on, p.pick, p.created_on
    FROM plan p CROSS JOIN LATERAL generate_series(1, p.steps + 1) s(n) WHERE p.created_on + (s.n - 1) * p.gap <= %(last)s;
INSERT INTO opportunities_opportunityversion
        (opportunity_id, sequence, valid_from, valid_to, owner_id, stage_id, amount, expected_close_on, stage_since, previous_stage_id, previous_stage_since)
    SELECT id, sequence, valid_from, lead(valid_from) OVER w, rep, stage, amount, expected_close_on, valid_from, lag(stage) OVER w, lag(valid_from) OVER w
    FROM state WINDOW w AS (PARTITION BY id ORDER BY sequence);
INSERT INTO opportunities_opportunity
        (id, name, owner_id, stage_id, customer_id, product_id, amount, cost, expected_close_on, created_on, closed_on, lost_reason)
    SELECT DISTINCT ON (id) id, 'Deal ' || id, rep, stage,
        CASE WHEN pick %% 10 < 8 THEN least(%(customers)s, greatest(1, rep - 1 + %(reps)s * (pick %% greatest(1, %(customers)s / %(reps)s)))) ELSE 1 + pick %% %(customers)s END,
        1 + pick %% 12, amount, CASE WHEN pick %% 2 = 0 THEN round(amount * 0.6, 2) END, expected_close_on, created_on, CASE WHEN ends THEN valid_from END, ''
    FROM state ORDER BY id, sequence DESC;
INSERT INTO opportunities_credit (opportunity_id, rep_id, share)
    SELECT id, CASE k WHEN 1 THEN rep ELSE 1 + rep %% %(reps)s END, CASE k WHEN 1 THEN 60 ELSE 40 END FROM plan CROSS JOIN generate_series(1, 2) k WHERE id %% 33 = 0;
DROP TABLE state, plan;
"""

ACTIVITIES = """
INSERT INTO activities_activity (kind, subject, rep_id, completed_on, customer_id, opportunity_id, is_personalized)
    SELECT (ARRAY['call', 'call', 'call', 'email', 'email', 'email', 'email', 'meeting', 'demo', 'onboarding'])[1 + (pick %% 10)], '', 1 + pick %% %(reps)s, day,
        CASE WHEN pick %% 3 > 0 THEN least(%(customers)s, greatest(1, pick %% %(reps)s + %(reps)s * ((pick / 7) %% greatest(1, %(customers)s / %(reps)s)))) END, NULL, pick %% 5 = 0
    FROM (SELECT day + CASE extract(isodow FROM day) WHEN 6 THEN -1 WHEN 7 THEN -2 ELSE 0 END AS day, pick FROM (
        SELECT DATE '2023-07-03' + ((n::float8 / %(activities)s) * 1092)::int AS day, (random() * 100000000)::int AS pick FROM generate_series(1, %(activities)s) n) d) t;
"""

LEADS = """
INSERT INTO leads_lead (name, company, email, phone, owner_id, created_on, created_for_id, qualified_on, qualified_by_id, opportunity_on, opportunity_by_id, converted_on, converted_by_id)
    SELECT 'Lead ' || n, '', CASE WHEN pick %% 3 > 0 THEN 'lead' || n || '@example.org' ELSE '' END, '', rep, day, rep,
        CASE WHEN pick %% 10 < 5 THEN least(day + 3, %(last)s) END, CASE WHEN pick %% 10 < 5 THEN rep END,
        CASE WHEN pick %% 10 < 3 THEN least(day + 9, %(last)s) END, CASE WHEN pick %% 10 < 3 THEN rep END,
        CASE WHEN pick %% 10 < 2 THEN least(day + 40, %(last)s) END, CASE WHEN pick %% 10 < 2 THEN rep END
    FROM (SELECT n, DATE '2023-07-01' + ((n::float8 / %(leads)s) * 1094)::int AS day, (random() * 10000000)::int AS pick, 1 + (random() * (%(reps)s - 1))::int AS rep
        FROM generate_series(1, %(leads)s) n) t;
"""

GOALS = """
INSERT INTO goals_goal (kpi, scope, rep_id, start_on, last_on, target, note, updated_at)
    SELECT 'revenue', 'rep', r, m::date, (m + interval '1 month' - interval '1 day')::date, 120000, '', now()
    FROM generate_series(1, %(reps)s) r CROSS JOIN generate_series(DATE '2023-07-01', DATE '2026-12-01', interval '1 month') m;
INSERT INTO goals_goal (kpi, scope, team_id, start_on, last_on, target, note, updated_at)
    SELECT 'revenue', 'team', t, m::date, (m + interval '1 month' - interval '1 day')::date, 1200000, '', now()
    FROM generate_series(6, 5 + %(teams)s) t CROSS JOIN generate_series(DATE '2023-07-01', DATE '2026-12-01', interval '1 month') m;
"""

PARTS = (("people", PEOPLE), ("customers", CUSTOMERS), ("deals", DEALS), ("activities", ACTIVITIES), ("leads", LEADS), ("goals", GOALS))
FACTS = ("opportunities_opportunity", "opportunities_opportunityversion", "activities_activity", "leads_lead")


def make(connection: Any, size: Size, *, tell: Callable[[str], None] = lambda text: None) -> None:
    """Write a company into an empty, migrated database; `connection` is psycopg's, in autocommit."""
    params = {
        "reps": size.reps,
        "teams": size.teams,
        "deals": size.deals,
        "customers": size.customers,
        "activities": size.activities,
        "leads": size.leads,
        "last": LAST,
    }
    connection.execute("SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'")
    for name, sql in PARTS:
        tell(name)
        connection.execute("SELECT setseed(0.42)")
        for statement in filter(str.strip, sql.split(";\n")):
            connection.execute(statement, params)
    for (table,) in connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE is_identity = 'YES' AND column_name = 'id' AND table_schema = 'public'"
    ):
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(1, (SELECT max(id) FROM {table})))")
    connection.execute("SET session_replication_role = origin; RESET work_mem")
    for table in (*FACTS, "opportunities_credit", "customers_customer", "reps_membership", "goals_goal"):
        connection.execute(f"VACUUM ANALYZE {table}")
