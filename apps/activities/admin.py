"""Activities, social readings and posts, and assessments, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.activities.models import Activity, Assessment, SocialPost, SocialReading
from apps.core.admin import FactAdmin
from apps.core.forms import RowForm


class ActivityForm(RowForm):
    instants = (("completed_at", "completed_on"),)
    past_days = ("completed_on",)


@admin.register(Activity)
class ActivityAdmin(FactAdmin):
    form = ActivityForm
    list_display = ["subject_or_kind", "kind", "rep", "due_on", "completed_on", "customer"]
    list_filter = [
        "kind",
        "direction",
        "is_automatic",
        ("rep", AutocompleteSelectFilter),
        ("campaign", AutocompleteSelectFilter),
        ("due_on", RangeDateFilter),
        ("completed_on", RangeDateFilter),
        ("completed_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["rep", "customer"]
    search_fields = ["subject", "external_key", "customer__name"]
    autocomplete_fields = ["rep", "customer", "lead", "opportunity", "campaign"]
    date_hierarchy = "completed_on"
    fieldsets = [
        (
            None,
            {"fields": ["kind", "subject", "rep", "due_on", "completed_on", "completed_at", "direction", "is_automatic", "external_key"]},
        ),
        (_("E-mail"), {"fields": ["campaign", "is_personalized", "is_delivered", "is_opened"]}),
        (_("About"), {"fields": ["customer", "lead", "opportunity"]}),
    ]

    @admin.display(description=_("subject"), ordering="subject")
    def subject_or_kind(self, activity: Activity) -> str:
        return str(activity)


class ReadingForm(RowForm):
    past_days = ("read_on",)


class PostForm(RowForm):
    past_days = ("posted_on",)


class AssessmentForm(RowForm):
    past_days = ("taken_on",)


@admin.register(SocialReading)
class SocialReadingAdmin(FactAdmin):
    form = ReadingForm
    list_display = ["read_on", "rep", "network", "followers", "profile_strength", "profile_views", "inbound_inquiries"]
    list_filter = ["network", ("rep", AutocompleteSelectFilter), ("read_on", RangeDateFilter)]
    list_select_related = ["rep"]
    search_fields = ["rep__name", "external_key"]
    autocomplete_fields = ["rep"]
    date_hierarchy = "read_on"
    fieldsets = [
        (None, {"fields": ["rep", "network", "read_on", "external_key"]}),
        (_("How it stands"), {"fields": ["followers", "profile_strength"]}),
        (_("Since the reading before"), {"fields": ["profile_views", "connection_requests", "connections_accepted", "inbound_inquiries"]}),
    ]


@admin.register(SocialPost)
class SocialPostAdmin(FactAdmin):
    form = PostForm
    list_display = ["__str__", "rep", "network", "posted_on", "shares", "comments", "likes"]
    list_filter = ["network", ("rep", AutocompleteSelectFilter), ("posted_on", RangeDateFilter)]
    list_select_related = ["rep"]
    search_fields = ["title", "rep__name", "external_key"]
    autocomplete_fields = ["rep"]
    date_hierarchy = "posted_on"
    fieldsets = [
        (None, {"fields": ["title", "rep", "network", "posted_on", "external_key"]}),
        (_("What others did with it"), {"fields": ["shares", "comments", "likes"]}),
    ]


@admin.register(Assessment)
class AssessmentAdmin(FactAdmin):
    form = AssessmentForm
    list_display = ["subject", "rep", "taken_on", "score", "maximum"]
    list_filter = [("rep", AutocompleteSelectFilter), ("taken_on", RangeDateFilter)]
    list_select_related = ["rep"]
    search_fields = ["subject", "rep__name", "external_key"]
    autocomplete_fields = ["rep"]
    date_hierarchy = "taken_on"
    fieldsets = [(None, {"fields": ["rep", "taken_on", "subject", "score", "maximum", "external_key"]})]
