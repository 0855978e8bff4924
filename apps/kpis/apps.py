"""Registers the app, its triggers on the tables of facts, and its checks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "apps.kpis"
    label = "kpis"
    verbose_name = _("Numbers")

    def ready(self) -> None:
        import pgtrigger
        from django.apps import apps

        from apps.kpis import checks, noting  # noqa: F401

        for watch in noting.WATCHES:
            pgtrigger.register(*noting.triggers(watch))(apps.get_model(watch.model))
