"""Customers, their orders and subscriptions, in the admin; what follows from subscriptions is to be read only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.core.admin import FactAdmin, RateFilter, ReadOnlyAdmin
from apps.core.forms import RowForm
from apps.customers.models import Customer, Movement, Order, PayingAccount, Subscription


class CustomerForm(RowForm):
    past_days = ("acquired_on", "cancelled_on")


class OrderForm(RowForm):
    past_days = ("ordered_on",)


@admin.register(Customer)
class CustomerAdmin(FactAdmin):
    form = CustomerForm
    list_display = ["name", "owner", "region", "industry", "acquired_on", "lost_on"]
    list_filter = [
        ("owner", AutocompleteSelectFilter),
        ("region", AutocompleteSelectFilter),
        ("acquired_on", RangeDateFilter),
        ("lost_on", RangeDateFilter),
        ("owner", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["owner", "region"]
    search_fields = ["name", "external_key", "industry"]
    autocomplete_fields = ["owner", "region", "acquired_by"]
    fieldsets = [
        (None, {"fields": ["name", "industry", "owner", "region", "external_key"]}),
        (_("Won"), {"fields": ["acquired_on", "acquired_by"]}),
        (_("Lost"), {"fields": ["cancelled_on", "lost_on", "lost_reason"]}),
    ]


@admin.register(Order)
class OrderAdmin(FactAdmin):
    form = OrderForm
    list_display = ["number", "customer", "rep", "ordered_on", "amount", "original_amount", "currency"]
    list_filter = [("rep", AutocompleteSelectFilter), ("ordered_on", RangeDateFilter), RateFilter]
    list_select_related = ["customer", "rep"]
    search_fields = ["number", "external_key", "customer__name"]
    autocomplete_fields = ["customer", "rep"]
    date_hierarchy = "ordered_on"


class SubscriptionForm(RowForm):
    past_days = ("activated_on", "cancelled_on")


@admin.register(Subscription)
class SubscriptionAdmin(FactAdmin):
    form = SubscriptionForm
    list_display = ["customer", "plan", "rep", "amount", "original_amount", "currency", "interval_months", "started_on", "cancelled_on", "ended_on"]
    list_filter = [
        ("rep", AutocompleteSelectFilter),
        ("started_on", RangeDateFilter),
        ("cancelled_on", RangeDateFilter),
        ("ended_on", RangeDateFilter),
        RateFilter,
    ]
    list_select_related = ["customer", "rep"]
    search_fields = ["customer__name", "plan", "external_key"]
    autocomplete_fields = ["customer", "rep"]
    date_hierarchy = "started_on"
    readonly_fields = ["mrr"]
    fieldsets = [
        (None, {"fields": ["customer", "plan", "rep", "amount", "currency", "original_amount", "interval_months", "mrr", "external_key"]}),
        (_("Days"), {"fields": ["started_on", "activated_on", "cancelled_on", "ended_on"]}),
    ]


@admin.register(Movement)
class MovementAdmin(ReadOnlyAdmin):
    list_display = ["customer", "moved_on", "rep", "kind", "change", "amount"]
    list_filter = ["kind", ("rep", AutocompleteSelectFilter), ("moved_on", RangeDateFilter)]
    list_select_related = ["customer", "rep"]
    search_fields = ["customer__name"]
    date_hierarchy = "moved_on"


@admin.register(PayingAccount)
class PayingAccountAdmin(ReadOnlyAdmin):
    list_display = ["customer", "valid_from", "valid_to"]
    list_filter = [("valid_from", RangeDateFilter), ("valid_to", RangeDateFilter)]
    list_select_related = ["customer"]
    search_fields = ["customer__name"]
    fields = ["customer", "valid_from", "valid_to"]
