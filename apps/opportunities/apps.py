"""Registers the app, and what its facts ask of rates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.opportunities"
    label = "opportunities"
    verbose_name = _("Opportunities")

    def ready(self) -> None:
        import pgtrigger
        from django.apps import apps

        from apps.core import references
        from apps.opportunities import conversion, triggers

        conversion.register()
        pgtrigger.register(*references.stay("reps_of_deals_stay_{}s", triggers.TO_REPS))(apps.get_model("reps.Rep"))
