"""The ten questions that a manager's board answers, asked of the facts in plain SQL, as somebody who knows the rules would write it.

The rules are the product's: what happened belongs to whoever owned the deal at the end of that day, and to the team they were in
on that day; money is shared by credits, what is counted in pieces counts once in the team. `%(team)s` is a team with the teams
below it, the window is `[%(start)s, %(end)s)` and `%(on)s` the last day that is seen.
"""

# Who is in the team, and since when until when.
MEMBER = """WITH RECURSIVE below(id) AS (SELECT %(team)s::bigint UNION ALL SELECT t.id FROM reps_team t JOIN below b ON t.parent_id = b.id),
member AS (SELECT m.rep_id, m.start_on, m.end_on FROM reps_membership m JOIN below b ON b.id = m.team_id)"""

# The won and lost deals of some days, once for each rep of the team that is credited.
CLOSED = """closed AS (
    SELECT o.id, s.kind, o.amount, o.closed_on, o.closed_on - coalesce(o.first_contact_on, o.created_on) AS cycle, coalesce(k.share / 100, 1) AS share
    FROM opportunities_opportunity o
    JOIN opportunities_stage s ON s.id = o.stage_id AND s.kind <> 'open'
    JOIN opportunities_opportunityversion v ON v.opportunity_id = o.id AND v.valid_from <= o.closed_on AND (v.valid_to > o.closed_on OR v.valid_to IS NULL)
    LEFT JOIN opportunities_credit k ON k.opportunity_id = o.id
    JOIN member m ON m.rep_id = coalesce(k.rep_id, v.owner_id) AND o.closed_on >= m.start_on AND (o.closed_on < m.end_on OR m.end_on IS NULL)
    WHERE o.closed_on >= %(start)s AND o.closed_on < least(%(end)s, %(on)s + 1)
)"""
# How the deals of a day, `d.day`, stood at its end, once for each rep of the team that is credited.
OPEN_ON = """opportunities_opportunityversion v
    JOIN opportunities_stage s ON s.id = v.stage_id AND s.kind = 'open'
    LEFT JOIN opportunities_credit k ON k.opportunity_id = v.opportunity_id
    JOIN member m ON m.rep_id = coalesce(k.rep_id, v.owner_id) AND {day} >= m.start_on AND ({day} < m.end_on OR m.end_on IS NULL)
    WHERE v.valid_from <= {day} AND (v.valid_to > {day} OR v.valid_to IS NULL)"""
ONCE = "(SELECT id, kind, cycle, closed_on FROM closed GROUP BY id, kind, cycle, closed_on)"

CLOSED_SUMS = f"""{MEMBER}, {CLOSED}
SELECT sum(amount * share) FILTER (WHERE kind = 'won') AS won_amount,
    count(DISTINCT id) FILTER (WHERE kind = 'won') AS won_count, count(DISTINCT id) FILTER (WHERE kind = 'lost') AS lost_count,
    count(DISTINCT id) FILTER (WHERE kind = 'won' AND amount IS NOT NULL) AS won_priced,
    (SELECT sum(cycle) FROM {ONCE} w WHERE kind = 'won') AS cycle_days
FROM closed"""

WON_BY_DAY = f"{MEMBER}, {CLOSED} SELECT closed_on, sum(amount * share) FROM closed WHERE kind = 'won' GROUP BY closed_on ORDER BY closed_on"

CLOSED_BY_MONTH = f"""{MEMBER}, {CLOSED}
SELECT date_trunc('month', closed_on)::date AS month, sum(amount * share) FILTER (WHERE kind = 'won'), count(DISTINCT id) FILTER (WHERE kind = 'won'),
    count(DISTINCT id) FILTER (WHERE kind = 'lost')
FROM closed GROUP BY month ORDER BY month"""

PIPELINE_BY_MONTH = f"""{MEMBER}
SELECT d.day, (SELECT sum(v.amount * coalesce(k.share / 100, 1)) FROM {OPEN_ON.format(day="d.day")})
FROM (SELECT least((month + interval '1 month')::date - 1, %(on)s) AS day FROM generate_series(%(start)s::date, %(on)s::date, interval '1 month') month) d"""

PIPELINE_NOW = f"""{MEMBER}
SELECT v.stage_id, count(DISTINCT v.opportunity_id) AS deals, sum(v.amount * coalesce(k.share / 100, 1)) AS amount,
    sum(v.amount * coalesce(k.share / 100, 1) * coalesce(v.probability, s.probability) / 100) AS weighted,
    sum(v.amount * coalesce(k.share / 100, 1)) FILTER (WHERE v.expected_close_on >= %(start)s AND v.expected_close_on < %(end)s) AS expected
FROM {OPEN_ON.format(day="%(on)s")} GROUP BY v.stage_id ORDER BY v.stage_id"""

