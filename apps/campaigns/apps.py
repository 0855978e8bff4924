"""Registers the app, and what its facts ask of rates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.campaigns"
    label = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        from apps.core import money, waiting

        facts = money.Facts("campaigns.Expense", "spent_on")
        money.register(facts)
        waiting.register(waiting.of(facts))
