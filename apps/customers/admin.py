"""Customers and their orders, in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateFilter

from apps.core.admin import FactAdmin
from apps.core.forms import RowForm
from apps.customers.models import Customer, Order


class CustomerForm(RowForm):
    past_days = ("acquired_on",)


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
        (_("Lost"), {"fields": ["lost_on", "lost_reason"]}),
    ]


@admin.register(Order)
class OrderAdmin(FactAdmin):
    form = OrderForm
    list_display = ["number", "customer", "rep", "ordered_on", "amount"]
    list_filter = [("rep", AutocompleteSelectFilter), ("ordered_on", RangeDateFilter)]
    list_select_related = ["customer", "rep"]
    search_fields = ["number", "external_key", "customer__name"]
    autocomplete_fields = ["customer", "rep"]
    date_hierarchy = "ordered_on"
