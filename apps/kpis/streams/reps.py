"""The days reps work."""

from apps.kpis.streams.arms import Arm, Stream

# A rep counts on every day from being hired until leaving; read only for a window's records.
REP_DAYS = Stream(
    key="rep_days",
    source="",
    model="reps.Rep",
    columns=(),
    arms=(
        Arm(
            """reps_rep o CROSS JOIN LATERAL generate_series(greatest(o.hired_on, %(start)s::date),
                least(coalesce(o.left_on, %(end)s::date), %(end)s::date) - 1, interval '1 day') AS g(instant)
            CROSS JOIN LATERAL (SELECT g.instant::date AS day) d""",
            "d.day",
            "o.id",
            region="0::bigint",
        ),
    ),
)

STREAMS = (REP_DAYS,)
