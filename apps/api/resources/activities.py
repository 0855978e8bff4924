"""What reps did, and mean to do."""

from apps.activities.models import Activity
from apps.api.fields import past_date
from apps.api.filters import DAYS, ROWS, SOME
from apps.api.resources.base import Facts, RowSerializer


class ActivitySerializer(RowSerializer):
    completed_on = past_date()

    class Meta:
        model = Activity
        fields = ["id", "kind", "subject", "rep", "due_on", "completed_on", "customer", "lead", "opportunity", "is_personalized", "external_key"]


class Activities(Facts):
    """Calls, e-mails, meetings, demos and onboardings; planned ones have no `completed_on`."""

    queryset = Activity.objects.all()
    serializer_class = ActivitySerializer
    filterset_fields = {
        "kind": ROWS,
        "rep": ROWS,
        "due_on": DAYS,
        "completed_on": DAYS,
        "customer": SOME,
        "lead": SOME,
        "opportunity": SOME,
        "is_personalized": ["exact"],
        "external_key": ROWS,
    }
    search_fields = ["subject"]
    ordering_fields = ["id", "kind", "due_on", "completed_on"]
