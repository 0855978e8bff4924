"""Activities, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.activities.models import Activity
from apps.core.admin import FactAdmin
from apps.core.forms import RowForm


class ActivityForm(RowForm):
    past_days = ("completed_on",)


@admin.register(Activity)
class ActivityAdmin(FactAdmin):
    form = ActivityForm
    list_display = ["subject_or_kind", "kind", "rep", "due_on", "completed_on", "customer"]
    list_filter = [
        "kind",
        ("rep", AutocompleteSelectFilter),
        ("due_on", RangeDateFilter),
        ("completed_on", RangeDateFilter),
        ("completed_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["rep", "customer"]
    search_fields = ["subject", "external_key", "customer__name"]
    autocomplete_fields = ["rep", "customer", "lead", "opportunity"]
    date_hierarchy = "completed_on"
    fieldsets = [
        (None, {"fields": ["kind", "subject", "rep", "due_on", "completed_on", "is_personalized", "external_key"]}),
        (_("About"), {"fields": ["customer", "lead", "opportunity"]}),
    ]

    @admin.display(description=_("subject"), ordering="subject")
    def subject_or_kind(self, activity: Activity) -> str:
        return str(activity)
