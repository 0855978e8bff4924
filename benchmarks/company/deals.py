"""Deals with every state they have been in, as the database's own triggers would have kept them."""

# What happens to each deal. Most work is done on working days: who comes on a weekend comes on Friday or Monday instead.
PLAN = """
CREATE TEMP TABLE plan AS
    SELECT id, rep, day - CASE WHEN pick %% 20 > 0 AND extract(isodow FROM day) = 6 THEN 1 ELSE 0 END
            + CASE WHEN pick %% 20 > 0 AND extract(isodow FROM day) = 7 AND day < %(last)s THEN 1 ELSE 0 END AS created_on,
        steps, gap, wins, round(exp(8.4 + spread)::numeric, 2) AS amount, late, pick
    FROM (
        SELECT n AS id, 1 + floor(random() * %(reps)s)::int AS rep, %(first)s::date + floor(n::float8 / (%(deals)s + 1) * %(span)s)::int AS day,
            1 + floor(random() * 5)::int AS steps, 4 + floor(random() * 18)::int AS gap, random() < 0.45 AS wins,
            (random() + random() + random() - 1.5) * 2 AS spread, floor(random() * 50)::int - 10 AS late, floor(random() * 10000000)::int AS pick
        FROM generate_series(1, %(deals)s) n
    ) drawn;
"""
# A deal takes its steps some days apart: to the next stage, or, one step in eight, only to another amount; one deal in forty goes
# to a colleague after its second step, one in thirty has no amount. Then it is won or lost, if that lies before today.
STATE = """
CREATE TEMP TABLE state AS
    SELECT * FROM (
        SELECT p.id, s.n AS sequence, CASE WHEN p.pick %% 40 = 0 AND s.n > 2 THEN 1 + p.rep %% %(reps)s ELSE p.rep END AS owner, s.n > p.steps AS ends,
            CASE WHEN s.n > p.steps THEN CASE WHEN p.wins THEN 6 ELSE 7 END WHEN s.n > 1 AND p.pick %% 30 > 0 AND (p.pick / s.n) %% 8 = 0 THEN s.n - 1 ELSE s.n END AS stage,
            CASE WHEN p.pick %% 30 > 0 THEN round(p.amount * (1 + least(s.n, p.steps) * 0.05), 2) END AS amount,
            p.created_on + p.steps * p.gap + p.late + (s.n / 3) * 21 AS expected_close_on, p.pick, p.created_on, p.rep,
            day + CASE WHEN s.n = 1 THEN 0 ELSE CASE extract(isodow FROM day) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END END AS valid_from
        FROM plan p CROSS JOIN LATERAL generate_series(1, p.steps + 1) s(n) CROSS JOIN LATERAL (SELECT p.created_on + (s.n - 1) * p.gap) d(day)
    ) moved WHERE valid_from <= %(last)s;
"""
# Each state knows since when its stage has lasted, and which stage was before.
VERSIONS = """
INSERT INTO opportunities_opportunityversion
        (opportunity_id, sequence, valid_from, valid_to, owner_id, stage_id, amount, expected_close_on, stage_since, previous_stage_id, previous_stage_since)
    SELECT id, sequence, valid_from, lead(valid_from) OVER w, owner, stage, amount, expected_close_on, stage_since, lag(stage) OVER w, lag(stage_since) OVER w
    FROM (
        SELECT *, min(valid_from) OVER (PARTITION BY id, stage) AS stage_since FROM state
    ) since WINDOW w AS (PARTITION BY id ORDER BY sequence) ORDER BY valid_from, id;
"""
# Four deals in five are with a customer of the rep's own; one in 33 is shared with the next rep.
DEALS_NOW = """
INSERT INTO opportunities_opportunity
        (id, name, owner_id, stage_id, customer_id, product_id, campaign_id, amount, cost, expected_close_on, created_on, closed_on, lost_reason)
    SELECT DISTINCT ON (id) id, 'Deal ' || id, owner, stage,
        CASE WHEN pick %% 10 < 8 THEN least(%(customers)s, rep + %(reps)s * (pick %% greatest(1, %(customers)s / %(reps)s))) ELSE 1 + pick %% %(customers)s END,
        1 + pick %% 12, CASE WHEN pick %% 3 = 0 THEN 1 + pick %% %(campaigns)s END, amount, CASE WHEN pick %% 2 = 0 THEN round(amount * 0.6, 2) END,
        expected_close_on, created_on, CASE WHEN ends THEN valid_from END, ''
    FROM state ORDER BY id, sequence DESC;
INSERT INTO opportunities_credit (opportunity_id, rep_id, share)
    SELECT id, CASE k WHEN 1 THEN rep ELSE 1 + rep %% %(reps)s END, CASE k WHEN 1 THEN 60 ELSE 40 END FROM plan CROSS JOIN generate_series(1, 2) k WHERE id %% 33 = 0;
DROP TABLE state, plan;
"""
DEALS = PLAN + STATE + VERSIONS + DEALS_NOW
