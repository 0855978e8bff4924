"""Registers the app, and its triggers on leads, which lie below it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.activities"
    label = "activities"
    verbose_name = _("Activities")

    def ready(self) -> None:
        import pgtrigger
        from django.apps import apps

        from apps.activities import triggers

        pgtrigger.register(*triggers.keep_first_touches_of_leads())(apps.get_model("leads.Lead"))
