"""Registers the app, and what its facts ask of rates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from apps.core import money, waiting

        facts = (money.Facts("customers.Order", "ordered_on", ("amount", "cost")), money.Facts("customers.Subscription", "started_on"))
        money.register(*facts)
        waiting.register(*map(waiting.of, facts))
