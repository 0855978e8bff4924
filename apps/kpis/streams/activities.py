"""What reps did."""

from apps.kpis.streams.arms import Arm, Stream

ACTIVITIES = Stream(
    key="activities",
    source="activities",
    model="activities.Activity",
    columns=("kind",),
    arms=(
        Arm(
            "activities_activity o LEFT JOIN customers_customer c ON c.id = o.customer_id",
            "o.completed_on",
            "o.rep_id",
            columns=("o.kind",),
            where="o.completed_on IS NOT NULL",
        ),
    ),
)

STREAMS = (ACTIVITIES,)
