"""Leads, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.core.admin import FactAdmin
from apps.core.forms import RowForm
from apps.leads.models import Lead

TOUCH = ["first_touch_at", "first_touch_on", "first_touch_by", "response_minutes"]


class LeadForm(RowForm):
    instants = (("created_at", "created_on"),)
    past_days = ("created_on", "qualified_on", "opportunity_on", "converted_on")


@admin.register(Lead)
class LeadAdmin(FactAdmin):
    form = LeadForm
    list_display = ["name", "company", "owner", "campaign", "created_on", "qualified_on", "opportunity_on", "converted_on"]
    list_filter = [
        ("owner", AutocompleteSelectFilter),
        ("campaign", AutocompleteSelectFilter),
        ("created_on", RangeDateFilter),
        ("qualified_on", admin.EmptyFieldListFilter),
        ("converted_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["owner", "campaign"]
    search_fields = ["name", "company", "email", "external_key"]
    autocomplete_fields = ["owner", "campaign", "customer", "created_for", "qualified_by", "opportunity_by", "converted_by"]
    readonly_fields = TOUCH
    date_hierarchy = "created_on"
    fieldsets = [
        (None, {"fields": ["name", "company", "email", "phone", "owner", "campaign", "external_key"]}),
        (_("Its way"), {"fields": ["created_on", "created_at", "qualified_on", "opportunity_on", "converted_on", "customer"]}),
        (
            _("First answer"),
            {"fields": TOUCH, "description": _("The first activity towards the lead, of whatever kind, that a person did; kept from the activities.")},
        ),
        (_("Credited for each step"), {"fields": ["created_for", "qualified_by", "opportunity_by", "converted_by"], "classes": ["collapse"]}),
    ]
