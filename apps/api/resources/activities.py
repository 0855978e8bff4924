"""What reps did and mean to do, how they are seen in social networks, and what they know."""

from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.api.fields import past_date, past_instant
from apps.api.filters import DAYS, ROWS, SOME
from apps.api.resources.base import Facts, RowSerializer


class ActivitySerializer(RowSerializer):
    instants = (("completed_at", "completed_on"),)
    completed_on = past_date()
    completed_at = past_instant()

    class Meta:
        model = Activity
        fields = [
            "id",
            "kind",
            "subject",
            "rep",
            "due_on",
            "completed_on",
            "completed_at",
            "direction",
            "is_automatic",
            "customer",
            "lead",
            "opportunity",
            "campaign",
            "is_personalized",
            "is_delivered",
            "is_opened",
            "external_key",
        ]


class Activities(Facts):
    """Calls, e-mails, meetings, demos and onboardings; planned ones have no `completed_on`."""

    queryset = Activity.objects.all()
    serializer_class = ActivitySerializer
    filterset_fields = {
        "kind": ROWS,
        "direction": ["exact"],
        "is_automatic": ["exact"],
        "rep": ROWS,
        "due_on": DAYS,
        "completed_on": DAYS,
        "customer": SOME,
        "lead": SOME,
        "opportunity": SOME,
        "campaign": SOME,
        "is_personalized": ["exact"],
        "is_delivered": ["exact"],
        "is_opened": ["exact"],
        "external_key": ROWS,
    }
    search_fields = ["subject"]
    ordering_fields = ["id", "kind", "due_on", "completed_on"]


class SocialReadingSerializer(RowSerializer):
    class Meta:
        model = SocialReading
        fields = [
            "id",
            "rep",
            "network",
            "read_on",
            "followers",
            "profile_strength",
            "profile_views",
            "connection_requests",
            "connections_accepted",
            "inbound_inquiries",
            "external_key",
        ]


class SocialReadings(Facts):
    """Looks at reps' profiles: how they stand, and what came since the look before."""

    queryset = SocialReading.objects.all()
    serializer_class = SocialReadingSerializer
    filterset_fields = {"rep": ROWS, "network": ROWS, "read_on": DAYS, "external_key": ROWS}
    ordering_fields = ["id", "read_on", "followers"]


class SocialPostSerializer(RowSerializer):
    class Meta:
        model = SocialPost
        fields = ["id", "rep", "network", "posted_on", "title", "shares", "comments", "likes", "external_key"]


class SocialPosts(Facts):
    """What reps published, and what others did with it so far."""

    queryset = SocialPost.objects.all()
    serializer_class = SocialPostSerializer
    filterset_fields = {"rep": ROWS, "network": ROWS, "posted_on": DAYS, "external_key": ROWS}
    search_fields = ["title"]
    ordering_fields = ["id", "posted_on", "shares", "comments", "likes"]


class AssessmentSerializer(RowSerializer):
    class Meta:
        model = Assessment
        fields = ["id", "rep", "taken_on", "subject", "score", "maximum", "external_key"]


class Assessments(Facts):
    """Tests of what reps know."""

    queryset = Assessment.objects.all()
    serializer_class = AssessmentSerializer
    filterset_fields = {"rep": ROWS, "taken_on": DAYS, "subject": ROWS, "external_key": ROWS}
    search_fields = ["subject"]
    ordering_fields = ["id", "taken_on", "subject"]
