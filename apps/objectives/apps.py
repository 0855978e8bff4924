"""Registers the app; what is set in money keeps the company's currency."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.objectives"
    label = "objectives"
    verbose_name = _("Objectives")

    def ready(self) -> None:
        from apps.core import money

        money.keep_currency("objectives_objective")