CREATED = f"""{MEMBER}
SELECT count(DISTINCT o.id) FROM opportunities_opportunity o
JOIN opportunities_opportunityversion v ON v.opportunity_id = o.id AND v.valid_from <= o.created_on AND (v.valid_to > o.created_on OR v.valid_to IS NULL)
LEFT JOIN opportunities_credit k ON k.opportunity_id = o.id
JOIN member m ON m.rep_id = coalesce(k.rep_id, v.owner_id) AND o.created_on >= m.start_on AND (o.created_on < m.end_on OR m.end_on IS NULL)
WHERE o.created_on >= %(start)s AND o.created_on < least(%(end)s, %(on)s + 1)"""

ACTIVITIES = f"""{MEMBER}
SELECT a.kind, count(*) FROM activities_activity a
JOIN member m ON m.rep_id = a.rep_id AND a.completed_on >= m.start_on AND (a.completed_on < m.end_on OR m.end_on IS NULL)
WHERE a.completed_on >= %(start)s AND a.completed_on < least(%(end)s, %(on)s + 1) GROUP BY a.kind ORDER BY a.kind"""

# What each member has won, in whatever team they were.
BY_REP = f"""{MEMBER}
SELECT r.id, sum(o.amount * coalesce(k.share / 100, 1))
FROM opportunities_opportunity o
JOIN opportunities_stage s ON s.id = o.stage_id AND s.kind = 'won'
JOIN opportunities_opportunityversion v ON v.opportunity_id = o.id AND v.valid_from <= o.closed_on AND (v.valid_to > o.closed_on OR v.valid_to IS NULL)
LEFT JOIN opportunities_credit k ON k.opportunity_id = o.id
JOIN reps_rep r ON r.id = coalesce(k.rep_id, v.owner_id)
WHERE o.closed_on >= %(start)s AND o.closed_on < least(%(end)s, %(on)s + 1)
    AND r.id IN (SELECT rep_id FROM member WHERE start_on <= %(on)s AND (end_on > %(start)s OR end_on IS NULL))
GROUP BY r.id ORDER BY 2 DESC NULLS LAST"""

STAGE_FLOW = f"""{MEMBER}, moved AS (
    SELECT DISTINCT v.id, v.stage_id, v.previous_stage_id, s.kind, s.position, p.kind AS from_kind, p.position AS from_position, v.valid_from - v.previous_stage_since AS days
    FROM opportunities_opportunityversion v
    JOIN opportunities_stage s ON s.id = v.stage_id
    LEFT JOIN opportunities_stage p ON p.id = v.previous_stage_id
    LEFT JOIN opportunities_credit k ON k.opportunity_id = v.opportunity_id
    JOIN member m ON m.rep_id = coalesce(k.rep_id, v.owner_id) AND v.valid_from >= m.start_on AND (v.valid_from < m.end_on OR m.end_on IS NULL)
    WHERE v.valid_from >= %(start)s AND v.valid_from < least(%(end)s, %(on)s + 1) AND v.previous_stage_id IS DISTINCT FROM v.stage_id
)
SELECT t.id, (SELECT count(*) FROM moved WHERE stage_id = t.id) AS entered, count(m.id) AS left_it,
    count(m.id) FILTER (WHERE m.kind = 'won' OR m.kind = 'open' AND m.position > m.from_position) AS advanced,
    count(m.id) FILTER (WHERE m.kind = 'lost') AS lost, sum(m.days) AS days
FROM opportunities_stage t LEFT JOIN moved m ON m.previous_stage_id = t.id WHERE t.kind = 'open' GROUP BY t.id ORDER BY t.id"""

QUERIES = {
    "closed in the quarter": CLOSED_SUMS,
    "closed by this point of the quarter before": CLOSED_SUMS,
    "won day by day": WON_BY_DAY,
    "closed in each of twelve months": CLOSED_BY_MONTH,
    "open at the end of each of twelve months": PIPELINE_BY_MONTH,
    "open now, by stage": PIPELINE_NOW,
    "created in the quarter": CREATED,
    "activities by kind": ACTIVITIES,
    "won by each member": BY_REP,
    "moved from stage to stage": STAGE_FLOW,
}
