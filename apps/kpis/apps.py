"""Registers the app, its triggers on the tables of facts, and its checks."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.kpis"
    label = "kpis"

    def ready(self) -> None:
        import pgtrigger
        from django.apps import apps

        from apps.kpis import checks, noting  # noqa: F401

        for watch in noting.WATCHES:
            pgtrigger.register(*noting.triggers(watch))(apps.get_model(watch.model))
