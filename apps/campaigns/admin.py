"""Campaigns and what was spent, in the admin."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.campaigns.models import Campaign, Expense
from apps.core.admin import FactAdmin, RateFilter
from apps.core.forms import RowForm


@admin.register(Campaign)
class CampaignAdmin(FactAdmin):
    list_display = ["name", "started_on", "ended_on", "external_key"]
    list_filter = [("started_on", RangeDateFilter)]
    search_fields = ["name", "external_key"]


@admin.register(Expense)
class ExpenseAdmin(FactAdmin):
    form = RowForm
    list_display = ["spent_on", "kind", "campaign", "amount", "original_amount", "currency", "note"]
    list_filter = ["kind", ("campaign", AutocompleteSelectFilter), ("spent_on", RangeDateFilter), RateFilter]
    list_select_related = ["campaign"]
    search_fields = ["note", "external_key", "campaign__name"]
    autocomplete_fields = ["campaign"]
    date_hierarchy = "spent_on"
