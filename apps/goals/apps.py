"""Registers the app, and its targets: they keep the company's currency, and closed periods keep them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.goals"
    label = "goals"
    verbose_name = _("Goals")

    def ready(self) -> None:
        from apps.core import money
        from apps.goals import selectors
        from apps.kpis import targets

        money.keep_currency("goals_goal")
        targets.register(selectors.targets_over)
