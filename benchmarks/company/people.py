"""Who is there: regions, groups of teams, ten reps in each team, a manager for each, and who has moved."""

# Teams 1 to 5 are the groups, one in each region; the teams in them follow. One rep in twenty has moved on to the next team.
PEOPLE = """
INSERT INTO core_organisation (id, name, currency, time_zone, fiscal_year_start, first_weekday, working_weekdays)
    VALUES (1, 'Benchmark', 'EUR', 'UTC', 1, 1, '12345') ON CONFLICT (id) DO NOTHING;
INSERT INTO accounts_user (id, email, name, role, is_active, password, created_at)
    VALUES (1, 'admin@benchmark.example', 'Admin', 'admin', TRUE, '!', now()), (2, 'viewer@benchmark.example', 'Viewer', 'viewer', TRUE, '!', now());
INSERT INTO accounts_user (id, email, name, role, is_active, password, created_at)
    SELECT 10 + n, 'manager' || n || '@benchmark.example', 'Manager ' || n, 'manager', TRUE, '!', now() FROM generate_series(1, %(teams)s) n;
INSERT INTO accounts_user (id, email, name, role, is_active, password, created_at)
    SELECT 10000 + n, 'rep' || n || '@benchmark.example', 'Rep ' || n, 'rep', TRUE, '!', now() FROM generate_series(1, %(reps)s) n;
INSERT INTO reps_region (id, name) SELECT n, 'Region ' || n FROM generate_series(1, %(regions)s) n;
INSERT INTO reps_team (id, name, region_id) SELECT n, 'Group ' || n, n FROM generate_series(1, %(regions)s) n;
INSERT INTO reps_team (id, name, parent_id) SELECT %(regions)s + n, 'Team ' || n, 1 + n %% %(regions)s FROM generate_series(1, %(teams)s) n;
INSERT INTO reps_teammanager (team_id, user_id, start_on) SELECT %(regions)s + n, 10 + n, DATE '2023-01-01' FROM generate_series(1, %(teams)s) n;
INSERT INTO reps_rep (id, name, user_id, hired_on) SELECT n, 'Rep ' || n, 10000 + n, DATE '2023-01-01' FROM generate_series(1, %(reps)s) n;
INSERT INTO reps_membership (rep_id, team_id, start_on, end_on)
    SELECT n, %(regions)s + 1 + (n - 1) %% %(teams)s, DATE '2023-01-01', CASE WHEN n %% 20 = 0 THEN DATE '2025-04-01' END FROM generate_series(1, %(reps)s) n;
INSERT INTO reps_membership (rep_id, team_id, start_on)
    SELECT n, %(regions)s + 1 + n %% %(teams)s, DATE '2025-04-01' FROM generate_series(20, %(reps)s, 20) n;
INSERT INTO opportunities_stage (id, name, kind, position, probability) VALUES
    (1, 'Qualify', 'open', 1, 10), (2, 'Discover', 'open', 2, 25), (3, 'Propose', 'open', 3, 50), (4, 'Negotiate', 'open', 4, 75),
    (5, 'Commit', 'open', 5, 90), (6, 'Won', 'won', 6, 100), (7, 'Lost', 'lost', 7, 0);
INSERT INTO opportunities_product (id, name, family) SELECT n, 'Product ' || n, '' FROM generate_series(1, 12) n;
INSERT INTO campaigns_campaign (id, name, started_on) SELECT n, 'Campaign ' || n, %(first)s FROM generate_series(1, %(campaigns)s) n;
INSERT INTO campaigns_expense (kind, spent_on, amount, note, campaign_id)
    SELECT 'campaign', d::date, round((1000 + random() * 4000)::numeric, 2), '', n
    FROM generate_series(1, %(campaigns)s) n CROSS JOIN generate_series(%(first)s::date, %(last)s::date, interval '1 month') d;
"""
