"""Registers the app."""

from django.apps import AppConfig


class Config(AppConfig):
    name = "apps.api"
    label = "api"

    def ready(self) -> None:
        from apps.api import schema  # noqa: F401  registers how tokens are described
