"""What reps did, how they are seen in social networks, and what they know."""

from apps.kpis.streams.arms import Arm, Stream

ACTIVITIES = Stream(
    key="activities",
    source="activities",
    model="activities.Activity",
    columns=("kind", "is_personalized", "is_delivered", "is_opened", "direction", "campaign"),
    part="campaign",
    part_of="campaign",
    arms=(
        Arm(
            "activities_activity o LEFT JOIN customers_customer c ON c.id = o.customer_id",
            "o.completed_on",
            "o.rep_id",
            columns=("o.kind", "o.is_personalized", "o.is_delivered", "o.is_opened", "o.direction", "coalesce(o.campaign_id, 0)"),
            where="o.completed_on IS NOT NULL",
        ),
    ),
)

READING = "activities_socialreading"
# A profile stands as it was read until it is read again, or its rep leaves.
READ = f"""{READING} o JOIN reps_rep r ON r.id = o.rep_id LEFT JOIN LATERAL (
    SELECT n.read_on FROM {READING} n WHERE n.rep_id = o.rep_id AND n.network = o.network AND n.read_on > o.read_on ORDER BY n.read_on LIMIT 1) n ON TRUE"""
COUNTS = ("profile_views", "connection_requests", "connections_accepted", "inbound_inquiries")
READINGS = Stream(
    key="readings",
    source="readings",
    candidates=f"SELECT * FROM {READING} o WHERE o.rep_id IN (SELECT rep FROM cell)",
    reaches=(("reps_rep", "left_on"),),
    model="activities.SocialReading",
    columns=("is_reading", "sign", "followers", "profile_strength", *COUNTS),
    arms=(
        Arm(
            READ,
            "o.read_on",
            "o.rep_id",
            columns=(
                "TRUE",
                "CASE WHEN r.left_on <= o.read_on THEN 0 ELSE 1 END",
                "o.followers",
                "o.profile_strength",
                *(f"o.{count}" for count in COUNTS),
            ),
            region="0::bigint",
            of=READING,
        ),
        Arm(
            READ,
            "least(n.read_on, r.left_on)",
            "o.rep_id",
            columns=("FALSE", "-1", "o.followers", "o.profile_strength", *("0" for _count in COUNTS)),
            where="least(n.read_on, r.left_on) > o.read_on AND (r.left_on > o.read_on) IS NOT FALSE",
            region="0::bigint",
            of=READING,
        ),
    ),
)
POSTS = Stream(
    key="posts",
    source="posts",
    model="activities.SocialPost",
    columns=("shares", "comments", "likes"),
    arms=(Arm("activities_socialpost o", "o.posted_on", "o.rep_id", columns=("o.shares", "o.comments", "o.likes"), region="0::bigint"),),
)
ASSESSMENTS = Stream(
    key="assessments",
    source="assessments",
    model="activities.Assessment",
    columns=("score", "maximum"),
    arms=(Arm("activities_assessment o", "o.taken_on", "o.rep_id", columns=("o.score", "o.maximum"), region="0::bigint"),),
)

STREAMS = (ACTIVITIES, READINGS, POSTS, ASSESSMENTS)
