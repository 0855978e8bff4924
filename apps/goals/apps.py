"""Registers the app, and keeps the currency that targets are in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.goals"
    label = "goals"
    verbose_name = _("Goals")

    def ready(self) -> None:
        from apps.core import money

        money.keep_currency("goals_goal")
