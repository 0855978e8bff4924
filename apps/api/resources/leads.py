"""Leads and the steps of their way."""

from django.utils.translation import gettext_lazy as _

from apps.api.fields import PastDate, past_date, past_instant
from apps.api.filters import DAYS, ROWS, SOME
from apps.api.resources.base import Facts, RowSerializer
from apps.leads.models import Lead

TOUCH = ["first_touch_on", "first_touch_at", "first_touch_by", "response_minutes"]
STEPS = ["created_on", "created_for", "qualified_on", "qualified_by", "opportunity_on", "opportunity_by", "converted_on", "converted_by"]


class LeadSerializer(RowSerializer):
    instants = (("created_at", "created_on"),)
    created_on = PastDate(required=False, help_text=_("Follows from `created_at` where that is given."))
    created_at = past_instant()
    qualified_on = past_date()
    opportunity_on = past_date()
    converted_on = past_date()

    class Meta:
        model = Lead
        fields = ["id", "name", "company", "email", "phone", "campaign", "customer", "owner", "created_at", *STEPS, *TOUCH, "external_key"]
        read_only_fields = TOUCH


class Leads(Facts):
    """Leads. Who is credited for a step is whoever owned the lead when its day was entered, unless somebody else is named."""

    queryset = Lead.objects.all()
    serializer_class = LeadSerializer
    filterset_fields = {
        "owner": ROWS,
        "campaign": SOME,
        "customer": SOME,
        "email": ["exact"],
        "created_on": DAYS,
        "qualified_on": DAYS,
        "opportunity_on": DAYS,
        "converted_on": DAYS,
        "first_touch_on": DAYS,
        "first_touch_by": SOME,
        "external_key": ROWS,
    }
    search_fields = ["name", "company", "email"]
    ordering_fields = ["id", "name", "company", "created_on", "qualified_on", "opportunity_on", "converted_on", "first_touch_on"]
