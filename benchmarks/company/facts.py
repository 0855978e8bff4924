"""What belongs to deals: customers, orders, activities, leads, and the targets of reps and teams."""

# A customer is mostly in the region of the rep who serves them; one in ten has none.
CUSTOMERS = """
INSERT INTO customers_customer (id, name, industry, lost_reason, owner_id, acquired_by_id, region_id, acquired_on, lost_on)
    SELECT n, 'Customer ' || n, '', '', rep, rep,
        CASE WHEN n %% 10 = 0 THEN NULL WHEN n %% 7 = 0 THEN 1 + n %% %(regions)s ELSE 1 + (1 + (rep - 1) %% %(teams)s) %% %(regions)s END,
        day, CASE WHEN n %% 12 = 0 THEN least(%(last)s, day + 200) END
    FROM (SELECT n, 1 + (n - 1) %% %(reps)s AS rep, %(first)s::date + floor(random() * (%(span)s + 1))::int AS day FROM generate_series(1, %(customers)s) n) drawn;
"""
ORDERS = """
INSERT INTO customers_order (number, customer_id, rep_id, ordered_on, amount, cost)
    SELECT 'A-' || id, customer_id, owner_id, closed_on, amount, cost FROM opportunities_opportunity WHERE stage_id = 6 AND id %% 4 > 0 ORDER BY closed_on, id;
"""
ACTIVITIES = """
INSERT INTO activities_activity (kind, subject, rep_id, completed_on, customer_id, is_personalized)
    SELECT (ARRAY['call', 'call', 'call', 'email', 'email', 'email', 'email', 'meeting', 'demo', 'onboarding'])[1 + pick %% 10], '', 1 + pick %% %(reps)s,
        day - CASE extract(isodow FROM day) WHEN 6 THEN 1 WHEN 7 THEN 2 ELSE 0 END,
        CASE WHEN pick %% 3 > 0 THEN least(%(customers)s, 1 + pick %% %(reps)s + %(reps)s * ((pick / 7) %% greatest(1, %(customers)s / %(reps)s))) END, pick %% 5 = 0
    FROM (
        SELECT %(first)s::date + 3 + floor(n::float8 / (%(activities)s + 1) * (%(span)s - 2))::int AS day, floor(random() * 100000000)::int AS pick
        FROM generate_series(1, %(activities)s) n
    ) drawn;
"""
LEADS = """
INSERT INTO leads_lead (name, company, email, phone, campaign_id, owner_id, created_on, created_for_id,
        qualified_on, qualified_by_id, opportunity_on, opportunity_by_id, converted_on, converted_by_id)
    SELECT 'Lead ' || n, '', CASE WHEN pick %% 3 > 0 THEN 'lead' || n || '@example.org' ELSE '' END, '', CASE WHEN pick %% 4 > 0 THEN 1 + pick %% %(campaigns)s END,
        rep, day, rep, CASE WHEN qualified THEN day + 3 END, CASE WHEN qualified THEN rep END, CASE WHEN opened THEN day + 9 END, CASE WHEN opened THEN rep END,
        CASE WHEN converted THEN day + 40 END, CASE WHEN converted THEN rep END
    FROM (
        SELECT *, pick %% 10 < 5 AND day + 3 <= %(last)s AS qualified, pick %% 10 < 3 AND day + 9 <= %(last)s AS opened,
            pick %% 10 < 2 AND day + 40 <= %(last)s AS converted
        FROM (
            SELECT n, %(first)s::date + floor(n::float8 / (%(leads)s + 1) * (%(span)s + 1))::int AS day, floor(random() * 10000000)::int AS pick,
                1 + floor(random() * %(reps)s)::int AS rep
            FROM generate_series(1, %(leads)s) n
        ) drawn
    ) steps;
"""
# A revenue target for every month of every rep and every team.
GOALS = """
INSERT INTO goals_goal (kpi, scope, rep_id, start_on, last_on, target, note, updated_at)
    SELECT 'revenue', 'rep', r, m::date, (m + interval '1 month' - interval '1 day')::date, target, '', now()
    FROM generate_series(1, %(reps)s) r CROSS JOIN generate_series(DATE '2023-06-01', DATE '2026-12-01', interval '1 month') m
    CROSS JOIN (SELECT round(%(deals)s / 36.0 / %(reps)s * 0.45 * 6500, -2) AS target) t;
INSERT INTO goals_goal (kpi, scope, team_id, start_on, last_on, target, note, updated_at)
    SELECT 'revenue', 'team', %(regions)s + t, m::date, (m + interval '1 month' - interval '1 day')::date, target * %(reps)s / %(teams)s, '', now()
    FROM generate_series(1, %(teams)s) t CROSS JOIN generate_series(DATE '2023-06-01', DATE '2026-12-01', interval '1 month') m
    CROSS JOIN (SELECT round(%(deals)s / 36.0 / %(reps)s * 0.45 * 6500, -2) AS target) g;
INSERT INTO goals_goalversion (goal_id, kpi, scope, team_id, rep_id, start_on, last_on, target, note, set_on, set_at, reason, end_reason)
    SELECT id, kpi, scope, team_id, rep_id, start_on, last_on, target, '', DATE '2023-06-01', now(), '', '' FROM goals_goal;
"""
