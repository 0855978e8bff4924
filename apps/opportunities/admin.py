"""Deals with their credits, quotes and past states, stages and products, in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter, RangeNumericFilter
from unfold.decorators import display

from apps.core.admin import FactAdmin, RateFilter, TabularInline
from apps.opportunities.forms import CreditRows, OpportunityForm, QuoteForm
from apps.opportunities.models import Credit, Opportunity, OpportunityVersion, Product, Quote, Stage


@admin.register(Product)
class ProductAdmin(FactAdmin):
    list_display = ["name", "family", "list_price", "external_key"]
    list_filter = ["family"]
    search_fields = ["name", "family", "external_key"]


@admin.register(Stage)
class StageAdmin(FactAdmin):
    list_display = ["position", "name", "stage_kind", "probability", "external_key"]
    list_display_links = ["name"]
    search_fields = ["name", "external_key"]

    @display(description=_("kind"), ordering="kind", label=True)
    def stage_kind(self, stage: Stage) -> str:
        return str(stage.get_kind_display())


class CreditInline(TabularInline):
    model = Credit
    formset = CreditRows
    fields = ["rep", "share"]
    autocomplete_fields = ["rep"]
    verbose_name_plural = _("credits (none: the owner’s alone)")


class QuoteInline(TabularInline):
    model = Quote
    form = QuoteForm
    fields = ["number", "revision", "rep", "amount", "currency", "original_amount", "sent_on", "accepted_on"]
    autocomplete_fields = ["rep"]


class VersionInline(TabularInline):
    """What the database recorded; nobody edits history by hand."""

    model = OpportunityVersion
    fields = readonly_fields = ["valid_from", "valid_to", "stage", "owner", "amount", "original_amount", "currency", "probability", "expected_close_on"]
    ordering = ["-valid_from", "-sequence"]
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[OpportunityVersion]:
        return super().get_queryset(request).select_related("stage", "owner")


@admin.register(Opportunity)
class OpportunityAdmin(FactAdmin):
    form = OpportunityForm
    list_display = ["name", "customer", "owner", "stage_label", "amount", "original_amount", "currency", "expected_close_on", "created_on", "closed_on"]
    list_filter = [
        "stage",
        ("owner", AutocompleteSelectFilter),
        ("product", AutocompleteSelectFilter),
        ("amount", RangeNumericFilter),
        ("created_on", RangeDateFilter),
        ("closed_on", RangeDateFilter),
        ("expected_close_on", RangeDateFilter),
        ("amount", admin.EmptyFieldListFilter),
        ("created_on", admin.EmptyFieldListFilter),
        RateFilter,
    ]
    list_select_related = ["customer", "owner", "stage"]
    search_fields = ["name", "external_key", "customer__name"]
    autocomplete_fields = ["customer", "lead", "campaign", "product", "owner"]
    date_hierarchy = "created_on"
    inlines = [CreditInline, QuoteInline, VersionInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "customer",
                    "owner",
                    "stage",
                    "amount",
                    "currency",
                    "original_amount",
                    "probability",
                    "expected_close_on",
                    "closed_on",
                    "effective_on",
                ]
            },
        ),
        (_("Where it came from"), {"fields": ["created_on", "first_contact_on", "lead", "campaign", "product"]}),
        (_("More"), {"fields": ["cost", "original_cost", "lost_reason", "external_key"]}),
    ]

    @display(description=_("stage"), ordering="stage__position", label=True)
    def stage_label(self, deal: Opportunity) -> str:
        return str(deal.stage)

    def get_inlines(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """A new deal has no past yet."""
        return self.inlines if obj else self.inlines[:2]


@admin.register(Quote)
class QuoteAdmin(FactAdmin):
    form = QuoteForm
    list_display = ["number", "revision", "opportunity", "rep", "amount", "original_amount", "currency", "sent_on", "accepted_on"]
    list_filter = [("rep", AutocompleteSelectFilter), ("sent_on", RangeDateFilter), ("accepted_on", admin.EmptyFieldListFilter), RateFilter]
    list_select_related = ["opportunity", "rep"]
    search_fields = ["number", "external_key", "opportunity__name"]
    autocomplete_fields = ["opportunity", "rep"]
    date_hierarchy = "sent_on"
